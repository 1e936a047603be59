// Calls of the PXE API with any parameter blocks: the input is a list of calls, each a function's
// number (1 byte; 0x80 and more stand for the extensions), and 64 bytes of its block and of what it
// points to.
#include <cstdlib>

#include "src/loop.h"
#include "src/pxe_api/server.h"
#include "tests/fakes/fake_network.h"
#include "tests/fakes/fake_platform.h"
#include "tests/fakes/program_memory.h"

using namespace hawser;

namespace {

constexpr size_t kCallBytes = 1 + 64;
constexpr uint32_t kBlock = 0x20000;

struct BaseMemory : fakes::TestMemory {
  bool write(uint32_t at, Bytes from) override {
    if (at >= kSharedAt && fits(at, from.size(), UINT32_MAX)) return false;
    return TestMemory::write(at, from);
  }
};

struct SomePort : UdpPort {
  Status send(Ipv4, uint16_t, Bytes) override { return ok_status(); }
  std::optional<Datagram> receive() override {
    return Datagram{{{10, 0, 2, 2}}, {{10, 0, 2, 15}}, 69, std::vector<uint8_t>(600)};
  }
};

struct UdpNetwork : fakes::FakeNetwork {
  using FakeNetwork::FakeNetwork;
  Result<std::unique_ptr<UdpPort>> open_udp(uint16_t) override {
    return std::unique_ptr<UdpPort>(std::make_unique<SomePort>());
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fakes::FakePlatform platform(1u << 20);
  Loop loop(platform);
  UdpNetwork network(platform);
  loop.add(network);
  network.files["tftp://0.0.0.0/f"] = {.body = std::string(3000, 'f'), .bytes_per_poll = 700};
  fakes::FakeInterface& interface = network.add_interface();
  (void)interface.open();
  pxe_api::Server server(loop, network, interface, {{1}, std::vector<uint8_t>(2000), {}}, "words",
                         *parse_uri("tftp://0.0.0.0/x"));
  static BaseMemory& memory = *new BaseMemory;
  for (size_t calls = 0; size > 0 && calls < 32; ++calls) {
    size_t n = std::min(size, kCallBytes);
    Bytes block{data + 1, n - 1};
    std::fill_n(memory.bytes.begin() + kBlock, 512, uint8_t{0});
    std::copy(block.begin(), block.end(), memory.bytes.begin() + kBlock);
    uint16_t function = data[0] & 0x80 ? uint16_t(0x60 + data[0]) : data[0];
    uint16_t exit = server.call(function, kBlock, memory);
    uint16_t status = memory.get<uint16_t>(kBlock);
    if (exit > 1 || (exit == 0 && status != 0)) std::abort();
    data += n;
    size -= n;
    if (server.released() || server.command()) break;
  }
  return 0;
}
