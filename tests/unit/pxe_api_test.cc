// The PXE API as boot programs call it: blocks in their memory, our network behind it.
#include <gtest/gtest.h>

#include <string>

#include "src/base/format.h"
#include "src/image/boot_program.h"
#include "src/pxe_api/packets.h"
#include "src/pxe_api/server.h"
#include "tests/fakes/program_memory.h"
#include "tests/unit/script_fixture.h"

// Parameter blocks are written with the fields that count, by name.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

namespace hawser {
namespace {

using namespace pxe_api;
using fakes::TestMemory;
using undi::FarPointer;

constexpr uint32_t kBlock = 0x20000, kData = 0x30000;
constexpr FarPointer kDataFar{0, 0x3000};

/// UDP ports that remember what was sent, and have what a test puts in.
struct FakePort : UdpPort {
  Status send(Ipv4 to, uint16_t port, Bytes data) override {
    log->push_back(cat(number, " to ", to_string(to), ":", port, " ", text_of(data)));
    return ok_status();
  }
  std::optional<Datagram> receive() override {
    if (!incoming || incoming->first != number) return std::nullopt;
    Datagram datagram = incoming->second;
    incoming = std::nullopt;
    return datagram;
  }
  uint16_t number = 0;
  std::vector<std::string>* log = nullptr;
  static inline std::optional<std::pair<uint16_t, Datagram>> incoming;
};

struct WatchedInterface : fakes::FakeInterface {
  using FakeInterface::FakeInterface;
  void watch(const std::function<bool(Bytes)>& new_watcher) override { watcher = new_watcher; }
  std::function<bool(Bytes)> watcher;
  Nic& nic() override { return recording; }
  struct Recording : fakes::FakeNic {
    bool transmit(std::span<const Bytes> pieces) override {
      sent.emplace_back(text_of(pieces[0]));
      return true;
    }
    void set_plain(bool on) override { plain = on; }
    std::vector<std::string> sent;
    bool plain = false;
  } recording;
};

struct UdpNetwork : fakes::FakeNetwork {
  using FakeNetwork::FakeNetwork;
  Result<std::unique_ptr<UdpPort>> open_udp(uint16_t number) override {
    auto port = std::make_unique<FakePort>();
    port->number = number;
    port->log = &sent;
    ++ports_opened;
    return std::unique_ptr<UdpPort>(std::move(port));
  }
  void pause() override { paused = true; }
  Status resume() override {
    paused = false;
    return ok_status();
  }
  std::vector<std::string> sent;
  int ports_opened = 0;
  bool paused = false;
};

class PxeApiTest : public testing::Test {
 protected:
  PxeApiTest() {
    loop.add(network);
    interface.recording.platform = &platform;
    interface.answer = fakes::FakeNetwork::dhcp_answer("pxelinux.0");
    (void)interface.open();
    interface.lease();
  }

  uint16_t call(uint16_t function) { return server.call(function, kBlock, memory); }
  template <class Block>
  Block call(uint16_t function, const Block& block) {
    memory.put(kBlock, block);
    exit = call(function);
    return memory.get<Block>(kBlock);
  }
  std::string text(uint32_t at, size_t bytes) {
    return std::string(text_of(Bytes(memory.bytes).subspan(at, bytes)));
  }
  template <class Block>
  static Block named(std::string_view name) {
    Block block;
    std::copy(name.begin(), name.end(), block.name);
    const uint8_t server[] = {10, 0, 2, 2};
    std::copy(std::begin(server), std::end(server), block.server);
    return block;
  }

