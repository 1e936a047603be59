// The interpreter with the commands of the language on a fake machine that has one interface with
// a lease, as in the measured cases of the script specification: 10.0.2.15 from 10.0.2.2.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "src/console/console.h"
#include "src/image/image.h"
#include "src/loop.h"
#include "src/script/interpreter.h"
#include "src/settings/settings.h"
#include "tests/fakes/fake_network.h"
#include "tests/fakes/fake_platform.h"

namespace hawser {

/// Scripts that the command `sub NAME` runs, as `chain` would run a downloaded one.
inline std::map<std::string, std::string> sub_scripts;
inline Image replacement_image;

inline Status run_sub(Context& context, Args args) {
  std::string text = sub_scripts[args[0]];
  return context.interpreter.run_script(bytes_of(text), args[0]).status;
}
inline Status run_replace(Context& context, Args) {
  return context.interpreter.replace_with(replacement_image);
}
inline Status run_fail(Context&, Args) { return Error{Errc::Io, "it broke"}; }

struct SampleOptions {
  std::string name;
  Millis timeout{7};
  std::optional<Key> key;
  std::optional<int64_t> number;
  bool quiet = false, all = false;
};
inline constexpr Option kSampleOptions[] = {
    option<&SampleOptions::name>('n', "name", "name", "a name"),
    option<&SampleOptions::timeout>('t', "timeout", "ms", "a time"),
    option<&SampleOptions::key>('k', "key", "key", "a key"),
    option<&SampleOptions::number>('x', "number", "n", "a number"),
    option<&SampleOptions::quiet>('q', "quiet", "", "say nothing"),
    option<&SampleOptions::all>('a', "all", "", "all of them"),
};
/// Prints what it was given.
Status run_sample(Context& context, const SampleOptions& options, Args args);

inline constexpr Command kTestCommands[] = {
    command<run_sub>("sub", "<script>", "run a script of the test", 1, 1),
    command<run_replace>("replace", "", "replace the script", 0, 0),
    command<run_fail>("fail", "", "fail", 0, 0),
    command<run_sample>("sample", "<uri> [<argument>...]", "show options", 1, 3, kSampleOptions),
};

class ScriptTest : public testing::Test {
 protected:
  ScriptTest() {
    sub_scripts.clear();
    fakes::FakeInterface& net0 = network.add_interface();
    DhcpReply reply = fakes::FakeNetwork::dhcp_answer("boot.ipxe");
    reply.options = {{53, {5}},
                     {54, {10, 0, 2, 2}},
                     {1, {255, 255, 255, 0}},
                     {3, {10, 0, 2, 2}},
                     {6, {10, 0, 2, 3, 10, 0, 2, 4}},
                     {15, {'l', 'a', 'b', 0}},
                     {43, {9, 2, 'h', 'i', 116, 1, 'x', 255}},
                     {175, {0xb0, 1, 1}}};
    net0.answer = reply;
    (void)net0.open();
    net0.lease();
  }

  /// Output of a script given without its magic line (so line 1 is the first line of `body`).
  std::string run(std::string_view body) {
    size_t before = platform.output().size();
    end = interpreter.run_script(bytes_of(body), "t.ipxe");
    return platform.output().substr(before);
  }
  /// Output of one shell line.
  std::string shell(std::string_view line) {
    size_t before = platform.output().size();
    line_end = interpreter.run_line(line);
    return platform.output().substr(before);
  }
  fakes::FakeInterface& net0() { return static_cast<fakes::FakeInterface&>(*network.find("net0")); }

  fakes::FakePlatform platform{1u << 20};
  Loop loop{platform};
  Console console{loop};
  fakes::FakeNetwork network{platform};
  Settings settings{platform, network, "1.2"};
  ImageList images{platform};
  CommandTable tables[2] = {language_commands(), kTestCommands};
  Interpreter interpreter{platform, loop, console, settings, network, images, tables};
  Interpreter::ScriptEnd end{ok_status()};
  Interpreter::LineEnd line_end{ok_status()};
};

}  // namespace hawser
