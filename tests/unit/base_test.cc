// The helpers underneath everything: integers from bytes, text, addresses, results.
#include <gtest/gtest.h>

#include <limits>

#include "src/base/address.h"
#include "src/base/base64.h"
#include "src/base/bytes.h"
#include "src/base/format.h"
#include "src/base/result.h"
#include "src/base/text.h"
#include "src/base/time.h"

namespace hawser {
namespace {

TEST(Bytes, ReadsBothByteOrdersWithinBounds) {
  const uint8_t data[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  EXPECT_EQ(read_le<uint16_t>(data, 0), 0x0201);
  EXPECT_EQ(read_be<uint16_t>(data, 7), 0x0809);
  EXPECT_EQ(read_be<uint32_t>(data, 5), 0x06070809u);
  EXPECT_EQ(read_le<uint64_t>(data, 1), 0x0908070605040302u);
  EXPECT_EQ(read_le<uint8_t>(data, 8), 9);
  EXPECT_EQ(read_le<uint8_t>(data, 9), std::nullopt);
  EXPECT_EQ(read_be<uint32_t>(data, 6), std::nullopt);
  EXPECT_EQ(read_le<uint64_t>(data, UINT64_MAX), std::nullopt);
}

TEST(Bytes, BoundsCannotWrap) {
  EXPECT_TRUE(fits(0, 0, 0));
  EXPECT_TRUE(fits(4, 4, 8));
  EXPECT_FALSE(fits(5, 4, 8));
  EXPECT_FALSE(fits(9, 0, 8));
  EXPECT_FALSE(fits(4, UINT64_MAX, 8));
  EXPECT_FALSE(fits(UINT64_MAX, 2, 8));
  const uint8_t data[] = {1, 2, 3};
  EXPECT_EQ(slice(data, 1, 2)->size(), 2u);
  EXPECT_EQ(slice(data, 3, 0)->size(), 0u);
  EXPECT_FALSE(slice(data, 2, 2));
  EXPECT_FALSE(slice(data, UINT64_MAX, 1));
}

TEST(Bytes, WritesWhatItReads) {
  uint8_t data[8] = {};
  write_be<uint32_t>(data, 0x01020304);
  EXPECT_EQ(data[0], 1);
  write_le<uint16_t>(data + 4, 0x0506);
  EXPECT_EQ(data[4], 6);
  EXPECT_EQ(read_be<uint32_t>(data, 0), 0x01020304u);
}

TEST(Format, WritesNumbers) {
  EXPECT_EQ(decimal(uint64_t{0}), "0");
  EXPECT_EQ(decimal(std::numeric_limits<uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(decimal(std::numeric_limits<int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(hex(0), "0");
  EXPECT_EQ(hex(0xab, 4), "00ab");
  EXPECT_EQ(hex(UINT64_MAX, 4), "ffffffffffffffff");
  const uint8_t mac[] = {0x52, 0x54, 0, 1};
  EXPECT_EQ(hex_bytes(mac, ":"), "52:54:00:01");
  EXPECT_EQ(hex_bytes({}, ":"), "");
  EXPECT_EQ(cat("a", 1u, '-', -2, std::string("b"), std::string_view("c")), "a1--2bc");
}

TEST(Format, JoinsPiecesOfEachKind) {
  std::string text = "string";
  std::string_view view = std::string_view("viewpoint").substr(0, 4);
  EXPECT_EQ(cat("literal ", text, ' ', view), "literal string view");
  EXPECT_EQ(cat(uint8_t{255}, ' ', int16_t{-3}, ' ', true, ' ', ~uint64_t{0}),
            "255 -3 1 18446744073709551615");
  EXPECT_EQ(cat(std::numeric_limits<int64_t>::min(), ""), "-9223372036854775808");
  EXPECT_EQ(cat('a', 1, "b", 2, text, 3, view, 4, 'c', 5, "d", 6, text, 7, view, 8),
            "a1b2string3view4c5d6string7view8");
}

TEST(Format, WritesSizes) {
  for (auto [bytes, text] : {
           std::pair{uint64_t{0}, "0 B"},
           {1023, "1023 B"},
           {1024, "1.0 KiB"},
           {1536, "1.5 KiB"},
           {(1u << 20) - 1, "1023.9 KiB"},
           {64u << 20, "64.0 MiB"},
           {uint64_t{10} << 30, "10.0 GiB"},
           {UINT64_MAX, "15.9 EiB"},
       })
    EXPECT_EQ(human_size(bytes), text);
}

TEST(Format, ReadsIntegers) {
  for (auto [text, value] : {std::pair{"0", int64_t{0}},
                             {"10", 10},
                             {"0x10", 16},
                             {"0XfF", 255},
                             {"010", 8},
                             {"-5", -5},
                             {"-0x10", -16},
                             {"00", 0},
                             {"9223372036854775807", INT64_MAX}})
    EXPECT_EQ(parse_integer(text), value) << text;
  for (auto text : {"", "-", "0x", "x", "1x", "08", "--1", "+1", " 1", "1 ", "0x-1", "-0x-1",
                    "9223372036854775808", "0xffffffffffffffffff"})
    EXPECT_EQ(parse_integer(text), std::nullopt) << text;
  EXPECT_EQ(parse_decimal("0123"), 123u);
  for (auto text : {"", "-1", "1x", "0x1", "18446744073709551616"})
    EXPECT_EQ(parse_decimal(text), std::nullopt) << text;
}

TEST(Format, MakesForeignTextHarmless) {
  EXPECT_EQ(printable("a\x1b[31m\n\xc3\xa9z"), "a?[31m???z");
  EXPECT_EQ(printable("abcdef", 3), "abc...");
  EXPECT_EQ(printable("abc", 3), "abc");
}

TEST(Text, ComparesAndTrims) {
  EXPECT_TRUE(equal_ignoring_case("Content-Length", "content-LENGTH"));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \v\f"), "");
  EXPECT_EQ(hex_digit('f'), 15);
  EXPECT_EQ(hex_digit('F'), 15);
  EXPECT_EQ(hex_digit('g'), -1);
  EXPECT_FALSE(is_space('\0'));
}

TEST(Address, ReadsDottedQuads) {
  EXPECT_EQ(parse_ipv4("10.0.2.15"), (Ipv4{{10, 0, 2, 15}}));
  EXPECT_EQ(to_string(*parse_ipv4("255.255.255.255")), "255.255.255.255");
  for (auto text : {"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.", ".1.2.3", "1..2.3",
                    "1.2.3.4 ", " 1.2.3.4", "1.2.3.0004", "a.b.c.d", "1.2.3.-4"})
    EXPECT_EQ(parse_ipv4(text), std::nullopt) << text;
  EXPECT_TRUE(Ipv4{}.any());
  EXPECT_EQ((Ipv4{{10, 0, 2, 15}}).host_order(), 0x0a00020fu);
  EXPECT_EQ(Ipv4::from_host_order(0x0a00020f), (Ipv4{{10, 0, 2, 15}}));
  EXPECT_EQ(to_string(Mac{{0x52, 0x54, 0, 0x12, 0x34, 0x56}}), "52:54:00:12:34:56");
}

Result<int> halve(int value) {
  if (value % 2) return Error{Errc::Invalid, "odd"};
  return value / 2;
}
Result<int> quarter(int value) { return halve(TRY(halve(value))); }

TEST(Base64, WritesAndReads) {
  const std::pair<std::string_view, std::string_view> kVectors[] = {  // RFC 4648 §10
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}};
  for (auto [plain, text] : kVectors) {
    EXPECT_EQ(base64(bytes_of(plain)), text);
    auto back = parse_base64(text);
    ASSERT_TRUE(back) << text;
    EXPECT_EQ(text_of(*back), plain);
  }
  for (std::string_view bad : {"Zg", "Zg=", "Zg===", "Z===", "Zg==Zg==", "Z-9v", "=Zg="})
    EXPECT_FALSE(parse_base64(bad)) << bad;
}

TEST(Result, CarriesValueOrError) {
  EXPECT_EQ(*quarter(8), 2);
  ASSERT_FALSE(quarter(6).ok());
  EXPECT_EQ(quarter(6).error().code, Errc::Invalid);
  EXPECT_EQ(Error(quarter(6).error()).in("quarter").text, "quarter: odd");
  EXPECT_TRUE(ok_status().ok());
}

TEST(Time, DeadlinesAreReachedOnTime) {
  EXPECT_FALSE(reached({10}, {9}));
  EXPECT_TRUE(reached({10}, {10}));
  EXPECT_FALSE(reached(kNever, {INT64_MAX / 8}));
  EXPECT_EQ(Millis{3} + Millis{4} - Millis{2}, Millis{5});
}

}  // namespace
}  // namespace hawser
