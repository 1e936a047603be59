#include "src/console/console.h"

#include <algorithm>
#include <utility>

#include "src/base/format.h"
#include "src/console/line_editor.h"

namespace hawser {
namespace {
constexpr size_t kMaxHistory = 50, kMaxRemembered = 4096;  ///< lines, bytes of one
constexpr size_t kRowColumns = 79;  ///< a character in the last column wraps some terminals
constexpr size_t kMaxListed = 200;  ///< words that Tab lists

std::string common_start(const std::vector<std::string>& words) {
  std::string common = words[0];
  for (const std::string& word : words) {
    auto end = std::mismatch(common.begin(), common.end(), word.begin(), word.end()).first;
    common.erase(end, common.end());
  }
  return common;
}
}  // namespace

void Console::print(std::string_view text) {
  loop_.platform().put(text);
  loop_.platform().log().append(text);
  for (char c : text) {
    if (c == '\n' || c == '\r') column_ = 0;
    else if (c != '\b') ++column_;
    else if (column_ > 0) --column_;
  }
}

void Console::fresh_line() {
  if (column_ > 0) print("\n");
}

void Console::erase(size_t columns) {
  std::string back(columns, '\b');
  print(back + std::string(columns, ' ') + back);
}

void Console::print_columns(const std::vector<std::string>& words) {
  size_t width = 1;
  for (const std::string& word : words) width = std::max(width, word.size() + 2);
  size_t columns = std::max<size_t>((kRowColumns + 2) / width, 1);
  std::string row;
  for (size_t i = 0; i < words.size(); ++i) {
    row.resize(i % columns * width, ' ');
    row += words[i];
    if (i % columns + 1 == columns || i + 1 == words.size()) {
      print(row + '\n');
      row.clear();
    }
  }
}

/// Adds what all possible words have in common. When that is nothing more, a second Tab lists them.
void Console::on_tab(LineEditor& editor, const LineOptions& options, bool again) {
  std::string before = editor.text().substr(0, editor.cursor());
  Completion found = options.complete(before);
  if (found.words.empty()) return;
  std::string add = common_start(found.words).substr(before.size() - found.start);
  if (found.words.size() == 1 && found.words[0].find_last_of("}/={") != found.words[0].size() - 1)
    add += ' ';
  for (char c : add) editor.on_key(c);
  print(editor.take_output());
  if (!add.empty() || !again) return;
  print("\n");
  if (found.words.size() > kMaxListed) print(cat(found.words.size(), " possibilities\n"));
  else print_columns(found.words);
  print(options.prompt);
  print(editor.redraw());
}

void Console::remember(const std::string& line) {
  if (line.empty() || line.size() > kMaxRemembered) return;
  if (!history_.empty() && history_.back() == line) return;
  if (history_.size() == kMaxHistory) history_.erase(history_.begin());
  history_.push_back(line);
}

Console::Line Console::read_line(const LineOptions& options) {
  fresh_line();
  print(options.prompt);
  LineEditor editor(options.initial, options.history ? history_ : std::span<const std::string>());
  print(editor.take_output());
  Millis deadline = options.deadline;
  bool tabbed = false;
  for (;;) {
    auto key = loop_.wait_key(deadline);
    if (!key) {
      print("\n");
      return {LineEnd::TimedOut, {}};
    }
    deadline = kNever;
    if (*key == '\t' && options.complete) {
      on_tab(editor, options, std::exchange(tabbed, true));
      continue;
    }
    tabbed = false;
    LineEditor::State state = editor.on_key(*key);
    print(editor.take_output());
    if (state == LineEditor::State::Editing) continue;
    print("\n");
    if (state == LineEditor::State::Abandoned) return {LineEnd::Abandoned, {}};
    if (editor.overflowed()) {
      print(
          cat("The line has more than ", LineEditor::kMaxBytes / 1024, " KiB; it is not taken.\n"));
      return {LineEnd::Abandoned, {}};
    }
    if (options.history) remember(editor.text());
    return {LineEnd::Entered, editor.text()};
  }
}

}  // namespace hawser
