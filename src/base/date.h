// Calendar dates of Unix time (UTC, proleptic Gregorian).
#pragma once

#include <cstdint>
#include <string>

namespace hawser {

struct Date {
  int64_t year = 1970;
  int month = 1, day = 1;  ///< both from 1
  int hour = 0, minute = 0, second = 0;
};

Date date_of(int64_t unix_s);
/// "2026-01-31 09:05 UTC"
std::string to_string(const Date& date);

}  // namespace hawser
