#include "arch/host/reference.h"

#include <algorithm>
#include <vector>

#include "src/base/format.h"
#include "src/script/command.h"
#include "src/script/families.h"
#include "src/settings/settings.h"

namespace hawser::host {
namespace {

constexpr uint64_t kEncapsulated = 175;  ///< the DHCP option of iPXE's own sub-options

/// '|' would end a cell of a table, '<' begin a tag.
std::string cell(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '|' || c == '<' || c == '*') out += '\\';
    out += c;
  }
  return out;
}

std::string code(std::string_view text) { return cat("`", text, "`"); }

/// Synonyms stand next to each other and share function and options.
bool same(const Command& a, const Command& b) {
  return a.run == b.run && a.options.data() == b.options.data() && a.operands == b.operands &&
         a.summary == b.summary;
}

std::string describe(std::span<const Command* const> synonyms) {
  const Command& command = *synonyms.front();
  std::string names;
  for (const Command* one : synonyms) names += cat(names.empty() ? "" : ", ", code(one->name));
  std::string usage{command.name};
  for (const std::string& part : {options_usage(command.options), std::string(command.operands)})
    if (!part.empty()) usage += cat(" ", part);
  std::string text = cat("### ", names, "\n\n    ", usage, "\n\n", cell(command.summary), ".\n\n");
  if (command.options.empty()) return text;
  text += "| option | |\n|---|---|\n";
  for (const Option& row : command.options) {
    std::string value = row.value.empty() ? "" : cat(" ", row.value);
    std::string letter = row.letter ? cat(code(cat("-", row.letter, value)), ", ") : "";
    text += cat("| ", letter, code(cat("--", row.name, value)), " | ", cell(row.summary), " |\n");
  }
  return text + "\n";
}

bool is_absent(CommandTable table) { return table.data() == absent_commands().data(); }

std::string commands() {
  std::vector<const Command*> all;
  for (CommandTable table : all_commands())
    for (const Command& command : table)
      if (!is_absent(table)) all.push_back(&command);
  // Each by its first name, with its synonyms behind it.
  std::stable_sort(all.begin(), all.end(),
                   [](const Command* a, const Command* b) { return a->name < b->name; });
  std::string text;
  std::vector<const Command*> done;
  for (const Command* command : all) {
    if (std::find(done.begin(), done.end(), command) != done.end()) continue;
    std::vector<const Command*> synonyms;
    for (const Command* other : all)
      if (same(*command, *other)) synonyms.push_back(other);
    text += describe(synonyms);
    done.insert(done.end(), synonyms.begin(), synonyms.end());
  }
  return text;
}

std::string absent() {
  std::string text = "| command | why |\n|---|---|\n";
  for (const Command& command : absent_commands())
    text += cat("| ", code(command.name), " | ", cell(command.summary), " |\n");
  return text;
}

/// "67", "175.0xb0": how scripts may write the setting as a number; "" where they cannot.
std::string number_of(const NamedSetting& row) {
  if (row.tag == 0) return {};
  if (row.tag <= 254) return code(decimal(row.tag));
  if (row.tag >> 8 == kEncapsulated) return code(cat(kEncapsulated, ".0x", hex(row.tag & 0xff)));
  return {};
}

std::string settings() {
  std::vector<NamedSetting> rows(named_settings().begin(), named_settings().end());
  std::stable_sort(rows.begin(), rows.end(),
                   [](const NamedSetting& a, const NamedSetting& b) { return a.name < b.name; });
  std::string text = "| setting | type | number | |\n|---|---|---|---|\n";
  for (const NamedSetting& row : rows)
    text += cat("| ", code(row.name), " | ", code(name_of(row.type)), " | ", number_of(row), " | ",
                cell(row.summary), " |\n");
  return text;
}

}  // namespace

std::string reference() {
  return cat(
      "# Commands and settings\n\n"
      "Written by `hawser --reference` from the rows that the program itself uses; `make docs` "
      "writes "
      "it\nanew. What a line means is in `script.md`, where settings come from and how they are "
      "written in\n`settings.md`. Every command also has `--help`.\n\n"
      "## Commands\n\n",
      commands(),
      "## Commands that only fail\n\n"
      "iPXE has them; here they say why they are missing, so that `||` catches them.\n\n",
      absent(),
      "\n## Settings with a type of their own\n\n"
      "The number is the DHCP option, or the sub-option of option 175, by which a script can name "
      "the\nsetting as well.\n\n",
      settings());
}

}  // namespace hawser::host
