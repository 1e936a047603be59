// One line being edited: bytes of keys in, text for the console out. Knows no console and no clock,
// so tests can play it keys. Redraws with "\b" and blanks only, which a serial log survives.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hawser {

class LineEditor {
 public:
  static constexpr size_t kMaxBytes = 64u << 10;

  /// `history` is borrowed, oldest line first; Up and Down walk it.
  explicit LineEditor(std::string_view initial, std::span<const std::string> history = {});

  enum class State : uint8_t { Editing, Entered, Abandoned };
  /// Takes one byte of a key. Function keys come as their ANSI sequences, byte by byte.
  State on_key(char key);
  /// What the console must be sent since the last call. The cursor starts just behind the prompt.
  std::string take_output();

  /// The whole line again, for a cursor just behind the prompt.
  std::string redraw() const;

  const std::string& text() const { return text_; }
  /// True once a key found no room: the text lacks something.
  bool overflowed() const { return overflowed_; }
  size_t cursor() const { return cursor_; }

 private:
  enum class Escape : uint8_t { None, Started, Sequence };
  State on_plain(char key);
  void on_sequence(char final);
  void move_to(size_t cursor);
  void insert(char c);
  void erase(size_t from, size_t to);
  void replace(std::string_view text);
  void recall(int step);

  std::string text_;
  size_t cursor_ = 0;
  bool overflowed_ = false;
  std::string output_;
  std::span<const std::string> history_;
  size_t recalled_;    ///< index into history_; its size: the line being typed
  std::string typed_;  ///< that line, while another one is shown
  Escape escape_ = Escape::None;
  std::string parameter_;  ///< digits of the sequence so far
};

}  // namespace hawser
