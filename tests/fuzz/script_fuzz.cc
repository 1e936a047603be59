// Scripts: parse, expand and run with the commands of the language on a machine without a network
// server. Time passes with each look at the clock and Ctrl-C comes soon, so every run ends.
#include "src/console/console.h"
#include "src/image/image.h"
#include "src/loop.h"
#include "src/script/interpreter.h"
#include "src/settings/settings.h"
#include "tests/fakes/fake_network.h"
#include "tests/fakes/fake_platform.h"

using namespace hawser;

namespace {

class FuzzPlatform : public fakes::FakePlatform {
 public:
  FuzzPlatform() : FakePlatform(1u << 20) {}
  // Later in long strides: Ctrl-C must reach every script, not only those that a `||` follows.
  Millis now() override { return {steps_ += steps_ > kSteps ? 1000 : 1}; }
  std::optional<char> key() override {
    if (steps_ > kSteps) return '\x03';
    return std::nullopt;
  }
  void put(std::string_view) override {}

 private:
  static constexpr int64_t kSteps = 300;  ///< about as many lines are run
  int64_t steps_ = 0;
};

Status run_sub(Context& context, Args args) {
  return context.interpreter.run_script(bytes_of(join(args)), "sub").status;
}
constexpr Command kCommands[] = {
    command<run_sub>("sub", "<command>...", "run a script of one line", 0, kAnyCount),
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzPlatform platform;
  Loop loop{platform};
  Console console{loop};
  fakes::FakeNetwork network{platform};
  fakes::FakeInterface& net0 = network.add_interface();
  DhcpReply reply = fakes::FakeNetwork::dhcp_answer("boot.ipxe");
  // The answer is the input too, so that settings see hostile options.
  for (size_t at = 0; at + 8 <= size && at < 64; at += 8)
    reply.options.push_back({data[at], {data + at, data + at + 8}});
  net0.answer = reply;
  net0.lease();
  Settings settings{platform, network, "0"};
  platform.smbios_table = {{data, size}, 0x0300};
  ImageList images{platform};
  CommandTable tables[] = {language_commands(), kCommands};
  Interpreter interpreter{platform, loop, console, settings, network, images, tables};
  (void)interpreter.run_script({data, size}, "fuzz");
  (void)interpreter.run_line({reinterpret_cast<const char*>(data), size});
  (void)settings.list();
  return 0;
}
