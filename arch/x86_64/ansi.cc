// Control sequences: see ansi.h.
#include "arch/x86_64/ansi.h"

#include <algorithm>

namespace hawser {
namespace {

constexpr uint8_t kBright = 0x08, kForeground = 0x07, kBackground = 0x70;

/// Red, green, blue are bits 0, 1, 2 of a code, but 2, 1, 0 of an attribute.
uint8_t pc_colour(int code) { return uint8_t((code & 1) << 2 | (code & 2) | (code & 4) >> 2); }

uint8_t with(uint8_t attribute, int code) {
  if (code == 0) return ControlSequence::kPlain;
  if (code == 1) return attribute | kBright;
  if (code == 39) return uint8_t((attribute & ~kForeground) | ControlSequence::kPlain);
  if (code == 49) return uint8_t(attribute & ~kBackground);
  if (code >= 30 && code <= 37) return uint8_t((attribute & ~kForeground) | pc_colour(code - 30));
  if (code >= 40 && code <= 47)
    return uint8_t((attribute & ~kBackground) | pc_colour(code - 40) << 4);
  return attribute;
}

}  // namespace

ControlSequence::Step ControlSequence::take(char c) {
  switch (state_) {
    case State::Text:
      if (c != '\x1b') return Step::Text;
      state_ = State::Escape;
      return Step::Inside;
    case State::Escape:
      state_ = c == '[' ? State::Parameters : State::Text;
      std::fill_n(parameters_, kMost, 0);
      count_ = 0;
      return Step::Inside;
    case State::Parameters:
      break;
  }
  if (c >= '0' && c <= '9') {
    count_ = std::max(count_, 1);
    int& value = parameters_[count_ - 1];
    value = std::min(value * 10 + (c - '0'), 999);
  } else if (c == ';') {
    count_ = std::min(std::max(count_, 1) + 1, kMost);
  } else if (c >= 0x40 && c <= 0x7e) {
    state_ = State::Text;
    final_ = c;
    return Step::Complete;
  }
  return Step::Inside;
}

uint8_t ControlSequence::colour(uint8_t attribute) const {
  for (int i = 0; i < std::max(count_, 1); ++i) attribute = with(attribute, parameter(i));
  return attribute;
}

}  // namespace hawser
