#include "arch/host/check.h"

#include <algorithm>
#include <string_view>

#include "src/base/format.h"
#include "src/script/command.h"
#include "src/script/options.h"
#include "src/script/parser.h"
#include "src/uri/uri.h"

namespace hawser::host {
namespace {

bool has_setting(std::string_view text) { return text.find("${") != std::string_view::npos; }

const Command* find_command(std::string_view name) {
  for (CommandTable table : all_commands())
    for (const Command& command : table)
      if (command.name == name) return &command;
  return nullptr;
}

struct Label {
  std::string name;
  unsigned line;
};

class Checker {
 public:
  std::vector<Problem> run(Bytes script) {
    if (!is_script(script))
      report(0, false, "not a script: the first line must be \"#!ipxe\" and nothing before it");
    std::vector<ScriptLine> lines = read(script);
    for (const ScriptLine& line : lines)
      if (auto label = split_label(line.text).label) add_label(*label, line.number);
    for (const ScriptLine& line : lines) check_line(line);
    std::stable_sort(problems_.begin(), problems_.end(),
                     [](const Problem& a, const Problem& b) { return a.line < b.line; });
    return std::move(problems_);
  }

 private:
  void report(unsigned line, bool warning, std::string text) {
    problems_.push_back({line, warning, std::move(text)});
  }

  std::vector<ScriptLine> read(Bytes script) {
    std::vector<ScriptLine> lines;
    LineReader reader(script);
    for (;;) {
      auto next = reader.next();
      if (!next.ok()) report(reader.number(), false, next.error().text);
      if (!next.ok() || !*next) return lines;
      lines.push_back(std::move(**next));
    }
  }

  void add_label(std::string_view name, unsigned line) {
    for (const Label& label : labels_)
      if (label.name == name)
        report(line, true,
               cat("label \"", name, "\" is there already, in line ", label.line,
                   "; goto goes to that one"));
    labels_.push_back({std::string(name), line});
  }

  void check_line(const ScriptLine& line) {
    std::vector<Clause> clauses = parse_clauses(split_label(line.text).rest);
    for (size_t i = 0; i < clauses.size(); ++i) {
      bool failure_is_handled = i + 1 < clauses.size() && clauses[i + 1].when != When::IfSucceeded;
      check_clause(line.number, clauses[i], failure_is_handled);
    }
  }

  void check_clause(unsigned line, const Clause& clause, bool failure_is_handled) {
    if (clause.words.empty() || has_setting(clause.words[0])) return;
    const Command* command = find_command(clause.words[0]);
    if (!command)
      return report(line, failure_is_handled,
                    cat(clause.words[0], ": command not found",
                        failure_is_handled ? "; the script goes on" : ""));
    std::vector<std::string> words(clause.words.begin() + 1, clause.words.end());
    auto operands = check_options(*command, words);
    if (!operands.ok())
      return report(line, failure_is_handled, cat(command->name, ": ", operands.error().text));
    if (operands->size() < command->least || operands->size() > command->most)
      return report(line, failure_is_handled,
                    cat(command->name, ": ", operands->size(), " operands; it takes \"",
                        command->operands, "\""));
    if (command->name == "goto") check_goto(line, operands->front(), failure_is_handled);
    if (command->operands.find("<uri") != std::string_view::npos && !operands->empty())
      check_uri(line, operands->front());
  }

  /// Options are told apart without being acted on.
  static Result<Args> check_options(const Command& command, Args words) {
    std::vector<Option> rows(command.options.begin(), command.options.end());
    for (Option& row : rows) row.set = [](void*, std::string_view) { return ok_status(); };
    bool help = false;
    Args operands = TRY(parse_options(rows, words, nullptr, help));
    if (help) return Error{Errc::Cancelled, "only prints its usage, and fails"};
    return operands;
  }

  void check_goto(unsigned line, std::string_view target, bool failure_is_handled) {
    if (has_setting(target)) return;
    for (const Label& label : labels_)
      if (label.name == target) return;
    report(line, failure_is_handled, cat("goto: there is no label \":", target, "\""));
  }

  void check_uri(unsigned line, std::string_view operand) {
    if (has_setting(operand)) return;
    auto uri = parse_uri(percent_encode(operand));
    if (!uri.ok()) report(line, false, uri.error().text);
  }

  std::vector<Label> labels_;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> check_script(Bytes script) { return Checker().run(script); }

}  // namespace hawser::host
