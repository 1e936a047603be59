#include "src/console/line_editor.h"

#include <utility>

namespace hawser {
namespace {
constexpr char ctrl(char letter) { return char(letter - 'A' + 1); }
constexpr char kEscape = 0x1b;
constexpr char kDelete = 0x7f;  // what most terminals send for the Backspace key
constexpr size_t kMaxParameter = 8;

bool is_printable(char c) { return c >= ' ' && c < kDelete; }
}  // namespace

LineEditor::LineEditor(std::string_view initial, std::span<const std::string> history)
    : text_(initial.substr(0, kMaxBytes)), history_(history), recalled_(history.size()) {
  cursor_ = text_.size();
  output_ = text_;
}

std::string LineEditor::take_output() { return std::exchange(output_, {}); }

std::string LineEditor::redraw() const { return text_ + std::string(text_.size() - cursor_, '\b'); }

LineEditor::State LineEditor::on_key(char key) {
  switch (escape_) {
    case Escape::None:
      if (key != kEscape) return on_plain(key);
      escape_ = Escape::Started;
      return State::Editing;
    case Escape::Started:
      parameter_.clear();
      if (key == '[' || key == 'O') {  // "ESC O H" is Home of some terminals
        escape_ = Escape::Sequence;
        return State::Editing;
      }
      escape_ = Escape::None;
      return on_plain(key);
    case Escape::Sequence:
      if ((key >= '0' && key <= '9') || key == ';') {
        if (parameter_.size() < kMaxParameter) parameter_.push_back(key);
        return State::Editing;
      }
      escape_ = Escape::None;
      on_sequence(key);
      return State::Editing;
  }
  return State::Editing;
}

LineEditor::State LineEditor::on_plain(char key) {
  switch (key) {
    case '\r':
    case '\n':
      return State::Entered;
    case ctrl('C'):
      return State::Abandoned;
    case ctrl('A'):
      move_to(0);
      break;
    case ctrl('E'):
      move_to(text_.size());
      break;
    case ctrl('B'):
      if (cursor_ > 0) move_to(cursor_ - 1);
      break;
    case ctrl('F'):
      if (cursor_ < text_.size()) move_to(cursor_ + 1);
      break;
    case ctrl('D'):
      if (cursor_ < text_.size()) erase(cursor_, cursor_ + 1);
      break;
    case ctrl('H'):
    case kDelete:
      if (cursor_ > 0) erase(cursor_ - 1, cursor_);
      break;
    case ctrl('K'):
      erase(cursor_, text_.size());
      break;
    case ctrl('U'):
      erase(0, cursor_);
      break;
    case ctrl('W'): {
      size_t from = cursor_;
      while (from > 0 && text_[from - 1] == ' ') --from;
      while (from > 0 && text_[from - 1] != ' ') --from;
      erase(from, cursor_);
      break;
    }
    case ctrl('P'):
      recall(-1);
      break;
    case ctrl('N'):
      recall(+1);
      break;
    default:
      if (is_printable(key)) insert(key);
  }
  return State::Editing;
}

void LineEditor::on_sequence(char final) {
  switch (final) {
    case 'A':
      return recall(-1);
    case 'B':
      return recall(+1);
    case 'C':
      if (cursor_ < text_.size()) move_to(cursor_ + 1);
      return;
    case 'D':
      if (cursor_ > 0) move_to(cursor_ - 1);
      return;
    case 'H':
      return move_to(0);
    case 'F':
      return move_to(text_.size());
    case '~':
      if (parameter_ == "1" || parameter_ == "7") return move_to(0);
      if (parameter_ == "4" || parameter_ == "8") return move_to(text_.size());
      if (parameter_ == "3" && cursor_ < text_.size()) erase(cursor_, cursor_ + 1);
      return;
    default:
      return;
  }
}

void LineEditor::move_to(size_t cursor) {
  if (cursor < cursor_) output_.append(cursor_ - cursor, '\b');
  else output_.append(text_, cursor_, cursor - cursor_);  // rewriting moves right
  cursor_ = cursor;
}

void LineEditor::insert(char c) {
  overflowed_ |= text_.size() >= kMaxBytes;
  if (overflowed_) return;
  text_.insert(cursor_, 1, c);
  output_.append(text_, cursor_, std::string::npos);
  ++cursor_;
  output_.append(text_.size() - cursor_, '\b');
}

void LineEditor::erase(size_t from, size_t to) {
  move_to(from);
  text_.erase(from, to - from);
  output_.append(text_, from, std::string::npos);
  output_.append(to - from, ' ');
  output_.append(text_.size() - from + (to - from), '\b');
}

void LineEditor::replace(std::string_view text) {
  move_to(0);
  size_t before = text_.size();
  text_ = text.substr(0, kMaxBytes);
  output_.append(text_);
  if (before > text_.size()) {
    output_.append(before - text_.size(), ' ');
    output_.append(before - text_.size(), '\b');
  }
  cursor_ = text_.size();
}

void LineEditor::recall(int step) {
  if (step < 0 ? recalled_ == 0 : recalled_ == history_.size()) return;
  if (recalled_ == history_.size()) typed_ = text_;
  recalled_ += step;
  replace(recalled_ == history_.size() ? typed_ : history_[recalled_]);
}

}  // namespace hawser
