// Time as the core sees it: milliseconds, 64 bits, monotonic from start-up.
#pragma once

#include <compare>
#include <cstdint>

namespace hawser {

/// A point in time (since start-up) or a duration, in milliseconds. 64 bits: does not wrap.
struct Millis {
  int64_t ms = 0;
  constexpr auto operator<=>(const Millis&) const = default;
  friend constexpr Millis operator+(Millis a, Millis b) { return {a.ms + b.ms}; }
  friend constexpr Millis operator-(Millis a, Millis b) { return {a.ms - b.ms}; }
};

/// Later than any real time: "no deadline".
inline constexpr Millis kNever{INT64_MAX / 4};

constexpr bool reached(Millis deadline, Millis now) { return now >= deadline; }

}  // namespace hawser
