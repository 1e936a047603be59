#include "src/base/date.h"

#include "src/base/format.h"

namespace hawser {
namespace {

constexpr int64_t kDaySeconds = 86'400;
constexpr int64_t kEraDays = 146'097;  // 400 years
constexpr int64_t kEpochDay = 719'468;  // 1970-01-01, in days since 0000-03-01

std::string two_digits(int value) { return cat(value < 10 ? "0" : "", value); }

}  // namespace

/// Years are counted from March, so that the leap day comes last.
Date date_of(int64_t unix_s) {
  int64_t days = unix_s / kDaySeconds, rest = unix_s % kDaySeconds;
  if (rest < 0) {
    rest += kDaySeconds;
    --days;
  }
  days += kEpochDay;
  int64_t era = (days >= 0 ? days : days - (kEraDays - 1)) / kEraDays;
  int64_t of_era = days - era * kEraDays;
  int64_t year = (of_era - of_era / 1460 + of_era / 36'524 - of_era / (kEraDays - 1)) / 365;
  int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  int64_t month = (5 * of_year + 2) / 153;  // 0: March
  Date date;
  date.day = int(of_year - (153 * month + 2) / 5 + 1);
  date.month = int(month < 10 ? month + 3 : month - 9);
  date.year = year + era * 400 + (date.month <= 2);
  date.hour = int(rest / 3600);
  date.minute = int(rest / 60 % 60);
  date.second = int(rest % 60);
  return date;
}

std::string to_string(const Date& date) {
  return cat(date.year, "-", two_digits(date.month), "-", two_digits(date.day), " ",
             two_digits(date.hour), ":", two_digits(date.minute), " UTC");
}

}  // namespace hawser
