// A PXELINUX configuration: what SYSLINUX's doc/syslinux.txt and doc/menu.txt describe, as data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/base/time.h"

namespace hawser::pxelinux {

/// Something that can be chosen: LABEL and what follows it, or a line of a menu.
struct Entry {
  enum class Kind : uint8_t {
    Kernel,     ///< KERNEL, LINUX, BOOT, PXE …: `target` is the file
    Config,     ///< CONFIG: `target` is another configuration
    LocalBoot,  ///< `target` is the number as written
    Menu,       ///< MENU BEGIN, GOTO, EXIT: shows the menu with the tag `target`
    Quit,       ///< MENU QUIT: to the `boot:` prompt
    Help,       ///< MENU HELP: shows the file `target`
    Text,       ///< only a line of the menu
  };
  Kind kind = Kind::Kernel;
  std::string label;
  std::string text;                   ///< in the menu, without '^'; empty: the label
  std::optional<uint32_t> key;        ///< hot key of the menu, lower case
  std::string target;                 ///< empty for Kernel: the label names the file
  std::optional<std::string> append;  ///< nothing: the global one applies
  std::string initrd;                 ///< files, separated by commas
  std::optional<uint32_t> sysappend;
  std::optional<std::string> password;  ///< empty: only the master password will do
  std::string help;                     ///< lines of TEXT HELP, each with its "\n"
  size_t indent = 0;
  bool is_default = false, disabled = false, hidden = false;
};

/// A menu: the top one, or MENU BEGIN … MENU END.
struct MenuPage {
  std::string tag;  ///< ".top" for the first
  std::string title;
  size_t parent = 0;  ///< index; the top one is its own
  std::vector<size_t> entries;
  std::optional<std::string> master_password;  ///< nothing: the parent's
};

struct Config {
  std::vector<Entry> entries;
  std::vector<MenuPage> menus;  ///< never empty; [0] is the top
  size_t start_menu = 0;
  bool wants_menu = false;     ///< UI, or DEFAULT, names a menu program
  std::string menu_arguments;  ///< of that program: configurations to read instead
  std::string default_command, on_timeout, on_error;
  std::string display;  ///< a file to show before the prompt
  std::optional<std::string> append;
  std::string initrd;
  uint32_t sysappend = 0;
  Millis timeout{0}, total_timeout{0};  ///< 0: none
  bool prompt = false, implicit = true, allow_options = true, no_escape = false;
  bool menu_hidden = false;
  std::vector<std::string> say;    ///< lines to print
  std::vector<std::string> notes;  ///< what was not understood, for people: "default:3: …"

  Config() {
    menus.push_back(
        {.tag = ".top", .title = {}, .parent = 0, .entries = {}, .master_password = {}});
  }
  /// By label: exactly, else ignoring case. nullptr: there is none.
  const Entry* find(std::string_view label) const;
  std::optional<size_t> find_menu(std::string_view tag) const;
};

/// Text of a file that INCLUDE names, as written there. Errors: those of the download.
using Includer = std::function<Result<std::string>(std::string_view file)>;

inline constexpr size_t kMaxConfigBytes = 1u << 20;  ///< of one file
inline constexpr size_t kMaxIncludeDepth = 16, kMaxFiles = 64;
inline constexpr size_t kMaxEntries = 4096, kMaxMenus = 256, kMaxNotes = 20;

/// Reads `text`, called `name` in messages. Keywords that are unknown become notes.
/// Errors: Invalid (INCLUDE too deep or too often, too many entries or menus, MENU END without
/// BEGIN), and what `include` returns; each with file and line in front.
Result<Config> read_config(std::string_view text, std::string_view name, const Includer& include);

}  // namespace hawser::pxelinux
