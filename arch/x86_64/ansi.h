// Control sequences of a terminal (ECMA-48): what both firmwares' screens understand of them.
#pragma once

#include <cstdint>

namespace hawser {

/// `ESC [ parameters final`, character by character.
class ControlSequence {
 public:
  enum class Step : uint8_t {
    Text,      ///< the character belongs to no sequence
    Inside,    ///< it does, and there is more to come
    Complete,  ///< it was the last: see final() and parameter()
  };
  Step take(char c);

  char final() const { return final_; }
  /// From 0 to 999; 0 for one that is missing. Of more than four, the fourth has no meaning.
  int parameter(int index) const { return index < count_ ? parameters_[index] : 0; }
  /// As a count of steps, or a place from 1 on: at least 1.
  int count_or_place(int index) const { return parameter(index) > 1 ? parameter(index) : 1; }

  /// SGR (§8.3.117): the PC text attribute (foreground in bits 0-3, background in 4-6) that
  /// `attribute` becomes. 0 plain, 1 bold, 30-37 and 40-47 colours, 39 and 49 the usual ones.
  uint8_t colour(uint8_t attribute) const;

  static constexpr uint8_t kPlain = 0x07;  ///< light grey on black

 private:
  static constexpr int kMost = 4;
  enum class State : uint8_t { Text, Escape, Parameters } state_ = State::Text;
  char final_ = 0;
  int count_ = 0;
  int parameters_[kMost] = {};
};

}  // namespace hawser
