// Passwords as Unix systems store them: MD5 crypt, "$1$", and SHA crypt, "$5$" and "$6$" (Drepper,
// "Unix crypt using SHA-256 and SHA-512", version 0.4).
#pragma once

#include <string_view>

#include "src/base/result.h"

namespace hawser::pxelinux {

/// True for a password stored in one of these forms, as far as its first characters tell.
bool is_crypt(std::string_view stored);

/// True if `typed` is the password that `stored`, an is_crypt() one, was made of.
/// Errors: Unsupported (more than a million rounds).
Result<bool> matches_crypt(std::string_view stored, std::string_view typed);

}  // namespace hawser::pxelinux
