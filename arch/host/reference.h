// The reference of commands and settings, written from their rows.
#pragma once

#include <string>

namespace hawser::host {

/// Markdown: docs/reference.md.
std::string reference();

}  // namespace hawser::host
