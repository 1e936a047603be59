// The keywords that follow MENU (SYSLINUX doc/menu.txt).
#include <algorithm>

#include "src/base/text.h"
#include "src/pxelinux/config_reader.h"

namespace hawser::pxelinux {

constinit const Reader::Keyword Reader::kMenu[] = {
    {"title", &Reader::menu_title},      {"label", &Reader::menu_label},
    {"default", &Reader::menu_default},  {"separator", &Reader::menu_separator},
    {"indent", &Reader::menu_indent},    {"disable", &Reader::menu_disable},
    {"disabled", &Reader::menu_disable}, {"hide", &Reader::menu_hide},
    {"hidden", &Reader::menu_hidden},    {"passwd", &Reader::menu_passwd},
    {"master", &Reader::menu_master},    {"begin", &Reader::begin_menu},
    {"end", &Reader::end_menu},          {"goto", &Reader::menu_goto},
    {"exit", &Reader::menu_exit},        {"quit", &Reader::menu_quit},
    {"start", &Reader::menu_start},      {"help", &Reader::menu_help},
    {"include", &Reader::include},
};

Status Reader::menu(std::string_view rest) {
  std::string_view word = take_word(rest);
  // Colours, positions and messages of the menu program have no meaning here.
  for (const Keyword& row : kMenu)
    if (equal_ignoring_case(word, row.word)) return (this->*row.read)(rest);
  return ok_status();
}

Status Reader::menu_title(std::string_view rest) {
  menu().title = rest;
  return ok_status();
}

Status Reader::menu_label(std::string_view rest) {
  if (!entry()) {
    // Inside MENU BEGIN, before its first entry: how the menu is called in the one above.
    if (menu_ != 0)
      for (Entry& above : config_.entries)
        if (above.kind == Entry::Kind::Menu && above.target == menu().tag) above.text = rest;
    return ok_status();
  }
  size_t hat = rest.find('^');
  std::string text(rest);
  if (hat != rest.npos && hat + 1 < rest.size()) {
    entry()->key = uint8_t(lower(rest[hat + 1]));
    text.erase(hat, 1);
  }
  entry()->text = std::move(text);
  return ok_status();
}

Status Reader::menu_default(std::string_view) {
  if (entry()) entry()->is_default = true;
  return ok_status();
}

Status Reader::menu_separator(std::string_view) {
  TRY(add_entry(Entry::Kind::Text));
  has_entry_ = false;
  return ok_status();
}

Status Reader::menu_indent(std::string_view rest) {
  constexpr uint32_t kMaxIndent = 40;
  if (entry()) entry()->indent = std::min(number(rest).value_or(0), kMaxIndent);
  return ok_status();
}

Status Reader::menu_disable(std::string_view) {
  if (entry()) entry()->disabled = true;
  return ok_status();
}

Status Reader::menu_hide(std::string_view) {
  if (entry()) entry()->hidden = true;
  return ok_status();
}

Status Reader::menu_hidden(std::string_view) {
  config_.menu_hidden = true;
  return ok_status();
}

Status Reader::menu_passwd(std::string_view rest) {
  if (entry()) entry()->password = std::string(rest);
  return ok_status();
}

Status Reader::menu_master(std::string_view rest) {
  if (equal_ignoring_case(take_word(rest), "passwd")) menu().master_password = std::string(rest);
  return ok_status();
}

Status Reader::menu_exit(std::string_view rest) {
  return file_of(Entry::Kind::Menu,
                 rest.empty() ? std::string_view(config_.menus[menu().parent].tag) : rest);
}

Status Reader::menu_start(std::string_view) {
  config_.start_menu = menu_;
  return ok_status();
}

/// An entry of the menu above shows it; its text is the title, unless MENU LABEL gives another.
Status Reader::begin_menu(std::string_view tag) {
  if (config_.menus.size() == kMaxMenus)
    return Error{Errc::Invalid, cat("more than ", kMaxMenus, " menus")};
  Entry* way_in = TRY(add_entry(Entry::Kind::Menu));
  size_t index = config_.menus.size();
  std::string name = tag.empty() ? cat(".menu", index) : std::string(tag);
  way_in->label = way_in->target = name;
  config_.menus.push_back(
      {.tag = name, .title = {}, .parent = menu_, .entries = {}, .master_password = {}});
  menu_ = index;
  has_entry_ = false;
  return ok_status();
}

Status Reader::end_menu(std::string_view) {
  if (menu_ == 0) return Error{Errc::Invalid, "MENU END without MENU BEGIN"};
  menu_ = menu().parent;
  has_entry_ = false;
  return ok_status();
}

}  // namespace hawser::pxelinux
