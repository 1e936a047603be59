// Parts of the script checker: words with ${settings} in them, and where a script's lines lead.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "arch/host/check.h"
#include "src/base/bytes.h"
#include "src/script/command.h"
#include "src/script/parser.h"

namespace hawser::host {

inline bool has_setting(std::string_view text) { return text.find("${") != std::string_view::npos; }

/// A word seen before its settings have values.
struct WordParts {
  std::string pattern;  ///< the word, '*' in the place of each ${...}
  std::vector<std::string>
      names;              ///< what is read, as written ("net0/mac:hexhyp"); only plain names
  bool unclosed = false;  ///< a "${" stays that no "}" follows
};
WordParts take_word_apart(std::string_view word);

/// "net0/mac:hexhyp" gives "mac".
std::string bare_name(std::string_view setting);

const Command* find_command(std::string_view name);

/// The lines up to the first that cannot be read, and what is wrong with that.
std::vector<ScriptLine> read_lines(Bytes script, std::vector<Problem>& problems);

/// Commands that never run: lines that no way leads to, and what follows `goto` or `exit` on a
/// line. `goto` of a label that does not exist counts as failing.
std::vector<Problem> unreachable(const std::vector<ScriptLine>& lines);

}  // namespace hawser::host
