// The UNDI driver and the search for the PXE API, with a ROM made up in a megabyte of memory.
// Numbers are those of the PXE 2.1 specification, written out rather than taken from the code under
// test.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <set>
#include <vector>

#include "drivers/undi/device.h"
#include "drivers/undi/find.h"

namespace hawser::undi {
namespace {

constexpr uint16_t kInitialize = 3, kShutdown = 5, kOpen = 6, kClose = 7, kTransmit = 8,
                   kGetInformation = 0x0c, kGetNicType = 0x12, kIsr = 0x14, kGetCachedInfo = 0x71,
                   kFileApiCheck = 0xe6, kFileCommandLine = 0xe8;
constexpr uint16_t kNoResources = 0x6b;
constexpr FarPointer kRomData{0x0100, 0x9c00}, kDriverMemory{0x0100, 0x8000};

using Frame = std::vector<uint8_t>;

Frame frame_of(size_t bytes, uint8_t seed = 1) {
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

struct FakeRom : Rom {
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

struct FakePort : FramePort {
  std::vector<std::vector<uint8_t>> memory;
  std::vector<RxBuffer> buffers;
  std::deque<RxBuffer*> free;
  std::vector<Frame> frames;
  std::function<void()> on_frame = [] {};

  explicit FakePort(size_t count) : memory(count, Frame(kRxBufferBytes)), buffers(count) {
    for (size_t i = 0; i < count; ++i) {
      buffers[i] = {nullptr, memory[i].data(), 0, kRxBufferBytes};
      free.push_back(&buffers[i]);
    }
  }
  RxBuffer* take() override {
    if (free.empty()) return nullptr;
    RxBuffer* buffer = free.front();
    free.pop_front();
    return buffer;
  }
  void received_parts(std::span<RxPart> parts, bool) override {
    ASSERT_EQ(parts.size(), 1u);
    RxBuffer* buffer = parts[0].buffer;
    frames.push_back({buffer->data, buffer->data + parts[0].bytes});
    give_back(buffer);
    on_frame();
  }
  void give_back(RxBuffer* buffer) override {
    EXPECT_EQ(std::count(free.begin(), free.end(), buffer), 0) << "given back twice";
    free.push_back(buffer);
  }
};

struct UndiTest : testing::Test {
  FakeRom rom;
  FakePort port{2};
  Card card{.mac = {{0x52, 0x54, 0, 0x12, 0x34, 0x56}}, .irq = 11, .pci = std::nullopt};
  Device nic{rom, card};

  bool send(const Frame& frame) {
    const Bytes pieces[] = {Bytes{frame}.first(frame.size() / 2),
                            Bytes{frame}.subspan(frame.size() / 2)};
    return nic.transmit(pieces);
  }
};

// --- what the ROM says about its card ------------------------------------------------------------

TEST_F(UndiTest, DescribesTheCard) {
  auto found = describe(rom);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(to_string(found->mac), "52:54:00:12:34:56");
  EXPECT_EQ(found->mtu, 1500u);
  EXPECT_EQ(found->irq, 11);
  ASSERT_TRUE(found->pci);
  EXPECT_EQ(found->pci->vendor, 0x1af4);
  EXPECT_EQ(found->pci->device, 0x1000);
  EXPECT_EQ(found->pci->location, 0x18);
}

TEST_F(UndiTest, DescribesCardsOfOddRoms) {
  rom.mtu = 9000;
  EXPECT_EQ(describe(rom)->mtu, 1500u);
  rom.mtu = 0;
  EXPECT_EQ(describe(rom)->mtu, 1500u);
  rom.nic_type = 3;  // plug and play
  EXPECT_FALSE(describe(rom)->pci);
  rom.broken = {kGetNicType};
  EXPECT_FALSE(describe(rom)->pci);
  rom.hardware_type = 6;
  EXPECT_EQ(describe(rom).error().code, Errc::Unsupported);
  rom.broken = {kGetInformation};
  EXPECT_EQ(describe(rom).error().text,
            "the PXE ROM's UNDI_GET_INFORMATION failed (status 0x006b)");
}

TEST_F(UndiTest, ReadsCachedPackets) {
  Frame packet = frame_of(300);
  std::copy(packet.begin(), packet.end(), rom.memory.begin() + kRomData.linear());
  rom.cached_bytes = 300;
  EXPECT_EQ(cached_packet(rom, 2), packet);
  rom.cached_bytes = 0xffff;
  EXPECT_LE(cached_packet(rom, 2).size(), 1500u);
  rom.cached_at = {0xff00, 0xf00f};  // runs past 1 MiB
  EXPECT_TRUE(cached_packet(rom, 2).empty());
  rom.cached_at = {0, 0};
  EXPECT_TRUE(cached_packet(rom, 2).empty());
  rom.broken = {kGetCachedInfo};
  EXPECT_TRUE(cached_packet(rom, 2).empty());
}

TEST_F(UndiTest, ReadsTheCommandLineOfRomsThatHaveOne) {
  rom.command_line = "undi-only chain menu.ipxe";
  EXPECT_EQ(command_line(rom), rom.command_line);
  rom.command_line = std::string(5000, 'x');  // the whole room, without a zero
  EXPECT_LE(command_line(rom).size(), 2048u);
  rom.file_functions = 0xff;
  EXPECT_EQ(command_line(rom), "");
  rom.file_functions = 0x100;
  rom.file_answer = 0x91d447b2;
  rom.calls.clear();
  EXPECT_EQ(command_line(rom), "");
  EXPECT_EQ(rom.count(kFileCommandLine), 0u) << "no other ROM is asked for it";
  rom.broken = {kFileApiCheck};
  EXPECT_EQ(command_line(rom), "");
}

TEST_F(UndiTest, ReleasesTheCardWhateverTheRomSays) {
  rom.broken = {kClose};
  release(rom);
  EXPECT_EQ(rom.calls, (std::vector<uint16_t>{kClose, kShutdown}));
}

// --- opening and closing -------------------------------------------------------------------------

TEST_F(UndiTest, OpensWithItsInterruptKeptFromTheBios) {
  EXPECT_EQ(nic.link(), Link::Down);
  ASSERT_TRUE(nic.open(port).ok());
  EXPECT_EQ(nic.link(), Link::Up);
  EXPECT_EQ(rom.masked, std::set<int>{11});
  nic.close();
  EXPECT_TRUE(rom.masked.empty());
  EXPECT_EQ(rom.calls, (std::vector<uint16_t>{kOpen, kClose}));
  nic.close();
  EXPECT_EQ(rom.calls.size(), 2u);
}

TEST_F(UndiTest, LeavesAnInterruptThatWasMaskedMasked) {
  rom.masked = {11};
  ASSERT_TRUE(nic.open(port).ok());
  nic.close();
  EXPECT_EQ(rom.masked, std::set<int>{11});
}

TEST_F(UndiTest, OpensACardThatIsOpenOrShutDown) {
  rom.failing = {kOpen};
  ASSERT_TRUE(nic.open(port).ok());
  EXPECT_EQ(rom.calls, (std::vector<uint16_t>{kOpen, kClose, kOpen}));
  nic.close();
  rom.calls.clear();
  rom.failing = {kOpen, kOpen};
  ASSERT_TRUE(nic.open(port).ok());
  EXPECT_EQ(rom.calls,
            (std::vector<uint16_t>{kOpen, kClose, kOpen, kShutdown, kInitialize, kOpen}));
}

TEST_F(UndiTest, GivesUpOnACardThatDoesNotOpen) {
  rom.broken = {kOpen};
  EXPECT_EQ(nic.open(port).error().text, "the PXE ROM's UNDI_OPEN failed (status 0x006b)");
  EXPECT_TRUE(rom.masked.empty());
  EXPECT_EQ(nic.poll(8), 0u);
  EXPECT_FALSE(send(frame_of(60)));
}

// --- sending -------------------------------------------------------------------------------------

TEST_F(UndiTest, SendsFrames) {
  ASSERT_TRUE(nic.open(port).ok());
  Frame large = frame_of(1514), small = frame_of(42), padded = small;
  padded.resize(60);
  ASSERT_TRUE(send(large));
  EXPECT_EQ(rom.sent_flag, 0);
  ASSERT_TRUE(send(small));
  EXPECT_EQ(rom.sent, (std::vector<Frame>{large, padded}));
  EXPECT_NE(rom.sent_from[0].linear(), rom.sent_from[1].linear()) << "the first may be under way";
  Frame broadcast = frame_of(60);
  std::fill_n(broadcast.begin(), 6, 0xff);
  ASSERT_TRUE(send(broadcast));
  EXPECT_EQ(rom.sent_flag, 1);
  EXPECT_EQ(nic.counters().tx_frames, 3u);
}

TEST_F(UndiTest, RefusesFramesThatAreTooLongOrTooShort) {
  ASSERT_TRUE(nic.open(port).ok());
  EXPECT_TRUE(send(frame_of(1518)));
  EXPECT_FALSE(send(frame_of(1519)));
  EXPECT_FALSE(send(frame_of(13)));
  EXPECT_EQ(rom.sent.size(), 1u);
}

TEST_F(UndiTest, CountsFramesTheRomRefuses) {
  ASSERT_TRUE(nic.open(port).ok());
  rom.failing = {kTransmit};
  EXPECT_FALSE(send(frame_of(60)));
  EXPECT_TRUE(send(frame_of(60)));
  EXPECT_EQ(nic.counters().tx_errors, 1u);
}

// --- receiving -----------------------------------------------------------------------------------

TEST_F(UndiTest, ReceivesFramesWholeAndInPieces) {
  ASSERT_TRUE(nic.open(port).ok());
  Frame one = frame_of(1514), two = frame_of(700, 9), three = frame_of(60, 3);
  rom.receive(one);
  rom.events.push_back({2});
  rom.events.push_back({3, {two.begin(), two.begin() + 256}, 700});
  rom.events.push_back({3, {two.begin() + 256, two.begin() + 257}, 700});
  rom.events.push_back({3, {two.begin() + 257, two.end()}, 700});
  rom.receive(three);
  EXPECT_EQ(nic.poll(64), 3u);
  EXPECT_EQ(port.frames, (std::vector<Frame>{one, two, three}));
  EXPECT_EQ(nic.counters().rx_frames, 3u);
  EXPECT_EQ(nic.counters().rx_errors, 0u);
}

TEST_F(UndiTest, GoesOnWhereTheBudgetEnded) {
  ASSERT_TRUE(nic.open(port).ok());
  Frame frame = frame_of(900);
  rom.events.push_back({3, {frame.begin(), frame.begin() + 400}, 900});
  rom.events.push_back({3, {frame.begin() + 400, frame.end()}, 900});
  EXPECT_EQ(nic.poll(1), 0u);
  EXPECT_EQ(nic.poll(1), 1u);
  EXPECT_EQ(port.frames, std::vector<Frame>{frame});
}

TEST_F(UndiTest, FindsFramesThatTheRomDoesNotAnnounce) {
  ASSERT_TRUE(nic.open(port).ok());
  rom.tells_ours = false;
  rom.receive(frame_of(60));
  size_t polls = 0;
  while (port.frames.empty() && ++polls < 100) nic.poll(8);
  EXPECT_LT(polls, 40u);
  rom.broken = {kIsr};  // and not even an error is the end
  for (int i = 0; i < 100; ++i) EXPECT_EQ(nic.poll(8), 0u);
}

TEST_F(UndiTest, DropsFramesWithImpossibleLengthsOrPlaces) {
  ASSERT_TRUE(nic.open(port).ok());
  const Event bad[] = {
      {3, frame_of(60), 0},                                   // no frame
      {3, frame_of(13), 13},                                  // less than a header
      {3, {}, 60},                                            // nothing of it
      {3, frame_of(100), 60},                                 // more than all of it
      {3, frame_of(2049), 2049},                              // more than a buffer
      {3, frame_of(60), 0xffff, 0xffff},                      // far more
      {3, frame_of(60), 60, {}, FarPointer{0xfff0, 0xffff}},  // past 1 MiB
      {3, frame_of(60), 60, {}, FarPointer{0, 0}},            // the interrupt table
  };
  Frame good = frame_of(60, 5);
  for (const Event& event : bad) {
    rom.events = {event};
    rom.receive(good);
    EXPECT_EQ(nic.poll(64), 1u);
  }
  EXPECT_EQ(port.frames, std::vector<Frame>(std::size(bad), good));
  EXPECT_EQ(nic.counters().rx_errors, std::size(bad));
}

TEST_F(UndiTest, DropsAFrameWhoseRestIsMissing) {
  ASSERT_TRUE(nic.open(port).ok());
  Frame good = frame_of(60, 5);
  rom.events.push_back({3, frame_of(400), 900});
  rom.receive(good);
  rom.events.push_back({3, frame_of(400), 900});
  rom.events.push_back({3, frame_of(501), 900});  // one byte more than is left
  EXPECT_EQ(nic.poll(64), 1u);
  EXPECT_EQ(port.frames, std::vector<Frame>{good});
  EXPECT_EQ(nic.counters().rx_errors, 2u);
}

TEST_F(UndiTest, ComesBackFromARomThatIsNeverDone) {
  ASSERT_TRUE(nic.open(port).ok());
  for (int i = 0; i < 1000; ++i) rom.events.push_back({2});
  EXPECT_EQ(nic.poll(64), 0u);
  EXPECT_EQ(rom.events.size(), 1000u - 64);
}

TEST_F(UndiTest, LeavesFramesWithTheRomWhenThereIsNoBuffer) {
  ASSERT_TRUE(nic.open(port).ok());
  std::deque<RxBuffer*> none;
  std::swap(port.free, none);
  rom.receive(frame_of(60));
  EXPECT_EQ(nic.poll(8), 0u);
  EXPECT_EQ(rom.events.size(), 1u);
  std::swap(port.free, none);
  EXPECT_EQ(nic.poll(8), 1u);
}

TEST_F(UndiTest, MayBeClosedByWhoGetsAFrame) {
  ASSERT_TRUE(nic.open(port).ok());
  port.on_frame = [&] { nic.close(); };
  rom.receive(frame_of(60));
  rom.receive(frame_of(60));
  nic.poll(8);
  EXPECT_EQ(port.frames.size(), 1u);
  EXPECT_EQ(port.free.size(), 2u);
}

TEST_F(UndiTest, GivesItsBufferBackInTheMiddleOfAFrame) {
  ASSERT_TRUE(nic.open(port).ok());
  rom.events.push_back({3, frame_of(100), 900});
  nic.poll(1);
  EXPECT_EQ(port.free.size(), 1u);
  nic.close();
  EXPECT_EQ(port.free.size(), 2u);
  ASSERT_TRUE(nic.open(port).ok());
  Frame frame = frame_of(800);  // the rest of nothing
  rom.events = {};
  rom.receive(frame);
  nic.poll(8);
  EXPECT_EQ(port.frames, std::vector<Frame>{frame});
}

// --- the search for the API ----------------------------------------------------------------------

struct FindTest : testing::Test {
  static constexpr FarPointer kPxe{0x20, 0x9c00}, kOtherPxe{0x120, 0x9c00}, kPxenv{0x220, 0x9c00},
      kEntry{0x1234, 0x9d00}, kOldEntry{0x5678, 0x9e00}, kNowhere{0x40, 0x9f00};
  FakeRom rom;

  void put(FarPointer at, std::vector<uint8_t> bytes, size_t checksum_at) {
    uint8_t sum = 0;
    for (uint8_t byte : bytes) sum = uint8_t(sum + byte);
    bytes[checksum_at] = uint8_t(-sum);
    std::copy(bytes.begin(), bytes.end(), rom.memory.begin() + at.linear());
  }
  void put_pxe(FarPointer at, FarPointer entry = kEntry) {
    std::vector<uint8_t> bytes(0x58);
    std::copy_n("!PXE", 4, bytes.begin());
    bytes[4] = uint8_t(bytes.size());
    std::memcpy(&bytes[0x10], &entry, 4);
    put(at, bytes, 5);
  }
  void put_pxenv(FarPointer at, uint16_t version, FarPointer pxe) {
    std::vector<uint8_t> bytes(0x2c);
    std::copy_n("PXENV+", 6, bytes.begin());
    write_le(&bytes[6], version);
    bytes[8] = uint8_t(bytes.size());
    std::memcpy(&bytes[0x0a], &kOldEntry, 4);
    std::memcpy(&bytes[0x28], &pxe, 4);
    put(at, bytes, 9);
  }
  Result<Entry> find(FarPointer pxe, FarPointer pxenv) {
    const FarPointer candidates[] = {pxenv};
    return find_entry([this](FarPointer at, MutBytes to) { return rom.read(at, to); }, pxe,
                      candidates);
  }
};

TEST_F(FindTest, TakesWhatTheRomPassed) {
  put_pxe(kPxe);
  put_pxenv(kPxenv, 0x0201, kOtherPxe);
  auto entry = find(kPxe, kPxenv);
  ASSERT_TRUE(entry.ok());
  EXPECT_TRUE(entry->on_stack);
  EXPECT_EQ(entry->at.linear(), kEntry.linear());
}

TEST_F(FindTest, TakesWhatPxenvPointsToWhenTheChecksumIsWrong) {
  put_pxe(kPxe, kNowhere);
  rom.memory[kPxe.linear() + 5] ^= 1;
  put_pxe(kOtherPxe);
  put_pxenv(kPxenv, 0x0201, kOtherPxe);
  auto entry = find(kPxe, kPxenv);
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->at.linear(), kEntry.linear());
}

TEST_F(FindTest, UsesTheOldEntryOfOldOrDamagedRoms) {
  for (uint16_t version : {0x0200, 0x0201}) {
    put_pxe(kOtherPxe);
    rom.memory[kOtherPxe.linear() + 0x20] ^= 4;
    put_pxenv(kPxenv, version, kOtherPxe);
    auto entry = find(kNowhere, kPxenv);
    ASSERT_TRUE(entry.ok());
    EXPECT_FALSE(entry->on_stack);
    EXPECT_EQ(entry->at.linear(), kOldEntry.linear());
  }
}

TEST_F(FindTest, TellsWhatIsWrong) {
  put_pxe(kPxe);
  rom.memory[kPxe.linear() + 5] ^= 1;
  EXPECT_EQ(find(kPxe, kNowhere).error().text,
            "no PXE API found: !PXE at 9c00:0020 has a wrong checksum; PXENV+ at 9f00:0040 is not "
            "there");
  put_pxe(kPxe, {});
  EXPECT_NE(find(kPxe, kNowhere).error().text.find("no entry point"), std::string::npos);
  rom.memory[kPxe.linear() + 4] = 8;
  EXPECT_NE(find(kPxe, kNowhere).error().text.find("too short"), std::string::npos);
  EXPECT_NE(find({}, {}).error().text.find("out of reach"), std::string::npos);
  const FarPointer last{0xffe8, 0xf000};  // the structure would end past 1 MiB
  const uint8_t start[] = {'!', 'P', 'X', 'E', 0x58};
  std::copy(std::begin(start), std::end(start), rom.memory.begin() + last.linear());
  EXPECT_NE(find(last, kNowhere).error().text.find("runs out of"), std::string::npos);
}

TEST_F(FindTest, SurvivesAnyBytes) {
  std::mt19937 random(5);
  for (int round = 0; round < 2000; ++round) {
    put_pxe(kPxe);
    put_pxenv(kPxenv, 0x0201, kOtherPxe);
    for (int i = 0; i < 3; ++i) rom.memory[kPxe.linear() + random() % 0x58] = uint8_t(random());
    for (int i = 0; i < 3; ++i) rom.memory[kPxenv.linear() + random() % 0x2c] = uint8_t(random());
    auto entry = find(kPxe, kPxenv);
    if (entry.ok()) EXPECT_NE(entry->at.linear(), 0u);
    else EXPECT_FALSE(entry.error().text.empty());
  }
}

}  // namespace
}  // namespace hawser::undi
