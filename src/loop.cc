#include "src/loop.h"

namespace hawser {
namespace {
constexpr char kCtrlB = 0x02;
constexpr char kCtrlC = 0x03;
constexpr size_t kMaxTyped = 64u << 10;  ///< a script pasted while its first line runs
constexpr Millis kIdle{20};
/// A key is often followed by more, as when text is pasted: a machine that halts until its next
/// timer tick would lose some, or take minutes.
constexpr Millis kHurry{100}, kHurriedIdle{1};
/// Between two looks at the keys while a transfer runs. Each look is port I/O, which costs as much as
/// a frame on real hardware and more in a virtual machine.
constexpr Millis kKeyInterval{10};
}  // namespace

void Loop::poll_once() {
  for (Pollable* pollable : pollables_) pollable->poll();
}

Loop::Outcome Loop::run_until(const std::function<bool()>& condition, Options options) {
  Millis start = platform_.now();
  Outcome outcome = poll_until(condition, options);
  ++profile_.waits;
  profile_.waited = profile_.waited + (platform_.now() - start);
  return outcome;
}

Loop::Outcome Loop::poll_until(const std::function<bool()>& condition, Options options) {
  Millis next_key_check{0};
  for (;;) {
    ++profile_.rounds;
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
      keep(*key);
    }
    if (busy || worked) continue;
    platform_.idle(kIdle);
    profile_.idle = profile_.idle + (platform_.now() - now);
  }
}

bool Loop::cancel_requested() {
  while (auto key = platform_.key()) {
    if (*key == kCtrlC) return true;
    keep(*key);
  }
  return false;
}

void Loop::keep(char key) {
  if (typed_.size() < kMaxTyped) typed_.push_back(key);
}

std::optional<char> Loop::key() {
  if (typed_at_ < typed_.size()) return typed_[typed_at_++];
  typed_.clear();
  typed_at_ = 0;
  return platform_.key();
}

std::optional<char> Loop::wait_key(Millis deadline) {
  for (;;) {
    if (auto key = this->key()) {
      hurry_until_ = platform_.now() + kHurry;
      return key;
    }
    bool busy = false;
    for (Pollable* pollable : pollables_) {
      pollable->poll();
      busy |= pollable->busy();
    }
    Millis now = platform_.now();
    if (reached(deadline, now)) return std::nullopt;
    if (!busy) platform_.idle(reached(hurry_until_, now) ? kIdle : kHurriedIdle);
  }
}

}  // namespace hawser
