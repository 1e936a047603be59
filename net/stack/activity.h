// How protocol clients tell the main loop that something is under way.
#pragma once

namespace hawser::stack {

/// Counts Activity objects. While there are any, the loop polls without idling in between.
class ActivityCount {
 public:
  bool any() const { return count_ > 0; }

 private:
  friend class Activity;
  int count_ = 0;
};

/// Held by a transfer while it waits for packets. Borrows the count, which outlives it. Let go of
/// it during long pauses (back-off before a retry), when a tick of 20 ms is quick enough.
class Activity {
 public:
  explicit Activity(ActivityCount& count) : count_(&count) { ++count_->count_; }
  ~Activity() {
    if (count_) --count_->count_;
  }
  Activity(Activity&& other) noexcept : count_(other.count_) { other.count_ = nullptr; }
  Activity& operator=(Activity&& other) noexcept {
    if (this == &other) return *this;
    if (count_) --count_->count_;
    count_ = other.count_;
    other.count_ = nullptr;
    return *this;
  }

 private:
  ActivityCount* count_;
};

}  // namespace hawser::stack
