// Where the lines of a script lead. A command may succeed, fail, or leave its line for good; which
// of these is possible is overestimated, so that what is called unreachable truly is.
#include <algorithm>

#include "arch/host/check_words.h"
#include "src/base/format.h"
#include "src/base/text.h"

namespace hawser::host {
namespace {

/// Ways on from a command or a line.
struct Ways {
  bool succeeds = false, fails = false;
  std::vector<std::string> labels = {};  ///< it may go to; patterns
};

class Flow {
 public:
  explicit Flow(const std::vector<ScriptLine>& lines) : lines_(lines) {}

  std::vector<Problem> run() {
    reached_.assign(lines_.size(), false);
    if (!lines_.empty()) reach(0);
    while (!open_.empty()) {
      size_t at = open_.back();
      open_.pop_back();
      Ways ways = follow_line(at);
      if (ways.succeeds && at + 1 < lines_.size()) reach(at + 1);
      for (const std::string& label : ways.labels) reach_label(label);
    }
    for (size_t i = 0; i < lines_.size(); ++i) report_line(i);
    return std::move(problems_);
  }

 private:
  void reach(size_t line) {
    if (reached_[line]) return;
    reached_[line] = true;
    open_.push_back(line);
  }

  static bool has_commands(const ScriptLine& line) {
    std::vector<Clause> clauses = parse_clauses(split_label(line.text).rest);
    return std::any_of(clauses.begin(), clauses.end(),
                       [](const Clause& clause) { return !clause.words.empty(); });
  }

  /// Of labels by the same name, goto finds the first.
  void reach_label(std::string_view pattern) {
    std::vector<std::string_view> seen;
    for (size_t i = 0; i < lines_.size(); ++i) {
      auto label = split_label(lines_[i].text).label;
      if (!label || !matches_pattern(*label, pattern)) continue;
      if (std::find(seen.begin(), seen.end(), *label) != seen.end()) continue;
      seen.push_back(*label);
      reach(i);
    }
  }

  bool has_label(std::string_view pattern) const {
    return std::any_of(lines_.begin(), lines_.end(), [&](const ScriptLine& line) {
      auto label = split_label(line.text).label;
      return label && matches_pattern(*label, pattern);
    });
  }

  Ways follow_command(const Clause& clause) const {
    if (clause.words.empty()) return {.succeeds = true};
    std::string_view name = clause.words[0];
    if (has_setting(name)) return {true, true, {"*"}};
    size_t operands = clause.words.size() - 1;
    bool has_options = operands > 0 && clause.words[1].starts_with('-');
    if (name == "goto" && operands == 1 && !has_options) {
      WordParts target = take_word_apart(clause.words[1]);
      if (!has_label(target.pattern)) return {.fails = true};
      return {.fails = has_setting(clause.words[1]), .labels = {target.pattern}};
    }
    if (name == "exit" && operands == 0) return {};
    if (name == "exit" && operands == 1) return {.fails = !parse_integer(clause.words[1])};
    return {true, true};
  }

  /// Reports the commands of a reached line that never run.
  Ways follow_line(size_t at) {
    Ways so_far{.succeeds = true};
    for (const Clause& clause : parse_clauses(split_label(lines_[at].text).rest)) {
      bool runs = (so_far.succeeds && clause.when != When::IfFailed) ||
                  (so_far.fails && clause.when != When::IfSucceeded);
      if (!runs && !clause.words.empty() && !so_far.succeeds && !so_far.fails) {
        problems_.push_back(
            {lines_[at].number, true,
             cat("\"", clause.words[0], "\" never runs: what stands before it leaves the line")});
        break;
      }
      if (!runs) continue;
      Ways ways = follow_command(clause);
      bool skipped_ok = so_far.succeeds && clause.when == When::IfFailed;
      bool skipped_failed = so_far.fails && clause.when == When::IfSucceeded;
      so_far.succeeds = ways.succeeds || skipped_ok;
      so_far.fails = ways.fails || skipped_failed;
      for (std::string& label : ways.labels) so_far.labels.push_back(std::move(label));
    }
    return so_far;
  }

  /// One problem for each part that begins where a label or a reached line ends.
  void report_line(size_t at) {
    if (reached_[at]) in_dead_part_ = false;
    if (reached_[at]) return;
    auto label = split_label(lines_[at].text).label;
    if (label) in_dead_part_ = false;
    if (in_dead_part_) return;
    if (label) dead_label_ = *label;
    else if (at > 0 && reached_[at - 1]) dead_label_.clear();
    if (!has_commands(lines_[at])) return;
    in_dead_part_ = true;
    std::string why = dead_label_.empty() ? std::string("the lines above it always go elsewhere")
                                          : cat("no goto leads to \":", printable(dead_label_, 64),
                                                "\", and the lines above it always go elsewhere");
    problems_.push_back({lines_[at].number, true, cat("never reached: ", why)});
  }

  const std::vector<ScriptLine>& lines_;
  std::vector<bool> reached_;
  std::vector<size_t> open_;  ///< reached, not yet followed
  bool in_dead_part_ = false;
  std::string dead_label_;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> unreachable(const std::vector<ScriptLine>& lines) { return Flow(lines).run(); }

}  // namespace hawser::host
