// The grammar of scripts: lines, labels, and commands on a line. Knows no settings and runs
// nothing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser {

/// True for a file that starts with "#!ipxe" or "#!gpxe" and white space.
bool is_script(Bytes file);

/// A line after continuations were joined.
struct ScriptLine {
  std::string text;
  unsigned number = 0;  ///< of its first physical line, from 1
};

/// Cuts a script into logical lines: "\n" or "\r\n" ends one, "\" before that joins the next.
class LineReader {
 public:
  static constexpr size_t kMaxLineBytes = 64u << 10;

  explicit LineReader(Bytes script) : script_(script) {}  ///< borrows it
  /// The next line, or nothing at the end. Errors: Invalid (longer than kMaxLineBytes, holds NUL
  /// bytes, or the script ends in a continuation); number() tells where.
  Result<std::optional<ScriptLine>> next();
  /// Line that next() read last (its first physical line).
  unsigned number() const { return number_; }

  /// A place between two lines.
  struct Mark {
    uint32_t at = 0, lines = 0;
  };
  Mark mark() const { return {uint32_t(at_), lines_}; }
  void go_back(Mark mark) {
    at_ = mark.at;
    lines_ = mark.lines;
  }

 private:
  Bytes script_;
  size_t at_ = 0;
  unsigned number_ = 0;  ///< of the line read last
  unsigned lines_ = 0;   ///< physical lines read
};

/// A line with its label split off. Both views point into the line.
struct LabelledLine {
  std::optional<std::string_view> label;  ///< without ':'
  std::string_view rest;
};
LabelledLine split_label(std::string_view line);

/// When a command of a line runs: by the status so far.
enum class When : uint8_t { Always, IfFailed, IfSucceeded };

struct Clause {
  When when = When::Always;
  std::vector<std::string_view> words;  ///< not yet expanded; point into the line
};

/// The commands of a line without its label; always at least one, which may have no words.
std::vector<Clause> parse_clauses(std::string_view line);

}  // namespace hawser
