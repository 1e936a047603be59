#include "src/autoexec.h"

#include <optional>
#include <string>
#include <utility>

#include "src/autoboot.h"
#include "src/console/console.h"
#include "src/script/acquire.h"
#include "src/script/bring_up.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

constexpr std::string_view kName = "autoexec.ipxe";
constexpr Millis kIdleTimeout{30'000};

/// The URI of the program itself. Firmware may tell it without its lease: a new one is got then.
std::optional<Uri> program_uri(Context& context, Interface& interface) {
  const auto& working = context.settings.builtin().working_uri;
  bool has_address = !interface.config().address.any();
  if (working && working->scheme != "tftp") {
    if (!has_address && !run_dhcp(context, interface, {}).ok()) return std::nullopt;
    return working;
  }
  auto file = boot_file(context.settings, interface);
  if (!has_address || !file) return std::nullopt;
  auto uri = boot_uri(context.settings, *file);
  return uri.ok() ? std::optional(std::move(uri).value()) : std::nullopt;
}

}  // namespace

void fetch_autoexec(Context& context, const std::vector<Interface*>& order) {
  if (order.empty()) return;
  auto program = program_uri(context, *order.front());
  if (!program) return;
  std::vector<std::string> folders{program->path.substr(0, program->path.rfind('/') + 1)};
  if (folders[0] != "/") folders.push_back("/");
  for (const std::string& folder : folders) {
    Uri uri = *program;
    uri.path = folder + std::string(kName);
    uri.query.reset();
    auto image = download(context, uri, kName, {.timeout = kIdleTimeout, .quiet = true});
    if (!image.ok()) {
      if (image.error().code == Errc::Cancelled) return;
      continue;
    }
    if (!(*image)->data.empty()) return context.console.print(describe(**image) + "\n");
    context.images.remove(**image);
  }
}

}  // namespace hawser
