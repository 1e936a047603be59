// Small text helpers that several readers of text need.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hawser {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; }

/// ASCII comparison without regard to case.
constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// True if all of `text` is as `pattern` says: '*' stands for any text, '?' for one character. One
/// star is given up for the next, so the time is at most the product of the lengths.
constexpr bool matches_pattern(std::string_view text, std::string_view pattern) {
  constexpr size_t kNone = std::string_view::npos;
  size_t at = 0, in_pattern = 0;
  size_t star = kNone, star_end = 0;  // behind the last star in the pattern; where it ends in text
  while (at < text.size()) {
    bool more = in_pattern < pattern.size();
    if (more && pattern[in_pattern] == '*') {
      star = ++in_pattern;
      star_end = at;
    } else if (more && (pattern[in_pattern] == '?' || pattern[in_pattern] == text[at])) {
      ++in_pattern;
      ++at;
    } else if (star != kNone) {
      at = ++star_end;
      in_pattern = star;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in_pattern) == kNone;
}

/// Value of one hex digit, or -1.
constexpr int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace hawser
