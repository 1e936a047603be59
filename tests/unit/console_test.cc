#include <gtest/gtest.h>

#include "src/base/text.h"
#include "src/console/console.h"
#include "src/console/line_editor.h"
#include "src/console/progress.h"
#include "tests/fakes/fake_platform.h"

namespace hawser {
namespace {
using fakes::FakePlatform;

struct ConsoleTest : testing::Test {
  FakePlatform platform;
  Loop loop{platform};
  Console console{loop};

  std::string read(std::string_view keys, Console::LineOptions options = {.prompt = "> "}) {
    platform.type(keys);
    Console::Line line = console.read_line(options);
    return line.end == Console::LineEnd::Entered ? line.text : "(not entered)";
  }
};

TEST_F(ConsoleTest, EditsLines) {
  struct Case {
    std::string_view keys, line;
  };
  const Case cases[] = {
      {"abc\r", "abc"},
      {"abc\n", "abc"},
      {"abx\x7f"
       "c\r",
       "abc"},
      {"abx\bc\r", "abc"},
      {"\x7f"
       "abc\r",
       "abc"},  // nothing to erase
      {"bc\x01"
       "a\r",
       "abc"},                           // Ctrl-A
      {"bc\x1b[Ha\x1b[Fd\r", "abcd"},    // Home, End
      {"bc\x1b[1~a\x1b[4~d\r", "abcd"},  // the same as a VT220 sends them
      {"bc\x1bOHa\x1bOFd\r", "abcd"},    // and in application mode
      {"ac\x1b[Db\r", "abc"},            // Left
      {"ac\x02"
       "b\x06"
       "d\r",
       "abcd"},                              // Ctrl-B, Ctrl-F
      {"abxc\x1b[D\x1b[D\x1b[3~\r", "abc"},  // Del
      {"abxc\x02\x02\x04\r", "abc"},         // Ctrl-D
      {"\x04"
       "abc\x04\r",
       "abc"},                                         // Ctrl-D at the end
      {"abc xyz\x01\x1b[C\x1b[C\x1b[C\x0b\r", "abc"},  // Right, Ctrl-K
      {"xyz\x15"
       "abc\r",
       "abc"},                                // Ctrl-U
      {"boot one two  \x17\r", "boot one "},  // Ctrl-W
      {"a\x1b[5~b\x1b[99;5Zc\r", "abc"},      // keys without a meaning
      {"a\x1e"
       "bc\r",
       "abc"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(read(c.keys), c.line) << c.keys;
    EXPECT_TRUE(platform.printed(std::string("> ") + std::string(trim(c.line)))) << c.keys;
  }
}

TEST_F(ConsoleTest, WhatIsOnScreenIsWhatIsEntered) {
  read("hello wrld\x1b[D\x1b[D\x1b[Do\x1b[H\x1b[3~H\x1b[F!\r");
  EXPECT_EQ(platform.screen(), "> Hello world!\n");
}

TEST_F(ConsoleTest, HistoryIsRecalledAndKept) {
  Console::LineOptions options{.prompt = "> ", .history = true};
  EXPECT_EQ(read("first line\r", options), "first line");
  EXPECT_EQ(read("second\r", options), "second");
  EXPECT_EQ(read("typed\x1b[A\x1b[A\r", options), "first line");
  EXPECT_EQ(read("typed\x1b[A\x1b[A\x1b[A\x1b[B\x1b[B\x1b[B\x1b[B\r", options), "typed");
  EXPECT_EQ(read("\x1b[A\x1b[A\x1b[A\x1b[A!\r", options), "first line!");
  EXPECT_TRUE(platform.printed("\n> typed\n"));
}

TEST_F(ConsoleTest, CtrlCAbandonsAndTimeEnds) {
  platform.type("some\x03");
  EXPECT_EQ(console.read_line({.prompt = "> "}).end, Console::LineEnd::Abandoned);
  EXPECT_EQ(console.read_line({.prompt = "> ", .deadline = loop.now() + Millis{500}}).end,
            Console::LineEnd::TimedOut);
  EXPECT_EQ(platform.screen(), "> some\n>\n");
}

TEST_F(ConsoleTest, TheDeadlineHoldsOnlyUntilTheFirstKey) {
  platform.type_at({400}, "a");
  platform.type_at({5000}, "b\r");
  auto line = console.read_line({.deadline = Millis{500}});
  EXPECT_EQ(line.end, Console::LineEnd::Entered);
  EXPECT_EQ(line.text, "ab");
}

TEST_F(ConsoleTest, AnInitialTextIsEdited) {
  EXPECT_EQ(read("\x7f"
                 "d\r",
                 {.prompt = "name: ", .initial = "abc"}),
            "abd");
}

TEST(LineEditor, LongLinesAreBounded) {
  std::vector<std::string> none;
  LineEditor editor("", none);
  for (size_t i = 0; i < LineEditor::kMaxBytes + 10; ++i) editor.on_key('x');
  EXPECT_EQ(editor.text().size(), LineEditor::kMaxBytes);
}

TEST_F(ConsoleTest, EraseTakesTextBack) {
  console.print("Press a key");
  console.erase(11);
  EXPECT_EQ(platform.screen(), "");
  console.fresh_line();
  EXPECT_EQ(platform.screen(), "") << "the cursor is at the start of the line already";
}

TEST_F(ConsoleTest, WaitsEndWithTheirOutcome) {
  EXPECT_TRUE(wait_with_label(console, {.label = "Waiting for link-up on net0",
                                        .options = {.deadline = {2000}},
                                        .done = [&] { return loop.now() > Millis{1500}; }})
                  .ok());
  EXPECT_EQ(platform.screen(), "Waiting for link-up on net0... ok\n");
  EXPECT_NE(platform.output().find("1 s"), std::string::npos) << "seconds were shown meanwhile";

  auto never = [] { return false; };
  Status late = wait_with_label(
      console, {.label = "A", .options = {.deadline = loop.now() + Millis{3000}}, .done = never});
  EXPECT_EQ(late.error().code, Errc::TimedOut);
  EXPECT_TRUE(platform.printed("A... timed out\n"));

  platform.type_at(loop.now() + Millis{700}, "\x03");
  Status cancelled = wait_with_label(console, {.label = "B", .options = {}, .done = never});
  EXPECT_EQ(cancelled.error().code, Errc::Cancelled);
  EXPECT_TRUE(platform.printed("B... cancelled\n"));

  bool shell = false;
  platform.type_at(loop.now() + Millis{700}, "\x02");
  Status ended = wait_with_label(
      console, {.label = "C", .options = {.allow_shell = true}, .done = never}, &shell);
  EXPECT_TRUE(shell);
  EXPECT_FALSE(ended.ok());

  Status failed = wait_with_label(console, {.label = "D",
                                            .options = {},
                                            .done = [] { return true; },
                                            .outcome = []() -> Status {
                                              return Error{Errc::Io, "the reason"};
                                            }});
  EXPECT_EQ(failed.error().code, Errc::Io);
  EXPECT_TRUE(platform.printed("D... failed: the reason\n"));
}

/// A download that grows by one step each half second.
struct SlowFetch : Fetch {
  explicit SlowFetch(Loop& loop) : loop(loop), start(loop.now()) { state.total = 4 << 20; }
  bool done() const override {
    uint64_t steps = (loop.now() - start).ms / 500;
    const_cast<SlowFetch*>(this)->state.received = std::min<uint64_t>(steps << 20, *state.total);
    return state.received == *state.total;
  }
  Status outcome() const override { return result; }
  const FetchProgress& progress() const override { return state; }
  Loop& loop;
  Millis start;
  FetchProgress state;
  Status result = ok_status();
};

TEST_F(ConsoleTest, ADownloadIsOneLineThatEndsInASummary) {
  SlowFetch fetch(loop);
  EXPECT_TRUE(see_through(console, fetch, "http://10.0.0.2/vmlinuz", false).ok());
  EXPECT_EQ(platform.screen().substr(0, 41), "http://10.0.0.2/vmlinuz... ok 4.0 MiB in ");
  EXPECT_NE(platform.output().find("1.0 MiB of 4.0 MiB 25% "), std::string::npos);
  EXPECT_EQ(std::count(platform.output().begin(), platform.output().end(), '\n'), 1);
  EXPECT_NE(platform.output().find("\rhttp://10.0.0.2/vmlinuz... ok 4.0 MiB in "),
            std::string::npos)
      << "in one piece for tools that read the raw log";
}

TEST_F(ConsoleTest, ALongLabelStillNeverWrapsItsState) {
  SlowFetch fetch(loop);
  std::string label = "http://10.0.0.2/" + std::string(55, 'x');
  EXPECT_TRUE(see_through(console, fetch, label, false).ok());
  EXPECT_NE(platform.output().find(" 25%"), std::string::npos);
  EXPECT_EQ(platform.output().find("1.0 MiB of"), std::string::npos);
  label = "http://10.0.0.2/" + std::string(100, 'x');
  SlowFetch second(loop);
  EXPECT_TRUE(see_through(console, second, label, false).ok());
  EXPECT_TRUE(platform.printed(label + "...\n" + label + "... ok 4.0 MiB")) << platform.screen();
}

TEST_F(ConsoleTest, AFailedDownloadSaysSoAndQuietSaysNothing) {
  SlowFetch fetch(loop);
  fetch.result = Error{Errc::Io, "HTTP 500"};
  EXPECT_FALSE(see_through(console, fetch, "u", false).ok());
  EXPECT_TRUE(platform.printed("u... failed\n"));
  size_t before = platform.output().size();
  EXPECT_FALSE(see_through(console, fetch, "u", true).ok());
  EXPECT_EQ(platform.output().size(), before);
}

TEST(Progress, NumbersNeverWrap) {
  FetchProgress progress{.received = UINT64_MAX - 1, .total = UINT64_MAX, .note = {}};
  EXPECT_NE(describe_progress(progress, 0).find(" 100% "), std::string::npos);
  EXPECT_EQ(describe_total(10 << 20, 310'000), "10.0 MiB in 0.31 s (32.2 MiB/s)");
  EXPECT_EQ(describe_total(0, 0), "0 B in 0.00 s (0 B/s)");
  progress = {.received = 5, .total = std::nullopt, .note = "retry 2 in 4 s: connection reset"};
  EXPECT_EQ(describe_progress(progress, 1), "5 B retry 2 in 4 s: connection reset");
}

}  // namespace
}  // namespace hawser
