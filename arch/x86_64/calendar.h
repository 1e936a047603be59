// Dates as numbers.
#pragma once

#include <cstdint>

namespace hawser {

/// Days since 1970-01-01 in the proleptic Gregorian calendar; years are counted from March, so that
/// the leap day comes last.
constexpr int64_t days_since_1970(int year, int month, int day) {
  int64_t y = month <= 2 ? year - 1 : year;
  int64_t month_from_march = (month + 9) % 12;
  int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
  return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

}  // namespace hawser
