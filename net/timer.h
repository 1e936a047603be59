// A deadline that calls back from lwIP's timers. Moving it further away costs nothing, as happens
// with every packet.
#pragma once

#include <functional>

#include "src/base/time.h"
#include "src/platform.h"

namespace hawser::stack {

class Timer {
 public:
  /// Calls `expired` from the loop at the deadline, or soon after it. Borrows the platform.
  Timer(Platform& platform, std::function<void()> expired)
      : platform_(platform), expired_(std::move(expired)) {}
  ~Timer() { stop(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// Replaces the deadline; kNever stops the timer. It is over once it has called.
  void set(Millis deadline);
  void stop() { set(kNever); }

 private:
  static void on_timeout(void* self);
  void arm();

  Platform& platform_;
  std::function<void()> expired_;
  Millis deadline_ = kNever;
  Millis armed_ = kNever;  ///< when lwIP will call; may be earlier than the deadline
};

}  // namespace hawser::stack
