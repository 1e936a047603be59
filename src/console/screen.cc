#include "src/console/screen.h"

#include <algorithm>

#include "src/base/format.h"

namespace hawser {

Screen::~Screen() {
  console_.loop().platform().put_screen("\x1b[0m\x1b[2J\x1b[1;1H");
  console_.start_of_line();
}

bool Screen::must_redraw() {
  unsigned screens = console_.loop().platform().screens();
  bool more = screens > screens_;
  screens_ = screens;
  return more;
}

void Screen::clear() {
  colour(Pair::Normal, false);
  pending_ += "\x1b[2J";
}

void Screen::write(size_t row, size_t column, size_t width, std::string_view text, Pair pair,
                   bool bold) {
  width = std::min(width, kColumns - column);
  std::string shown = printable(text, kColumns);
  shown.resize(width, ' ');
  move(row, column);
  colour(pair, bold);
  pending_ += shown;
}

void Screen::centre(size_t row, std::string_view text, Pair pair, bool bold) {
  size_t width = std::min(text.size(), kColumns - 2);
  write(row, (kColumns - width) / 2, width, text, pair, bold);
}

void Screen::show(size_t row, size_t column) {
  move(row, column);
  console_.loop().platform().put_screen(pending_);
  pending_.clear();
}

void Screen::move(size_t row, size_t column) {
  pending_ += cat("\x1b[", row + 1, ';', column + 1, 'H');
}

void Screen::colour(Pair pair, bool bold) {
  const Palette& palette = console_.palette;
  Palette::Colours colours = palette.pairs[size_t(pair)];
  pending_ += cat("\x1b[", bold ? "0;1;" : "0;", 30 + palette.basic[colours.foreground], ';',
                  40 + palette.basic[colours.background], 'm');
}

}  // namespace hawser
