#include "arch/host/check_words.h"

namespace hawser::host {

WordParts take_word_apart(std::string_view word) {
  constexpr char kValue = '\0';  // no script line holds one
  WordParts parts;
  std::string text{word};
  for (size_t from = 0;;) {  // innermost first, as expand() does it
    size_t close = text.find('}', from);
    if (close == std::string::npos) break;
    size_t open = text.rfind("${", close);
    if (open == std::string::npos) {
      from = close + 1;
      continue;
    }
    std::string name = text.substr(open + 2, close - open - 2);
    if (name.find(kValue) == std::string::npos) parts.names.push_back(std::move(name));
    text.replace(open, close + 1 - open, 1, kValue);
    from = 0;
  }
  parts.unclosed = has_setting(text);
  for (char& c : text)
    if (c == kValue) c = '*';
  parts.pattern = std::move(text);
  return parts;
}

std::string bare_name(std::string_view setting) {
  if (size_t slash = setting.find('/'); slash != std::string_view::npos)
    setting.remove_prefix(slash + 1);
  return std::string(setting.substr(0, setting.find(':')));
}

const Command* find_command(std::string_view name) {
  for (CommandTable table : all_commands())
    for (const Command& command : table)
      if (command.name == name) return &command;
  return nullptr;
}

std::vector<ScriptLine> read_lines(Bytes script, std::vector<Problem>& problems) {
  std::vector<ScriptLine> lines;
  LineReader reader(script);
  for (;;) {
    auto next = reader.next();
    if (!next.ok()) problems.push_back({reader.number(), false, next.error().text});
    if (!next.ok() || !*next) return lines;
    lines.push_back(std::move(**next));
  }
}

}  // namespace hawser::host
