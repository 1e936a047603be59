#include "net/timer.h"

#include <algorithm>

#include "lwip/timeouts.h"

namespace hawser::stack {
namespace {
constexpr int64_t kLongest_ms = 60'000;  ///< lwIP counts in 32 bits; a longer wait is armed again
}

void Timer::set(Millis deadline) {
  deadline_ = deadline;
  if (armed_ != kNever && (deadline < armed_ || deadline == kNever)) {
    sys_untimeout(on_timeout, this);
    armed_ = kNever;
  }
  if (armed_ == kNever && deadline != kNever) arm();
}

void Timer::arm() {
  Millis now = platform_.now();
  Millis wait{std::clamp((deadline_ - now).ms, int64_t{0}, kLongest_ms)};
  armed_ = now + wait;
  sys_timeout(u32_t(wait.ms), on_timeout, this);
}

void Timer::on_timeout(void* self) {
  auto& timer = *static_cast<Timer*>(self);
  timer.armed_ = kNever;
  if (!reached(timer.deadline_, timer.platform_.now())) return timer.arm();
  timer.deadline_ = kNever;
  timer.expired_();
}

}  // namespace hawser::stack
