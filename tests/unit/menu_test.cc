// menu, item and choose, on a screen and on a log.
#include <gtest/gtest.h>

#include "src/console/menu.h"
#include "tests/unit/screen_fixture.h"

namespace hawser {
namespace {

struct MenuTest : ScreenTest {
  Status run(std::string_view script) {
    return interpreter.run_script(bytes_of(script), "t.ipxe").status;
  }
  std::string chosen() { return settings.text("c"); }
  uint32_t error() { return interpreter.context().settings.builtin().last_error >> 24; }
  /// Keys typed into a menu of a to e with gaps, and what they choose.
  std::string choose(std::string_view keys, std::string_view options = "") {
    if (!keys.empty()) platform.type(keys);
    (void)settings.clear("c");
    (void)run(
        "menu Title\nitem --gap Letters\nitem a Apple\nitem b Banana\nitem --gap --key g\n"
        "item --key x c Cherry\nitem --key 0x107e d Date\nitem --key 0x02 e Elder\nitem\n"
        "choose " +
        std::string(options) + " c ||\n");
    return chosen();
  }
};

TEST_F(MenuTest, KeysChoose) {
  struct Case {
    std::string_view keys, chosen;
  };
  const Case cases[] = {
      {"\r", "a"},
      {"\n", "a"},
      {"\x1b[B\r", "b"},
      {"\x1b[B\x1b[B\r", "c"},        // over the gap
      {"\x1b[B\x1b[B\x1b[A\r", "b"},  // Up
      {"\x1b[A\r", "a"},              // nothing above
      {"\x1b[F\r", "e"},              // End
      {"\x1b[4~\r", "e"},             // of a VT220
      {"\x1bOF\r", "e"},              // in application mode
      {"\x1b[F\x1b[B\r", "e"},        // nothing below
      {"\x1b[F\x1b[H\r", "a"},        // Home
      {"\x1b[6~\r", "e"},             // Page Down
      {"\x1b[6~\x1b[5~\r", "a"},      // Page Up
      {"\t\r", "b"},
      {"\t\t\t\t\t\r", "a"},  // Tab goes round
      {"x", "c"},
      {"\x1b[15~", "d"},  // F5 is 0x107e
      {"\x02", "e"},      // Ctrl-B
      {"g\r", "c"},       // a gap's key: the item behind it
      {"3\r", "c"},       // the number in the list
      {"31\r", "a"},
      {"qz!\r", "a"},  // keys without a meaning
      {"\x03", ""},
      {"\x1b", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(choose(c.keys), c.chosen) << c.keys;
}

TEST_F(MenuTest, CancellingHasAStatus) {
  ASSERT_TRUE(settings.set("c", "before").ok());
  platform.type("\x1b");
  EXPECT_EQ(run("menu\nitem a A\nchoose c\n").error().code, Errc::Cancelled);
  EXPECT_EQ(error(), uint32_t(Errc::Cancelled));
  EXPECT_EQ(chosen(), "before");
}

TEST_F(MenuTest, Defaults) {
  EXPECT_EQ(choose("\r", "--default d"), "d");
  EXPECT_EQ(choose("\r", "--default nosuch"), "a");
  platform.type("\r");
  (void)run("menu\nitem a\nitem --default b\nitem c\nitem -d d\nitem e\nchoose c\n");
  EXPECT_EQ(chosen(), "d") << "the last one wins";
  platform.type("\r");
  (void)run("menu\nitem a\nitem --default b\nitem c\nchoose --default c c\n");
  EXPECT_EQ(chosen(), "c");
  platform.type("\r");
  (void)run("menu\nitem a\nitem --default b\nchoose --default nosuch c\n");
  EXPECT_EQ(chosen(), "a");
}

TEST_F(MenuTest, TimeChooses) {
  Millis before = loop.now();
  EXPECT_EQ(choose("", "--timeout 2500 --default b"), "b");
  EXPECT_GE((loop.now() - before).ms, 2500);
  EXPECT_LE((loop.now() - before).ms, 2800);
  EXPECT_EQ(platform.log,
            "Title\n     Letters\n  1. Apple\n  2. Banana\n     \n  3. Cherry\n  4. Date\n"
            "  5. Elder\n     \nIn 3 s: Banana\nPress a key here for the menu.\nChosen: Banana\n");
  EXPECT_EQ(platform.output(), "") << "nothing else is printed";
}

TEST_F(MenuTest, AKeyStopsTheTime) {
  platform.type_at(loop.now() + Millis{500}, "\x1b[B");
  platform.type_at(loop.now() + Millis{60'000}, "\r");
  (void)run("menu\nitem a\nitem b\nitem d\nchoose --timeout 1000 c\n");
  EXPECT_EQ(chosen(), "b");
  EXPECT_GE(loop.now().ms, 60'000);

  Millis begun = loop.now();
  platform.type_at(begun + Millis{500}, "\x1b[B");
  (void)run("menu\nitem a\nitem b\nchoose --timeout 1000 --retimeout 3000 c\n");
  EXPECT_EQ(chosen(), "b");
  EXPECT_GE((loop.now() - begun).ms, 3500);
  EXPECT_LE((loop.now() - begun).ms, 3900);
}

TEST_F(MenuTest, LooksAsAMenuDoes) {
  std::string seconds;
  platform.on_wait = [&] {
    if (!platform.shows("Title")) return;
    EXPECT_EQ(platform.text(1), "Title");
    EXPECT_EQ(platform.rows[1].find("Title"), 37u);
    EXPECT_EQ(platform.colours[1][37], "0;1;37;44");
    EXPECT_EQ(platform.rows[3].substr(0, 10), "  Letters ");
    EXPECT_EQ(platform.colours[3][2], "0;36;44");
    EXPECT_EQ(platform.rows[4].substr(0, 8), "  Apple ");
    EXPECT_EQ(platform.colours[4][2], "0;37;44");
    EXPECT_EQ(platform.rows[5].substr(0, 9), "  Banana ");
    EXPECT_EQ(platform.colours[5][40], "0;1;37;41");
    EXPECT_EQ(platform.row, 5u);
    std::string shown = platform.rows[5].substr(70);
    if (size_t at = shown.find('('); at != shown.npos) seconds += shown.substr(at + 1, 1);
    seconds.erase(std::unique(seconds.begin(), seconds.end()), seconds.end());
  };
  EXPECT_EQ(choose("", "--default b --timeout 3000"), "b");
  EXPECT_EQ(seconds, "321");
  EXPECT_FALSE(platform.shows("Title")) << "the screen is empty afterwards";
}

TEST_F(MenuTest, ColoursCanBeChanged) {
  bool seen = false;
  platform.on_wait = [&] {
    if (platform.text(3) != "A") return;
    EXPECT_EQ(platform.colours[3][2], "0;1;30;42");
    seen = true;
  };
  platform.type_at(loop.now() + Millis{1000}, "\r");
  EXPECT_TRUE(run("colour --basic 2 6\ncpair --foreground 0 --background 6 2\n"
                  "menu\nitem a A\nchoose c\n")
                  .ok());
  EXPECT_TRUE(seen);
}

TEST_F(MenuTest, LongMenusScroll) {
  std::string script = "menu\nitem --gap First\n";
  for (int i = 1; i <= 60; ++i)
    script += "item i" + std::to_string(i) + " Item" + std::to_string(i) + "\n";
  script += "choose c\n";
  std::vector<std::string> tops;
  platform.on_wait = [&] {
    if (!platform.shows("Item")) return;
    if (tops.empty() || tops.back() != platform.text(3)) tops.push_back(platform.text(3));
    EXPECT_EQ(platform.rows[platform.row].substr(2, 4), "Item") << "the cursor is at an item";
    EXPECT_EQ(platform.shows("First"), platform.text(2) != "...");
    EXPECT_EQ(platform.text(22) == "...", !platform.shows("Item60"));
  };
  // Typed once the menu is there: the interpreter takes earlier keys aside.
  Millis at = loop.now();
  for (std::string_view keys : {"\x1b[6~", "\x1b[6~", "\x1b[F", "\x1b[A", "\x1b[H", "\x1b[B", "\r"})
    platform.type_at(at = at + Millis{1000}, keys);
  (void)run(script);
  EXPECT_EQ(chosen(), "i2");
  ASSERT_FALSE(tops.empty());
  EXPECT_EQ(tops.front(), "First");
  EXPECT_EQ(tops.back(), "First");
  EXPECT_NE(std::find(tops.begin(), tops.end(), "Item42"), tops.end());
}

TEST_F(MenuTest, AConsoleThatJoinsIsPainted) {
  platform.type_at(loop.now() + Millis{500}, "\x1b[B");
  platform.type_at(loop.now() + Millis{1500}, "\r");
  bool joined = false;
  platform.on_wait = [&] {
    if (!joined && loop.now().ms > 400) {
      joined = true;
      for (auto& row : platform.rows) row.assign(Screen::kColumns, ' ');
      platform.consoles = 2;
    }
    if (loop.now().ms > 1000 && loop.now().ms < 1400) {
      EXPECT_TRUE(platform.shows("Title")) << loop.now().ms;
    }
  };
  (void)run("menu Title\nitem a A\nitem b B\nchoose c\n");
  EXPECT_EQ(chosen(), "b");
  EXPECT_TRUE(joined);
}

TEST_F(MenuTest, NamesAndKeeping) {
  platform.type("\r\r");
  EXPECT_TRUE(run("menu --name one Title\nitem --menu one x X\nchoose --keep --menu one c\n"
                  "item -m one --default y Y\nchoose -m one c\n")
                  .ok());
  EXPECT_EQ(chosen(), "y");
  EXPECT_EQ(run("choose -m one c\n").error().code, Errc::NotFound);
  EXPECT_TRUE(platform.printed("\"one\": no such user interface"));
  EXPECT_EQ(run("choose c\n").error().code, Errc::NotFound);
  EXPECT_TRUE(platform.printed("No default user interface"));
  EXPECT_EQ(run("item a\n").error().code, Errc::NotFound);
  EXPECT_TRUE(run("menu A\nmenu --delete\n").ok());
  EXPECT_EQ(run("item a\n").error().code, Errc::NotFound);
}

TEST_F(MenuTest, NothingToChoose) {
  EXPECT_EQ(run("menu\nitem\nitem --gap text\nchoose c\n").error().code, Errc::NotFound);
  EXPECT_EQ(run("menu\nchoose c\n").error().code, Errc::NotFound);
}

TEST_F(MenuTest, TextCannotLeaveItsPlace) {
  bool seen = false;
  platform.on_wait = [&] {
    if (platform.text(3).empty()) return;
    EXPECT_EQ(platform.text(3).substr(0, 9), "?[2J????A");
    seen = true;
  };
  platform.type_at(loop.now() + Millis{1000}, "\r");
  (void)run(
      "set e:hex 1b:5b:32:4a:0a:0d:08:ff:41\nmenu ${e:string}\n"
      "item a ${e:string}" +
      std::string(300, 'x') + "\nchoose c\n");
  EXPECT_EQ(chosen(), "a");
  EXPECT_TRUE(seen);
  EXPECT_EQ(platform.log.find('\x1b'), std::string::npos);
}

TEST_F(MenuTest, TheNumberOfMenusIsBounded) {
  for (size_t i = 0; i < MenuList::kMaxMenus; ++i)
    ASSERT_TRUE(console.menus.create(std::to_string(i), "").ok());
  EXPECT_EQ(console.menus.create("more", "").error().code, Errc::NoSpace);
  EXPECT_TRUE(console.menus.create("7", "replaces").ok());
}

}  // namespace
}  // namespace hawser
