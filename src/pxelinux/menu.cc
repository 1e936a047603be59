#include "src/pxelinux/menu.h"

#include <algorithm>

#include "src/base/format.h"
#include "src/console/console.h"
#include "src/console/form.h"
#include "src/console/keys.h"
#include "src/console/menu.h"
#include "src/crypto/digest.h"
#include "src/pxelinux/crypt.h"
#include "src/settings/value.h"

namespace hawser::pxelinux {
namespace {

MenuItem item_for(const Entry& entry, size_t index) {
  MenuItem item;
  bool is_text = entry.disabled || entry.kind == Entry::Kind::Text;
  if (!is_text) item.name = decimal(uint64_t{index});
  item.text = cat(std::string(entry.indent, ' '), entry.text.empty() ? entry.label : entry.text,
                  entry.kind == Entry::Kind::Menu ? " >" : "");
  item.key = entry.key;
  item.is_default = entry.is_default;
  item.help = entry.help;
  return item;
}

/// A menu without MENU LABEL is called by its title in the one above.
std::string title_of(const Config& config, const Entry& way_in) {
  auto menu = config.find_menu(way_in.target);
  return menu && way_in.text.empty() ? config.menus[*menu].title : std::string{};
}

Menu make_menu(const Config& config, const MenuPage& page) {
  Menu menu{.name = {}, .title = page.title.empty() ? "Boot menu" : page.title, .items = {}};
  for (size_t index : page.entries) {
    const Entry& entry = config.entries[index];
    if (entry.hidden) continue;
    MenuItem item = item_for(entry, index);
    if (entry.kind == Entry::Kind::Menu)
      if (std::string title = title_of(config, entry); !title.empty()) item.text = title + " >";
    menu.items.push_back(std::move(item));
  }
  return menu;
}

/// MENU HIDDEN: nothing but the time left, until somebody presses a key. True when nobody did.
bool stays_hidden(Console& console, Millis timeout) {
  console.print(cat("Booting in ", (timeout.ms + 999) / 1000, " s; press a key for the menu\n"));
  Loop& loop = console.loop();
  return !read_key(loop, loop.now() + timeout);
}

/// The master password of a menu, or of the nearest one above it that has one.
const std::string* master_password(const Config& config, size_t index) {
  for (size_t depth = 0; depth <= config.menus.size(); ++depth) {
    const MenuPage& menu = config.menus[index];
    if (menu.master_password) return &*menu.master_password;
    if (menu.parent == index) break;
    index = menu.parent;
  }
  return nullptr;
}

}  // namespace

Result<Choice> choose_entry(Console& console, const Config& config, size_t index,
                            bool may_time_out) {
  Millis timeout = may_time_out ? config.timeout : Millis{0};
  if (config.menu_hidden && timeout.ms > 0 && stays_hidden(console, timeout))
    return Choice{.entry = nullptr, .line = {}, .timed_out = true};
  Menu menu = make_menu(config, config.menus[index]);
  bool timed_out = false;
  size_t chosen = TRY(choose(console, menu,
                             {.preselected = std::nullopt,
                              .timeout = config.menu_hidden ? Millis{0} : timeout,
                              .retimeout = config.total_timeout,
                              .timed_out = &timed_out}));
  auto entry = parse_decimal(*menu.items[chosen].name);
  return Choice{.entry = &config.entries[*entry], .line = {}, .timed_out = timed_out};
}

Result<Choice> ask_at_prompt(Console& console, const Config& config, bool may_time_out) {
  Console::LineOptions options{.prompt = "boot: "};
  if (may_time_out && config.timeout.ms > 0)
    options.deadline = console.loop().now() + config.timeout;
  Console::Line answer = console.read_line(options);
  if (answer.end == Console::LineEnd::Abandoned) return Error{Errc::Cancelled, "cancelled"};
  return Choice{.entry = nullptr,
                .line = std::move(answer.text),
                .timed_out = answer.end == Console::LineEnd::TimedOut};
}

Result<bool> is_password(std::string_view stored, std::string_view typed) {
  constexpr std::string_view kSha1 = "$4$";
  if (is_crypt(stored)) return matches_crypt(stored, typed);
  if (!stored.starts_with(kSha1)) return stored == typed;
  stored.remove_prefix(kSha1.size());
  size_t dollar = stored.find('$');
  if (dollar == stored.npos) return false;
  std::string salted = cat(stored.substr(0, dollar), typed);
  std::string digest(stored.substr(dollar + 1));
  while (digest.ends_with('$') || digest.ends_with('=')) digest.pop_back();
  while (digest.size() % 4 != 0) digest += '=';
  auto wanted = parse_setting(SettingType::Base64, digest);
  return wanted.ok() && *wanted == digest_of(DigestKind::Sha1, bytes_of(salted));
}

Status check_password(Console& console, const Config& config, const Entry& entry, size_t index) {
  if (!entry.password) return ok_status();
  const std::string* master = master_password(config, index);
  std::string typed;
  FormLine field{.label = "Password", .is_field = true, .is_secret = true};
  TRY(fill_in(console, entry.text.empty() ? entry.label : entry.text, {field},
              [&](std::span<const FormLine> lines) -> std::optional<FormProblem> {
                typed = lines[0].value;
                return std::nullopt;
              }));
  if (master && TRY(is_password(*master, typed))) return ok_status();
  if (!entry.password->empty() && TRY(is_password(*entry.password, typed))) return ok_status();
  return Error{Errc::Access, "wrong password"};
}

bool is_locked(const Config& config) {
  return config.no_escape || !config.allow_options ||
         std::ranges::any_of(config.menus,
                             [](const MenuPage& menu) { return menu.master_password.has_value(); });
}

}  // namespace hawser::pxelinux
