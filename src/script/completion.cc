// Candidates for Tab (src/script/completion.h).
#include "src/script/completion.h"

#include <algorithm>

#include "src/base/format.h"
#include "src/base/sort.h"
#include "src/image/image.h"
#include "src/network.h"
#include "src/script/interpreter.h"
#include "src/script/parser.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

using Words = std::vector<std::string>;

void add_commands(Words& words) {
  for (CommandTable table : all_commands())
    for (const Command& command : table) words.emplace_back(command.name);
}

/// Those that have a value, by every name that finds them: net0.dhcp/ip, net0/ip and ip.
void add_settings(const Settings& settings, std::string_view end, Words& words) {
  for (const Settings::Listed& setting : settings.list()) {
    words.push_back(cat(setting.name, end));
    for (std::string_view block = setting.block; !block.empty();) {
      words.push_back(cat(block, '/', setting.name, end));
      size_t dot = block.rfind('.');
      block = block.substr(0, dot == std::string_view::npos ? 0 : dot);
    }
  }
}

/// Well-known settings in the block that `begun` names.
void add_known_settings(std::string_view begun, Words& words) {
  std::string_view block = begun.substr(0, begun.rfind('/') + 1);  // npos + 1 is 0
  for (const NamedSetting& row : named_settings()) words.push_back(cat(block, row.name));
}

const Option* find_option(const Command& command, std::string_view word) {
  for (const Option& row : command.options)
    if (word == cat("--", row.name) || (row.letter && word == cat('-', row.letter))) return &row;
  return nullptr;
}

/// How many operands stand in `words`, which are what follows a command's name.
size_t count_operands(const Command& command, std::span<const std::string_view> words) {
  size_t at = 0;
  for (; at < words.size() && words[at].starts_with('-'); ++at) {
    const Option* option = find_option(command, words[at]);
    if (option && !option->value.empty()) ++at;  // its value is the next word
  }
  return words.size() - std::min(at, words.size());
}

/// What the usage text calls an operand: "<uri|image>" of "[<uri|image> [<argument>...]]".
std::string_view operand_name(const Command& command, size_t index) {
  std::string_view rest = command.operands;
  for (;;) {
    std::string_view name = rest.substr(0, rest.find(' '));
    bool last = name.size() == rest.size();
    if (index == 0) return name;
    if (last) return name.find("...") == std::string_view::npos ? std::string_view() : name;
    rest.remove_prefix(name.size() + 1);
    --index;
  }
}

void add_operands(Context& context, std::string_view operand, std::string_view begun,
                  Words& words) {
  auto takes = [&](std::string_view what) { return operand.find(what) != std::string_view::npos; };
  if (takes("<setting")) {
    add_settings(context.settings, "", words);
    add_known_settings(begun, words);
  }
  if (takes("<value")) words.emplace_back("${");
  if (takes("image>"))
    for (const auto& image : context.images.all())
      if (!image->hidden) words.push_back(image->name);
  if (takes("<interface"))
    for (Interface* interface : context.network.interfaces()) words.emplace_back(interface->name());
  if (takes("<command")) add_commands(words);
}

void add_options(const Command& command, Words& words) {
  for (const Option& row : command.options) words.push_back(cat("--", row.name));
  words.emplace_back("--help");
}

bool is_printable(const std::string& word) { return printable(word, word.size()) == word; }

}  // namespace

Console::Completion complete(Context& context, std::string_view line) {
  Console::Completion found;
  Words& words = found.words;
  size_t open = line.rfind("${");
  if (open != std::string_view::npos &&
      line.find_first_of("} \t", open) == std::string_view::npos) {
    found.start = open + 2;
    add_settings(context.settings, "}", words);
  } else {
    found.start = line.find_last_of(" \t") + 1;  // npos + 1 is 0
    std::string_view begun = line.substr(found.start);
    auto clauses = parse_clauses(line.substr(0, found.start));
    std::span<const std::string_view> before = clauses.back().words;
    const Command* command = before.empty() ? nullptr : context.interpreter.find(before[0]);
    if (before.empty()) {
      add_commands(words);
    } else if (command) {
      size_t operands = count_operands(*command, before.subspan(1));
      if (operands == 0 && begun.starts_with('-')) add_options(*command, words);
      else add_operands(context, operand_name(*command, operands), begun, words);
    }
  }
  std::string_view begun = line.substr(found.start);
  std::erase_if(words, [&](const std::string& word) {  // images may have any name
    return !word.starts_with(begun) || !is_printable(word);
  });
  sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return found;
}

}  // namespace hawser
