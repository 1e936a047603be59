// Menus on the screen (src/console/menu.h).
#include "src/console/menu.h"

#include <algorithm>

#include "src/base/format.h"
#include "src/base/text.h"
#include "src/console/keys.h"
#include "src/console/screen.h"

namespace hawser {
namespace {

constexpr size_t kTitleRow = 1, kFirstRow = 3, kVisible = Screen::kRows - 3 - kFirstRow;
constexpr size_t kLeft = 2, kWidth = Screen::kColumns - 2 * kLeft;
constexpr size_t kHelpRows = 5;  ///< at the bottom, where an item has help
constexpr size_t kLogWidth = 200;

class MenuView {
 public:
  MenuView(Console& console, const Menu& menu, size_t selected)
      : console_(console), menu_(menu), screen_(console), selected_(selected) {
    if (std::ranges::any_of(menu.items, [](const MenuItem& item) { return !item.help.empty(); }))
      visible_ -= kHelpRows;
    scroll();
  }

  /// Nothing: cancelled.
  std::optional<size_t> run(const ChooseOptions& options);

 private:
  enum class Answer : uint8_t { None, Chosen, Cancelled };
  Answer on_key(uint32_t key);
  Answer on_shortcut(uint32_t key);
  void on_digit(uint32_t digit);
  bool step(size_t from, int direction, size_t count = 1);
  bool scroll();
  void draw_all();
  void draw(size_t item, size_t seconds);
  void draw_help();
  bool named(size_t item) const { return menu_.items[item].name.has_value(); }

