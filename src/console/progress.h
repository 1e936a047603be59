// One line about something that takes time: "LABEL... ", a state that is redrawn in place, and an
// end: "LABEL... ok".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/console/console.h"
#include "src/fetch.h"
#include "src/loop.h"

namespace hawser {

/// Prints "LABEL..." when made. With `quiet` it prints nothing at all, ever.
class ProgressLine {
 public:
  ProgressLine(Console& console, std::string_view label, bool quiet = false);
  ~ProgressLine();  ///< ends the line if nobody did

  /// True when it is time to show a new state: about twice a second, and not in the first half
  /// second, so that what is quick leaves only its end in a log.
  bool due() const;
  /// Replaces the state by the first of `full` and `brief` that fits on the screen's row.
  void update(std::string_view full, std::string_view brief = {});
  /// Replaces the state by the end of the line: "ok", "failed: why". Where a state was shown, the
  /// label is printed again, so that "LABEL... ok" stands in one piece in a log of all bytes.
  void finish(std::string_view end);

 private:
  Console& console_;
  std::string label_;  ///< with its dots
  bool quiet_;
  bool redrawn_ = false;
  bool finished_ = false;
  size_t shown_ = 0;  ///< columns of the state on screen
  Millis next_;
};

/// What wait_with_label() waits for, and what it says meanwhile.
struct Wait {
  std::string_view label;
  Loop::Options options;
  std::function<bool()> done;
  std::function<std::string()> note = {};  ///< what is going on; may be left out
  std::function<Status()> outcome = {};    ///< once done; left out: it went well
};
/// Waits behind "LABEL...", with the seconds that passed, and ends the line with "ok" or a reason.
/// Errors: what `outcome` says, TimedOut (`options.deadline`), Cancelled (Ctrl-C). Ctrl-B, where
/// `options.allow_shell` lets it, ends the wait with Cancelled and sets `*shell_wanted`.
Status wait_with_label(Console& console, const Wait& wait, bool* shell_wanted = nullptr);

/// Sees a download through: shows how far it is, then "LABEL... ok 10.0 MiB in 0.31 s
/// (32.2 MiB/s)" or "LABEL... failed"; why is the caller's to show. Errors: what the fetch says,
/// Cancelled.
Status see_through(Console& console, Fetch& fetch, std::string_view label, bool quiet);

/// "12.3 MiB of 64.0 MiB 19% 43.1 MiB/s", for progress after `us` microseconds.
std::string describe_progress(const FetchProgress& progress, uint64_t us);
/// "10.0 MiB in 0.31 s (32.2 MiB/s)".
std::string describe_total(uint64_t bytes, uint64_t us);

}  // namespace hawser
