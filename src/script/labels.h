// Where the labels of a script are.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "src/base/name_index.h"
#include "src/base/result.h"
#include "src/script/parser.h"

namespace hawser {

/// Reads a script as far as it has to, once: a loop with `goto` costs no search in each round.
class Labels {
 public:
  explicit Labels(Bytes script) : reader_(script) {}  ///< borrows it

  /// A reader whose next line is the first with this label, or nothing.
  /// Errors: those of LineReader, of a line before the label.
  Result<std::optional<LineReader>> find(std::string_view label);

 private:
  /// More are searched for each time. They take 24 bytes each.
  static constexpr size_t kMost = 100'000;
  LineReader reader_;  ///< up to where labels are known
  std::vector<LineReader::Mark> marks_;
  NameIndex index_;
};

}  // namespace hawser
