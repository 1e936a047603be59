#include "src/console/edit_box.h"

#include "src/base/format.h"

namespace hawser {

/// A function key goes to the editor as the sequence it came as: "ESC [ n X".
LineEditor::State EditBox::on_key(uint32_t key) {
  constexpr uint32_t kFunctionKey = 0x100;
  std::string bytes(1, char(key));
  if (key >= kFunctionKey) {
    uint32_t number = (key >> 8) - 1;
    bytes = cat("\x1b[", number ? decimal(uint64_t{number}) : "", char(key));
  }
  auto state = LineEditor::State::Editing;
  for (char byte : bytes) state = editor_.on_key(byte);
  (void)editor_.take_output();  // draw() writes the whole box
  return state;
}

size_t EditBox::draw(Screen& screen, size_t row, size_t column, size_t width) const {
  size_t cursor = editor_.cursor();
  size_t from = cursor < width ? 0 : cursor - width + 1;
  std::string shown = editor_.text().substr(from, width);
  if (secret_) shown.assign(shown.size(), '*');
  screen.write(row, column - 1, width + 2, cat(' ', shown), Pair::Edit);
  return column + cursor - from;
}

}  // namespace hawser
