// config: a full-screen browser and editor of settings.
#include <algorithm>
#include <utility>

#include "src/base/format.h"
#include "src/base/sort.h"
#include "src/console/console.h"
#include "src/console/edit_box.h"
#include "src/console/keys.h"
#include "src/console/screen.h"
#include "src/network.h"
#include "src/script/families.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

constexpr size_t kTitleRow = 1, kFirstRow = 3, kHelpRow = Screen::kRows - 2,
                 kDetailRow = kHelpRow - 1, kVisible = kDetailRow - 1 - kFirstRow;
constexpr size_t kLeft = 2, kEnd = Screen::kColumns - kLeft;
constexpr size_t kValueColumn = 24, kBlockColumn = 62;
constexpr size_t kLogWidth = 200;
constexpr std::string_view kHelp =
    "Enter opens or edits   N new   Ctrl-D deletes   Backspace up   Esc leaves";

/// A line of the browser: the way up, a block below this one, or a setting.
struct Row {
  enum class Kind : uint8_t { Up, Block, Setting } kind;
  std::string name;
  Settings::Listed setting = {};  ///< of Setting; its block is the one that has the value
};

std::string full_name(std::string_view block, std::string_view name) {
  return block.empty() ? std::string(name) : cat(block, '/', name);
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return uint8_t(c) < ' ' || c == 0x7f; });
}

/// Not to be seen by whoever else looks at the screen or the log.
bool is_secret(std::string_view name) { return name.ends_with("password"); }

std::string shown_value(const Settings::Listed& setting) {
  if (is_secret(setting.name)) return "********";
  return printable(setting.value, kLogWidth);
}

/// As `show` prints it.
std::string described(const Settings::Listed& setting) {
  return cat(full_name(setting.block, setting.name), ':', name_of(setting.type), " = ",
             shown_value(setting));
}

/// True for a block that is `scope` or lies below it.
bool within(std::string_view block, std::string_view scope) {
  return scope.empty() || block == scope || block.starts_with(cat(scope, '.'));
}

/// All settings of a block and those below it. What DHCP options hold is often no text.
std::vector<Settings::Listed> settings_within(const Settings& settings, std::string_view scope) {
  std::vector<Settings::Listed> all = settings.list();
  std::erase_if(all, [&](const auto& listed) { return !within(listed.block, scope); });
  for (Settings::Listed& listed : all) {
    if (listed.type != SettingType::String || !has_control(listed.value)) continue;
    listed.value = hex_bytes(bytes_of(listed.value), ":");
    listed.type = SettingType::Hex;
  }
  return all;
}

class Browser {
 public:
  Browser(Context& context, std::string scope)
      : context_(context), settings_(context.settings), screen_(context.console) {
    enter(std::move(scope), {});
  }
  void run();

 private:
  void enter(std::string scope, std::string_view select);
  void go_up();
  void load();
  void add_blocks(const std::vector<Settings::Listed>& all);
  void add_settings(std::vector<Settings::Listed> all);
  void select(std::string_view name);
  void on_key(uint32_t key);
  void move(size_t to) { selected_ = std::min(to, rows_.empty() ? 0 : rows_.size() - 1); }
  void open();
  void edit(const Settings::Listed& setting);
  void add();
  void remove();
  void stored(const Status& status, std::string_view name);
  std::optional<std::string> ask(size_t row, size_t column, std::string_view label,
                                 std::string_view initial, bool secret = false);
  void draw();
  void draw_detail();
  void draw_row(size_t index);
  const Row* current() const { return rows_.empty() ? nullptr : &rows_[selected_]; }

  Context& context_;
  Settings& settings_;
  Screen screen_;
  std::string scope_;  ///< the block that is shown; empty: all
  std::vector<Row> rows_;
  size_t selected_ = 0, top_ = 0;
  std::string problem_;  ///< shown until the next key
  bool redraw_ = true;   ///< more than the selection has changed
  bool left_ = false;
};

void Browser::run() {
  size_t drawn = selected_;
  while (!left_) {
    size_t top = top_;
    if (selected_ < top_) top_ = selected_;
    if (selected_ >= top_ + kVisible) top_ = selected_ - kVisible + 1;
    if (screen_.must_redraw() || redraw_ || top_ != top) {
      draw();
    } else {
      draw_row(drawn);
      draw_row(selected_);
      draw_detail();
    }
    redraw_ = false;
    drawn = selected_;
    screen_.show(kFirstRow + selected_ - top_, kLeft);
    auto key = read_key(context_.loop, kNever);
    problem_.clear();
    if (key) on_key(*key);
  }
}

