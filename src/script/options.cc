// Reading options of commands (src/script/options.h).
#include "src/script/options.h"

#include "src/base/format.h"
#include "src/base/text.h"

namespace hawser {
namespace options_detail {

Status parse_value(std::string_view, bool& to) {
  to = true;
  return ok_status();
}

Status parse_value(std::string_view text, std::string& to) {
  to = text;
  return ok_status();
}

Status parse_value(std::string_view text, std::optional<std::string>& to) {
  to = std::string(text);
  return ok_status();
}

Status parse_value(std::string_view text, int64_t& to) {
  to = TRY(integer_argument(text));
  return ok_status();
}

Status parse_value(std::string_view text, std::optional<int64_t>& to) {
  to = TRY(integer_argument(text));
  return ok_status();
}

Status parse_value(std::string_view text, Millis& to) {
  int64_t ms = TRY(integer_argument(text));
  if (ms < 0 || ms > kNever.ms)
    return Error{Errc::Invalid, cat("\"", text, "\": a time in milliseconds cannot be that")};
  to = {ms};
  return ok_status();
}

Status parse_value(std::string_view text, std::vector<std::string>& to) {
  to.emplace_back(text);
  return ok_status();
}

Status parse_value(std::string_view text, std::optional<Key>& to) {
  if (text.size() == 1) {  // a digit too: `--key 1` is the character
    to = Key{static_cast<unsigned char>(text.front())};
    return ok_status();
  }
  auto code = parse_integer(text);
  if (!code || *code < 0 || *code > INT32_MAX)
    return Error{Errc::Invalid, cat("\"", printable(text), "\": invalid key")};
  to = Key{uint32_t(*code)};
  return ok_status();
}

}  // namespace options_detail

namespace {

Error unrecognised(std::string_view option) {
  return {Errc::Invalid, cat("Unrecognised option \"", printable(option), "\"")};
}
Error needs_value(const Option& option) {
  return {Errc::Invalid, cat("Option \"", option.name, "\" requires an argument")};
}

/// One word of options being read, and what follows it.
struct Reader {
  std::span<const Option> rows;
  Args args;  ///< from the present word onwards
  void* options;

  const Option* find(std::string_view name) const {
    for (const Option& row : rows)
      if (row.name == name) return &row;
    return nullptr;
  }
  const Option* find(char letter) const {
    for (const Option& row : rows)
      if (row.letter != 0 && row.letter == letter) return &row;
    return nullptr;
  }

  /// The next word as the value of `option`. Errors: Invalid (none, or it looks like an option).
  Status set_from_next(const Option& option) {
    if (args.size() < 2 || args[1].starts_with('-')) return needs_value(option);
    args = args.subspan(1);
    return option.set(options, args.front());
  }

  Status read_long(std::string_view text) {  // without "--"
    size_t equals = text.find('=');
    std::string_view name = text.substr(0, equals);
    const Option* option = find(name);
    if (!option) return unrecognised(cat("--", name));
    if (equals == std::string_view::npos)
      return option->value.empty() ? option->set(options, {}) : set_from_next(*option);
    if (option->value.empty())
      return Error{Errc::Invalid, cat("Option \"", option->name, "\" takes no argument")};
    return option->set(options, text.substr(equals + 1));
  }

  Status read_letters(std::string_view text) {  // without "-"
    for (size_t i = 0; i < text.size(); ++i) {
      const Option* option = find(text[i]);
      if (!option) return unrecognised(cat("-", text[i]));
      if (option->value.empty()) {
        TRY(option->set(options, {}));
        continue;
      }
      std::string_view rest = text.substr(i + 1);
      return rest.empty() ? set_from_next(*option) : option->set(options, rest);
    }
    return ok_status();
  }
};

}  // namespace

Result<Args> parse_options(std::span<const Option> rows, Args args, void* options, bool& help) {
  Reader reader{rows, args, options};
  for (; !reader.args.empty(); reader.args = reader.args.subspan(1)) {
    std::string_view word = reader.args.front();
    if (word.size() < 2 || word.front() != '-' || is_digit(word[1])) break;
    if (word == "--") {  // alone it is text: `echo ${a}--${b}` with empty settings
      if (reader.args.size() > 1) reader.args = reader.args.subspan(1);
      break;
    }
    if (word == "--help" || word == "-h") {
      help = true;
      break;
    }
    if (word.starts_with("--")) TRY(reader.read_long(word.substr(2)));
    else TRY(reader.read_letters(word.substr(1)));
  }
  return reader.args;
}

std::string options_usage(std::span<const Option> rows) {
  std::string text;
  for (const Option& row : rows) {
    if (!text.empty()) text += ' ';
    text += '[';
    if (row.letter) text += cat("-", row.letter, "|");
    text += cat("--", row.name);
    if (!row.value.empty()) text += cat(" <", row.value, ">");
    text += ']';
  }
  return text;
}

Result<int64_t> integer_argument(std::string_view text) {
  auto number = parse_integer(text);
  if (!number) return Error{Errc::Invalid, cat("\"", printable(text), "\": invalid integer value")};
  return *number;
}

std::string join(Args args) {
  std::string text;
  for (size_t i = 0; i < args.size(); ++i) {
    if (i > 0) text += ' ';
    text += args[i];
  }
  return text;
}

}  // namespace hawser
