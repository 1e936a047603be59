#include "arch/host/check.h"

#include <algorithm>
#include <string_view>

#include "arch/host/check_words.h"
#include "src/base/format.h"
#include "src/base/text.h"
#include "src/script/command.h"
#include "src/script/families.h"
#include "src/script/options.h"
#include "src/script/parser.h"
#include "src/settings/settings.h"
#include "src/uri/uri.h"

namespace hawser::host {
namespace {

/// Options are told apart without being acted on.
Result<Args> check_options(const Command& command, Args words) {
  std::vector<Option> rows(command.options.begin(), command.options.end());
  for (Option& row : rows) row.set = [](void*, std::string_view) { return ok_status(); };
  bool help = false;
  Args operands = TRY(parse_options(rows, words, nullptr, help));
  if (help) return Error{Errc::Cancelled, "only prints its usage, and fails"};
  return operands;
}

/// True for a command that only says why it is missing.
bool is_absent(const Command& command) {
  CommandTable table = absent_commands();
  return std::any_of(table.begin(), table.end(),
                     [&](const Command& row) { return &row == &command; });
}

/// Settings that a command writes. An `item` is one when a form shows it.
std::vector<std::string> written_by(const Clause& clause) {
  if (clause.words.empty()) return {};
  const Command* command = find_command(clause.words[0]);
  bool writes = command && command->operands.starts_with("<setting>") && command->name != "show";
  if (!writes && clause.words[0] != "item") return {};
  std::vector<std::string> words(clause.words.begin() + 1, clause.words.end());
  auto operands = check_options(*command, words);
  if (!operands.ok() || operands->empty()) return {};
  return {bare_name(take_word_apart(operands->front()).pattern)};
}

class Checker {
 public:
  Checker(Bytes script, std::span<const std::string> set_elsewhere)
      : lines_(read_lines(script, problems_)),
        written_(set_elsewhere.begin(), set_elsewhere.end()) {
    if (!is_script(script))
      report(0, false, "not a script: the first line must be \"#!ipxe\" and nothing before it");
  }

  std::vector<Problem> run() {
    for (const ScriptLine& line : lines_)
      if (auto label = split_label(line.text).label) add_label(*label, line.number);
    for (const ScriptLine& line : lines_) collect_names(line);
    for (const ScriptLine& line : lines_) check_line(line);
    for (Problem& problem : unreachable(lines_)) problems_.push_back(std::move(problem));
    std::stable_sort(problems_.begin(), problems_.end(),
                     [](const Problem& a, const Problem& b) { return a.line < b.line; });
    return std::move(problems_);
  }

 private:
  struct Label {
    std::string name;
    unsigned line;
  };

  void report(unsigned line, bool warning, std::string text) {
    problems_.push_back({line, warning, std::move(text)});
  }

  void add_label(std::string_view name, unsigned line) {
    for (const Label& label : labels_)
      if (label.name == name)
        report(line, true,
               cat("label \"", name, "\" is there already, in line ", label.line,
                   "; goto goes to that one"));
    labels_.push_back({std::string(name), line});
  }

  /// What the script sets, or asks for with `isset`: it expects that to be missing at times.
  void collect_names(const ScriptLine& line) {
    for (const Clause& clause : parse_clauses(split_label(line.text).rest)) {
      for (std::string& name : written_by(clause)) written_.push_back(std::move(name));
      if (clause.words.size() != 2 || clause.words[0] != "isset") continue;
      for (const std::string& name : take_word_apart(clause.words[1]).names)
        written_.push_back(bare_name(name));
    }
  }

  void check_line(const ScriptLine& line) {
    std::vector<Clause> clauses = parse_clauses(split_label(line.text).rest);
    for (size_t i = 0; i < clauses.size(); ++i) {
      bool failure_is_handled = i + 1 < clauses.size() && clauses[i + 1].when != When::IfSucceeded;
      check_clause(line.number, clauses[i], failure_is_handled);
    }
  }

  void check_clause(unsigned line, const Clause& clause, bool failure_is_handled) {
    for (std::string_view word : clause.words) check_word(line, word);
    if (clause.words.empty() || has_setting(clause.words[0])) return;
    const Command* command = find_command(clause.words[0]);
    if (!command)
      return report(line, failure_is_handled,
                    cat(clause.words[0], ": command not found",
                        failure_is_handled ? "; the script goes on" : ""));
    if (is_absent(*command)) {
      if (!failure_is_handled) report(line, false, cat(command->name, ": ", command->summary));
      return;
    }
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
    if (command->name == "chain" || command->name == "imgexec") ran_another_ = true;
  }

  void check_word(unsigned line, std::string_view word) {
    WordParts parts = take_word_apart(word);
    if (parts.unclosed)
      report(line, true,
             cat("\"", printable(word, 64),
                 "\": a \"${\" without its \"}\" stays as it is; a name "
                 "can hold no blanks"));
    for (const std::string& name : parts.names) check_name(line, name);
  }

  void check_name(unsigned line, std::string_view name) {
    size_t slash = name.find('/');
    if (size_t colon = name.find(':', slash == std::string_view::npos ? 0 : slash);
        colon != std::string_view::npos && !setting_type(name.substr(colon + 1)))
      report(line, true,
             cat("\"${", printable(name, 64), "}\" is always empty: there is no setting type \"",
                 printable(name.substr(colon + 1), 64), "\""));
    // What another script may have set is not known here, nor what a block has.
    if (ran_another_ || slash != std::string_view::npos) return;
    std::string bare = bare_name(name);
    if (bare.empty()) return;  // ${} is how scripts write nothing
    SettingKey key = setting_key(bare);
    if (key.tag != 0 || key.components != 0 || find_named(key)) return;
    for (const std::string& written : written_)
      if (matches_pattern(bare, written)) return;
    report(line, true,
           cat("\"${", printable(name, 64), "}\" is read, but nothing sets it; \"isset ${",
               printable(bare, 64), "}\" tells whether another script did"));
    written_.push_back(std::move(bare));  // said once
  }

  void check_goto(unsigned line, std::string_view target, bool failure_is_handled) {
    std::string pattern = take_word_apart(target).pattern;
    for (const Label& label : labels_)
      if (matches_pattern(label.name, pattern)) return;
    bool computed = has_setting(target);
    report(line, computed || failure_is_handled,
           computed ? cat("goto: there is no label like \":", target, "\"")
                    : cat("goto: there is no label \":", target, "\""));
  }

  void check_uri(unsigned line, std::string_view operand) {
    if (has_setting(operand)) return;
    auto uri = parse_uri(percent_encode(operand));
    if (!uri.ok()) report(line, false, uri.error().text);
  }

  std::vector<Problem> problems_;
  std::vector<ScriptLine> lines_;
  std::vector<std::string> written_;  ///< patterns
  std::vector<Label> labels_;
  bool ran_another_ = false;  ///< a line above runs another script
};

}  // namespace

std::vector<Problem> check_script(Bytes script, std::span<const std::string> set_elsewhere) {
  return Checker(script, set_elsewhere).run();
}

std::vector<std::string> settings_written(Bytes script) {
  std::vector<Problem> ignored;
  std::vector<std::string> names;
  for (const ScriptLine& line : read_lines(script, ignored))
    for (const Clause& clause : parse_clauses(split_label(line.text).rest))
      for (std::string& name : written_by(clause)) names.push_back(std::move(name));
  return names;
}

}  // namespace hawser::host
