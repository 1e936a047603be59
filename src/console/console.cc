#include "src/console/console.h"

#include "src/console/line_editor.h"

namespace hawser {
namespace {
constexpr size_t kMaxHistory = 50;
}

void Console::print(std::string_view text) {
  loop_.platform().put(text);
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

Console::Line Console::read_line(const LineOptions& options) {
  const std::vector<std::string> no_history;
  fresh_line();
  print(options.prompt);
  LineEditor editor(options.initial, options.history ? history_ : no_history);
  print(editor.take_output());
  Millis deadline = options.deadline;
  for (;;) {
    auto key = loop_.wait_key(deadline);
    if (!key) {
      print("\n");
      return {LineEnd::TimedOut, {}};
    }
    deadline = kNever;
    LineEditor::State state = editor.on_key(*key);
    print(editor.take_output());
    if (state == LineEditor::State::Editing) continue;
    print("\n");
    if (state == LineEditor::State::Abandoned) return {LineEnd::Abandoned, {}};
    const std::string& text = editor.text();
    if (options.history && !text.empty() && (history_.empty() || history_.back() != text)) {
      if (history_.size() == kMaxHistory) history_.erase(history_.begin());
      history_.push_back(text);
    }
    return {LineEnd::Entered, text};
  }
}

}  // namespace hawser
