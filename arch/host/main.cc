// The host program: checks scripts, or runs them as the agent would.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arch/host/check.h"
#include "arch/host/host_platform.h"
#include "arch/host/tap_nic.h"
#include "net/stack/stack.h"
#include "src/agent.h"
#include "src/base/format.h"
#include "src/image/image.h"
#include "src/loop.h"

namespace hawser::host {
namespace {

constexpr std::string_view kUsage =
    "usage: hawser --check <script>...\n"
    "       hawser [--tap <device>] [--memory <MiB>] [<script>]\n"
    "\n"
    "--check reads scripts (\"-\": standard input) and tells what would go wrong, without running\n"
    "them: \"file:line: error|warning: text\". The exit code is 1 if there are errors, 2 if a "
    "file\n"
    "cannot be read. Scripts that belong together are best checked together.\n"
    "With a script, runs it; a kernel's load plan is printed instead of starting it.\n"
    "Without one, boots from the tap device as from a network card, or opens the shell.\n"
    "  --tap <device>    the network card is this Linux tap device (needs the right to open it)\n"
    "  --memory <MiB>    RAM of the machine; 512 unless told\n";

struct Arguments {
  bool check = false;
  std::vector<std::string> scripts;
  std::string tap;
  uint64_t memory_mib = 512;
};

void say(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

std::optional<Arguments> read_arguments(int count, char** words) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    std::string_view word = words[i];
    bool has_value = i + 1 < count;
    if (word == "--check") {
      arguments.check = true;
    } else if (word == "--tap" && has_value) {
      arguments.tap = words[++i];
    } else if (word == "--memory" && has_value) {
      auto mib = parse_decimal(words[++i]);
      if (!mib || *mib < 4 || *mib > 1u << 20) return std::nullopt;
      arguments.memory_mib = *mib;
    } else if (word.starts_with("-") && word != "-") {
      return std::nullopt;
    } else {
      arguments.scripts.emplace_back(word);
    }
  }
  bool enough = arguments.check ? !arguments.scripts.empty() : arguments.scripts.size() <= 1;
  return enough ? std::optional{std::move(arguments)} : std::nullopt;
}

/// "-" is standard input.
std::optional<std::string> read_file(const std::string& name) {
  std::unique_ptr<FILE, int (*)(FILE*)> opened(
      name == "-" ? nullptr : std::fopen(name.c_str(), "rb"), std::fclose);
  FILE* file = name == "-" ? stdin : opened.get();
  std::string text;
  char part[4096];
  for (size_t n; file && (n = std::fread(part, 1, sizeof part, file)) > 0;) text.append(part, n);
  if (file && !std::ferror(file)) return text;
  say(cat("hawser: ", name, ": ", std::strerror(errno), '\n'));
  return std::nullopt;
}

/// Settings that one of the scripts sets are known in all of them.
int check(const std::vector<std::string>& names) {
  std::vector<std::string> texts, written;
  for (const std::string& name : names) {
    auto text = read_file(name);
    if (!text) return 2;
    for (std::string& setting : settings_written(bytes_of(*text)))
      written.push_back(std::move(setting));
    texts.push_back(std::move(*text));
  }
  int status = 0;
  for (size_t i = 0; i < names.size(); ++i) {
    std::string name = names[i] == "-" ? "<stdin>" : names[i];
    for (const Problem& problem : check_script(bytes_of(texts[i]), written)) {
      std::string line = problem.line ? cat(':', problem.line) : std::string{};
      std::string out =
          cat(name, line, problem.warning ? ": warning: " : ": error: ", problem.text, '\n');
      std::fwrite(out.data(), 1, out.size(), stdout);
      if (!problem.warning) status = 1;
    }
  }
  return status;
}

int run(const Arguments& arguments) {
  std::string script;
  BootContext context;
  context.artifact = "host";
  if (!arguments.scripts.empty()) {
    auto text = read_file(arguments.scripts[0]);
    if (!text) return 2;
    script = std::move(*text);
    context.initrd = bytes_of(script);
    context.initrd_name = arguments.scripts[0];
  } else if (arguments.tap.empty()) {
    context.command_line = "shell";
  }
  HostPlatform platform(arguments.memory_mib << 20);
  std::vector<stack::NicEntry> nics;
  if (!arguments.tap.empty()) {
    auto nic = HostTapNic::create(arguments.tap);
    if (!nic.ok()) {
      platform.put(cat("hawser: ", nic.error().text, '\n'));
      return 2;
    }
    platform.watch((*nic)->fd());
    stack::NicEntry entry;
    entry.nic = std::move(nic).value();
    entry.bus = "TAP";
    nics.push_back(std::move(entry));
  }
  Loop loop(platform);
  auto network = stack::make_network(platform, loop, std::move(nics));
  return run_agent(platform, loop, *network, context);
}

}  // namespace
}  // namespace hawser::host

int main(int count, char** words) {
  auto arguments = hawser::host::read_arguments(count, words);
  if (!arguments) {
    hawser::host::say(hawser::host::kUsage);
    return 2;
  }
  return arguments->check ? hawser::host::check(arguments->scripts) : hawser::host::run(*arguments);
}
