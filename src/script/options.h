// Command-line options of commands: rows of a table, GNU style (docs/script.md).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "src/base/format.h"
#include "src/base/result.h"
#include "src/base/time.h"

namespace hawser {

/// Words of a command after its name (and, for command functions, after its options).
using Args = std::span<const std::string>;

/// A key as `--key` names it: a character ("a"), or a number ("0x1b"; above 127 a function key).
struct Key {
  uint32_t code = 0;
  constexpr bool operator==(const Key&) const = default;
};

/// One option. Made by option<&Struct::member>(), which picks the parser by the member's type:
/// bool (a flag), std::string, std::optional<std::string>, int64_t, std::optional<int64_t>,
/// Millis (milliseconds, never negative), std::optional<Key>, std::vector<std::string> (may be
/// given more than once).
struct Option {
  char letter;             ///< 'n' of "-n"; 0: only the long form
  std::string_view name;   ///< "name" of "--name"
  std::string_view value;  ///< what to call its value in usage text; empty: a flag
  std::string_view summary;
  Status (*set)(void* options, std::string_view value);  ///< errors: Invalid
  const void* owner;  ///< identifies the struct that `set` writes to
};

namespace options_detail {
template <class T>
inline constexpr char kOwner = 0;
template <class T>
struct Member;
template <class T, class V>
struct Member<V T::*> {
  using Struct = T;
  using Value = V;
};

Status parse_value(std::string_view text, bool& to);
Status parse_value(std::string_view text, std::string& to);
Status parse_value(std::string_view text, std::optional<std::string>& to);
Status parse_value(std::string_view text, int64_t& to);
Status parse_value(std::string_view text, std::optional<int64_t>& to);
Status parse_value(std::string_view text, Millis& to);
Status parse_value(std::string_view text, std::optional<Key>& to);
Status parse_value(std::string_view text, std::vector<std::string>& to);
}  // namespace options_detail

/// A row: `option<&DownloadOptions::timeout>('t', "timeout", "ms", "give up when idle this long")`.
/// `value` is empty exactly for bool members.
template <auto kMember>
consteval Option option(char letter, std::string_view name, std::string_view value,
                        std::string_view summary) {
  using Member = options_detail::Member<decltype(kMember)>;
  using Struct = typename Member::Struct;
  if (value.empty() != std::is_same_v<typename Member::Value, bool>) __builtin_trap();
  return {letter,
          name,
          value,
          summary,
          [](void* options, std::string_view text) {
            return options_detail::parse_value(text, static_cast<Struct*>(options)->*kMember);
          },
          &options_detail::kOwner<Struct>};
}

/// Reads options from the front of `args` into `options` and returns the operands. Stops at the
/// first operand (negative numbers are operands) or after "--". `help` is set (and reading stops)
/// at --help or -h. Errors: Invalid (unknown option, missing or malformed value).
Result<Args> parse_options(std::span<const Option> rows, Args args, void* options, bool& help);

/// "[-n|--name <name>] [-q|--quiet]"
std::string options_usage(std::span<const Option> rows);

/// An integer operand ("sleep 5"): decimal, 0x or 0 octal. Errors: Invalid.
Result<int64_t> integer_argument(std::string_view text);
/// Arguments as one text with single blanks between.
std::string join(Args args);

}  // namespace hawser
