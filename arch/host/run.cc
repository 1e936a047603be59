#include "arch/host/run.h"

#include <algorithm>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "arch/host/host_platform.h"
#include "arch/host/run_network.h"
#include "arch/host/run_report.h"
#include "src/base/format.h"
#include "src/console/console.h"
#include "src/image/image.h"
#include "src/loop.h"
#include "src/script/acquire.h"
#include "src/script/execute.h"
#include "src/script/interpreter.h"
#include "src/settings/settings.h"
#include "src/version.h"

namespace hawser::host {
namespace {

/// A BIOS machine that tells the report how the run ends. Where no terminal is, its clock jumps
/// ahead instead of waiting.
class RunPlatform : public HostPlatform {
 public:
  RunPlatform(uint64_t ram_bytes, Report& report) : HostPlatform(ram_bytes), report_(report) {}

  std::string_view name() override { return "pcbios"; }
  Millis now() override { return {int64_t(now_us() / 1000)}; }
  uint64_t now_us() override { return HostPlatform::now_us() + skipped_us_; }
  void idle(Millis at_most) override {
    if (has_terminal()) return HostPlatform::idle(at_most);
    constexpr uint64_t kLongest = 60'000'000, kMost = uint64_t{24} * 3600 * 1'000'000;
    if (std::exchange(commands_seen_, report_.commands()) != report_.commands()) {
      step_us_ = uint64_t(at_most.ms) * 1000;
      waited_us_ = 0;
    }
    skipped_us_ += step_us_;
    waited_us_ += step_us_;
    step_us_ = std::min(2 * step_us_ + 1, kLongest);
    if (waited_us_ > kMost) leave(RunEnd::Waits);
  }
  std::optional<char> key() override { return has_terminal() ? HostPlatform::key() : std::nullopt; }
  void put(std::string_view text) override { report_.print(text); }
  void put_screen(std::string_view text) override {
    if (has_terminal()) report_.print(text);
  }
  void put_log(std::string_view text) override {
    if (!has_terminal()) report_.print(text);
  }
  unsigned screens() override { return has_terminal() ? 1 : 0; }
  [[noreturn]] void hand_over(const LoadPlan&) override { leave(RunEnd::Kernel); }
  [[noreturn]] void reboot(bool) override { leave(RunEnd::Reboot); }
  Status power_off() override { leave(RunEnd::PowerOff); }
  [[noreturn]] void exit_to_firmware() override { leave(RunEnd::Ended); }

 private:
  [[noreturn]] void leave(RunEnd end) {
    restore_terminal();
    std::exit(report_.finish(end, ok_status()));
  }

  Report& report_;
  size_t commands_seen_ = SIZE_MAX;
  uint64_t skipped_us_ = 0, step_us_ = 0;
  uint64_t waited_us_ = 0;  ///< skipped since the present command began
};

/// "net0/mac" and "mac" are the card's own; all others are settings.
Status take_mac(const RunOptions& options, Lease& lease) {
  for (const auto& [name, value] : options.settings) {
    if (name != "mac" && name != "net0/mac") continue;
    auto mac = parse_mac(value);
    if (!mac) return Error{Errc::Invalid, cat("--set ", name, ": not a MAC address")};
    lease.mac = *mac;
  }
  return ok_status();
}

Status apply_settings(const RunOptions& options, Settings& settings) {
  for (const auto& [name, value] : options.settings) {
    if (name == "mac" || name == "net0/mac") continue;
    if (Status set = settings.set(name, value); !set.ok())
      return std::move(set).error().in(cat("--set ", name));
  }
  return ok_status();
}

/// A script from standard input counts as one in the current folder.
std::string absolute_path(const std::string& path) {
  char resolved[PATH_MAX];
  if (path == "-" && realpath(".", resolved)) return cat(resolved, "/stdin");
  return realpath(path.c_str(), resolved) ? std::string(resolved) : path;
}

Uri file_uri(const std::string& path) {
  Uri uri;
  uri.scheme = "file";
  for (char c : absolute_path(path)) {  // what would mean something in a URI
    if (c == '%' || c == '?' || c == '#') uri.path += cat('%', hex(uint8_t(c), 2));
    else uri.path += percent_encode({&c, 1});
  }
  return uri;
}

Status run_image(Context& context, const RunOptions& options) {
  if (!options.is_uri) {
    Uri uri = file_uri(options.script);
    Image* image = TRY(context.images.add(image_name(uri), bytes_of(options.text), uri));
    return execute(context, *image);
  }
  Uri uri = TRY(uri_argument(context.settings, options.script));
  Image* image = TRY(download(context, uri, display(uri), {.autofree = true}));
  return execute(context, *image);
}

int refuse(const Error& error) {
  std::fprintf(stderr, "hawser: %s\n", error.text.c_str());
  return 2;
}

}  // namespace

int run_script(const RunOptions& options) {
  auto lease = parse_lease(options.dhcp_json);
  if (!lease.ok()) return refuse(std::move(lease).error().in("--dhcp"));
  if (Status mac = take_mac(options, *lease); !mac.ok()) return refuse(mac.error());
  FetcherOptions fetching{.root = options.root, .file_folder = {}};
  if (!options.is_uri) {
    std::string path = absolute_path(options.script);
    fetching.file_folder = path.substr(0, path.rfind('/'));
  }

  Report report(options.json, options.script);
  RunPlatform platform(options.memory_mib << 20, report);
  Loop loop(platform);
  SimulatedNetwork network(platform, std::move(lease).value(), std::move(fetching));
  loop.add(network.pollable());
  Console console(loop);
  Settings settings(platform, network, std::string(kVersion));
  ImageList images(platform);
  Interpreter interpreter(platform, loop, console, settings, network, images, all_commands());
  if (Status applied = apply_settings(options, settings); !applied.ok())
    return refuse(applied.error());
  interpreter.set_observer(&report);
  Status status = run_image(interpreter.context(), options);
  interpreter.set_observer(nullptr);
  return report.finish(RunEnd::Ended, status);
}

}  // namespace hawser::host
