// form, item, present and login, on a screen and on a log.
#include <gtest/gtest.h>

#include "src/console/menu.h"
#include "tests/unit/screen_fixture.h"

namespace hawser {
namespace {

struct FormTest : ScreenTest {
  /// Runs a script while `keys` are typed, once it shows something.
  Errc run(std::string_view script, std::string_view keys = "") {
    if (!keys.empty()) platform.type_at(loop.now() + Millis{1000}, keys);
    Status status = interpreter.run_script(bytes_of(script), "t.ipxe").status;
    return status.ok() ? Errc{} : status.error().code;
  }
  /// Keys typed into a form of three fields, and what is stored then: "a|b|c".
  std::string fill(std::string_view keys) {
    for (std::string_view name : {"a", "b", "c"}) (void)settings.clear(name);
    EXPECT_TRUE(settings.set("a", "one").ok());
    EXPECT_TRUE(settings.set("c:int32", "3").ok());
    (void)run(
        "form Title\nitem --gap Some text\nitem a First\nitem --secret b Second\n"
        "item c:int32\npresent ||\n",
        keys);
    return settings.text("a") + "|" + settings.text("b") + "|" + settings.text("c");
  }
};

TEST_F(FormTest, KeysFillIn) {
  struct Case {
    std::string_view keys, stored;
  };
  const Case cases[] = {
      {"\r\r\r", "one||3"},
      {"\n\n\n", "one||3"},
      {"!\rtwo\r4\r", "one!|two|34"},
      {"\x18", "one||3"},  // Ctrl-X
      {"!\x18", "one!||3"},
      {"\x15\x18", "||3"},                   // emptied: deleted
      {"\x1b[Bx\x18", "one|x|3"},            // Down
      {"\tx\x18", "one|x|3"},                // Tab
      {"\x1b[Ax\x08\x18", "one||3"},         // Up, all around
      {"\x1b[A1\x18", "one||31"},            //
      {"\x1b[Z1\x18", "one||31"},            // Shift-Tab
      {"\x1b[6~1\x1b[5~!\x18", "one!||31"},  // Page Down, Page Up
      {"\x1b[H-\x1b[F+\x18", "-one+||3"},    // Home, End
      {"\x1b[D\x1b[D_\x1b[C_\x18", "o_n_e||3"},
      {"\x1b[H\x1b[3~\x18", "ne||3"},  // Del
      {"!\x03", "one||3"},             // Ctrl-C
      {"!\r!\x1b", "one||3"},          // Esc
  };
  for (const Case& c : cases) EXPECT_EQ(fill(c.keys), c.stored) << c.keys;
}

TEST_F(FormTest, CancellingHasAStatusAndStoresNothing) {
  EXPECT_EQ(run("form\nitem a A\nitem b B\npresent\n", "x\ry\x1b"), Errc::Cancelled);
  EXPECT_EQ(settings.get("a"), std::nullopt);
  EXPECT_EQ(settings.get("b"), std::nullopt);
}

TEST_F(FormTest, BadValuesKeepTheFormOpen) {
  bool seen = false;
  platform.on_wait = [&] {
    if (loop.now().ms < 1500 || loop.now().ms > 2000) return;
    EXPECT_TRUE(platform.shows("Could not store")) << "the reason is shown";
    EXPECT_EQ(platform.row, 7u) << "the cursor is in the field that is wrong";
    EXPECT_EQ(settings.get("a"), std::nullopt) << "nothing is stored while a field is wrong";
    seen = true;
  };
  platform.type_at({1000}, "text\rnumber\r");
  platform.type_at({3000},
                   "\x15"
                   "12\r");
  EXPECT_EQ(run("form\nitem a A\nitem n:int32 N\npresent\n"), Errc{});
  EXPECT_TRUE(seen);
  EXPECT_EQ(settings.text("a") + settings.text("n"), "text12");
  EXPECT_FALSE(platform.shows("Could not store"));
}

TEST_F(FormTest, LooksAsAFormDoes) {
  bool seen = false;
  platform.on_wait = [&] {
    if (!platform.shows("Title")) return;
    seen = true;
    EXPECT_EQ(platform.text(1), "Title");
    EXPECT_EQ(platform.text(3), "Some text");
    EXPECT_EQ(platform.text(4), "First");
    EXPECT_EQ(platform.text(5), "one");
    EXPECT_EQ(platform.colours[5][10], "0;30;46");
    EXPECT_EQ(platform.colours[5][70], "0;30;46");
    EXPECT_EQ(platform.colours[5][71], "0;37;44");
    EXPECT_EQ(platform.text(7), "Second");
    EXPECT_EQ(platform.text(8), std::string(platform.text(8).size(), '*')) << "no secret is shown";
    EXPECT_EQ(platform.text(10), "c:int32") << "a field without a label has its name";
    EXPECT_NE(platform.text(23).find("Ctrl-X"), std::string::npos);
    EXPECT_TRUE(platform.row == 5 || platform.row == 8 || platform.row == 11) << platform.row;
  };
  EXPECT_EQ(fill("\rhidden\x18"), "one|hidden|3");
  EXPECT_TRUE(seen);
  EXPECT_FALSE(platform.shows("Title")) << "the screen is empty afterwards";
}

TEST_F(FormTest, TheLogIsPlainAndKeepsSecrets) {
  fill("\rhidden\x18");
  EXPECT_EQ(platform.log,
            "Title\n  Some text\n  First: one\n  Second: \n  c:int32: 3\n"
            "Press a key here to fill in the form.\n"
            "Saved:\n  Some text\n  First: one\n  Second: ********\n  c:int32: 3\n");
  EXPECT_EQ(platform.output(), "") << "nothing else is printed";
  platform.log.clear();
  fill("\x03");
  EXPECT_TRUE(platform.log.ends_with("form.\nCancelled.\n")) << platform.log;
}

TEST_F(FormTest, LongFormsScroll) {
  std::string script = "form Title\nitem --gap First\n", keys;
  for (int i = 1; i <= 30; ++i) {
    std::string n = std::to_string(i);
    script += "item f" + n + " Field" + n + "\n";
    keys += n + "\r";
  }
  script += "present\n";
  platform.on_wait = [&] {
    if (!platform.shows("Field")) return;
    EXPECT_TRUE(platform.text(platform.row - 1).starts_with("Field")) << "the cursor is in a field";
    EXPECT_EQ(platform.shows("First"), platform.text(2) != "...");
    EXPECT_EQ(platform.text(22) == "...", !platform.shows("Field30"));
  };
  EXPECT_EQ(run(script, keys), Errc{});
  for (int i = 1; i <= 30; ++i)
    EXPECT_EQ(settings.text("f" + std::to_string(i)), std::to_string(i));
}

TEST_F(FormTest, LongValuesStayInTheirField) {
  std::string text = std::string(200, 'x') + "END";
  bool seen = false;
  platform.on_wait = [&] {
    if (!platform.shows("xEND")) return;
    seen = true;
    EXPECT_EQ(platform.row, 4u);
    EXPECT_EQ(platform.column, 69u) << "one column is left for the next character";
    EXPECT_EQ(platform.rows[4].find("END"), 66u);
  };
  EXPECT_EQ(run("form\nitem a A\npresent\n", text + "\r"), Errc{});
  EXPECT_EQ(settings.text("a"), text);
  EXPECT_TRUE(seen);
}

TEST_F(FormTest, NamesKeepingAndTheListSharedWithMenus) {
  EXPECT_EQ(run("form --name one T\nitem --form one a A\npresent --keep --form one\n", "1\r"),
            Errc{});
  EXPECT_EQ(run("present -f one\n", "2\r"), Errc{});
  EXPECT_EQ(settings.text("a"), "12");
  EXPECT_EQ(run("present -f one\n"), Errc::NotFound);
  EXPECT_EQ(run("present\n"), Errc::NotFound);
  EXPECT_EQ(run("form T\nform --delete\npresent\n"), Errc::NotFound);
  EXPECT_EQ(run("menu T\nitem b B\npresent\n", "x\r"), Errc{}) << "a menu can be filled in";
  EXPECT_EQ(settings.text("b"), "x");
  EXPECT_EQ(run("form T\nitem b B\nchoose c\n", "\r"), Errc{}) << "and a form chosen from";
  EXPECT_EQ(settings.text("c"), "b");
  EXPECT_EQ(run("form\nitem a\npresent\n", "\x03"), Errc::Cancelled);
  EXPECT_EQ(run("present\n"), Errc::NotFound) << "a cancelled form is gone as well";
}

TEST_F(FormTest, AFormNeedsAField) {
  EXPECT_EQ(run("form\npresent\n"), Errc::Invalid);
  EXPECT_EQ(run("form\nitem --gap text\nitem\npresent\n"), Errc::Invalid);
}

TEST_F(FormTest, TextCannotLeaveItsPlace) {
  bool seen = false;
  platform.on_wait = [&] { seen |= platform.text(3).starts_with("?[2J????A"); };
  EXPECT_EQ(run("set e:hex 1b:5b:32:4a:0a:0d:08:ff:41\nform ${e:string}\n"
                "item e ${e:string}" +
                    std::string(300, 'x') + "\nitem --gap ${e:string}\npresent\n",
                "\x03"),
            Errc::Cancelled);
  EXPECT_TRUE(seen);
  EXPECT_EQ(platform.log.find('\x1b'), std::string::npos);
}

TEST_F(FormTest, AnyKeysStayWithinTheScreen) {
  for (uint32_t state = 1, round = 0; round < 300; ++round) {
    ASSERT_TRUE(console.menus.create("", "T").ok());
    for (int i = 0; i < 9; ++i)
      (*console.menus.find(""))->items.push_back({"f" + std::to_string(i) + ":int32", "F", {}});
    platform.type_at(loop.now() + Millis{1000}, random_keys(state, 40));
    platform.type_at(loop.now() + Millis{3000}, "\x03");
    (void)interpreter.run_line("present");
    platform.advance(Millis{10'000});
    while (loop.key()) {
    }
    ASSERT_FALSE(HasFatalFailure()) << "round " << round;
  }
  EXPECT_EQ(platform.log.find('\x1b'), std::string::npos);
}

TEST_F(FormTest, LoginStoresNameAndPassword) {
  EXPECT_EQ(run("login\n", "me\rsecret\r"), Errc{});
  EXPECT_EQ(settings.text("username") + ":" + settings.text("password"), "me:secret");
  EXPECT_EQ(platform.log.find("secret"), std::string::npos);
  EXPECT_EQ(run("login\n", "x\rx\x1b"), Errc::Cancelled);
  EXPECT_EQ(settings.text("username") + ":" + settings.text("password"), "me:secret");
}

}  // namespace
}  // namespace hawser
