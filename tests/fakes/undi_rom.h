// A PXE ROM made up in a megabyte of memory, whose interrupt routine answers what a test wants.
// Numbers are those of the PXE 2.1 specification, written out rather than taken from the code under
// test.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <set>
#include <vector>

#include "drivers/undi/rom.h"

namespace hawser::fakes {

using namespace undi;

inline constexpr uint16_t kInitialize = 3, kShutdown = 5, kOpen = 6, kClose = 7, kTransmit = 8,
                          kGetInformation = 0x0c, kGetNicType = 0x12, kIsr = 0x14,
                          kGetCachedInfo = 0x71, kFileApiCheck = 0xe6, kFileCommandLine = 0xe8;
inline constexpr uint16_t kNoResources = 0x6b;
inline constexpr FarPointer kRomData{0x0100, 0x9c00}, kDriverMemory{0x0100, 0x8000};

using Frame = std::vector<uint8_t>;

inline Frame frame_of(size_t bytes, uint8_t seed = 1) {
  Frame frame(bytes);
  for (size_t i = 0; i < bytes; ++i) frame[i] = uint8_t(seed + i * 7);
  return frame;
}

/// What the interrupt routine answers to one PROCESS or GET NEXT.
struct Event {
  uint16_t what = 0;  // 0 done, 2 transmitted, 3 received
  Frame piece = {};
  uint16_t frame_bytes = 0;
  std::optional<uint16_t> claimed = {};      // length of the piece, if not the true one
  std::optional<FarPointer> elsewhere = {};  // where the piece is said to be
};

struct UndiRom : Rom {
  std::vector<uint8_t> memory = std::vector<uint8_t>(1 << 20);
  std::vector<uint16_t> calls;
  std::multiset<uint16_t> failing;  // each fails once for each time it is in here
  std::set<uint16_t> broken;        // fail always
  std::deque<Event> events;
  bool tells_ours = true;
  std::vector<Frame> sent;
  std::vector<FarPointer> sent_from;
  uint8_t sent_flag = 0;
  std::set<int> masked;

  uint16_t hardware_type = 1, mtu = 1500, cached_bytes = 0;
  FarPointer cached_at = kRomData;
  uint8_t nic_type = 2;
  uint32_t file_answer = 0xe9c17b20, file_functions = 0x100;
  std::string command_line;

  uint16_t call(uint16_t function, MutBytes parameters) override {
    calls.push_back(function);
    EXPECT_LE(parameters.size(), 256u);
    uint8_t* at = parameters.data();
    if (auto once = failing.find(function); broken.count(function) || once != failing.end()) {
      if (once != failing.end()) failing.erase(once);
      write_le<uint16_t>(at, kNoResources);
      return 1;
    }
    write_le<uint16_t>(at, 0);
    switch (function) {
      case kGetInformation: {
        write_le<uint16_t>(at + 4, 11);
        write_le<uint16_t>(at + 6, mtu);
        write_le<uint16_t>(at + 8, hardware_type);
        write_le<uint16_t>(at + 10, 6);
        const uint8_t mac[] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
        std::copy(std::begin(mac), std::end(mac), at + 12);
        break;
      }
      case kGetNicType:
        at[2] = nic_type;
        write_le<uint16_t>(at + 3, 0x1af4);
        write_le<uint16_t>(at + 5, 0x1000);
        write_le<uint16_t>(at + 11, 0x0018);
        break;
      case kGetCachedInfo:
        write_le<uint16_t>(at + 4, cached_bytes);
        std::memcpy(at + 6, &cached_at, 4);
        break;
      case kFileApiCheck:
        EXPECT_EQ(*read_le<uint32_t>(parameters, 4), 0x91d447b2);
        write_le(at + 4, file_answer);
        write_le(at + 12, file_functions);
        break;
      case kFileCommandLine: {
        size_t room = *read_le<uint16_t>(parameters, 2);
        FarPointer to{*read_le<uint16_t>(parameters, 4), *read_le<uint16_t>(parameters, 6)};
        std::copy_n(command_line.begin(), std::min(room, command_line.size()),
                    memory.begin() + to.linear());
        break;
      }
      case kTransmit:
        take_frame(parameters);
        break;
      case kIsr:
        interrupt(at);
        break;
      default:
        break;
    }
    return 0;
  }

  bool read(FarPointer from, MutBytes to) override {
    if (from.linear() < 0x1000 || !fits(from.linear(), to.size(), memory.size())) return false;
    std::copy_n(memory.begin() + from.linear(), to.size(), to.begin());
    return true;
  }
  Buffer buffer() override {
    return {MutBytes{memory}.subspan(kDriverMemory.linear(), 16384), kDriverMemory};
  }
  bool mask_interrupt(uint8_t irq, bool keep) override {
    bool was = masked.count(irq) > 0;
    if (keep) masked.insert(irq);
    else masked.erase(irq);
    return was;
  }

  void take_frame(Bytes parameters) {
    EXPECT_EQ(parameters[2], 0) << "the frame has its header";
    sent_flag = parameters[3];
    auto pointer = [](Bytes bytes, size_t at) {
      return FarPointer{*read_le<uint16_t>(bytes, at), *read_le<uint16_t>(bytes, at + 2)};
    };
    Bytes descriptor = Bytes{memory}.subspan(pointer(parameters, 8).linear(), 72);
    FarPointer data = pointer(descriptor, 2);
    EXPECT_EQ(*read_le<uint16_t>(descriptor, 6), 0) << "no further blocks";
    EXPECT_EQ(pointer(parameters, 4).linear(), data.linear()) << "destination address";
    Bytes frame = Bytes{memory}.subspan(data.linear(), *read_le<uint16_t>(descriptor, 0));
    sent.push_back({frame.begin(), frame.end()});
    sent_from.push_back(data);
  }

  void interrupt(uint8_t* at) {
    uint16_t request = *read_le<uint16_t>({at, 4}, 2);
    if (request == 1) return write_le<uint16_t>(at + 2, tells_ours && !events.empty() ? 0 : 1);
    if (events.empty()) return write_le<uint16_t>(at + 2, 0);
    Event event = events.front();
    events.pop_front();
    FarPointer where = event.elsewhere.value_or(kRomData);
    std::copy(event.piece.begin(), event.piece.end(), memory.begin() + kRomData.linear());
    write_le<uint16_t>(at + 2, event.what);
    write_le<uint16_t>(at + 4, event.claimed.value_or(uint16_t(event.piece.size())));
    write_le<uint16_t>(at + 6, event.frame_bytes);
    std::memcpy(at + 10, &where, 4);
  }

  void receive(const Frame& frame) { events.push_back({3, frame, uint16_t(frame.size())}); }
  size_t count(uint16_t function) const {
    return size_t(std::count(calls.begin(), calls.end(), function));
  }
};

}  // namespace hawser::fakes
