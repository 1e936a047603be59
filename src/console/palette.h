// Colours of menus and forms.
#pragma once

#include <array>
#include <cstdint>

namespace hawser {

/// What a part of the screen is, which decides its colours (`cpair`).
enum class Pair : uint8_t { Default, Normal, Selected, Separator, Edit, Alert, Url, PxeMenu };

/// The colours that `colour` and `cpair` change.
struct Palette {
  static constexpr uint8_t kDefaultColour = 9;
  struct Colours {
    uint8_t foreground, background;  ///< indices of colours: 0 to 7 or 9
  };
  std::array<Colours, 8> pairs{{{9, 9}, {7, 4}, {7, 1}, {6, 4}, {0, 6}, {7, 1}, {6, 4}, {0, 7}}};
  /// ECMA-48 colours of the indices.
  std::array<uint8_t, 10> basic{0, 1, 2, 3, 4, 5, 6, 7, 9, 9};
};

}  // namespace hawser
