// The version of Hawser, as banners, DHCP option 224, User-Agent and ${version} show it.
#pragma once

#include <string_view>

namespace hawser {
inline constexpr std::string_view kVersion = "0.1.0";
}  // namespace hawser
