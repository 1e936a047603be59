#include "src/pxelinux/boot.h"

#include <utility>

#include "src/base/format.h"
#include "src/base/text.h"
#include "src/console/console.h"
#include "src/console/keys.h"
#include "src/image/image.h"
#include "src/pxelinux/config.h"
#include "src/pxelinux/entry.h"
#include "src/pxelinux/menu.h"
#include "src/pxelinux/search.h"
#include "src/script/acquire.h"
#include "src/script/interpreter.h"
#include "src/settings/settings.h"

namespace hawser::pxelinux {
namespace {

constexpr Millis kReadingTime{10'000};  ///< how long an error stays before the menu comes back
constexpr unsigned kMaxJumps = 64;      ///< from one configuration or label to the next by itself

/// The folder of a file: what "x" is relative to.
Uri folder_of(const Uri& file) {
  Uri folder = file;
  folder.path.erase(folder.path.find_last_of('/') + 1);
  if (folder.path.empty()) folder.path = "/";
  folder.query.reset();
  return folder;
}

class Session {
 public:
  Session(Context& context, const Start& start)
      : context_(context), base_(start.base), interface_(start.interface) {}

  Status search(std::string_view explicit_name);
  Status load(const Uri& uri, std::string_view name);
  Status run();

 private:
  enum class Next : uint8_t { Choose, Leave };
  Result<Choice> choose();
  Result<Next> carry_out(const Choice& choice);
  Result<Next> run_line(std::string_view line);
  Result<Next> run_entry(const Entry& entry, std::string_view extra);
  Result<Next> act(const Action& action);
  Result<Next> run_commands(const std::vector<std::vector<std::string>>& commands);
  Result<std::string> read(const Uri& uri);
  void show_file(const std::string& file);
  void let_read();
  std::string fact(std::string_view setting) const;

  Context& context_;
  Uri base_;
  std::string interface_;
  Config config_;
  size_t menu_ = 0;
  bool at_prompt_ = false;    ///< left the menu for the prompt
  bool attended_ = false;     ///< somebody has chosen something
  unsigned jumps_ = 0;        ///< since then
  std::string command_line_;  ///< label and words of the entry that runs
};

std::string Session::fact(std::string_view setting) const {
  bool of_machine = setting == "uuid" || setting.starts_with("smbios/") ||
                    setting.starts_with("cpuid/");
  return context_.settings.text(of_machine ? std::string(setting) : cat(interface_, '/', setting));
}

Result<std::string> Session::read(const Uri& uri) {
  Image* image = TRY(download(context_, uri, display(uri), {.quiet = true}));
  Result<std::string> text = Error{Errc::Invalid, cat(display(uri), ": too large for a text")};
  if (image->data.size() <= kMaxConfigBytes) text = std::string(text_of(image->data));
  context_.images.remove(*image);
  return text;
}

Status Session::load(const Uri& uri, std::string_view name) {
  std::string text = TRY(read(uri));
  context_.console.print(cat("PXELINUX configuration ", display(uri), '\n'));
  config_ = TRY(read_config(text, name, [&](std::string_view file) -> Result<std::string> {
    return read(TRY(file_uri(base_, file)));
  }));
  for (const std::string& note : config_.notes) context_.console.print(note + "\n");
  for (const std::string& line : config_.say) context_.console.print(printable(line) + "\n");
  if (!config_.menu_arguments.empty() && ++jumps_ < kMaxJumps) {
    std::string other = std::exchange(config_.menu_arguments, {});
    TRY(load(TRY(file_uri(base_, other)), other));
    config_.wants_menu = true;
  }
  menu_ = config_.start_menu;
  at_prompt_ = false;
  return ok_status();
}

Status Session::search(std::string_view explicit_name) {
  Identity identity{.uuid = fact("uuid"), .mac = fact("mac:hexhyp"), .address = {}};
  if (auto address = context_.settings.ipv4(cat(interface_, "/ip"))) identity.address = *address;
  std::vector<std::string> names = config_names(identity, explicit_name);
  for (const std::string& name : names) {
    Status loaded = load(TRY(file_uri(base_, name)), name);
    if (loaded.ok()) return loaded;
    bool is_missing = loaded.error().code == Errc::NotFound || loaded.error().code == Errc::Access;
    if (!is_missing) return loaded;
  }
  std::string tried = names.front();
  for (size_t i = 1; i < names.size(); ++i)
    tried += cat(i + 1 == names.size() ? " and " : ", ", names[i]);
  return Error{Errc::NotFound, cat("no PXELINUX configuration in ", display(base_), ": tried ",
                                   printable(tried, 400))};
}

void Session::show_file(const std::string& file) {
  auto uri = file_uri(base_, file);
  if (!uri.ok()) return;
  auto text = read(*uri);
  if (!text.ok()) return;  // as PXELINUX does: it is only decoration
  std::string_view left = *text;
  constexpr char kEndOfFile = 0x1a;  // of DOS
  left = left.substr(0, left.find(kEndOfFile));
  while (!left.empty()) {
    size_t end = left.find('\n');
    context_.console.print(printable(trim(left.substr(0, end))) + "\n");
    left.remove_prefix(end == left.npos ? left.size() : end + 1);
  }
}

void Session::let_read() {
  Loop& loop = context_.console.loop();
  context_.console.print("Press a key to go on.\n");
  (void)read_key(loop, loop.now() + kReadingTime);
}

Result<Choice> Session::choose() {
  if (config_.wants_menu && !at_prompt_)
    return choose_entry(context_.console, config_, menu_, !attended_);
  if (!config_.prompt && !config_.default_command.empty() && !attended_)
    return Choice{.entry = nullptr, .line = {}, .timed_out = true};
  if (!config_.display.empty()) show_file(config_.display);
  return ask_at_prompt(context_.console, config_, !attended_);
}

/// Until a kernel starts, or nothing is left to do.
Status Session::run() {
  for (;;) {
    Result<Choice> choice = choose();
    if (!choice.ok()) {
      if (choice.error().code != Errc::Cancelled || !is_locked(config_))
        return std::move(choice).error();
      attended_ = true;
      continue;
    }
    if (!choice->timed_out) {
      attended_ = true;
      jumps_ = 0;
    }
    Result<Next> next = carry_out(*choice);
    if (next.ok() && *next == Next::Leave) return ok_status();
    if (next.ok()) continue;
    if (!attended_) return std::move(next).error();
    context_.console.fresh_line();
    context_.console.print(printable(next.error().text, 500) + "\n");
    if (next.error().code != Errc::Cancelled) let_read();
  }
}

Result<Session::Next> Session::carry_out(const Choice& choice) {
  if (choice.timed_out && !config_.on_timeout.empty()) return run_line(config_.on_timeout);
  if (choice.entry) {
    if (!choice.timed_out) TRY(check_password(context_.console, config_, *choice.entry, menu_));
    return run_entry(*choice.entry, {});
  }
  if (!trim(choice.line).empty()) return run_line(choice.line);
  if (config_.default_command.empty())
    return Error{Errc::NotFound, "the configuration has no DEFAULT; name one of its labels"};
  return run_line(config_.default_command);
}

/// A label, or a file, and words behind it.
Result<Session::Next> Session::run_line(std::string_view line) {
  line = trim(line);
  size_t end = std::min(line.find(' '), line.size());
  std::string_view word = line.substr(0, end);
  std::string_view extra = config_.allow_options || !attended_ ? line.substr(end) : "";
  if (const Entry* entry = config_.find(word)) {
    // What is locked in the menu is locked here.
    if (attended_) TRY(check_password(context_.console, config_, *entry, menu_));
    return run_entry(*entry, extra);
  }
  if (!config_.implicit)
    return Error{Errc::NotFound, cat("there is no label \"", printable(word), '"')};
  Entry entry;
  entry.label = word;
  return run_entry(entry, extra);
}

Result<Session::Next> Session::run_entry(const Entry& entry, std::string_view extra) {
  if (entry.kind == Entry::Kind::Quit) {
    at_prompt_ = true;
    return Next::Choose;
  }
  if (entry.kind == Entry::Kind::Help) {
    show_file(entry.target.substr(0, entry.target.find(' ')));
    let_read();
    return Next::Choose;
  }
  if (entry.kind == Entry::Kind::Text) return Next::Choose;
  if (++jumps_ > kMaxJumps)
    return Error{Errc::Invalid, cat("labels and configurations refer to one another more than ",
                                    kMaxJumps, " times")};
  command_line_ = cat(entry.label, extra);
  auto action = action_for(config_, entry, extra, base_,
                           [&](std::string_view setting) { return fact(setting); });
  if (!action.ok()) return std::move(action).error().in(cat("label ", printable(entry.label)));
  return act(*action);
}

Result<Session::Next> Session::act(const Action& action) {
  switch (action.kind) {
    case Action::Kind::Leave:
      return Next::Leave;
    case Action::Kind::Config:
      if (!action.folder.empty()) {
        base_ = TRY(file_uri(base_, action.folder));
        if (!base_.path.ends_with('/')) base_.path += '/';
      }
      TRY(load(TRY(file_uri(base_, action.file)), action.file));
      return Next::Choose;
    case Action::Kind::Search:
      base_ = folder_of(TRY(file_uri(base_, action.file)));
      TRY(search({}));
      return Next::Choose;
    case Action::Kind::Menu: {
      auto index = action.file.empty() ? config_.start_menu : config_.find_menu(action.file);
      if (!index)
        return Error{Errc::NotFound, cat("there is no menu \"", printable(action.file), '"')};
      menu_ = *index;
      at_prompt_ = false;
      config_.wants_menu = true;
      return Next::Choose;
    }
    case Action::Kind::Label: {
      const Entry* entry = config_.find(action.file);
      if (!entry)
        return Error{Errc::NotFound, cat("there is no label \"", printable(action.file), '"')};
      return run_entry(*entry, {});
    }
    case Action::Kind::Commands:
      break;
  }
  return run_commands(action.commands);
}

/// They print their errors themselves.
Result<Session::Next> Session::run_commands(const std::vector<std::vector<std::string>>& commands) {
  for (const auto& words : commands) {
    Status done = context_.interpreter.run_command(words);
    if (done.ok()) continue;
    if (!config_.on_error.empty() && done.error().code == Errc::NotFound)
      return run_line(cat(std::exchange(config_.on_error, {}), ' ', command_line_));
    return Error{done.error().code, cat(words[0], " failed")};
  }
  return Next::Leave;  // a script that ran to its end
}

/// DHCP option 211: seconds after which a machine that found nothing starts again.
void reboot_if_told(Context& context, std::string_view interface) {
  auto seconds = context.settings.number(cat(interface, "/211:uint32"));
  if (!seconds || *seconds <= 0) return;
  context.console.print(
      cat("Rebooting in ", *seconds, " s, as DHCP option 211 says; a key stops that\n"));
  Loop& loop = context.console.loop();
  if (read_key(loop, loop.now() + Millis{*seconds * 1000})) return;
  context.network.shut_down();
  context.platform.reboot(false);
}

}  // namespace

std::optional<Start> start_for(const Settings& settings, std::string_view interface,
                               std::string_view filename, const std::optional<Uri>& boot_file) {
  if (settings.text("pxelinux") == "0") return std::nullopt;
  std::string name = settings.text(cat(interface, "/209:string"));
  std::string prefix = settings.text(cat(interface, "/210:string"));
  bool by_options = filename.empty() && !(name.empty() && prefix.empty());
  if (!boot_file || !(by_options || is_pxelinux_program(filename))) return std::nullopt;
  Start start{.base = folder_of(*boot_file),
              .interface = std::string(interface),
              .explicit_name = std::move(name)};
  if (prefix.empty()) return start;
  Uri server = *boot_file;
  server.path = "/";
  auto base = file_uri(server, prefix);
  if (!base.ok()) return start;
  start.base = *base;
  if (!start.base.path.ends_with('/')) start.base.path += '/';
  return start;
}

Result<Start> start_at(const Settings& settings, std::string_view place) {
  Uri uri = TRY(uri_argument(settings, place.empty() ? "." : place));
  Start start{.base = folder_of(uri), .interface = "netX"};
  if (place.empty() || place.ends_with('/')) return start;
  start.config = uri;
  constexpr std::string_view kFolder = "/pxelinux.cfg/";
  if (start.base.path.ends_with(kFolder))
    start.base.path.resize(start.base.path.size() - kFolder.size() + 1);
  return start;
}

Status boot(Context& context, const Start& start) {
  Session session(context, start);
  Status found = start.config ? session.load(*start.config, image_name(*start.config))
                              : session.search(start.explicit_name);
  if (!found.ok()) {
    if (!start.config) reboot_if_told(context, start.interface);
    return found;
  }
  return session.run();
}

}  // namespace hawser::pxelinux
