// The text console: prints to every output at once, reads edited lines, and erases what it wrote.
// Only "\n", "\r" and "\b" are used to move the cursor, so that a serial log stays readable.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/time.h"
#include "src/console/menu.h"
#include "src/console/palette.h"
#include "src/loop.h"

namespace hawser {

class LineEditor;

class Console {
 public:
  explicit Console(Loop& loop) : loop_(loop) {}

  /// Writes text as it is. "\n" ends a line.
  void print(std::string_view text);
  /// Starts a new line unless the cursor is at the start of one.
  void fresh_line();
  /// Takes back the last `columns` characters of the present line.
  void erase(size_t columns);

  /// Prints words in columns, as many as fit on a screen's row.
  void print_columns(const std::vector<std::string>& words);

  /// What the end of a line could be replaced by.
  struct Completion {
    size_t start = 0;  ///< where in the line the words begin
    std::vector<std::string> words;
  };
  struct LineOptions {
    std::string_view prompt = {};
    std::string_view initial = {};  ///< text to edit
    Millis deadline = kNever;       ///< applies until the first key
    bool history = false;           ///< Up and Down recall, and Enter remembers
    /// What the word could become that a line ends with; Tab asks. May be left out.
    std::function<Completion(std::string_view line)> complete = {};
  };
  enum class LineEnd : uint8_t { Entered, Abandoned, TimedOut };
  struct Line {
    LineEnd end = LineEnd::Abandoned;
    std::string text;  ///< only when Entered
  };
  /// Edits one line until Enter, Ctrl-C (Abandoned) or the deadline. A line that is too long is refused:
  /// it says so, and is Abandoned.
  Line read_line(const LineOptions& options);

  /// Characters since the start of the line; a line may be longer than the screen is wide.
  size_t column() const { return column_; }
  /// Tells that the cursor was moved to the start of a line without print().
  void start_of_line() { column_ = 0; }
  Loop& loop() { return loop_; }

  MenuList menus;   ///< that scripts made
  Palette palette;  ///< of full screens

 private:
  void on_tab(LineEditor& editor, const LineOptions& options, bool again);
  void remember(const std::string& line);
  Loop& loop_;
  size_t column_ = 0;  ///< characters since the start of the line, not counting wraps
  std::vector<std::string> history_;
};

}  // namespace hawser
