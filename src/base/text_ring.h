// The end of a long text.
#pragma once

#include <string>
#include <string_view>

namespace hawser {

/// Keeps the last 8 KiB of what was appended.
class TextRing {
 public:
  static constexpr size_t kBytes = 8192;

  void append(std::string_view text) {
    if (text.size() > kBytes) text.remove_prefix(text.size() - kBytes);
    text_.append(text);
    if (text_.size() > 2 * kBytes) text_.erase(0, text_.size() - kBytes);
  }
  std::string_view text() const {
    std::string_view all = text_;
    return all.size() > kBytes ? all.substr(all.size() - kBytes) : all;
  }

 private:
  std::string text_;
};

}  // namespace hawser
