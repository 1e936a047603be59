#include "src/loop.h"

namespace hawser {
namespace {
constexpr char kCtrlB = 0x02;
constexpr char kCtrlC = 0x03;
constexpr size_t kMaxTyped = 256;
constexpr Millis kIdle{20};
/// Between two looks at the keys while a transfer runs. Each look is port I/O, which costs as much as
/// a frame on real hardware and more in a virtual machine.
constexpr Millis kKeyInterval{10};
}  // namespace

void Loop::poll_once() {
  for (Pollable* pollable : pollables_) pollable->poll();
}

Loop::Outcome Loop::run_until(const std::function<bool()>& condition, Options options) {
  Millis next_key_check{0};
  for (;;) {
    bool worked = false, busy = false;
    for (Pollable* pollable : pollables_) {
      worked |= pollable->poll();
      busy |= pollable->busy();
    }
    if (condition()) return Outcome::Done;
    Millis now = platform_.now();
    if (reached(options.deadline, now)) return Outcome::TimedOut;
    if ((worked || busy) && !reached(next_key_check, now)) continue;
    next_key_check = now + kKeyInterval;
    while (auto key = platform_.key()) {
      if (*key == kCtrlC) return Outcome::Cancelled;
      if (*key == kCtrlB && options.allow_shell) return Outcome::Shell;
      if (typed_.size() < kMaxTyped) typed_.push_back(*key);
    }
    if (!busy && !worked) platform_.idle(kIdle);
  }
}

bool Loop::cancel_requested() {
  while (auto key = platform_.key()) {
    if (*key == kCtrlC) return true;
    if (typed_.size() < kMaxTyped) typed_.push_back(*key);
  }
  return false;
}

std::optional<char> Loop::key() {
  if (!typed_.empty()) {
    char key = typed_.front();
    typed_.erase(0, 1);
    return key;
  }
  return platform_.key();
}

std::optional<char> Loop::wait_key(Millis deadline) {
  for (;;) {
    if (auto key = this->key()) return key;
    bool busy = false;
    for (Pollable* pollable : pollables_) {
      pollable->poll();
      busy |= pollable->busy();
    }
    if (reached(deadline, platform_.now())) return std::nullopt;
    if (!busy) platform_.idle(kIdle);
  }
}

}  // namespace hawser
