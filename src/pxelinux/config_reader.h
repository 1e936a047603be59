// Reads a configuration line by line: config.cc has the keywords for all, config_menu.cc those of
// MENU.
#pragma once

#include <span>

#include "src/base/format.h"
#include "src/pxelinux/config.h"

namespace hawser::pxelinux {

/// Takes the first word off `text`, which keeps the rest without blanks around it.
std::string_view take_word(std::string_view& text);
/// Decimal, hexadecimal with "0x" or octal with "0"; nothing for what is no number.
std::optional<uint32_t> number(std::string_view text);

class Reader {
 public:
  Reader(Config& config, const Includer& include) : config_(config), include_(include) {}

  Status read(std::string_view text, std::string_view name);
  Status finish();

 private:
  struct Keyword {
    std::string_view word;
    Status (Reader::*read)(std::string_view rest);
  };
  static const Keyword kGlobal[];
  static const Keyword kMenu[];

  Status line(std::string_view text);
  Status dispatch(std::span<const Keyword> table, std::string_view word, std::string_view rest);
  void note(std::string_view text);
  std::string place() const { return cat(file_, ':', line_); }

  Entry* entry() { return has_entry_ ? &config_.entries[entry_] : nullptr; }
  MenuPage& menu() { return config_.menus[menu_]; }
  Result<Entry*> add_entry(Entry::Kind kind);
  Status file_of(Entry::Kind kind, std::string_view file);
  static Status set_time(Millis& time, std::string_view rest);

  // --- keywords ---------------------------------------------------------------------------------
  Status ignore(std::string_view) { return ok_status(); }
  Status label(std::string_view rest);
  Status kernel(std::string_view rest) { return file_of(Entry::Kind::Kernel, rest); }
  Status config(std::string_view rest) { return file_of(Entry::Kind::Config, rest); }
  Status localboot(std::string_view rest) { return file_of(Entry::Kind::LocalBoot, rest); }
  Status append(std::string_view rest);
  Status initrd(std::string_view rest);
  Status sysappend(std::string_view rest);
  Status text(std::string_view rest);
  Status menu(std::string_view rest);
  Status ui(std::string_view rest);
  Status default_command(std::string_view rest);
  Status include(std::string_view rest);
  Status on_timeout(std::string_view rest) { return keep(config_.on_timeout, rest); }
  Status on_error(std::string_view rest) { return keep(config_.on_error, rest); }
  Status display(std::string_view rest) { return keep(config_.display, rest); }
  Status timeout(std::string_view rest) { return set_time(config_.timeout, rest); }
  Status total_timeout(std::string_view rest) { return set_time(config_.total_timeout, rest); }
  Status prompt(std::string_view rest) { return flag(config_.prompt, rest); }
  Status implicit(std::string_view rest) { return flag(config_.implicit, rest); }
  Status allow_options(std::string_view rest) { return flag(config_.allow_options, rest); }
  Status no_escape(std::string_view rest) { return flag(config_.no_escape, rest); }
  Status say(std::string_view rest);
  static Status keep(std::string& to, std::string_view rest);
  static Status flag(bool& to, std::string_view rest);

  Status menu_title(std::string_view rest);
  Status menu_label(std::string_view rest);
  Status menu_default(std::string_view);
  Status menu_separator(std::string_view);
  Status menu_indent(std::string_view rest);
  Status menu_disable(std::string_view);
  Status menu_hide(std::string_view);
  Status menu_hidden(std::string_view);
  Status menu_passwd(std::string_view rest);
  Status menu_master(std::string_view rest);
  Status begin_menu(std::string_view tag);
  Status end_menu(std::string_view);
  Status menu_goto(std::string_view rest) { return file_of(Entry::Kind::Menu, rest); }
  Status menu_exit(std::string_view rest);
  Status menu_quit(std::string_view) { return file_of(Entry::Kind::Quit, {}); }
  Status menu_start(std::string_view);
  Status menu_help(std::string_view rest) { return file_of(Entry::Kind::Help, rest); }

  Config& config_;
  const Includer& include_;
  size_t menu_ = 0;   ///< the one being read
  size_t entry_ = 0;  ///< the one being read, if there is one
  bool has_entry_ = false;
  bool in_help_ = false;
  std::string file_;
  size_t line_ = 0, depth_ = 0, files_ = 0;
};

}  // namespace hawser::pxelinux
