#include "arch/x86_64/noise.h"

namespace hawser {

void NoiseHealth::take(uint64_t sample) {
  repeats_ = any_ && sample == last_ ? repeats_ + 1 : 1;
  any_ = true;
  last_ = sample;
  failed_ |= repeats_ > kMostRepeats;

  if (in_window_ == 0) {
    window_value_ = sample;
    same_value_ = 0;
  }
  same_value_ += sample == window_value_;
  failed_ |= same_value_ > kMostInWindow;
  in_window_ = (in_window_ + 1) % kWindow;
}

}  // namespace hawser
