// Control sequences of the screens (arch/x86_64/ansi.h).
#include "arch/x86_64/ansi.h"

#include <gtest/gtest.h>

#include <string_view>

namespace hawser {
namespace {

using Step = ControlSequence::Step;

/// Takes all of `text`, whose last character completes a sequence.
ControlSequence taken(std::string_view text) {
  ControlSequence sequence;
  for (size_t i = 0; i + 1 < text.size(); ++i)
    EXPECT_EQ(sequence.take(text[i]), Step::Inside) << i;
  EXPECT_EQ(sequence.take(text.back()), Step::Complete);
  return sequence;
}

TEST(Ansi, TextIsNoSequence) {
  ControlSequence sequence;
  for (char c : std::string_view("a[1;2H\r\n\t\x80"))
    EXPECT_EQ(sequence.take(c), Step::Text);
}

TEST(Ansi, PlacesAndTheirDefaults) {
  auto both = taken("\x1b[12;34H");
  EXPECT_EQ(both.final(), 'H');
  EXPECT_EQ(both.count_or_place(0), 12);
  EXPECT_EQ(both.count_or_place(1), 34);
  auto second = taken("\x1b[;7H");
  EXPECT_EQ(second.count_or_place(0), 1);
  EXPECT_EQ(second.count_or_place(1), 7);
  EXPECT_EQ(taken("\x1b[0C").count_or_place(0), 1);
}

TEST(Ansi, ASequenceStartsWithNothingOfTheOneBefore) {
  auto sequence = taken("\x1b[5;6H");
  for (char c : std::string_view("\x1b[")) sequence.take(c);
  EXPECT_EQ(sequence.take('K'), Step::Complete);
  EXPECT_EQ(sequence.parameter(0), 0);
  EXPECT_EQ(sequence.parameter(1), 0);
}

TEST(Ansi, HostileParametersAreBounded) {
  auto sequence = taken("\x1b[99999999999999999999;1;2;3;4;5;6;7m");
  EXPECT_EQ(sequence.parameter(0), 999);
  EXPECT_EQ(sequence.parameter(3), 999);
  EXPECT_EQ(sequence.parameter(4), 0);
}

TEST(Ansi, AnEscapeWithoutBracketTakesOneCharacter) {
  ControlSequence sequence;
  EXPECT_EQ(sequence.take('\x1b'), Step::Inside);
  EXPECT_EQ(sequence.take('c'), Step::Inside);
  EXPECT_EQ(sequence.take('x'), Step::Text);
}

TEST(Ansi, Colours) {
  EXPECT_EQ(taken("\x1b[m").colour(0x4f), 0x07);
  EXPECT_EQ(taken("\x1b[1;31;44m").colour(0x07), 0x1c);  // bright red on blue
  EXPECT_EQ(taken("\x1b[39;49m").colour(0x1c), 0x0f);
  EXPECT_EQ(taken("\x1b[38m").colour(0x1c), 0x1c);
  EXPECT_EQ(taken("\x1b[0;33m").colour(0x7f), 0x06);
}

}  // namespace
}  // namespace hawser
