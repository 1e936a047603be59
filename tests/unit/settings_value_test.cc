// Setting types: what text is stored as, and how bytes read under each type.
#include "src/settings/value.h"

#include <gtest/gtest.h>

#include "src/settings/ipv6.h"

namespace hawser {
namespace {

std::string hexed(Bytes bytes) { return *format_setting(SettingType::HexRaw, bytes); }

struct Row {
  std::string_view type, text, stored, shown;  // stored as hexraw; shown as the same type
};

TEST(SettingValue, StoresAndShows) {
  for (Row row : {
           Row{"string", "ab c", "61622063", "ab c"},
           {"uristring", "a%20b%zz", "612062257a7a", "a%20b%25zz"},
           {"uristring", "caf\xc3\xa9/#:@?=&+", "636166c3a92f233a403f3d262b",
            "caf%C3%A9%2F%23%3A%40%3F%3D%26%2B"},
           {"ipv4", "10.0.2.15", "0a00020f", "10.0.2.15"},
           {"ipv6", "2001:db8::1", "20010db8000000000000000000000001", "2001:db8::1"},
           {"int8", "-1", "ff", "-1"},
           {"int8", "300", "2c", "44"},
           {"int16", "-2", "fffe", "-2"},
           {"int32", "0x10", "00000010", "16"},
           {"int32", "010", "00000008", "8"},
           {"int32", "0", "00000000", "0"},
           {"uint8", "0xff", "ff", "0xff"},
           {"uint16", "-1", "ffff", "0xffff"},
           {"uint32", "5", "00000005", "0x5"},
           {"hex", "01:02:fF", "0102ff", "01:02:ff"},
           {"hexhyp", "01-02-ff", "0102ff", "01-02-ff"},
           {"hexraw", "0102ff", "0102ff", "0102ff"},
           {"base64", "AQID", "010203", "AQID"},
           {"base64", "AQL/", "0102ff", "AQL/"},
           {"base64", " AQ ==\t", "01", "AQ=="},
           {"base64", "AQI=", "0102", "AQI="},
           {"uuid", "4c4c454400301031804ab4c04f4a4d32", "4c4c454400301031804ab4c04f4a4d32",
            "4c4c4544-0030-1031-804a-b4c04f4a4d32"},
           {"guid", "4c4c4544-0030-1031-804a-b4c04f4a4d32", "44454c4c30003110804ab4c04f4a4d32",
            "4c4c4544-0030-1031-804a-b4c04f4a4d32"},
       }) {
    SettingType type = *setting_type(row.type);
    auto stored = parse_setting(type, row.text);
    ASSERT_TRUE(stored.ok()) << row.type << " " << row.text << ": " << stored.error().text;
    EXPECT_EQ(hexed(*stored), row.stored) << row.type << " " << row.text;
    EXPECT_EQ(*format_setting(type, *stored), row.shown) << row.type << " " << row.text;
  }
}

TEST(SettingValue, RefusesTextOfAnotherType) {
  struct Bad {
    std::string_view type, text;
    Errc code = Errc::Invalid;
  };
  for (Bad bad : {
           Bad{"hex", "1:2"},
           {"hex", "0102"},
           {"hex", "01:"},
           {"hex", ":01"},
           {"hex", "01:0"},
           {"hex", "01-02"},
           {"hexhyp", "01:02"},
           {"hexraw", "012"},
           {"hexraw", "0x"},
           {"int8", "abc"},
           {"int8", "12x"},
           {"int8", ""},
           {"int8", "09"},
           {"int8", "-"},
           {"int8", "--5"},
           {"uint32", "1 2"},
           {"ipv4", "1.2.3"},
           {"ipv4", "host.name"},
           {"ipv4", "1.2.3.256"},
           {"ipv4", "1.2.3.4 "},
           {"ipv6", "1:2"},
           {"ipv6", "1::2::3"},
           {"base64", "AQ"},
           {"base64", "A==="},
           {"base64", "AQ=I"},
           {"base64", "A!ID"},
           {"base64", "===="},
           {"uuid", "4c4c4544"},
           {"uuid", "4c4c454400301031804ab4c04f4a4d3200"},
           {"uuid", "4-c4c454400301031804ab4c04f4a4d32"},
           {"busdevfn", "5", Errc::Unsupported},
           {"dnssl", "x.y", Errc::Unsupported},
       }) {
    auto stored = parse_setting(*setting_type(bad.type), bad.text);
    ASSERT_FALSE(stored.ok()) << bad.type << " \"" << bad.text << '"';
    EXPECT_EQ(stored.error().code, bad.code) << bad.type << " " << bad.text;
  }
  EXPECT_FALSE(setting_type("nosuchtype"));
}

TEST(SettingValue, ShowsBytesAsAnyType) {
  struct Case {
    std::string_view stored, type, shown;
  };
  for (Case c : {
           Case{"0102ff", "uint32", "0x102ff"},
           {"0102ff", "int32", "66303"},
           {"0102ff", "base64", "AQL/"},
           {"ff", "int8", "-1"},
           {"fffe", "int32", "-2"},
           {"fffe", "uint32", "0xfffe"},
           {"fffe", "hexraw", "fffe"},
           {"", "int32", "0"},
           {"0a00020f", "hexraw", "0a00020f"},
           {"ffffff00", "uint32", "0xffffff00"},
           {"0a0002020a000203", "ipv4", "10.0.2.2"},
           {"18", "busdevfn", "0000:00:03.0"},
           {"00011234", "busdevfn", "0001:12:06.4"},
           {"610000", "string", "a"},
           {"4c4c454400301031804ab4c04f4a4d32", "guid", "44454c4c-3000-3110-804a-b4c04f4a4d32"},
           {"03666f6f0001620378797a00", "dnssl", "foo b.xyz"},
           {"03666f6f000162c000", "dnssl", "foo b.foo"},
       }) {
    auto bytes = *parse_setting(SettingType::HexRaw, c.stored);
    auto shown = format_setting(*setting_type(c.type), bytes);
    ASSERT_TRUE(shown.ok()) << c.stored << " " << c.type << ": " << shown.error().text;
    EXPECT_EQ(*shown, c.shown) << c.stored << " " << c.type;
  }
}

TEST(SettingValue, TellsWhatCannotBeShown) {
  struct Case {
    std::string_view stored, type;
    Errc code;
  };
  for (Case c : {
           Case{"0102", "ipv4", Errc::Invalid},
           {"01", "ipv6", Errc::Invalid},
           {"01", "uuid", Errc::Invalid},
           {"000000000000000001", "uint32", Errc::Range},
           {"03666f", "dnssl", Errc::Invalid},
           {"c000", "dnssl", Errc::Invalid},
           {"80", "dnssl", Errc::Invalid},
           {"c0", "dnssl", Errc::Invalid},
       }) {
    auto bytes = *parse_setting(SettingType::HexRaw, c.stored);
    auto shown = format_setting(*setting_type(c.type), bytes);
    ASSERT_FALSE(shown.ok()) << c.stored << " " << c.type << " " << *shown;
    EXPECT_EQ(shown.error().code, c.code) << c.stored << " " << c.type;
  }
}

TEST(SettingValue, WritesIpv6AsRfc5952Does) {
  for (auto [text, shown] : {
           std::pair{"::", "::"},
           {"::1", "::1"},
           {"1::", "1::"},
           {"1:0:0:2:0:0:0:3", "1:0:0:2::3"},
           {"1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"},
           {"0:0:1:0:0:1:0:0", "::1:0:0:1:0:0"},
           {"::ffff:10.0.2.2", "::ffff:a00:202"},
           {"FE80::5054:FF:FE12:3456", "fe80::5054:ff:fe12:3456"},
           {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
       }) {
    auto bytes = parse_ipv6(text);
    ASSERT_TRUE(bytes) << text;
    EXPECT_EQ(format_ipv6(*bytes), shown);
  }
  for (auto bad : {"", ":", ":::", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::",
                   "g::", "1:2:3:4:5:6:7:8::", "1.2.3.4::", "1::2:3:4:5:6:7:8", "::1.2.3"})
    EXPECT_FALSE(parse_ipv6(bad)) << bad;
}

}  // namespace
}  // namespace hawser
