// Health checks of a noise source, after NIST SP 800-90B §4.4. Pure.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hawser {

/// Watches the samples of one source that is taken to yield half a bit of entropy each. A healthy
/// source is refused about once in 2^30 runs.
class NoiseHealth {
 public:
  static constexpr unsigned kMostRepeats = 60;  ///< §4.4.1: 1 + 30 / 0.5, less one
  static constexpr unsigned kWindow = 512;
  static constexpr unsigned kMostInWindow = 425;  ///< §4.4.2: a value of probability 2^-0.5

  void take(uint64_t sample);
  bool healthy() const { return !failed_; }

 private:
  bool failed_ = false;
  bool any_ = false;
  uint64_t last_ = 0;
  unsigned repeats_ = 0;
  uint64_t window_value_ = 0;
  unsigned in_window_ = 0;   ///< samples since the window began
  unsigned same_value_ = 0;  ///< of them, those that were window_value_
};

}  // namespace hawser