void Browser::enter(std::string scope, std::string_view name) {
  scope_ = std::move(scope);
  selected_ = top_ = 0;
  load();
  select(name);
}

void Browser::go_up() {
  if (scope_.empty()) return;
  size_t dot = scope_.rfind('.');
  std::string child = scope_.substr(dot + 1);  // npos + 1 is 0
  enter(scope_.substr(0, dot == std::string::npos ? 0 : dot), child);
}

void Browser::load() {
  redraw_ = true;
  rows_.clear();
  if (!scope_.empty()) rows_.push_back({Row::Kind::Up, ".."});
  std::vector<Settings::Listed> all = settings_within(settings_, scope_);
  add_blocks(all);
  add_settings(std::move(all));
  move(selected_);
}

void Browser::add_blocks(const std::vector<Settings::Listed>& all) {
  size_t first = rows_.size(), prefix = scope_.empty() ? 0 : scope_.size() + 1;
  for (const Settings::Listed& listed : all) {
    if (listed.block.size() <= prefix) continue;
    std::string name = listed.block.substr(prefix, listed.block.find('.', prefix) - prefix);
    auto same = [&](const Row& row) { return row.name == name; };
    if (std::none_of(rows_.begin() + ptrdiff_t(first), rows_.end(), same))
      rows_.push_back({Row::Kind::Block, name});
  }
}

/// One row for each name, with the value that a script would find from here.
void Browser::add_settings(std::vector<Settings::Listed> all) {
  sort(all, [](const auto& a, const auto& b) { return a.name < b.name; });
  all.erase(std::unique(all.begin(), all.end(),
                        [](const auto& a, const auto& b) { return a.name == b.name; }),
            all.end());
  for (Settings::Listed& listed : all) {
    auto found = settings_.find(full_name(scope_, listed.name));
    if (found.ok() && found->block != listed.block) {
      auto text = format_setting(found->type, found->bytes);
      if (text.ok()) listed = {found->block, listed.name, found->type, std::move(text).value()};
    }
    rows_.push_back({Row::Kind::Setting, listed.name, std::move(listed)});
  }
}

void Browser::select(std::string_view name) {
  for (size_t i = 0; i < rows_.size(); ++i)
    if (rows_[i].name == name) return move(i);
}

void Browser::on_key(uint32_t code) {
  switch (code) {
    case key::kEscape:
    case key::kCtrlC:
    case key::kCtrlX:
      left_ = true;
      break;
    case key::kUp:
      if (selected_ > 0) move(selected_ - 1);
      break;
    case key::kDown:
    case key::kTab:
      move(selected_ + 1);
      break;
    case key::kPageUp:
      move(selected_ - std::min(selected_, kVisible));
      break;
    case key::kPageDown:
      move(selected_ + kVisible);
      break;
    case key::kHome:
      move(0);
      break;
    case key::kEnd:
      move(rows_.size());
      break;
    case key::kEnter:
    case key::kLineFeed:
    case key::kRight:
      open();
      break;
    case key::kLeft:
    case key::kBackspace:
    case key::kDelete:
      go_up();
      break;
    case 'n':
    case 'N':
    case key::kInsert:
      add();
      break;
    case key::kCtrlD:
      remove();
      break;
    default:
      break;
  }
}

void Browser::open() {
  const Row* row = current();
  if (!row) return;
  if (row->kind == Row::Kind::Up) return go_up();
  if (row->kind == Row::Kind::Block)
    return enter(scope_.empty() ? row->name : cat(scope_, '.', row->name), {});
  edit(row->setting);
}

/// Stores in the block that is shown, wherever the value came from: as `set` would.
void Browser::edit(const Settings::Listed& setting) {
  auto text =
      ask(kFirstRow + selected_ - top_, kValueColumn, {}, setting.value, is_secret(setting.name));
  if (!text) return;
  std::string name = setting.name;
  stored(settings_.set(cat(full_name(scope_, name), ':', name_of(setting.type)), *text), name);
}

void Browser::add() {
  auto name = ask(kDetailRow, kLeft, "Name: ", {});
  if (!name || name->empty()) return;
  auto value =
      ask(kDetailRow, kLeft, cat(printable(*name, kValueColumn), " = "), {}, is_secret(*name));
  if (!value) return;
  stored(settings_.set(full_name(scope_, *name), *value), name->substr(0, name->find(':')));
}

