// The grammar of scripts (src/script/parser.h).
#include "src/script/parser.h"

#include <algorithm>

#include "src/base/text.h"

namespace hawser {
namespace {

size_t find_space(std::string_view text) {
  return size_t(std::ranges::find_if(text, is_space) - text.begin());
}

std::string_view skip_space(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

std::optional<When> separator(std::string_view word) {
  if (word == "||") return When::IfFailed;
  if (word == "&&") return When::IfSucceeded;
  if (word == ";") return When::Always;
  return std::nullopt;
}

}  // namespace

bool is_script(Bytes file) {
  std::string_view text = text_of(file);
  return (text.starts_with("#!ipxe") || text.starts_with("#!gpxe")) && text.size() > 6 &&
         is_space(text[6]);
}

Result<std::optional<ScriptLine>> LineReader::next() {
  std::string_view script = text_of(script_);
  if (at_ >= script.size()) return std::optional<ScriptLine>{};
  number_ = lines_ + 1;
  ScriptLine line{{}, number_};
  for (bool joined = true; joined;) {
    if (at_ >= script.size())
      return Error{Errc::Invalid, "the script ends where its last line, by '\\', has to go on"};
    size_t end = std::min(script.find('\n', at_), script.size());
    std::string_view physical = script.substr(at_, end - at_);
    if (physical.size() > kMaxLineBytes - line.text.size())
      return Error{Errc::Invalid, "a line of more than 64 KiB: is this a script?"};
    if (physical.find('\0') != std::string_view::npos)
      return Error{Errc::Invalid, "the line holds NUL bytes: is this a script?"};
    at_ = std::min(end + 1, script.size());
    ++lines_;
    if (end < script.size() && physical.ends_with('\r')) physical.remove_suffix(1);
    joined = physical.ends_with('\\');
    if (joined) physical.remove_suffix(1);
    line.text.append(physical);
  }
  return std::optional<ScriptLine>{std::move(line)};
}

LabelledLine split_label(std::string_view line) {
  std::string_view text = skip_space(line);
  if (!text.starts_with(':')) return {std::nullopt, text};
  size_t end = find_space(text);
  return {text.substr(1, end - 1), text.substr(end)};
}

std::vector<Clause> parse_clauses(std::string_view line) {
  std::vector<Clause> clauses(1);
  for (std::string_view rest = skip_space(line); !rest.empty(); rest = skip_space(rest)) {
    std::string_view word = rest.substr(0, find_space(rest));
    rest.remove_prefix(word.size());
    if (word.front() == '#') break;
    if (auto when = separator(word)) clauses.push_back({*when, {}});
    else clauses.back().words.push_back(word);
  }
  return clauses;
}

}  // namespace hawser
