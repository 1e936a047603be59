// Commands that compute and compare: additions to iPXE's language (docs/script.md, "Additions").
#include "src/base/format.h"
#include "src/base/text.h"
#include "src/script/families.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

constexpr size_t kMaxText = 64u << 10;  ///< what a word can hold as well
constexpr size_t kMaxPattern = 1024;

Result<int64_t> number_operand(std::string_view text) {
  if (text.empty())
    return Error{Errc::Invalid, "a number is missing: is the setting that should give it unset?"};
  return integer_argument(text);
}

Result<int64_t> calculate(int64_t a, std::string_view sign, int64_t b) {
  int64_t result = 0;
  bool wraps = false;
  if (sign == "+") {
    wraps = __builtin_add_overflow(a, b, &result);
  } else if (sign == "-") {
    wraps = __builtin_sub_overflow(a, b, &result);
  } else if (sign == "*") {
    wraps = __builtin_mul_overflow(a, b, &result);
  } else if (sign == "/" || sign == "%") {
    if (b == 0) return Error{Errc::Range, cat("division by zero: ", a, ' ', sign, ' ', b)};
    bool rest = sign == "%";
    if (b != -1) result = rest ? a % b : a / b;
    else if (!rest) wraps = __builtin_sub_overflow(int64_t{0}, a, &result);  // a / b could trap
  } else {
    return Error{Errc::Invalid, cat("\"", printable(sign, 32), "\" is no operator: + - * / %")};
  }
  if (wraps) return Error{Errc::Range, cat(a, ' ', sign, ' ', b, " is more than 64 bits can hold")};
  return result;
}

/// Strictly from left to right, as the operators of a line.
Status let_number(Context& context, std::string_view name, Args words) {
  int64_t value = TRY(number_operand(words[0]));
  for (size_t i = 1; i < words.size(); i += 2) {
    if (i + 1 == words.size())
      return Error{Errc::Invalid, cat("a number has to follow \"", printable(words[i], 32), "\"")};
    value = TRY(calculate(value, words[i], TRY(number_operand(words[i + 1]))));
  }
  return context.settings.set_number(name, value);
}

std::string upper_text(Args words) {
  std::string text = join(words);
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = char(c - 'a' + 'A');
  return text;
}

std::string lower_text(Args words) {
  std::string text = join(words);
  for (char& c : text) c = lower(c);
  return text;
}

/// `text start [count]`: a negative start counts from the end.
Result<std::string> substr_text(Args words) {
  const std::string& text = words[0];
  auto size = int64_t(text.size());
  int64_t start = TRY(number_operand(words[1]));
  int64_t count = words.size() > 2 ? TRY(number_operand(words[2])) : size;
  if (count < 0) return Error{Errc::Range, cat("a count cannot be ", count)};
  if (start < 0) start = start < -size ? 0 : size + start;
  if (start >= size) return std::string{};
  return text.substr(size_t(start), size_t(count));
}

/// `text old [new]`: every `old`, from the left; none: nothing changes.
Result<std::string> replace_text(Args words) {
  std::string_view rest = words[0], old = words[1];
  std::string_view by = words.size() > 2 ? std::string_view(words[2]) : "";
  if (old.empty()) return Error{Errc::Invalid, "the text to be replaced is empty"};
  std::string text;
  for (size_t at; (at = rest.find(old)) != std::string_view::npos;) {
    text += cat(rest.substr(0, at), by);
    rest.remove_prefix(at + old.size());
    if (text.size() > kMaxText) return Error{Errc::Range, "the result is longer than 64 KiB"};
  }
  return cat(text, rest);
}

struct Function {
  std::string_view name;
  size_t least, most;  ///< operands
  Result<std::string> (*run)(Args operands);
};
constexpr Function kFunctions[] = {
    {"upper", 0, kAnyCount, [](Args words) -> Result<std::string> { return upper_text(words); }},
    {"lower", 0, kAnyCount, [](Args words) -> Result<std::string> { return lower_text(words); }},
    {"substr", 2, 3, substr_text},
    {"replace", 2, 3, replace_text},
};

Status let(Context& context, Args words) {
  std::string_view name = words[0];
  Args operands = words.subspan(2);
  if (words[1] == "length")
    return context.settings.set_number(name, int64_t(join(operands).size()));
  for (const Function& function : kFunctions) {
    if (function.name != words[1]) continue;
    if (operands.size() < function.least || operands.size() > function.most)
      return Error{Errc::Range, cat(function.name, " takes ", function.least, " or ", function.most,
                                    " operands, has ", operands.size())};
    return context.settings.set(name, TRY(function.run(operands)));
  }
  return let_number(context, name, words.subspan(1));
}

Status islt(Context&, Args words) {
  int64_t a = TRY(number_operand(words[0])), b = TRY(number_operand(words[1]));
  if (a < b) return ok_status();
  return Error{Errc::Range, ""};
}

Status ismatch(Context&, Args words) {
  if (words[1].size() > kMaxPattern)
    return Error{Errc::Range, "a pattern can have 1024 characters at most"};
  if (matches_pattern(words[0], words[1])) return ok_status();
  return Error{Errc::Range, ""};
}

constexpr Command kCommands[] = {
    command<let>("let", "<setting> <number> [+|-|*|/|% <number>]... | <function> <text>...",
                 "compute: numbers from left to right; upper|lower|length TEXT, substr TEXT START "
                 "[COUNT], replace TEXT OLD [NEW]",
                 2, kAnyCount),
    command<islt>("islt", "<number> <number>", "succeed if the first is less than the second", 2,
                  2),
    command<ismatch>("ismatch", "<text> <pattern>",
                     "succeed if the text is as the pattern says: * any text, ? one character", 2,
                     2),
};

}  // namespace

CommandTable compute_commands() { return kCommands; }

}  // namespace hawser
