// Menus: menu, item, choose. `form` begins the same as `menu`; cmd_form.cc shows it.
#include "src/base/format.h"
#include "src/console/console.h"
#include "src/script/families.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

struct CreateOptions {
  std::string name;
  bool remove = false;
};
constexpr Option kCreateOptions[] = {
    option<&CreateOptions::name>('n', "name", "name", "not the default one, but this"),
    option<&CreateOptions::remove>('d', "delete", "", "delete it"),
};

Status create(Context& context, const CreateOptions& options, Args title) {
  if (options.remove) context.console.menus.remove(options.name);
  else TRY(context.console.menus.create(options.name, join(title)));
  return ok_status();
}

struct ItemOptions {
  std::string menu;
  std::optional<Key> key;
  bool is_default = false, is_secret = false, gap = false;
};
constexpr Option kItemOptions[] = {
    option<&ItemOptions::menu>('m', "menu", "menu", "add to this menu"),
    option<&ItemOptions::menu>('f', "form", "form", "add to this form"),
    option<&ItemOptions::key>('k', "key", "key", "choose it with this key"),
    option<&ItemOptions::is_default>('d', "default", "", "select it at first"),
    option<&ItemOptions::is_secret>('s', "secret", "", "show stars in a form"),
    option<&ItemOptions::gap>('g', "gap", "", "only text"),
};

Status item(Context& context, const ItemOptions& options, Args words) {
  Menu* menu = TRY(context.console.menus.find(options.menu));
  if (menu->items.size() == MenuList::kMaxItems)
    return Error{Errc::NoSpace, cat("a menu can have ", MenuList::kMaxItems, " items")};
  MenuItem item;
  if (options.key) item.key = options.key->code;
  item.is_default = options.is_default;
  item.is_secret = options.is_secret;
  if (!options.gap && !words.empty()) {
    item.name = words[0];
    words = words.subspan(1);
  }
  item.text = join(words);
  menu->items.push_back(std::move(item));
  return ok_status();
}

struct ChooseCommandOptions {
  std::string menu;
  std::optional<std::string> preselected;
  Millis timeout{0}, retimeout{0};
  bool keep = false;
};
constexpr Option kChooseOptions[] = {
    option<&ChooseCommandOptions::menu>('m', "menu", "menu", "show this menu"),
    option<&ChooseCommandOptions::preselected>('d', "default", "item", "select it at first"),
    option<&ChooseCommandOptions::timeout>('t', "timeout", "ms", "choose what is selected then"),
    option<&ChooseCommandOptions::retimeout>('r', "retimeout", "ms", "the same after a key"),
    option<&ChooseCommandOptions::keep>('k', "keep", "", "keep the menu"),
};

Status choose_item(Context& context, const ChooseCommandOptions& options, Args words) {
  MenuList& menus = context.console.menus;
  Menu* menu = TRY(menus.find(options.menu));
  auto chosen =
      choose(context.console, *menu, {options.preselected, options.timeout, options.retimeout});
  std::string name = chosen.ok() ? *menu->items[*chosen].name : std::string();
  if (!options.keep) menus.remove(options.menu);
  if (!chosen.ok()) return std::move(chosen).error();
  return context.settings.set(words[0], name);
}

constexpr Command kCommands[] = {
    command<create>("menu", "[<title>...]", "begin a menu", 0, kAnyCount, kCreateOptions),
    command<create>("form", "[<title>...]", "begin a form", 0, kAnyCount, kCreateOptions),
    command<item>("item", "[<name> [<text>...]]", "add a line to a menu or form", 0, kAnyCount,
                  kItemOptions),
    command<choose_item>("choose", "<setting>", "show a menu; set to the chosen item's name", 1, 1,
                         kChooseOptions),
};

}  // namespace

CommandTable menu_commands() { return kCommands; }

}  // namespace hawser
