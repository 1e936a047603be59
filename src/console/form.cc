// Forms on the screen (src/console/form.h).
#include "src/console/form.h"

#include <algorithm>
#include <utility>

#include "src/base/format.h"
#include "src/console/console.h"
#include "src/console/edit_box.h"
#include "src/console/keys.h"
#include "src/console/screen.h"

namespace hawser {
namespace {

constexpr size_t kTitleRow = 1, kFirstRow = 3, kHelpRow = Screen::kRows - 2;
constexpr size_t kVisible = kHelpRow - 1 - kFirstRow;
constexpr size_t kFieldRows = 3;  ///< label, value, and what is wrong with it
constexpr size_t kFieldColumn = 10, kFieldWidth = Screen::kColumns - 2 * kFieldColumn;
constexpr size_t kLogWidth = 200;
constexpr std::string_view kHelp = "Enter goes on    Ctrl-X saves    Ctrl-C discards";

class FormView {
 public:
  FormView(Console& console, std::string_view title, std::vector<FormLine>& lines);

  /// False: cancelled.
  bool run(const FormSubmit& submit);

 private:
  struct Field {
    size_t line;
    EditBox box;
  };
  enum class Answer : uint8_t { None, Submit, Cancelled };
  Answer on_key(uint32_t key);
  void step(int direction);
  bool submitted(const FormSubmit& submit);
  void scroll();
  void draw_all();
  size_t draw(const Field& field);
  size_t row_of(size_t line) const { return kFirstRow + at_[line] - top_; }
  bool visible(size_t line, size_t rows) const {
    return at_[line] >= top_ && at_[line] + rows <= top_ + kVisible;
  }

  Console& console_;
  std::string_view title_;
  std::vector<FormLine>& lines_;
  std::vector<Field> fields_;
  std::vector<size_t> at_;  ///< row of each line, if the screen were long enough; then their end
  Screen screen_;
  size_t active_ = 0;  ///< index into fields_
  size_t top_ = 0;     ///< first row of all that is on the screen
  std::optional<FormProblem> problem_;
};

FormView::FormView(Console& console, std::string_view title, std::vector<FormLine>& lines)
    : console_(console), title_(title), lines_(lines), screen_(console) {
  size_t row = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    at_.push_back(row);
    row += lines[i].is_field ? kFieldRows : 1;
    if (lines[i].is_field) fields_.push_back({i, EditBox(lines[i].value, lines[i].is_secret)});
  }
  at_.push_back(row);
}

bool FormView::run(const FormSubmit& submit) {
  size_t drawn = active_;
  for (bool redraw = true;;) {
    size_t top = top_;
    scroll();
    if (screen_.must_redraw() || redraw || top_ != top) draw_all();
    else if (drawn != active_) draw(fields_[drawn]);
    size_t column = draw(fields_[drawn = active_]);
    screen_.show(row_of(fields_[active_].line) + 1, column);

    auto key = read_key(console_.loop(), kNever);
    if (!key) continue;
    redraw = std::exchange(problem_, std::nullopt).has_value();
    switch (on_key(*key)) {
      case Answer::Cancelled:
        return false;
      case Answer::Submit:
        if (submitted(submit)) return true;
        redraw = true;
        break;
      case Answer::None:
        break;
    }
  }
}

FormView::Answer FormView::on_key(uint32_t code) {
  switch (code) {
    case key::kEscape:
    case key::kCtrlC:
      return Answer::Cancelled;
    case key::kCtrlX:
      return Answer::Submit;
    case key::kEnter:
    case key::kLineFeed:
      if (active_ + 1 == fields_.size()) return Answer::Submit;
      [[fallthrough]];
    case key::kDown:
    case key::kTab:
      step(+1);
      break;
    case key::kUp:
    case key::kBackTab:
      step(-1);
      break;
    case key::kPageUp:
      active_ = 0;
      break;
    case key::kPageDown:
      active_ = fields_.size() - 1;
      break;
    default:
      fields_[active_].box.on_key(code);
  }
  return Answer::None;
}

/// To the next field or the one before, all around.
void FormView::step(int direction) {
  size_t count = fields_.size();
  active_ = (active_ + count + size_t(direction)) % count;
}

bool FormView::submitted(const FormSubmit& submit) {
  for (const Field& field : fields_) lines_[field.line].value = field.box.text();
  problem_ = submit(lines_);
  if (!problem_) return true;
  for (size_t i = 0; i < fields_.size(); ++i)
    if (fields_[i].line == problem_->line) active_ = i;
  return false;
}

/// Brings the active field onto the screen, and text above the first one with it.
void FormView::scroll() {
  size_t line = fields_[active_].line;
  size_t end = at_[line] + kFieldRows;
  if (active_ == 0) top_ = 0;
  if (at_[line] < top_) top_ = at_[line];
  if (end > top_ + kVisible) top_ = end - kVisible;
}

void FormView::draw_all() {
  screen_.clear();
  screen_.centre(kTitleRow, title_, Pair::Normal, true);
  screen_.centre(kHelpRow, kHelp, Pair::Separator);
  if (top_ > 0) screen_.centre(kFirstRow - 1, "...", Pair::Normal);
  if (at_.back() > top_ + kVisible) screen_.centre(kHelpRow - 1, "...", Pair::Normal);
  for (size_t i = 0; i < lines_.size(); ++i)
    if (!lines_[i].is_field && visible(i, 1))
      screen_.centre(row_of(i), lines_[i].label, Pair::Separator);
  for (const Field& field : fields_)
    if (visible(field.line, kFieldRows)) draw(field);
}

/// The column of its cursor.
size_t FormView::draw(const Field& field) {
  bool active = &field == &fields_[active_];
  size_t row = row_of(field.line);
  screen_.centre(row, lines_[field.line].label, Pair::Normal, active);
  if (problem_ && problem_->line == field.line)
    screen_.centre(row + 2, problem_->text, Pair::Alert, true);
  return field.box.draw(screen_, row + 1, kFieldColumn, kFieldWidth);
}

/// The form as plain lines, for a log or for somebody who has not typed yet.
std::string as_lines(std::span<const FormLine> lines) {
  std::string text;
  for (const FormLine& line : lines) {
    text += cat("  ", printable(line.label, kLogWidth));
    if (line.is_field)
      text += cat(": ", line.is_secret ? std::string(line.value.empty() ? 0 : 8, '*')
                                       : printable(line.value, kLogWidth));
    text += '\n';
  }
  return text;
}

}  // namespace

Status fill_in(Console& console, std::string_view title, std::vector<FormLine> lines,
               const FormSubmit& submit) {
  if (std::ranges::none_of(lines, [](const FormLine& line) { return line.is_field; }))
    return Error{Errc::Invalid, "the form has no field that can be filled in"};
  Platform& platform = console.loop().platform();
  console.fresh_line();
  platform.put_log(cat(printable(title, kLogWidth), '\n', as_lines(lines),
                       "Press a key here to fill in the form.\n"));
  if (!FormView(console, title, lines).run(submit)) {
    platform.put_log("Cancelled.\n");
    return Error{Errc::Cancelled, "cancelled"};
  }
  platform.put_log(cat("Saved:\n", as_lines(lines)));
  return ok_status();
}

}  // namespace hawser
