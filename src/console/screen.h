// A full screen of text in colours, for menus and forms: 80 by 25, on the machine's own screen and
// on a terminal at once. Only ECMA-48 sequences that every terminal knows: colours, cursor, clear.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "src/console/console.h"
#include "src/console/palette.h"

namespace hawser {

/// Takes the screen over for its own lifetime, and leaves it empty and plain. A console that may be
/// a log (Platform::put_log) gets none of it.
class Screen {
 public:
  static constexpr size_t kRows = 25, kColumns = 80;

  explicit Screen(Console& console) : console_(console) {}
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// True at first, and whenever another console has joined: everything must be written again.
  bool must_redraw();
  /// Fills the screen with the colour of normal text.
  void clear();
  /// Writes `text` at a place counted from 0, filled up or cut to `width` columns.
  void write(size_t row, size_t column, size_t width, std::string_view text, Pair pair,
             bool bold = false);
  /// Writes `text` in the middle of a row.
  void centre(size_t row, std::string_view text, Pair pair, bool bold = false);
  /// Shows all that was written, with the cursor at a place.
  void show(size_t row, size_t column);

 private:
  void move(size_t row, size_t column);
  void colour(Pair pair, bool bold);
  Console& console_;
  std::string pending_;
  unsigned screens_ = 0;
};

}  // namespace hawser
