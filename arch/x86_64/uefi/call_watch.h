// Watches over calls of the firmware that may never return: drivers of devices, mostly. A timer of
// the firmware's own tells on the console which call it is that we wait for.
#pragma once

#include <cstdint>
#include <optional>

namespace hawser::uefi {

class CallWatch {
 public:
  struct Report {
    const char* call;
    unsigned seconds;
  };

  /// Returns the call that was under way before, to be handed to leave().
  const char* enter(const char* call) {
    const char* before = call_;
    call_ = call;
    ++count_;
    return before;
  }
  void leave(const char* before) {
    call_ = before;
    ++count_;
  }
  /// Once a second: what has not returned for ten seconds, and again each minute.
  std::optional<Report> tick() {
    if (!call_ || count_ != seen_) {
      seen_ = count_;
      seconds_ = 0;
      return std::nullopt;
    }
    constexpr unsigned kFirst = 10, kThen = 60;
    if (++seconds_ != kFirst && seconds_ % kThen != 0) return std::nullopt;
    return Report{call_, seconds_};
  }

 private:
  const char* call_ = nullptr;
  uint32_t count_ = 0, seen_ = 0;  ///< enter() and leave()
  unsigned seconds_ = 0;
};

inline CallWatch call_watch;

/// One call of the firmware, for as long as this lives. `name` is a literal: "ConnectController()".
class FirmwareCall {
 public:
  explicit FirmwareCall(const char* name) : before_(call_watch.enter(name)) {}
  ~FirmwareCall() { call_watch.leave(before_); }
  FirmwareCall(const FirmwareCall&) = delete;
  FirmwareCall& operator=(const FirmwareCall&) = delete;

 private:
  const char* before_;
};

/// From now on, until stop_call_watch() or the end of boot services. Calls at the firmware's
/// highest task priorities cannot be seen, as they hold up its timers too.
void start_call_watch();
void stop_call_watch();

}  // namespace hawser::uefi
