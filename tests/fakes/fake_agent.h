// The whole agent over the fake machine and the fake network.
#pragma once

#include <optional>
#include <string>

#include "src/agent.h"
#include "tests/fakes/fake_network.h"
#include "tests/fakes/fake_platform.h"
#include "tests/fakes/kernels.h"

namespace hawser::fakes {

struct FakeAgent {
  FakePlatform platform;
  Loop loop{platform};
  FakeNetwork network{platform};
  BootContext context{.artifact = "host",
                      .boot_nic = std::nullopt,
                      .command_line = {},
                      .initrd = {},
                      .initrd_name = "<INITRD>"};
  int status = -1;

  using Way = LeftTheAgent::Way;

  FakeAgent() { loop.add(network); }
  explicit FakeAgent(uint64_t ram_bytes) : platform(ram_bytes) { loop.add(network); }

  /// Runs until the agent ends or leaves the machine; nothing: it ended, with `status`.
  std::optional<Way> run() {
    try {
      status = run_agent(platform, loop, network, context);
      return std::nullopt;
    } catch (const LeftTheAgent& left) {
      return left.way;
    }
  }
  /// Runs `script` as if it were the initrd of a first loader.
  std::optional<Way> run(std::string_view script) {
    context.initrd = bytes_of(script);
    context.initrd_name = "test.ipxe";
    return run();
  }
  /// One interface with link and a DHCP server that names `filename`, on 10.0.2.2.
  FakeInterface& with_dhcp(std::string filename) {
    FakeInterface& interface = network.add_interface();
    interface.answer = FakeNetwork::dhcp_answer(std::move(filename));
    return interface;
  }
  FakeFile& file(const std::string& uri, std::string body) {
    FakeFile& file = network.files[uri];
    file.body = std::move(body);
    return file;
  }
  bool printed(std::string_view text) const { return platform.printed(text); }
  /// The first part handed over that holds `text`; nullptr: none does.
  const FakePlatform::Handed* handed(std::string_view text) const {
    for (const FakePlatform::Handed& part : platform.handed)
      if (text_of(part.bytes).find(text) != std::string_view::npos) return &part;
    return nullptr;
  }
};

}  // namespace hawser::fakes