void Browser::remove() {
  const Row* row = current();
  if (!row || row->kind != Row::Kind::Setting) return;
  std::string name = row->name;
  stored(settings_.clear(full_name(scope_, name)), {});
  auto found = settings_.find(full_name(scope_, name));
  if (problem_.empty() && found.ok() && found->block != scope_)
    problem_ = cat("block \"", found->block, "\" still has it");
}

void Browser::stored(const Status& status, std::string_view name) {
  if (!status.ok()) problem_ = status.error().text;
  load();
  if (!name.empty()) select(name);
}

/// A line edited at a place of the screen; nothing: it was abandoned.
std::optional<std::string> Browser::ask(size_t row, size_t column, std::string_view label,
                                        std::string_view initial, bool secret) {
  EditBox box(initial, secret);
  size_t at = column + label.size();
  redraw_ = true;
  for (;;) {
    if (screen_.must_redraw()) draw();
    if (!label.empty()) screen_.write(row, column, label.size(), label, Pair::Normal, true);
    screen_.show(row, box.draw(screen_, row, at, kEnd - at));
    auto key = read_key(context_.loop, kNever);
    if (!key) continue;
    if (*key == key::kEscape) return std::nullopt;
    auto state = box.on_key(*key);
    if (state == LineEditor::State::Abandoned) return std::nullopt;
    if (state == LineEditor::State::Entered) return box.text();
  }
}

void Browser::draw() {
  screen_.clear();
  screen_.centre(kTitleRow, scope_.empty() ? "Settings" : cat("Settings of ", scope_), Pair::Normal,
                 true);
  if (top_ > 0) screen_.write(kFirstRow - 1, kLeft, 3, "...", Pair::Normal);
  for (size_t i = top_; i < std::min(top_ + kVisible, rows_.size()); ++i) draw_row(i);
  if (top_ + kVisible < rows_.size())
    screen_.write(kFirstRow + kVisible, kLeft, 3, "...", Pair::Normal);
  draw_detail();
  screen_.centre(kHelpRow, kHelp, Pair::Separator);
}

/// All of the selected setting's value that fits, or why something could not be done.
void Browser::draw_detail() {
  const Row* row = current();
  std::string text = problem_;
  if (text.empty() && row && row->kind == Row::Kind::Setting) text = described(row->setting);
  Pair pair = problem_.empty() ? Pair::Normal : Pair::Alert;
  screen_.write(kDetailRow, kLeft, kEnd - kLeft, text, pair, !problem_.empty());
}

void Browser::draw_row(size_t index) {
  const Row& row = rows_[index];
  bool selected = index == selected_, setting = row.kind == Row::Kind::Setting;
  Pair pair = selected ? Pair::Selected : setting ? Pair::Normal : Pair::Separator;
  size_t at = kFirstRow + index - top_;
  screen_.write(at, kLeft - 1, kEnd + 2 - kLeft, {}, pair, selected);
  auto cell = [&](size_t from, size_t to, std::string_view text) {
    screen_.write(at, from, to - 1 - from, text, pair, selected);
  };
  cell(kLeft, kValueColumn, setting ? row.name : cat(row.name, '/'));
  if (!setting) return;
  cell(kValueColumn, kBlockColumn, shown_value(row.setting));
  cell(kBlockColumn, kEnd + 1, row.setting.block);
}

Status config(Context& context, Args words) {
  std::string scope = words.empty() ? "" : words[0];
  Interface* last = context.network.last_opened();
  if (last && (scope == "netX" || scope.starts_with("netX."))) scope.replace(0, 4, last->name());
  std::string text;
  for (const Settings::Listed& listed : settings_within(context.settings, scope))
    text += cat(described(listed), '\n');
  if (text.empty() && !scope.empty())
    return Error{Errc::NotFound, cat("there is no block \"", printable(scope), "\" with settings")};
  context.console.fresh_line();
  context.platform.put_log(text + "Press a key here to edit settings; Esc leaves.\n");
  Browser(context, std::move(scope)).run();
  return ok_status();
}

constexpr Command kCommands[] = {
    command<config>("config", "[<block>]", "browse and edit settings", 0, 1),
};

}  // namespace

CommandTable config_commands() { return kCommands; }

}  // namespace hawser
