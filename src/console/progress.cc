#include "src/console/progress.h"

#include <algorithm>

#include "src/base/format.h"

namespace hawser {
namespace {
constexpr Millis kRedraw{500};
constexpr size_t kScreenColumns = 80;
constexpr size_t kMaxReason = 500;  ///< characters; reasons may quote what a server said
constexpr uint64_t kUsPerSecond = 1'000'000;

uint64_t bytes_per_second(uint64_t bytes, uint64_t us) {
  us = std::max<uint64_t>(us, 1);
  // Whole seconds apart from the rest, so that no product can wrap.
  if (bytes > UINT64_MAX / kUsPerSecond) return bytes / std::max<uint64_t>(us / kUsPerSecond, 1);
  return bytes * kUsPerSecond / us;
}

std::string percentage(const FetchProgress& progress) {
  if (!progress.total || *progress.total == 0) return {};
  uint64_t total = *progress.total;
  uint64_t percent = total > UINT64_MAX / 100 ? progress.received / (total / 100)
                                              : progress.received * 100 / total;
  return cat(std::min<uint64_t>(percent, 100), '%');
}
}  // namespace

ProgressLine::ProgressLine(Console& console, std::string_view label, bool quiet)
    : console_(console),
      label_(cat(label, "...")),
      quiet_(quiet),
      next_(console.loop().now() + kRedraw) {
  if (quiet_) return;
  console_.fresh_line();
  console_.print(label_);
}

ProgressLine::~ProgressLine() {
  if (!finished_) finish("");
}

bool ProgressLine::due() const { return !quiet_ && reached(next_, console_.loop().now()); }

void ProgressLine::update(std::string_view full, std::string_view brief) {
  if (quiet_) return;
  next_ = console_.loop().now() + kRedraw;
  // A "\b" does not climb to the row above, so a state must never wrap.
  size_t start = console_.column() - shown_;
  size_t room = kScreenColumns - 1 - start % kScreenColumns;
  std::string_view text = full.size() + 1 <= room ? full : brief;
  if (text.size() + 1 > room) text = {};
  std::string line(shown_, '\b');
  size_t width = text.empty() ? 0 : text.size() + 1;
  if (width > 0) line += cat(' ', text);
  if (shown_ > width) {
    line.append(shown_ - width, ' ');
    line.append(shown_ - width, '\b');
  }
  console_.print(line);
  shown_ = width;
  redrawn_ |= width > 0;
}

void ProgressLine::finish(std::string_view end) {
  finished_ = true;
  if (quiet_) return;
  if (redrawn_) {
    console_.erase(shown_);
    bool one_row = label_.size() < kScreenColumns;  // "\r" does not climb to the row above
    console_.print(cat(one_row ? "\r" : "\n", label_));
  }
  console_.print(cat(end.empty() ? "" : " ", end, '\n'));
}

Status wait_with_label(Console& console, const Wait& wait, bool* shell_wanted) {
  Loop& loop = console.loop();
  ProgressLine line(console, wait.label);
  Millis started = loop.now();
  auto outcome = loop.run_until(
      [&] {
        if (wait.done()) return true;
        if (line.due()) {
          std::string seconds = cat((loop.now() - started).ms / 1000, " s");
          std::string text = wait.note ? wait.note() : std::string{};
          line.update(text.empty() ? seconds : cat(seconds, ", ", text), seconds);
        }
        return false;
      },
      wait.options);
  switch (outcome) {
    case Loop::Outcome::Done: {
      Status status = wait.outcome ? wait.outcome() : ok_status();
      line.finish(status.ok() ? "ok" : cat("failed: ", printable(status.error().text, kMaxReason)));
      return status;
    }
    case Loop::Outcome::TimedOut:
      line.finish("timed out");
      return Error{Errc::TimedOut, cat("timed out after ", (loop.now() - started).ms / 1000, " s")};
    case Loop::Outcome::Shell:
      if (shell_wanted) *shell_wanted = true;
      line.finish("Ctrl-B");
      return Error{Errc::Cancelled, "ended with Ctrl-B"};
    case Loop::Outcome::Cancelled:
      break;
  }
  line.finish("cancelled");
  return Error{Errc::Cancelled, "cancelled with Ctrl-C"};
}

Status see_through(Console& console, Fetch& fetch, std::string_view label, bool quiet) {
  Loop& loop = console.loop();
  ProgressLine line(console, label, quiet);
  uint64_t started = loop.platform().now_us();
  auto outcome = loop.run_until([&] {
    if (fetch.done()) return true;
    if (line.due()) {
      const FetchProgress& progress = fetch.progress();
      uint64_t us = loop.platform().now_us() - started;
      line.update(describe_progress(progress, us), percentage(progress));
    }
    return false;
  });
  if (outcome == Loop::Outcome::Cancelled) {
    line.finish("cancelled");
    return Error{Errc::Cancelled, "cancelled with Ctrl-C"};
  }
  uint64_t us = loop.platform().now_us() - started;
  Status result = fetch.outcome();
  if (result.ok()) line.finish(cat("ok ", describe_total(fetch.progress().received, us)));
  else line.finish("failed");
  return result;
}

std::string describe_progress(const FetchProgress& progress, uint64_t us) {
  if (progress.received == 0 && !progress.note.empty()) return progress.note;
  std::string text = human_size(progress.received);
  if (progress.total) text += cat(" of ", human_size(*progress.total));
  if (std::string percent = percentage(progress); !percent.empty()) text += cat(' ', percent);
  if (!progress.note.empty()) return text + cat(' ', progress.note);
  return text + cat(' ', human_size(bytes_per_second(progress.received, us)), "/s");
}

std::string describe_total(uint64_t bytes, uint64_t us) {
  uint64_t hundredths = us / 10'000;
  std::string fraction = decimal(hundredths % 100);
  return cat(human_size(bytes), " in ", hundredths / 100, fraction.size() < 2 ? ".0" : ".",
             fraction, " s (", human_size(bytes_per_second(bytes, us)), "/s)");
}

}  // namespace hawser
