// What the tests of the network stack share: two interfaces on fake cards.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "net/stack/stack.h"
#include "tests/fakes/dhcp_wire.h"
#include "tests/fakes/fake_platform.h"
#include "tests/fakes/wire.h"

namespace hawser::stack {

inline constexpr Mac kOurMac = fakes::kClientMac, kPeerMac{{2, 0, 0, 0, 0, 9}};

struct StackTest : testing::Test {
  fakes::FakePlatform platform;
  Loop loop{platform};
  fakes::WireNic* nic = nullptr;    ///< net0's
  fakes::WireNic* other = nullptr;  ///< net1's
  std::unique_ptr<Network> network = make();

  std::unique_ptr<Network> make() {
    std::vector<NicEntry> entries(2);
    auto first = std::make_unique<fakes::WireNic>(kOurMac),
         second = std::make_unique<fakes::WireNic>(kPeerMac);
    nic = first.get();
    other = second.get();
    entries[0].nic = std::move(first);
    entries[0].vendor = 0x8086;
    entries[0].device = 0x100e;
    entries[1].nic = std::move(second);
    return make_network(platform, loop, std::move(entries));
  }
  Interface& net0() { return *network->find("net0"); }
  Interface& net1() { return *network->find("net1"); }

  void run(int64_t ms) {
    Millis end = platform.now() + Millis{ms};
    loop.run_until([&] { return reached(end, platform.now()); });
  }
  /// Buffers that are not in a ring: all of them come out and go back.
  size_t spare_buffers() {
    std::vector<RxBuffer*> taken;
    while (RxBuffer* buffer = nic->port()->take()) taken.push_back(buffer);
    for (RxBuffer* buffer : taken) nic->port()->give_back(buffer);
    return taken.size();
  }
};

}  // namespace hawser::stack
