#include "src/pxelinux/config.h"

#include <algorithm>
#include <utility>

#include "src/base/format.h"
#include "src/base/text.h"
#include "src/pxelinux/config_reader.h"

namespace hawser::pxelinux {
namespace {

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = lower(c);
  return result;
}

/// "menu.c32", "vesamenu.c32", "/boot/menu.c32".
bool is_menu_program(std::string_view file) { return lower_case(file).ends_with("menu.c32"); }

}  // namespace

std::string_view take_word(std::string_view& text) {
  text = trim(text);
  size_t end = 0;
  while (end < text.size() && !is_space(text[end])) ++end;
  std::string_view word = text.substr(0, end);
  text = trim(text.substr(end));
  return word;
}

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
    if (std::ranges::find(entries, index) == entries.end()) continue;
    for (size_t other : entries) config_.entries[other].is_default = other == index;
    config_.start_menu = at;
  }
  return ok_status();
}

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
