#include "src/pxelinux/config.h"

#include <algorithm>
#include <utility>

#include "src/base/format.h"
#include "src/base/text.h"

namespace hawser::pxelinux {
namespace {

/// Takes the first word off `text`, which keeps the rest without blanks around it.
std::string_view take_word(std::string_view& text) {
  text = trim(text);
  size_t end = 0;
  while (end < text.size() && !is_space(text[end])) ++end;
  std::string_view word = text.substr(0, end);
  text = trim(text.substr(end));
  return word;
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = lower(c);
  return result;
}

/// Decimal, hexadecimal with "0x" or octal with "0"; nothing for what is no number.
std::optional<uint32_t> number(std::string_view text) {
  bool octal = text.size() > 1 && text[0] == '0' && is_digit(text[1]);
  if (!octal) {
    auto value = parse_integer(text);
    if (!value || *value < 0 || *value > UINT32_MAX) return std::nullopt;
    return uint32_t(*value);
  }
  uint64_t value = 0;
  for (char c : text) {
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + uint64_t(c - '0');
    if (value > UINT32_MAX) return std::nullopt;
  }
  return uint32_t(value);
}

/// "menu.c32", "vesamenu.c32", "/boot/menu.c32".
bool is_menu_program(std::string_view file) { return lower_case(file).ends_with("menu.c32"); }

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

constinit const Reader::Keyword Reader::kGlobal[] = {
    {"label", &Reader::label},
    {"kernel", &Reader::kernel},
    {"linux", &Reader::kernel},
    {"boot", &Reader::kernel},
    {"bss", &Reader::kernel},
    {"pxe", &Reader::kernel},
    {"fdimage", &Reader::kernel},
    {"comboot", &Reader::kernel},
    {"com32", &Reader::kernel},
    {"config", &Reader::config},
    {"localboot", &Reader::localboot},
    {"append", &Reader::append},
    {"initrd", &Reader::initrd},
    {"ipappend", &Reader::sysappend},
    {"sysappend", &Reader::sysappend},
    {"text", &Reader::text},
    {"menu", &Reader::menu},
    {"ui", &Reader::ui},
    {"default", &Reader::default_command},
    {"include", &Reader::include},
    {"ontimeout", &Reader::on_timeout},
    {"onerror", &Reader::on_error},
    {"display", &Reader::display},
    {"timeout", &Reader::timeout},
    {"totaltimeout", &Reader::total_timeout},
    {"prompt", &Reader::prompt},
    {"implicit", &Reader::implicit},
    {"allowoptions", &Reader::allow_options},
    {"noescape", &Reader::no_escape},
    {"say", &Reader::say},
    // What belongs to the screen, the disk or the cookies of SYSLINUX.
    {"background", &Reader::ignore},
    {"console", &Reader::ignore},
    {"font", &Reader::ignore},
    {"kbdmap", &Reader::ignore},
    {"nocomplete", &Reader::ignore},
    {"nohalt", &Reader::ignore},
    {"path", &Reader::ignore},
    {"pxeretry", &Reader::ignore},
    {"sendcookies", &Reader::ignore},
    {"serial", &Reader::ignore},
};

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

Status Reader::keep(std::string& to, std::string_view rest) {
  to = rest;
  return ok_status();
}

Status Reader::flag(bool& to, std::string_view rest) {
  to = number(rest).value_or(0) != 0;
  return ok_status();
}

Status Reader::set_time(Millis& time, std::string_view rest) {
  constexpr int64_t kTenth = 100;
  time = Millis{int64_t{number(rest).value_or(0)} * kTenth};
  return ok_status();
}

void Reader::note(std::string_view text) {
  if (config_.notes.size() < kMaxNotes) config_.notes.push_back(cat(place(), ": ", text));
}

Result<Entry*> Reader::add_entry(Entry::Kind kind) {
  if (config_.entries.size() == kMaxEntries)
    return Error{Errc::Invalid, cat("more than ", kMaxEntries, " entries")};
  menu().entries.push_back(config_.entries.size());
  config_.entries.push_back({});
  config_.entries.back().kind = kind;
  return &config_.entries.back();
}

Status Reader::label(std::string_view rest) {
  Entry* added = TRY(add_entry(Entry::Kind::Kernel));
  added->label = rest;
  entry_ = config_.entries.size() - 1;
  has_entry_ = true;
  return ok_status();
}

Status Reader::file_of(Entry::Kind kind, std::string_view file) {
  if (!entry()) {
    note("needs a LABEL before it; ignored");
    return ok_status();
  }
  entry()->kind = kind;
  entry()->target = file;
  return ok_status();
}

Status Reader::append(std::string_view rest) {
  std::string words(rest == "-" ? std::string_view{} : rest);
  if (entry()) entry()->append = std::move(words);
  else config_.append = std::move(words);
  return ok_status();
}

Status Reader::initrd(std::string_view rest) {
  (entry() ? entry()->initrd : config_.initrd) = rest;
  return ok_status();
}

Status Reader::sysappend(std::string_view rest) {
  uint32_t bits = number(rest).value_or(0);
  if (entry()) entry()->sysappend = bits;
  else config_.sysappend = bits;
  return ok_status();
}

Status Reader::text(std::string_view rest) {
  std::string_view kind = take_word(rest);
  if (equal_ignoring_case(kind, "help")) in_help_ = true;
  return ok_status();
}

Status Reader::menu(std::string_view rest) {
  std::string_view word = take_word(rest);
  // Colours, positions and messages of the menu program have no meaning here.
  for (const Keyword& row : kMenu)
    if (equal_ignoring_case(word, row.word)) return (this->*row.read)(rest);
  return ok_status();
}

Status Reader::ui(std::string_view rest) {
  (void)take_word(rest);  // whichever program it is: what we have is a menu
  config_.wants_menu = true;
  config_.menu_arguments = rest;
  return ok_status();
}

Status Reader::default_command(std::string_view rest) {
  std::string_view arguments = rest;
  if (!is_menu_program(take_word(arguments))) return keep(config_.default_command, rest);
  config_.wants_menu = true;
  config_.menu_arguments = arguments;
  return ok_status();
}

Status Reader::say(std::string_view rest) {
  if (config_.say.size() < kMaxEntries) config_.say.emplace_back(rest);
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

/// With a tag, the file is a menu of its own.
Status Reader::include(std::string_view rest) {
  std::string_view file = take_word(rest);
  if (file.empty()) {
    note("INCLUDE names no file; ignored");
    return ok_status();
  }
  if (depth_ == kMaxIncludeDepth)
    return Error{Errc::Invalid, cat("INCLUDE ", printable(file), ": files are included more than ",
                                    kMaxIncludeDepth, " deep; does one include itself?")};
  if (++files_ > kMaxFiles)
    return Error{Errc::Invalid,
                 cat("INCLUDE ", printable(file), ": more than ", kMaxFiles, " files")};
  std::string text = TRY(include_(file));
  size_t outside = menu_;
  if (!rest.empty()) TRY(begin_menu(rest));
  std::string name(file);
  TRY(read(text, name));
  if (!rest.empty() || menu_ != outside) has_entry_ = false;
  menu_ = outside;
  return ok_status();
}

Status Reader::dispatch(std::span<const Keyword> table, std::string_view word,
                        std::string_view rest) {
  for (const Keyword& row : table)
    if (equal_ignoring_case(word, row.word)) return (this->*row.read)(rest);
  bool is_help_file = word.size() <= 3 && lower(word[0]) == 'f' && is_digit(word[word.size() - 1]);
  if (!is_help_file) note(cat("unknown keyword \"", printable(word, 40), "\"; ignored"));
  return ok_status();
}

Status Reader::line(std::string_view text) {
  if (in_help_) {
    constexpr size_t kMaxHelp = 4096;
    if (equal_ignoring_case(trim(text), "endtext")) in_help_ = false;
    else if (entry() && entry()->help.size() + text.size() < kMaxHelp)
      entry()->help += cat(trim(text), '\n');
    return ok_status();
  }
  std::string_view word = take_word(text);
  if (word.empty() || word.starts_with('#')) return ok_status();
  return dispatch(kGlobal, word, text);
}

Status Reader::read(std::string_view text, std::string_view name) {
  if (text.size() > kMaxConfigBytes)
    return Error{Errc::Invalid, cat(printable(name), ": larger than ", kMaxConfigBytes >> 10,
                                    " KiB; is it a configuration?")};
  std::string outer_file = std::exchange(file_, printable(name, 80));
  size_t outer_line = std::exchange(line_, 0);
  ++depth_;
  while (!text.empty()) {
    ++line_;
    size_t end = text.find('\n');
    if (Status read = line(text.substr(0, end)); !read.ok())
      return std::move(read).error().in(place());
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  in_help_ = false;
  --depth_;
  file_ = std::move(outer_file);
  line_ = outer_line;
  return ok_status();
}

/// DEFAULT within a menu makes that menu the first one, and the entry the one selected in it.
Status Reader::finish() {
  std::string_view command = config_.default_command;
  const Entry* chosen = config_.find(take_word(command));
  if (!chosen) return ok_status();
  size_t index = size_t(chosen - config_.entries.data());
  for (size_t at = 0; at < config_.menus.size(); ++at) {
    const auto& entries = config_.menus[at].entries;
    if (std::find(entries.begin(), entries.end(), index) == entries.end()) continue;
    for (size_t other : entries) config_.entries[other].is_default = other == index;
    config_.start_menu = at;
  }
  return ok_status();
}

}  // namespace

const Entry* Config::find(std::string_view label) const {
  if (label.empty()) return nullptr;
  for (const Entry& entry : entries)
    if (entry.label == label) return &entry;
  for (const Entry& entry : entries)
    if (equal_ignoring_case(entry.label, label)) return &entry;
  return nullptr;
}

std::optional<size_t> Config::find_menu(std::string_view tag) const {
  for (size_t i = 0; i < menus.size(); ++i)
    if (equal_ignoring_case(menus[i].tag, tag)) return i;
  return std::nullopt;
}

Result<Config> read_config(std::string_view text, std::string_view name, const Includer& include) {
  Config config;
  Reader reader(config, include);
  TRY(reader.read(text, name));
  TRY(reader.finish());
  return config;
}

}  // namespace hawser::pxelinux
