// The settings browser.
#include <gtest/gtest.h>

#include "tests/unit/screen_fixture.h"

namespace hawser {
namespace {

struct ConfigTest : ScreenTest {
  std::array<std::string, Screen::kRows> last;  ///< screen before the last key
  size_t last_row = 0;

  ConfigTest() {
    fakes::FakeInterface& net0 = network.add_interface();
    net0.answer = fakes::FakeNetwork::dhcp_answer("boot.ipxe");
    net0.answer->options = {{1, {255, 255, 255, 0}}, {12, {'b', 'o', 'x'}}};
    (void)net0.open();
    net0.lease();
    EXPECT_TRUE(settings.set("colour", "green").ok());
    EXPECT_TRUE(settings.set("count:int8", "5").ok());
    EXPECT_TRUE(settings.set("password", "hidden").ok());
    platform.on_wait = [this] {
      if (!platform.shows("Settings")) return;
      last = platform.rows;
      last_row = platform.row;
    };
  }
  /// Types keys and then Ctrl-C twice, which leaves from everywhere; what is on the screen before.
  Status browse(std::string_view keys, std::string_view line = "config") {
    platform.type_at(loop.now() + Millis{1000}, keys);
    platform.type_at(loop.now() + Millis{3000}, "\x03");
    platform.type_at(loop.now() + Millis{5000}, "\x03");
    Status status = interpreter.run_line(line).status;
    platform.advance(Millis{10'000});
    while (loop.key()) {
    }
    return status;
  }
  /// The row of the screen with a setting or block.
  std::optional<size_t> row_of(std::string_view name) {
    for (size_t i = 3; i < 21; ++i)
      if (last[i].substr(2).starts_with(std::string(name) + " ")) return i;
    return std::nullopt;
  }
  /// Downs that lead from the top to a row.
  std::string down_to(std::string_view name, std::string_view line = "config") {
    std::string keys;
    for (int downs = 0; downs < 60; ++downs, keys += "\x1b[B") {
      (void)browse(keys, line);
      if (last[last_row].substr(2).starts_with(std::string(name) + " ")) return keys;
    }
    ADD_FAILURE() << name << " is not there";
    return keys;
  }
};

TEST_F(ConfigTest, ShowsBlocksAndWhatAScriptWouldFind) {
  EXPECT_TRUE(settings.set("hostname", "mine").ok());
  EXPECT_TRUE(browse("").ok());
  EXPECT_EQ(trim(last[1]), "Settings");
  for (std::string_view block : {"builtin/", "net0/"}) EXPECT_TRUE(row_of(block)) << block;
  ASSERT_TRUE(row_of("colour") && row_of("hostname") && row_of("filename"));
  EXPECT_EQ(last[*row_of("colour")].substr(24, 6), "green ");
  EXPECT_EQ(last[*row_of("hostname")].substr(24, 5), "mine ") << "it shadows the lease's";
  EXPECT_EQ(last[*row_of("filename")].substr(62, 10), "net0.dhcp ") << "where it was found";
  EXPECT_FALSE(platform.shows("Settings")) << "the screen is empty afterwards";
}

TEST_F(ConfigTest, NavigatesIntoBlocksAndUp) {
  EXPECT_TRUE(browse(down_to("net0/") + "\r").ok());
  EXPECT_EQ(trim(last[1]), "Settings of net0");
  EXPECT_TRUE(row_of("mac") && row_of("dhcp/") && row_of("netmask"));
  EXPECT_FALSE(row_of("colour"));
  EXPECT_TRUE(browse("\x1b[B\r", "config net0").ok());
  EXPECT_EQ(trim(last[1]), "Settings of net0.dhcp");
  EXPECT_FALSE(row_of("mac"));
  for (std::string_view up : {"\x08", "\x7f", "\x1b[D", "\r"}) {
    EXPECT_TRUE(browse("\x1b[B\x1b[C" + std::string(up), "config netX").ok());
    EXPECT_EQ(trim(last[1]), "Settings of net0");
    EXPECT_EQ(last_row, *row_of("dhcp/")) << "the block it came from is selected";
  }
}

TEST_F(ConfigTest, EditsInPlace) {
  std::string keys = down_to("colour");
  EXPECT_TRUE(browse(keys + "\r\x15"
                            "blue\r")
                  .ok());
  EXPECT_EQ(settings.text("colour"), "blue");
  EXPECT_EQ(last[*row_of("colour")].substr(24, 5), "blue ");
  for (std::string_view abandon : {"\x03", "\x1b"}) {
    EXPECT_TRUE(browse(keys + "\rX" + std::string(abandon)).ok());
    EXPECT_EQ(settings.text("colour"), "blue");
  }
  EXPECT_TRUE(browse(keys + "\r\x15\r").ok());
  EXPECT_EQ(settings.get("colour"), std::nullopt) << "an empty value deletes";
}

TEST_F(ConfigTest, KeepsTypesAndRefusesBadValues) {
  std::string keys = down_to("count") + "\r\x15";
  EXPECT_TRUE(browse(keys + "many\r").ok());
  EXPECT_TRUE(last[22].find("Could not store \"count\"") != std::string::npos) << last[22];
  EXPECT_EQ(settings.text("count"), "5");
  EXPECT_TRUE(browse(keys + "-7\r").ok());
  EXPECT_EQ(settings.find("count")->type, SettingType::Int8);
  EXPECT_EQ(settings.text("count"), "-7");
  EXPECT_NE(last[22].find("count:int8 = -7"), std::string::npos);
}

TEST_F(ConfigTest, WhatIsReadOnlySaysSo) {
  EXPECT_TRUE(browse(down_to("buildarch", "config builtin") + "\rx\r", "config builtin").ok());
  EXPECT_NE(last[22].find("read-only"), std::string::npos) << last[22];
}

TEST_F(ConfigTest, AddsAndDeletes) {
  for (std::string_view key : {"n", "N", "\x1b[2~"}) {
    EXPECT_TRUE(browse(std::string(key) + "new:uint16\r77\r").ok());
    EXPECT_EQ(settings.text("new"), "0x4d");
    ASSERT_TRUE(row_of("new"));
    EXPECT_EQ(last_row, *row_of("new")) << "it is selected";
    EXPECT_TRUE(browse(std::string(key) + "other\rx\x1b").ok());
    EXPECT_TRUE(browse(std::string(key) + "\x1b").ok());
    EXPECT_EQ(settings.get("other"), std::nullopt);
    EXPECT_TRUE(browse(down_to("new") + "\x04").ok());
    EXPECT_EQ(settings.get("new"), std::nullopt);
  }
  EXPECT_TRUE(browse("nip\r10.9.8.7\r", "config net0").ok());
  EXPECT_EQ(settings.find("net0/ip")->block, "net0") << "it is stored in the block that is shown";
}

TEST_F(ConfigTest, DeletingTellsWhenABlockBelowHasIt) {
  EXPECT_TRUE(browse(down_to("netmask") + "\x04").ok());
  EXPECT_NE(last[22].find("\"net0.dhcp\" still has it"), std::string::npos) << last[22];
  EXPECT_TRUE(row_of("netmask"));
}

TEST_F(ConfigTest, LongListsScroll) {
  for (int i = 10; i < 60; ++i)
    EXPECT_TRUE(settings.set("zz" + std::to_string(i), std::string(100, 'v')).ok());
  EXPECT_TRUE(browse("\x1b[F").ok());
  EXPECT_TRUE(row_of("zz59") && row_of("zz42") && !row_of("zz41"));
  EXPECT_EQ(last[2].substr(2, 3), "...");
  EXPECT_EQ(trim(last[21]), "");
  EXPECT_EQ(last_row, 20u);
  EXPECT_TRUE(browse("\x1b[F\x1b[5~\x1b[A\x1b[B\x1b[H").ok());
  EXPECT_EQ(last_row, 3u);
  EXPECT_EQ(trim(last[21]), "...");
  EXPECT_TRUE(browse("\x1b[6~\x1b[6~\x1b[6~\x1b[6~\x1b[6~\x1b[6~\x1b[6~").ok());
  EXPECT_EQ(last_row, *row_of("zz59"));
}

TEST_F(ConfigTest, TheLogHasTheListAndNoPasswords) {
  EXPECT_TRUE(browse("").ok());
  EXPECT_NE(platform.log.find("colour:string = green\ncount:int8 = 5\n"), std::string::npos)
      << platform.log;
  EXPECT_NE(platform.log.find("\nnet0.dhcp/netmask:ipv4 = 255.255.255.0\n"), std::string::npos);
  EXPECT_TRUE(platform.log.ends_with("Press a key here to edit settings; Esc leaves.\n"));
  EXPECT_EQ(platform.log.find("hidden"), std::string::npos);
  EXPECT_EQ(platform.log.find('\x1b'), std::string::npos);
  EXPECT_FALSE(std::any_of(last.begin(), last.end(),
                           [](const std::string& row) { return row.find("hidden") != row.npos; }));
}

TEST_F(ConfigTest, UnknownBlocksAreRefused) {
  EXPECT_EQ(interpreter.run_line("config nosuch").status.error().code, Errc::NotFound);
}

TEST_F(ConfigTest, PasswordsAreEditedUnseen) {
  std::string keys = down_to("password") + "\r\x15topsecret";
  bool seen = false;
  platform.on_wait = [&] { seen |= platform.shows("topsecret") || platform.shows("hidden"); };
  EXPECT_TRUE(browse(keys + "\r").ok());
  EXPECT_EQ(settings.text("password"), "topsecret");
  EXPECT_FALSE(seen);
}

TEST_F(ConfigTest, AnyKeysStayWithinTheScreen) {
  for (uint32_t state = 2, round = 0; round < 300; ++round) {
    EXPECT_TRUE(browse(random_keys(state, 40)).ok());
    ASSERT_FALSE(HasFatalFailure()) << "round " << round;
  }
}

TEST_F(ConfigTest, ValuesCannotLeaveTheirPlace) {
  EXPECT_TRUE(settings.set("e:hex", "1b:5b:32:4a:0a:0d:08:ff:41").ok());
  EXPECT_TRUE(settings.set("f:string", "x").ok());
  EXPECT_TRUE(settings.store("f", {0x1b, '[', '2', 'J', '\n', 'A'}, SettingType::String).ok());
  EXPECT_TRUE(browse(down_to("f") + "\r").ok());
  ASSERT_TRUE(row_of("f"));
  EXPECT_EQ(last[*row_of("f")].substr(24, 18), "1b:5b:32:4a:0a:41 ") << "no text, so as hex";
}

}  // namespace
}  // namespace hawser