  Console& console_;
  const Menu& menu_;
  Screen screen_;
  size_t selected_;
  size_t top_ = 0;  ///< first item on the screen
  size_t visible_ = kVisible;
  size_t number_ = 0;  ///< digits typed one after the other
};

std::optional<size_t> MenuView::run(const ChooseOptions& options) {
  Loop& loop = console_.loop();
  Millis deadline = options.timeout.ms > 0 ? loop.now() + options.timeout : kNever;
  size_t drawn = selected_;
  for (;;) {
    if (bool moved = scroll(); screen_.must_redraw() || moved) draw_all();
    size_t seconds = 0;
    Millis wake = kNever;
    if (deadline != kNever) {
      int64_t left = std::max<int64_t>((deadline - loop.now()).ms, 1);
      seconds = size_t(left + 999) / 1000;
      wake = deadline - Millis{int64_t(seconds - 1) * 1000};
    }
    if (drawn != selected_) draw(drawn, 0);
    draw(drawn = selected_, seconds);
    draw_help();
    screen_.show(kFirstRow + selected_ - top_, kLeft);
    auto key = read_key(loop, wake);
    if (!key) {
      if (reached(deadline, loop.now())) {
        if (options.timed_out) *options.timed_out = true;
        return selected_;
      }
      continue;
    }
    deadline = options.retimeout.ms > 0 ? loop.now() + options.retimeout : kNever;
    switch (on_key(*key)) {
      case Answer::Chosen:
        return selected_;
      case Answer::Cancelled:
        return std::nullopt;
      case Answer::None:
        break;
    }
  }
}

MenuView::Answer MenuView::on_key(uint32_t code) {
  if (Answer answer = on_shortcut(code); answer != Answer::None) return answer;
  if (code < 0x80 && is_digit(char(code))) {
    on_digit(code - '0');
    return Answer::None;
  }
  number_ = 0;
  switch (code) {
    case key::kEnter:
    case key::kLineFeed:
      return Answer::Chosen;
    case key::kEscape:
    case key::kCtrlC:
      return Answer::Cancelled;
    case key::kUp:
      step(selected_, -1);
      break;
    case key::kDown:
      step(selected_, +1);
      break;
    case key::kTab:
      if (!step(selected_, +1)) step(SIZE_MAX, +1);
      break;
    case key::kPageUp:
      step(selected_, -1, visible_);
      break;
    case key::kPageDown:
      step(selected_, +1, visible_);
      break;
    case key::kHome:
      step(SIZE_MAX, +1);
      break;
    case key::kEnd:
      step(menu_.items.size(), -1);
      break;
    default:
      break;
  }
  return Answer::None;
}

/// Forward from the selected item, all around. On a separator it selects the item after it.
MenuView::Answer MenuView::on_shortcut(uint32_t code) {
  size_t count = menu_.items.size();
  for (size_t i = 1; i <= count; ++i) {
    size_t item = (selected_ + i) % count;
    if (menu_.items[item].key != code) continue;
    number_ = 0;
    if (!named(item)) {
      step(item, +1);
      return Answer::None;
    }
    selected_ = item;
    return Answer::Chosen;
  }
  return Answer::None;
}

/// Selects by number, as the list on a log counts.
void MenuView::on_digit(uint32_t digit) {
  size_t count = 0;
  for (size_t i = 0; i < menu_.items.size(); ++i) count += named(i);
  number_ = number_ * 10 + digit;
  if (number_ > count) number_ = digit;
  size_t left = number_;
  for (size_t i = 0; i < menu_.items.size() && left > 0; ++i)
    if (named(i) && --left == 0) selected_ = i;
}

/// Selects the item with a name that lies `count` lines on, else the next one behind it, else the
/// last one before it. False when there is none in this direction. `from` may be one off an end.
bool MenuView::step(size_t from, int direction, size_t count) {
  std::optional<size_t> found;
  size_t items = menu_.items.size();
  for (size_t at = from + size_t(direction), i = 1; at < items; at += size_t(direction), ++i) {
    if (named(at)) found = at;
    if (found && i >= count) break;
  }
  if (found) selected_ = *found;
  return found.has_value();
}

/// Brings the selected item onto the screen; true when that moved the list.
bool MenuView::scroll() {
  size_t before = top_;
  if (selected_ < top_) top_ = selected_;
  if (selected_ >= top_ + visible_) top_ = selected_ - visible_ + 1;
  // Lines without a name above the first item can be selected by nothing else.
  if (std::none_of(menu_.items.begin(), menu_.items.begin() + long(top_),
                   [](const MenuItem& item) { return item.name.has_value(); }) &&
      selected_ < visible_)
    top_ = 0;
  return top_ != before;
}

void MenuView::draw_all() {
  screen_.clear();
  screen_.centre(kTitleRow, menu_.title, Pair::Normal, true);
  size_t end = std::min(top_ + visible_, menu_.items.size());
  if (top_ > 0) screen_.write(kFirstRow - 1, kLeft, 3, "...", Pair::Normal);
  if (end < menu_.items.size()) screen_.write(kFirstRow + visible_, kLeft, 3, "...", Pair::Normal);
  for (size_t item = top_; item < end; ++item) draw(item, 0);
}

/// `seconds` are left until this item is chosen; 0: it will not be.
void MenuView::draw(size_t item, size_t seconds) {
  if (item < top_ || item >= top_ + visible_) return;
  bool selected = item == selected_;
  Pair pair = selected ? Pair::Selected : named(item) ? Pair::Normal : Pair::Separator;
  size_t row = kFirstRow + item - top_;
  screen_.write(row, kLeft - 1, kWidth + 2, cat(' ', menu_.items[item].text), pair, selected);
  if (!seconds) return;
  std::string countdown = cat('(', seconds, ')');
  screen_.write(row, kLeft + kWidth - countdown.size(), countdown.size(), countdown, pair,
                selected);
}

/// The selected item's help, or what hides that of another.
void MenuView::draw_help() {
  if (visible_ == kVisible) return;
  std::string_view help = menu_.items[selected_].help;
  for (size_t row = 0; row < kHelpRows; ++row) {
    size_t end = help.find('\n');
    screen_.write(kFirstRow + visible_ + 1 + row, kLeft, kWidth, help.substr(0, end), Pair::Normal);
    help.remove_prefix(end == help.npos ? help.size() : end + 1);
  }
}

std::optional<size_t> preselect(const Menu& menu, const ChooseOptions& options) {
  std::optional<size_t> first, wanted;
  for (size_t i = 0; i < menu.items.size(); ++i) {
    const MenuItem& item = menu.items[i];
    if (!item.name) continue;
    if (!first) first = i;
    if (options.preselected ? *options.preselected == *item.name : item.is_default) wanted = i;
  }
  return wanted ? wanted : first;
}

/// The menu as a numbered list, for a log or for somebody who has not typed yet.
std::string as_list(const Menu& menu, size_t selected, Millis timeout) {
  std::string text = cat(printable(menu.title, kLogWidth), '\n');
  size_t number = 0;
  for (const MenuItem& item : menu.items) {
    std::string line = printable(item.text, kLogWidth);
    text += item.name ? cat("  ", ++number, ". ", line, '\n') : cat("     ", line, '\n');
  }
  const std::string& what = menu.items[selected].text;
  if (timeout.ms > 0)
    text += cat("In ", (timeout.ms + 999) / 1000, " s: ", printable(what, kLogWidth), '\n');
  return text + "Press a key here for the menu.\n";
}

}  // namespace

Result<Menu*> MenuList::create(std::string_view name, std::string title) {
  remove(name);
  if (menus_.size() == kMaxMenus)
    return Error{Errc::NoSpace, cat("there are ", kMaxMenus, " menus already; delete some")};
  menus_.push_back(std::make_unique<Menu>(Menu{std::string(name), std::move(title), {}}));
  return menus_.back().get();
}

Result<Menu*> MenuList::find(std::string_view name) {
  for (const auto& menu : menus_)
    if (menu->name == name) return menu.get();
  if (name.empty()) return Error{Errc::NotFound, "No default user interface"};
  return Error{Errc::NotFound, cat("\"", printable(name), "\": no such user interface")};
}

void MenuList::remove(std::string_view name) {
  std::erase_if(menus_, [&](const auto& menu) { return menu->name == name; });
}

Result<size_t> choose(Console& console, const Menu& menu, const ChooseOptions& options) {
  auto selected = preselect(menu, options);
  if (!selected) return Error{Errc::NotFound, "the menu has no item that can be chosen"};
  Platform& platform = console.loop().platform();
  console.fresh_line();
  platform.put_log(as_list(menu, *selected, options.timeout));
  auto chosen = MenuView(console, menu, *selected).run(options);
  if (!chosen) {
    platform.put_log("Cancelled.\n");
    return Error{Errc::Cancelled, "cancelled"};
  }
  platform.put_log(cat("Chosen: ", printable(menu.items[*chosen].text, kLogWidth), '\n'));
  return *chosen;
}

}  // namespace hawser
