// PXE boot menus (PXE 2.1 §2.2, option 43): what automatic boot asks a person about.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/console/console.h"
#include "src/network.h"
#include "src/settings/settings.h"

namespace hawser {

struct PxeMenu {
  struct Item {
    uint16_t type = 0;  ///< of boot server; 0: the local disk
    std::string text;
  };
  std::vector<Item> items;  ///< not empty
  std::string prompt;
  std::optional<uint8_t> timeout_s;  ///< nothing, or 255: waits for ever
};

/// Reads menu (43.9) and prompt (43.10). Items that run out of the option end it. Nothing without an
/// item.
std::optional<PxeMenu> parse_pxe_menu(Bytes menu, std::optional<Bytes> prompt);

/// The menu that the lease, or else ProxyDHCP, offers on this interface. Nothing when there is none;
/// when its prompt says not to ask; when discovery control prefers the file, or the file is a
/// script or a URI, which serve only clients like us; and with `set pxe-menu 0`.
std::optional<PxeMenu> pxe_menu(const Settings& settings, const Interface& interface);

/// Waits behind the prompt, and shows the menu if F8 is pressed. Any other key, or time, takes the
/// first item. Errors: Cancelled (Esc, Ctrl-C).
Result<PxeMenu::Item> choose_item(Console& console, const PxeMenu& menu);

}  // namespace hawser
