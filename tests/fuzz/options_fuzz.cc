// Options of commands, and the names of settings: what a hostile script can write before and after
// `set`. The words of the first line are options; each further line is "name value".
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "src/base/text.h"
#include "src/script/expand.h"
#include "src/script/options.h"
#include "src/settings/settings.h"
#include "tests/fakes/fake_network.h"
#include "tests/fakes/fake_platform.h"

using namespace hawser;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

/// One member of each type there is.
struct AllOptions {
  bool flag = false;
  std::string text;
  std::optional<std::string> maybe;
  int64_t number = 0;
  std::optional<int64_t> maybe_number;
  Millis time{0};
  std::optional<Key> key;
  std::vector<std::string> list;
};
constexpr Option kRows[] = {
    option<&AllOptions::flag>('f', "flag", "", ""),
    option<&AllOptions::text>('t', "text", "text", ""),
    option<&AllOptions::maybe>('m', "maybe", "text", ""),
    option<&AllOptions::number>('n', "number", "n", ""),
    option<&AllOptions::maybe_number>(0, "maybe-number", "n", ""),
    option<&AllOptions::time>('w', "wait", "ms", ""),
    option<&AllOptions::key>('k', "key", "key", ""),
    option<&AllOptions::list>('l', "list", "text", ""),
};

void read_options(std::string_view line) {
  std::vector<std::string> words(1);
  for (char c : line) {
    if (c == ' ') words.emplace_back();
    else words.back() += c;
  }
  AllOptions options;
  bool help = false;
  auto operands = parse_options(kRows, words, &options, help);
  if (!operands.ok()) return require(!operands.error().text.empty());
  // What is left is the end of what was given, untouched.
  require(operands->size() <= words.size());
  require(operands->data() + operands->size() == words.data() + words.size());
  require(options.time.ms >= 0);
  require(options.list.size() <= words.size());
}

void use_setting(Settings& settings, std::string_view line) {
  size_t blank = std::min(line.find(' '), line.size());
  std::string_view name = line.substr(0, blank);
  std::string_view value = line.substr(std::min(blank + 1, line.size()));
  Status set = settings.set(name, value);
  auto shown = settings.find(name);
  // What was accepted and is no deletion can be found again, under the same name.
  if (set.ok() && !value.empty() && name.find('/') == std::string_view::npos) require(shown.ok());
  (void)settings.get(name);
  (void)settings.ipv4(name);
  (void)settings.increment(name, 1);
  (void)settings.set_number(name, int64_t(value.size()) - 3);
  (void)expand(settings, value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view input{reinterpret_cast<const char*>(data), size};
  fakes::FakePlatform platform{1u << 20};
  fakes::FakeNetwork network{platform};
  fakes::FakeInterface& net0 = network.add_interface();
  net0.answer = fakes::FakeNetwork::dhcp_answer("boot.ipxe");
  net0.lease();
  Settings settings{platform, network, "0"};
  settings.set_features({"http", "dns"});
  constexpr int kMostLines = 64;
  for (int i = 0; i < kMostLines && !input.empty(); ++i) {
    size_t end = std::min(input.find('\n'), input.size());
    std::string_view line = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    if (i == 0) read_options(line);
    else use_setting(settings, line);
  }
  (void)settings.list();
  return 0;
}
