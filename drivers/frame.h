// What drivers do with frames before they send them.
#pragma once

#include <algorithm>
#include <span>

#include "src/base/bytes.h"

namespace hawser {

/// Joins the pieces of a frame and pads it to the shortest that Ethernet has, which not every
/// driver of firmware does. Returns its length; 0 when it does not fit, or is shorter than its
/// header.
inline size_t join_padded(std::span<const Bytes> pieces, MutBytes frame) {
  constexpr size_t kHeaderBytes = 14, kLeastFrame = 60;
  size_t bytes = 0;
  for (Bytes piece : pieces) {
    if (piece.size() > frame.size() - bytes) return 0;
    std::copy(piece.begin(), piece.end(), frame.begin() + bytes);
    bytes += piece.size();
  }
  if (bytes < kHeaderBytes || frame.size() < kLeastFrame) return 0;
  if (bytes >= kLeastFrame) return bytes;
  std::fill(frame.begin() + bytes, frame.begin() + kLeastFrame, uint8_t{0});
  return kLeastFrame;
}

}  // namespace hawser
