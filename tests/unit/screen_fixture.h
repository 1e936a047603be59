// A machine with a screen that carries out ANSI sequences, beside a log that does not.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string>

#include "src/base/text.h"
#include "src/console/screen.h"
#include "src/image/image.h"
#include "src/script/interpreter.h"
#include "src/settings/settings.h"
#include "tests/fakes/fake_network.h"
#include "tests/fakes/fake_platform.h"

namespace hawser {

class ScreenPlatform : public fakes::FakePlatform {
 public:
  ScreenPlatform() : FakePlatform(1u << 20) { clear(); }

  unsigned consoles = 1;
  std::string log;  ///< what put_log() wrote
  /// Rows of the screen as they were when its program last waited for a key.
  std::array<std::string, Screen::kRows> rows;
  std::array<std::array<std::string, Screen::kColumns>, Screen::kRows> colours;
  size_t row = 0, column = 0;
  /// Called each time a key is asked for, with what is on the screen then.
  std::function<void()> on_wait;

  std::string text(size_t at) const { return std::string(trim(rows[at])); }
  bool shows(std::string_view text) const {
    return std::any_of(rows.begin(), rows.end(),
                       [&](const auto& row) { return row.find(text) != row.npos; });
  }
  unsigned screens() override { return consoles; }
  void put_log(std::string_view text) override { log += text; }
  void put_screen(std::string_view text) override {
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\x1b') {
        ASSERT_TRUE(row < Screen::kRows && column < Screen::kColumns) << row << ' ' << column;
        ASSERT_GE(text[i], ' ');
        rows[row][column] = text[i];
        colours[row][column++] = colour_;
        continue;
      }
      size_t end = text.find_first_of("HJm", i);
      ASSERT_NE(end, text.npos);
      sequence(text.substr(i + 2, end - i - 2), text[end]);
      i = end;
    }
  }
  std::optional<char> key() override {
    if (on_wait) on_wait();
    return FakePlatform::key();
  }

 private:
  void clear() {
    for (auto& line : rows) line.assign(Screen::kColumns, ' ');
    for (auto& line : colours) line.fill(colour_);
  }
  void sequence(std::string_view parameters, char final) {
    if (final == 'J') clear();
    if (final == 'm') colour_ = parameters;
    if (final != 'H') return;
    size_t semicolon = parameters.find(';');
    row = std::stoul(std::string(parameters.substr(0, semicolon))) - 1;
    column = std::stoul(std::string(parameters.substr(semicolon + 1))) - 1;
  }
  std::string colour_;
};

/// The interpreter, with all its commands, on such a machine.
struct ScreenTest : testing::Test {
  ScreenPlatform platform;
  Loop loop{platform};
  Console console{loop};
  fakes::FakeNetwork network{platform};
  Settings settings{platform, network, "1.2"};
  ImageList images{platform};
  Interpreter interpreter{platform, loop, console, settings, network, images, all_commands()};
};

/// Keys of all kinds, also broken sequences, but none that ends a program by itself for sure.
inline std::string random_keys(uint32_t& state, size_t count) {
  constexpr std::string_view kKeys[] = {"\x1b[A",  "\x1b[B",
                                        "\x1b[C",  "\x1b[D",
                                        "\x1b[H",  "\x1b[F",
                                        "\x1b[Z",  "\x1b[2~",
                                        "\x1b[3~", "\x1b[5~",
                                        "\x1b[6~", "\r",
                                        "\n",      "\t",
                                        "\x08",    "\x7f",
                                        "\x04",    "\x15",
                                        "\x17",    "\x0b",
                                        "\xff",    "\x1b[9999999;99Z",
                                        "\x1b[",   "n",
                                        "abc",     "0x1b",
                                        ":hex",    "net0/ip",
                                        "12",      " ",
                                        "\x18",    "\x10"};
  std::string keys;
  for (size_t i = 0; i < count; ++i) {
    state = state * 1664525 + 1013904223;
    keys += kKeys[(state >> 16) % std::size(kKeys)];
  }
  return keys;
}

}  // namespace hawser
