// A line being edited at a place of a full screen, as forms and the settings browser have them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "src/console/line_editor.h"
#include "src/console/screen.h"

namespace hawser {

class EditBox {
 public:
  explicit EditBox(std::string_view initial, bool secret = false)
      : editor_(initial), secret_(secret) {}

  /// Takes a key as read_key() names it (src/console/keys.h).
  LineEditor::State on_key(uint32_t key);
  const std::string& text() const { return editor_.text(); }
  /// Writes the part of the text around the cursor, or stars, `width` columns wide and with a
  /// margin of one column on both sides. The column where the cursor belongs.
  size_t draw(Screen& screen, size_t row, size_t column, size_t width) const;

 private:
  LineEditor editor_;
  bool secret_;
};

}  // namespace hawser
