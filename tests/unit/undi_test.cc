// The UNDI driver with a ROM made up in memory.
#include "drivers/undi/device.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/fakes/undi_rom.h"

namespace hawser::undi {
namespace {

using namespace fakes;

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
  UndiRom rom;
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

}  // namespace
}  // namespace hawser::undi