  fakes::FakePlatform platform{16u << 20};
  Loop loop{platform};
  UdpNetwork network{platform};
  WatchedInterface interface{platform, "net0", 0x18};
  TestMemory memory;
  Packets packets{{1, 1}, {2, 2, 2}, {3, 3, 3, 3}};
  Server server{loop, network, interface, packets, "some words",
                *parse_uri("tftp://10.0.2.2/pxe/program.0")};
  uint16_t exit = 0;
};

// --- TFTP ----------------------------------------------------------------------------------------

TEST_F(PxeApiTest, ReadsAFileInPackets) {
  std::string body(1300, 'x');
  body += "the end";
  network.files["tftp://10.0.2.2/menu.cfg"] = {.body = body, .bytes_per_poll = 300};
  auto open = named<TftpOpenParameters>("menu.cfg");
  open.packet_bytes = 600;
  open = call(function::kTftpOpen, open);
  ASSERT_EQ(exit, 0);
  EXPECT_EQ(open.packet_bytes, 600);
  std::string got;
  for (uint16_t packet = 1; packet <= 3; ++packet) {
    auto read = call(function::kTftpRead, TftpReadParameters{.buffer = kDataFar});
    ASSERT_EQ(exit, 0);
    EXPECT_EQ(read.packet, packet);
    got += text(kData, read.bytes);
  }
  EXPECT_EQ(got, body);  // the last packet was short
  EXPECT_EQ(call(function::kTftpClose), 0);
  EXPECT_EQ(call(function::kTftpClose), 1);
  EXPECT_EQ(memory.get<uint16_t>(kBlock), uint16_t(Code::TftpClosed));
}

TEST_F(PxeApiTest, FileThatIsNotThere) {
  auto open = call(function::kTftpOpen, named<TftpOpenParameters>("none"));
  EXPECT_EQ(exit, 1);
  EXPECT_EQ(open.status, uint16_t(Code::TftpFileNotFound));
  call(function::kTftpRead, TftpReadParameters{.buffer = kDataFar});
  EXPECT_EQ(exit, 1);
}

TEST_F(PxeApiTest, NamesMayBeUris) {
  network.files["http://h.example/a%20b"] = {.body = "by HTTP"};
  auto whole = named<TftpReadFileParameters>("http://h.example/a b");
  whole.buffer = kData;
  whole.bytes = 100;
  whole = call(function::kTftpReadFile, whole);
  ASSERT_EQ(exit, 0);
  EXPECT_EQ(text(kData, whole.bytes), "by HTTP");
}

TEST_F(PxeApiTest, FileThatDoesNotFitItsBuffer) {
  network.files["tftp://10.0.2.2/big"] = {.body = std::string(50'000, 'b')};
  auto whole = named<TftpReadFileParameters>("big");
  whole.buffer = kData;
  whole.bytes = 20'000;
  call(function::kTftpReadFile, whole);
  EXPECT_EQ(exit, 1);
  EXPECT_EQ(memory.bytes[kData + 20'000], 0);
}

TEST_F(PxeApiTest, SizeOfAFile) {
  network.files["tftp://10.0.2.2/big"] = {.body = std::string(50'000, 'b')};
  EXPECT_EQ(call(function::kTftpGetSize, named<TftpSizeParameters>("big")).bytes, 50'000u);
  network.files["tftp://10.0.2.2/secret"] = {.body = "x", .tells_size = false};
  call(function::kTftpGetSize, named<TftpSizeParameters>("secret"));
  EXPECT_EQ(exit, 1);
}

TEST_F(PxeApiTest, ServerThatFallsSilent) {
  network.files["tftp://10.0.2.2/slow"] = {.stalls = true};
  auto open = call(function::kTftpOpen, named<TftpOpenParameters>("slow"));
  EXPECT_EQ(open.status, uint16_t(Code::TftpReadTimeout));
}

// --- UDP -----------------------------------------------------------------------------------------

TEST_F(PxeApiTest, Datagrams) {
  std::copy_n("question", 8, memory.bytes.begin() + kData);
  UdpWriteParameters write{.destination = {10, 0, 2, 9},
                           .source_port = byte_swap(uint16_t{1234}),
                           .destination_port = byte_swap(uint16_t{69}),
                           .bytes = 8,
                           .buffer = kDataFar};
  call(function::kUdpWrite, write);
  EXPECT_EQ(exit, 1);  // not open
  call(function::kUdpOpen, UdpOpenParameters{});
  call(function::kUdpWrite, write);
  EXPECT_EQ(exit, 0);
  EXPECT_EQ(network.sent.back(), "1234 to 10.0.2.9:69 question");

  UdpReadParameters read{.destination_port = byte_swap(uint16_t{1234}),
                         .bytes = 4,
                         .buffer = kDataFar};
  call(function::kUdpRead, read);
  EXPECT_EQ(exit, 1);  // nothing there
  FakePort::incoming = {1234, {{{10, 0, 2, 9}}, {{10, 0, 2, 15}}, 69, {'a', 'n', 's', 'w', 'e'}}};
  read = call(function::kUdpRead, read);
  EXPECT_EQ(exit, 0);
  EXPECT_EQ(text(kData, read.bytes), "answ");  // no more than there is room for
  EXPECT_EQ(read.source[3], 9);
  EXPECT_EQ(read.source_port, byte_swap(uint16_t{69}));
  EXPECT_EQ(memory.bytes[kData + 4], 't');
}

TEST_F(PxeApiTest, PortsAreBounded) {
  call(function::kUdpOpen, UdpOpenParameters{});
  for (uint16_t port = 1000; port < 1100; ++port)
    call(function::kUdpWrite, UdpWriteParameters{.source_port = port, .buffer = kDataFar});
  EXPECT_EQ(network.ports_opened, 100);
  EXPECT_EQ(call(function::kUdpClose), 0);
}

// --- UNDI ----------------------------------------------------------------------------------------

TEST_F(PxeApiTest, FramesGoBothWays) {
  call(function::kUndiOpen, undi::OpenParameters{});
  ASSERT_EQ(exit, 0);
  EXPECT_TRUE(interface.recording.plain);
  ASSERT_TRUE(interface.watcher);

  auto isr = call(function::kUndiIsr, undi::IsrParameters{});
  EXPECT_EQ(isr.what, 1);  // not ours
  std::vector<uint8_t> frame(100, 0xff);
  frame[12] = 0x08;
  frame[13] = 0x06;
  EXPECT_TRUE(interface.watcher(frame));
  EXPECT_EQ(call(function::kUndiIsr, undi::IsrParameters{}).what, 0);
  isr = call(function::kUndiIsr, undi::IsrParameters{.what = undi::IsrParameters::kProcess});
  ASSERT_EQ(isr.what, undi::IsrParameters::kReceived);
  EXPECT_EQ(isr.frame_bytes, 100);
  EXPECT_EQ(isr.protocol, 2);
  EXPECT_EQ(isr.packet_type, 1);
  EXPECT_EQ(text(isr.buffer.linear(), 100), std::string(text_of(frame)));
  isr = call(function::kUndiIsr, undi::IsrParameters{.what = undi::IsrParameters::kGetNext});
  EXPECT_EQ(isr.what, undi::IsrParameters::kDone);

  undi::TransmitDescriptor descriptor;
  descriptor.immediate_bytes = 5;
  descriptor.immediate = kDataFar;
  descriptor.blocks = 1;
  DataBlock block{.pointer_type = 0, .bytes = 4, .pointer = kData + 50};
  std::memcpy(descriptor.block[0], &block, sizeof block);
  memory.put(kData + 100, descriptor);
  std::copy_n("helloworld", 5, memory.bytes.begin() + kData);
  std::copy_n("more", 4, memory.bytes.begin() + kData + 50);
  call(function::kUndiTransmit, undi::TransmitParameters{.protocol = 1, .flag = 1,
                                                         .descriptor = kDataFar + uint16_t{100}});
  ASSERT_EQ(exit, 0);
  std::string sent = interface.recording.sent.back();
  EXPECT_EQ(sent.size(), 60u);
  EXPECT_EQ(sent.substr(0, 6), "\xff\xff\xff\xff\xff\xff");
  EXPECT_EQ(sent.substr(12, 11), std::string("\x08\0hellomore", 11));
  isr = call(function::kUndiIsr, undi::IsrParameters{.what = undi::IsrParameters::kProcess});
  EXPECT_EQ(isr.what, undi::IsrParameters::kTransmitted);

  EXPECT_EQ(call(function::kUndiClose), 0);
  EXPECT_TRUE(network.paused);
  EXPECT_FALSE(interface.watcher);
}

TEST_F(PxeApiTest, DescriptorsThatLie) {
  call(function::kUndiOpen, undi::OpenParameters{});
  undi::TransmitDescriptor descriptor;
  descriptor.immediate_bytes = 0xffff;
  memory.put(kData, descriptor);
  call(function::kUndiTransmit, undi::TransmitParameters{.descriptor = kDataFar});
  EXPECT_EQ(exit, 1);
  descriptor.immediate_bytes = 20;
  descriptor.blocks = 0xffff;
  memory.put(kData, descriptor);
  call(function::kUndiTransmit, undi::TransmitParameters{.descriptor = kDataFar});
  EXPECT_EQ(exit, 1);
  EXPECT_TRUE(interface.recording.sent.empty());
}

TEST_F(PxeApiTest, OurStackHasTheFramesWhileItWorks) {
  call(function::kUndiOpen, undi::OpenParameters{});
  std::vector<uint8_t> frame(60);
  bool kept = true;
  struct Probe : Pollable {
    bool poll() override {
      kept = watcher(frame);
      return false;
    }
    bool busy() const override { return false; }
    Probe(bool& k, std::function<bool(Bytes)>& w, Bytes f) : kept(k), watcher(w), frame(f) {}
    bool& kept;
    std::function<bool(Bytes)>& watcher;
    Bytes frame;
  } probe{kept, interface.watcher, frame};
  loop.add(probe);
  network.files["tftp://10.0.2.2/x"] = {.body = "x"};
  call(function::kTftpOpen, named<TftpOpenParameters>("x"));
  EXPECT_EQ(exit, 0);
  EXPECT_FALSE(kept);
}

TEST_F(PxeApiTest, TheCard) {
  auto card = call(function::kUndiGetInformation, undi::InformationParameters{});
  EXPECT_EQ(card.current_address[5], 0x56);
  EXPECT_EQ(card.mtu, 1500);
  EXPECT_EQ(card.interrupt, 0);
  auto type = call(function::kUndiGetNicType, undi::NicTypeParameters{});
  EXPECT_EQ(type.vendor, 0x8086);
  EXPECT_EQ(type.location, 0x18);
  auto services = call(function::kUndiGetInterface, InterfaceParameters{});
  EXPECT_EQ(std::string(services.type), "DIX+802.3");
}

// --- the rest ------------------------------------------------------------------------------------

TEST_F(PxeApiTest, CachedPackets) {
  auto cached = call(function::kGetCachedInfo, undi::CachedInfoParameters{.packet_type = 2});
  ASSERT_EQ(exit, 0);
  EXPECT_EQ(text(cached.buffer.linear(), cached.bytes), "\x02\x02\x02");
  cached = call(function::kGetCachedInfo, undi::CachedInfoParameters{
                                              .packet_type = 3, .bytes = 2, .buffer = kDataFar});
  ASSERT_EQ(exit, 0);
  EXPECT_EQ(cached.bytes, 2);
  EXPECT_EQ(text(kData, 3), std::string("\x03\x03\0", 3));
  for (uint16_t type : {0, 4, 0xffff}) {
    call(function::kGetCachedInfo, undi::CachedInfoParameters{.packet_type = type});
    EXPECT_EQ(exit, 1) << type;
  }
}

TEST_F(PxeApiTest, GivingTheApiUpTakesTwoCalls) {
  EXPECT_EQ(call(function::kStopUndi), 0);
  EXPECT_FALSE(server.released());
  EXPECT_EQ(call(function::kUnloadStack), 0);
  EXPECT_EQ(call(function::kStopUndi), 0);
  EXPECT_TRUE(server.released());
  EXPECT_TRUE(network.shut);
}

TEST_F(PxeApiTest, CommandLine) {
  auto check = call(function::kFileApiCheck, undi::FileApiCheckParameters{});
  ASSERT_EQ(exit, 0);
  EXPECT_EQ(check.magic, undi::FileApiCheckParameters::kAnswer);
  EXPECT_EQ(check.functions, 0x17fu);
  auto line = call(function::kFileCommandLine,
                   undi::FileCommandLineParameters{.bytes = 6, .buffer = kDataFar});
  EXPECT_EQ(line.bytes, 11);
  EXPECT_EQ(text(kData, 7), std::string("some w\0", 7));
}

// --- files by URI --------------------------------------------------------------------------------

TEST_F(PxeApiTest, ReadsFilesByUri) {
  std::string body(1300, 'x');
  body += "the end";
  network.files["http://h/kernel"] = {.body = body, .bytes_per_poll = 300};
  network.files["tftp://10.0.2.2/pxe/menu"] = {.body = "menu", .bytes_per_poll = 300};
  auto open = [&](std::string name) {
    std::copy_n(name.c_str(), name.size() + 1, memory.bytes.begin() + kData);
    return call(function::kFileOpen, FileOpenParameters{.name = kDataFar}).handle;
  };
  uint16_t kernel = open("http://h/kernel");
  ASSERT_EQ(exit, 0);
  uint16_t menu = open("menu");  // from where the program is
  ASSERT_EQ(exit, 0);
  EXPECT_NE(kernel, menu);
  EXPECT_EQ(call(function::kFileGetSize, FileSizeParameters{.handle = kernel}).bytes, 1307u);
  EXPECT_EQ(call(function::kFileSelect, FileSelectParameters{.handle = menu}).ready, 1);
  std::string got;
  for (;;) {
    auto read = call(function::kFileRead,
                     FileReadParameters{.handle = kernel, .bytes = 500, .buffer = kDataFar});
    ASSERT_EQ(exit, 0);
    got += text(kData, read.bytes);
    if (read.bytes < 500) break;
  }
  EXPECT_EQ(got, body);
  call(function::kFileClose, FileCloseParameters{.handle = kernel});
  EXPECT_EQ(exit, 0);
  auto closed = call(function::kFileRead, FileReadParameters{.handle = kernel, .bytes = 1});
  EXPECT_EQ(closed.status, uint16_t(Code::TftpClosed));
  auto read = call(function::kFileRead,
                   FileReadParameters{.handle = menu, .bytes = 9, .buffer = kDataFar});
  EXPECT_EQ(text(kData, read.bytes), "menu");
}

TEST_F(PxeApiTest, FilesThatCannotBeOpened) {
  network.files["http://h/f"] = {.body = "x"};
  auto open = [&](std::string name) {
    std::copy_n(name.c_str(), name.size() + 1, memory.bytes.begin() + kData);
    return Code(call(function::kFileOpen, FileOpenParameters{.name = kDataFar}).status);
  };
  EXPECT_EQ(open("http://h/missing"), Code::TftpFileNotFound);
  EXPECT_EQ(open(std::string(3000, 'x')), Code::TftpCannotOpen);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(open("http://h/f"), Code::Success);
  EXPECT_EQ(open("http://h/f"), Code::OutOfResources);
  for (uint16_t handle : {0, 9, 0xffff})
    EXPECT_EQ(call(function::kFileSelect, FileSelectParameters{.handle = handle}).status,
              uint16_t(Code::TftpClosed));
}

TEST_F(PxeApiTest, ALineInPlaceOfTheProgram) {
  EXPECT_FALSE(server.command());
  std::string line = "chain other.ipxe";
  std::copy_n(line.c_str(), line.size() + 1, memory.bytes.begin() + kData);
  call(function::kFileExecute, FileExecuteParameters{.command = kDataFar});
  EXPECT_EQ(exit, 0);
  EXPECT_EQ(server.command(), "chain other.ipxe");
}

TEST_F(PxeApiTest, UnknownFunctionsAndBlocksOutOfReach) {
  EXPECT_EQ(call(0x1234), 1);
  EXPECT_EQ(memory.get<uint16_t>(kBlock), uint16_t(Code::Unsupported));
  for (uint16_t function = 0; function < 0x100; ++function) {
    EXPECT_EQ(server.call(function, TestMemory::kEnd - 1, memory), 1) << function;
    EXPECT_EQ(server.call(function, 0xffffffff, memory), 1) << function;
  }
}

TEST_F(ScriptTest, PacketsHaveWhatScriptsSet) {
  ASSERT_TRUE(settings.set("210:string", "http://h/boot/").ok());
  auto packet = pxe_api::make_packets(settings, net0(), std::nullopt).ack;
  std::string bytes(text_of(packet));
  EXPECT_EQ(packet[16], 10);  // yiaddr
  EXPECT_EQ(packet[19], 15);
  EXPECT_EQ(bytes.substr(108, 10), std::string("boot.ipxe\0", 10));
  EXPECT_NE(bytes.find("\xd2\x0ehttp://h/boot/"), bytes.npos);
  EXPECT_EQ(packet.back(), 255);
  auto from = parse_uri("tftp://10.0.2.9/pxe/pxelinux.0");
  packet = pxe_api::make_packets(settings, net0(), *from).reply;
  EXPECT_EQ(packet[23], 9);  // siaddr
  EXPECT_EQ(std::string(text_of(packet)).substr(108, 15), std::string("pxe/pxelinux.0\0", 15));
}

TEST(BootProgram, IsCodeThatFits) {
  std::vector<uint8_t> file(100);
  file[0] = 0xfa;
  EXPECT_TRUE(boot_program::probe(file));
  file[0] = 0x1f;  // gzip
  EXPECT_FALSE(boot_program::probe(file));
  EXPECT_FALSE(boot_program::probe(bytes_of("<html><body>not found, and quite some text more")));
  EXPECT_FALSE(boot_program::probe(bytes_of("Please call the administrator, room 123, phone 4")));
  EXPECT_FALSE(boot_program::probe(bytes_of("P")));
  EXPECT_FALSE(boot_program::probe(std::vector<uint8_t>(0xa0000 - 0x7c00 + 1)));
}

TEST(BootProgram, JunkIsNone) {
  std::vector<uint8_t> noise(4096), sector(1024);
  uint32_t state = 1;
  for (uint8_t& byte : noise) byte = uint8_t((state = state * 1664525 + 1013904223) >> 24);
  noise[0] = 0xfa;
  EXPECT_TRUE(boot_program::is_noise(noise));
  EXPECT_FALSE(boot_program::probe(noise));
  std::fill(noise.begin() + 128, noise.end(), uint8_t{0});  // as short programs before zeros are
  EXPECT_TRUE(boot_program::probe(noise));
  sector[0] = 0xeb;
  EXPECT_TRUE(boot_program::probe(sector));
  sector[510] = 0x55, sector[511] = 0xaa;
  EXPECT_FALSE(boot_program::probe(sector));
  for (std::string_view magic : {"PK\3\4", "Rar!", "\x89PNG", "QFI\xfb", "SQLite", "RIFF"}) {
    std::string file = cat(magic, std::string(100, '\0'));
    EXPECT_FALSE(boot_program::probe(bytes_of(file))) << magic;
    EXPECT_FALSE(boot_program::name(bytes_of(file)).empty()) << magic;
  }
}

}  // namespace
}  // namespace hawser
