// Dates of Unix time.
#include "src/base/date.h"

#include <gtest/gtest.h>

namespace hawser {
namespace {

TEST(Date, OfUnixTime) {
  EXPECT_EQ(to_string(date_of(0)), "1970-01-01 00:00 UTC");
  EXPECT_EQ(to_string(date_of(-1)), "1969-12-31 23:59 UTC");
  EXPECT_EQ(to_string(date_of(951'782'399)), "2000-02-28 23:59 UTC");
  EXPECT_EQ(to_string(date_of(951'782'400)), "2000-02-29 00:00 UTC");
  EXPECT_EQ(to_string(date_of(1'767'225'599)), "2025-12-31 23:59 UTC");
  EXPECT_EQ(to_string(date_of(4'102'444'800)), "2100-01-01 00:00 UTC");
  EXPECT_EQ(to_string(date_of(4'107'542'400)), "2100-03-01 00:00 UTC") << "no leap day in 2100";
  EXPECT_EQ(date_of(1'767'225'599).second, 59);
}

}  // namespace
}  // namespace hawser
