#include "src/script/features.h"

#include <string_view>

#include "src/image/image.h"

namespace hawser {
namespace {
constexpr std::string_view kAdditions[] = {"menu",    "form",   "params", "let",   "islt",
                                           "ismatch", "sha256", "retry",  "mirror"};
}

std::vector<std::string> formats_and_protocols(Platform& platform, Network& network) {
  std::vector<std::string> names{"DNS"};
  for (std::string_view scheme : network.fetcher().schemes()) {
    std::string& name = names.emplace_back(scheme);
    for (char& c : name) c = char(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  bool uefi = platform.firmware().efi.has_value();
  for (const ImageFormat* format : image_formats())
    if (uefi || !format->needs_uefi()) names.emplace_back(format->name);
  return names;
}

std::vector<std::string> features(Platform& platform, Network& network) {
  std::vector<std::string> names = formats_and_protocols(platform, network);
  for (std::string_view name : kAdditions) names.emplace_back(name);
  return names;
}

}  // namespace hawser
