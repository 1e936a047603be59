// The one main loop: the only way to wait for anything.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "src/base/time.h"
#include "src/platform.h"

namespace hawser {

/// Something that makes progress when polled: the network stack.
class Pollable {
 public:
  virtual ~Pollable() = default;
  /// Does what can be done now; never waits. True when there was work (the loop then does not
  /// idle).
  virtual bool poll() = 0;
  /// True while something is under way that must not wait for the next tick (a transfer).
  virtual bool busy() const = 0;
};

class Loop {
 public:
  explicit Loop(Platform& platform) : platform_(platform) {}

  void add(Pollable& pollable) { pollables_.push_back(&pollable); }
  Platform& platform() { return platform_; }
  Millis now() { return platform_.now(); }

  enum class Outcome : uint8_t {
    Done,       ///< the condition holds
    TimedOut,   ///< the deadline passed first
    Cancelled,  ///< Ctrl-C
    Shell,      ///< Ctrl-B, only where `allow_shell` was asked for
  };
  struct Options {
    Millis deadline = kNever;
    bool allow_shell = false;
  };
  /// Polls everything until `condition` holds. Keys typed meanwhile are kept for key().
  Outcome run_until(const std::function<bool()>& condition, Options options);
  Outcome run_until(const std::function<bool()>& condition) { return run_until(condition, {}); }

  /// What run_until() has done since start.
  struct Profile {
    uint64_t waits = 0;   ///< calls
    uint64_t rounds = 0;  ///< looks at everything that is polled
    Millis waited{0};     ///< in all waits together
    Millis idle{0};       ///< of that, with nothing to do
  };
  const Profile& profile() const { return profile_; }

  /// One round without waiting.
  void poll_once();

  /// One look at the keyboard, without waiting: true when Ctrl-C was pressed. Other keys are kept.
  bool cancel_requested();

  /// Waits for a key (a byte) until `deadline`; nothing on time-out. Ctrl-C arrives as byte 3.
  std::optional<char> wait_key(Millis deadline);
  /// A key already typed, or nothing. Never waits.
  std::optional<char> key();

 private:
  Platform& platform_;
  std::vector<Pollable*> pollables_;
  Outcome poll_until(const std::function<bool()>& condition, Options options);
  void keep(char key);

  std::string typed_;    ///< keys seen while waiting for something else; bounded
  size_t typed_at_ = 0;  ///< the first of them that nobody has had
  Millis hurry_until_{0};
  Profile profile_;
};

}  // namespace hawser
