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
#include "arch/host/reference.h"
#include "arch/host/run.h"
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
    "       hawser --run <script|URI> [--set <name>=<value>]... [--dhcp <file.json>]\n"
    "              [--root <folder>] [--json] [--memory <MiB>]\n"
    "       hawser --reference\n"
    "       hawser [--tap <device>] [--memory <MiB>] [<script>]\n"
    "\n"
    "--check reads scripts (\"-\": standard input) and tells what would go wrong, without running\n"
    "them: \"file:line: error|warning: text\". The exit code is 1 if there are errors, 2 if a "
    "file\n"
    "cannot be read. Scripts that belong together are best checked together.\n"
    "--run executes a script on a simulated machine up to where a kernel would start, prints each\n"
    "step, and what would be started. HTTP is fetched, and file names are seen from the script.\n"
    "  --set <name>=<value>   a setting, or the MAC address: net0/mac=52:54:00:00:00:01\n"
    "  --dhcp <file.json>     what DHCP answers: ip, netmask, gateway, dns, next-server, filename "
    "...\n"
    "  --root <folder>        takes HOST/PATH below this folder in place of every download\n"
    "  --json                 one JSON object on standard output\n"
    "\n"
    "--reference prints all commands and settings as Markdown.\n"
    "\n"
    "With a script alone, runs it; a kernel's load plan is printed instead of starting it.\n"
    "Without one, boots from the tap device as from a network card, or opens the shell.\n"
    "  --tap <device>    the network card is this Linux tap device (needs the right to open it)\n"
    "  --memory <MiB>    RAM of the machine; 512 unless told\n";

struct Arguments {
  bool check = false;
  std::optional<RunOptions> run;
  std::vector<std::string> scripts;
  std::string tap, dhcp_file;
  uint64_t memory_mib = 512;
};

void say(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

std::optional<Arguments> read_arguments(int count, char** words) {
  Arguments arguments;
  RunOptions run;
  bool wants_run = false, run_only = false;  // run_only: an option that needs --run
  for (int i = 1; i < count; ++i) {
    std::string_view word = words[i];
    bool has_value = i + 1 < count;
    if (word == "--check") {
      arguments.check = true;
    } else if (word == "--run" && has_value) {
      run.script = words[++i];
      wants_run = true;
    } else if (word == "--set" && has_value) {
      std::string_view setting = words[++i];
      size_t equals = setting.find('=');
      if (equals == 0 || equals == std::string_view::npos) return std::nullopt;
      run.settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
      run_only = true;
    } else if (word == "--dhcp" && has_value) {
      arguments.dhcp_file = words[++i];
      run_only = true;
    } else if (word == "--root" && has_value) {
      run.root = words[++i];
      run_only = true;
    } else if (word == "--json") {
      run.json = run_only = true;
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
  if (run_only && !wants_run) return std::nullopt;
  if (wants_run) {
    if (arguments.check || !arguments.tap.empty() || !arguments.scripts.empty())
      return std::nullopt;
    run.memory_mib = arguments.memory_mib;
    arguments.run = std::move(run);
    return arguments;
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

int simulate(const Arguments& arguments) {
  RunOptions options = *arguments.run;
  if (!arguments.dhcp_file.empty()) {
    auto text = read_file(arguments.dhcp_file);
    if (!text) return 2;
    options.dhcp_json = text->empty() ? "null" : std::move(*text);
  }
  options.is_uri = options.script.find("://") != std::string::npos;
  if (!options.is_uri) {
    auto text = read_file(options.script);
    if (!text) return 2;
    options.text = std::move(*text);
  }
  return run_script(options);
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
  if (count == 2 && std::string_view(words[1]) == "--reference") {
    std::string text = hawser::host::reference();
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 2;
  }
  auto arguments = hawser::host::read_arguments(count, words);
  if (!arguments) {
    hawser::host::say(hawser::host::kUsage);
    return 2;
  }
  if (arguments->run) return hawser::host::simulate(*arguments);
  return arguments->check ? hawser::host::check(arguments->scripts) : hawser::host::run(*arguments);
}
