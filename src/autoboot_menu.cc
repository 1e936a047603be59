#include "src/autoboot_menu.h"

#include <algorithm>
#include <utility>

#include "src/base/format.h"
#include "src/console/keys.h"
#include "src/console/menu.h"

namespace hawser {
namespace {

constexpr uint8_t kWaitsForEver = 255;
constexpr uint32_t kF8 = (19u + 1) << 8 | '~';
constexpr uint8_t kFileIfPresent = 8;  // of discovery control
constexpr Millis kSecond{1000};

std::optional<Bytes> bytes_of_setting(const Settings::Found* found) {
  if (!found) return std::nullopt;
  return Bytes{found->bytes};
}

/// The menu of one answer, whose settings are in `block`.
std::optional<PxeMenu> menu_in(const Settings& settings, const std::string& block) {
  auto find = [&](std::string_view name) { return settings.find(cat(block, '/', name)); };
  auto vendor = find("60:string");
  if (!vendor.ok() || vendor->block != block) return std::nullopt;
  std::string_view sender = text_of(vendor->bytes);
  if (sender.substr(0, sender.find('\0')) != "PXEClient") return std::nullopt;
  auto items = find("43.9:hex"), prompt = find("43.10:hex"), control = find("43.6:hex");
  if (!items.ok()) return std::nullopt;
  if (control.ok() && !control->bytes.empty() && (control->bytes[0] & kFileIfPresent) &&
      !settings.text(cat(block, "/filename")).empty())
    return std::nullopt;
  auto menu = parse_pxe_menu(items->bytes, bytes_of_setting(prompt.ok() ? &*prompt : nullptr));
  if (!menu || menu->timeout_s == 0) return std::nullopt;
  return menu;
}

}  // namespace

std::optional<PxeMenu> parse_pxe_menu(Bytes menu, std::optional<Bytes> prompt) {
  PxeMenu result;
  constexpr size_t kHeaderBytes = 3;
  for (size_t at = 0; fits(at, kHeaderBytes, menu.size());) {
    uint16_t type = *read_be<uint16_t>(menu, at);
    auto text = slice(menu, at + kHeaderBytes, menu[at + 2]);
    if (!text) break;
    result.items.push_back({type, printable(text_of(*text), 255)});
    at += kHeaderBytes + text->size();
  }
  if (result.items.empty()) return std::nullopt;
  if (prompt && !prompt->empty()) {
    result.timeout_s = prompt->front();
    result.prompt = printable(text_of(prompt->subspan(1)), 255);
  }
  return result;
}

std::optional<PxeMenu> pxe_menu(const Settings& settings, const Interface& interface) {
  if (settings.text("pxe-menu") == "0") return std::nullopt;
  std::string file = settings.text(cat(interface.name(), "/filename"));
  if (file.ends_with(".ipxe") || file.find("://") != file.npos) return std::nullopt;
  if (auto menu = menu_in(settings, cat(interface.name(), ".dhcp"))) return menu;
  return interface.proxy_reply() ? menu_in(settings, "proxydhcp") : std::nullopt;
}

Result<PxeMenu::Item> choose_item(Console& console, const PxeMenu& menu) {
  bool ask = !menu.timeout_s || *menu.timeout_s == kWaitsForEver;
  if (!ask) {
    std::string label = menu.prompt.empty() ? "Press F8 for the boot menu" : menu.prompt;
    console.print(cat(label, " (F8: menu; ", *menu.timeout_s, " s)\n"));
    Loop& loop = console.loop();
    auto key = read_key(loop, loop.now() + Millis{*menu.timeout_s * kSecond.ms});
    if (key && (*key == key::kEscape || *key == key::kCtrlC))
      return Error{Errc::Cancelled, "the boot menu was cancelled"};
    if (!key || *key != kF8) return menu.items.front();
  }
  Menu shown{.name = {}, .title = menu.prompt.empty() ? "Boot menu" : menu.prompt, .items = {}};
  for (size_t i = 0; i < menu.items.size(); ++i)
    shown.items.push_back({.name = decimal(uint64_t{i}), .text = menu.items[i].text, .key = {}});
  return menu.items[TRY(choose(console, shown, {}))];
}

}  // namespace hawser
