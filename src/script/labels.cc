#include "src/script/labels.h"

namespace hawser {
namespace {

/// True when the line that `reader` reads next has this label.
bool has_label(LineReader reader, std::string_view label) {
  auto line = reader.next();
  return line.ok() && *line && split_label((*line)->text).label == label;
}

}  // namespace

Result<std::optional<LineReader>> Labels::find(std::string_view label) {
  auto marked = [&](size_t position) {
    LineReader there = reader_;
    there.go_back(marks_[position]);
    return there;
  };
  auto known = [&](std::string_view name) {
    return index_.find(hash_of(name),
                       [&](size_t position) { return has_label(marked(position), name); });
  };
  if (size_t at = known(label); at != NameIndex::kNone) return std::optional(marked(at));
  for (LineReader reader = reader_;;) {
    LineReader before = reader;
    auto line = TRY(reader.next());
    if (!line) return std::optional<LineReader>{};
    auto found = split_label(line->text).label;
    if (found && marks_.size() < kMost && known(*found) == NameIndex::kNone) {
      index_.add(hash_of(*found), marks_.size());
      marks_.push_back(before.mark());
    }
    if (marks_.size() < kMost) reader_ = reader;
    if (found == label) return std::optional(before);
  }
}

}  // namespace hawser
