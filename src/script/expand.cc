// Expansion of ${settings} (src/script/expand.h).
#include "src/script/expand.h"

#include "src/base/format.h"

namespace hawser {
namespace {
constexpr int kMaxRounds = 64;
constexpr size_t kMaxBytes = 64u << 10;
}  // namespace

Result<std::string> expand(const Settings& settings, std::string_view written) {
  std::string text{written};
  int rounds = 0;
  for (size_t from = 0;;) {
    size_t close = text.find('}', from);
    if (close == std::string::npos) break;
    size_t open = text.rfind("${", close);
    if (open == std::string::npos) {
      from = close + 1;
      continue;
    }
    if (++rounds > kMaxRounds)
      return Error{Errc::Invalid,
                   cat("\"", printable(written, 64), "\" still holds a ${...} after ", kMaxRounds,
                       " replacements: does a value mention itself?")};
    std::string value = settings.text(std::string_view(text).substr(open + 2, close - open - 2));
    text.replace(open, close + 1 - open, value);
    if (text.size() > kMaxBytes)
      return Error{Errc::Invalid,
                   cat("\"", printable(written, 64), "\" expands to more than 64 KiB")};
    from = 0;
  }
  return text;
}

}  // namespace hawser
