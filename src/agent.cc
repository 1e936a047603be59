#include "src/agent.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "src/autoboot.h"
#include "src/autoexec.h"
#include "src/base/format.h"
#include "src/console/console.h"
#include "src/image/image.h"
#include "src/pack.h"
#include "src/script/bring_up.h"
#include "src/script/command.h"
#include "src/script/execute.h"
#include "src/script/features.h"
#include "src/script/interpreter.h"
#include "src/script/shell.h"
#include "src/settings/settings.h"
#include "src/version.h"

namespace hawser {
namespace {

constexpr char kCtrlB = 0x02;
constexpr Millis kLastChance{10'000};

void print_banner(Console& console, Network& network) {
  std::string text = cat("\nHawser ", kVersion, " - network boot agent\nFeatures:");
  for (const std::string& name : formats_and_protocols(console.loop().platform(), network))
    text += cat(' ', name);
  console.print(text + "\n");
}

/// Words of a boot loader's command line that are not meant for us (spec of GRUB and Linux: the
/// loader adds them).
std::string without_loader_words(std::string_view line) {
  std::string kept;
  while (!line.empty()) {
    size_t end = std::min(line.find(' '), line.size());
    std::string_view word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    if (word.empty() || word.starts_with("BOOT_IMAGE=") || word.starts_with("initrd=")) continue;
    if (!kept.empty()) kept += ' ';
    kept += word;
  }
  return kept;
}

/// What hawser-pack added: settings are set, and the script will be the first image.
Status take_pack(Context& context, Bytes pack) {
  Bytes certificate, key;
  auto entries = TRY(parse_pack(pack));
  for (const PackEntry& entry : entries) {
    switch (entry.kind) {
      case PackEntry::Kind::Script:
        TRY(context.images.add("<EMBEDDED>", entry.data, std::nullopt))->trusted = true;
        break;
      case PackEntry::Kind::Setting:
        TRY(context.settings.set(entry.name, text_of(entry.data)));
        break;
      case PackEntry::Kind::Roots:
        context.network.set_roots(entry.data);
        break;
      case PackEntry::Kind::Certificate:
        certificate = entry.data;
        break;
      case PackEntry::Kind::Key:
        key = entry.data;
        break;
    }
  }
  if (!certificate.empty()) context.network.set_identity(certificate, key);
  return ok_status();
}

/// Registers what the first loader brought along. The command line is a script without the magic
/// line.
Status register_given(ImageList& images, const BootContext& given) {
  std::string line = without_loader_words(given.command_line);
  if (!line.empty()) {
    std::string script = cat("#!ipxe\n", line, '\n');
    TRY(images.add("<CMDLINE>", bytes_of(script), std::nullopt));
  }
  if (!given.initrd.empty()) TRY(images.add(given.initrd_name, given.initrd, std::nullopt));
  return ok_status();
}

/// Says that this is the end, and offers the shell for a while. True when it was wanted.
bool shell_wanted_at_last(Console& console, const BootContext& given) {
  bool can_go_on = given.artifact == "rom" || given.artifact == "kpxe" || given.artifact == "efi";
  console.fresh_line();
  console.print(
      cat("Press Ctrl-B for the shell; ", can_go_on ? "next boot device" : "the end", " in 10 s"));
  Loop& loop = console.loop();
  Millis deadline = loop.now() + kLastChance;
  bool wanted = false;
  while (auto key = loop.wait_key(deadline)) {
    wanted = *key == kCtrlB;
    if (wanted || *key == '\r') break;
  }
  console.print("\n");
  return wanted;
}

int run_first_image(Context& context, const BootContext& given) {
  Image& image = *context.images.all().front();
  Status status = execute(context, image);
  if (status.ok()) return 0;
  context.console.fresh_line();
  if (!status.error().text.empty()) context.console.print(status.error().text + "\n");
  if (shell_wanted_at_last(context.console, given)) run_shell(context);
  return int(status.error().code);
}

/// The BIOS has an entry of its own for each card's ROM: one that tried the other cards as well
/// would run a script again that said to go on to the next boot device.
std::vector<Interface*> boot_interfaces(Network& network, const BootContext& given) {
  std::vector<Interface*> order = boot_order(network, given.boot_nic);
  bool is_ours = !order.empty() && given.boot_nic == order.front()->bus_location();
  if (given.artifact == "rom" && is_ours) order.resize(1);
  return order;
}

/// After startpxe, the BIOS's next boot device finds our PXE API. Returns without startpxe.
void go_on_with_pxe(Context& context) {
  if (context.settings.text(kPxeSetting).empty()) return;
  const uint8_t next_device[] = {0xcd, 0x18, 0xcb};  // int 18h; retf
  context.console.print("The PXE API stays for the next boot device\n");
  if (auto ended = run_with_pxe(context, {.program = next_device}); !ended.ok())
    context.console.print(ended.error().text + "\n");
}

int run_autoboot(Context& context, const BootContext& given) {
  switch (autoboot(context, boot_interfaces(context.network, given))) {
    case AutobootEnd::Ended:
      return 0;
    case AutobootEnd::Shell:
      run_shell(context);
      return 0;
    case AutobootEnd::Cancelled:
    case AutobootEnd::Failed:
      break;
  }
  if (shell_wanted_at_last(context.console, given)) run_shell(context);
  return int(Errc::NotFound);
}

}  // namespace

int run_agent(Platform& platform, Loop& loop, Network& network, const BootContext& given) {
  Console console(loop);
  print_banner(console, network);
  Settings settings(platform, network, std::string(kVersion));
  ImageList images(platform);
  Interpreter interpreter(platform, loop, console, settings, network, images, all_commands());
  if (auto base = parse_uri(given.base_uri); base.ok() && base->absolute())
    settings.builtin().working_uri = std::move(base).value();
  for (Interface* interface : network.interfaces())  // the firmware may have got a lease
    learn_working_uri(interpreter.context(), *interface);
  if (Status taken = take_pack(interpreter.context(), given.pack); !taken.ok())
    console.print(cat("Could not use what hawser-pack added: ", taken.error().text, '\n'));
  if (Status added = register_given(images, given); !added.ok())
    console.print(
        cat("Could not take over what the boot loader brought: ", added.error().text, '\n'));
  if (images.all().empty() && given.artifact == "efi" && given.boot_nic)
    fetch_autoexec(interpreter.context(), boot_order(network, given.boot_nic));
  int status = images.all().empty() ? run_autoboot(interpreter.context(), given)
                                    : run_first_image(interpreter.context(), given);
  if (given.artifact == "rom") go_on_with_pxe(interpreter.context());
  network.shut_down();
  return status;
}

}  // namespace hawser
