// Frames to send and receive, for the tests of all drivers.
#pragma once

#include <vector>

#include "tests/fakes/counting_port.h"

namespace hawser::fakes {

using Frame = std::vector<uint8_t>;

inline constexpr size_t kAll = 100'000;  ///< as the budget of a poll
inline constexpr size_t kBuffers = 600;  ///< of a port

inline Frame frame_of(size_t length, uint8_t seed = 1) {
  Frame frame(length);
  for (size_t i = 0; i < length; ++i) frame[i] = uint8_t(seed + i);
  return frame;
}

inline bool transmit(Nic& nic, const Frame& frame) {
  Bytes whole = frame;
  Bytes pieces[] = {whole.first(whole.size() / 3), {}, whole.subspan(whole.size() / 3)};
  return nic.transmit(pieces);
}

}  // namespace hawser::fakes
