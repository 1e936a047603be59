// The few functions that lwIP asks the machine for, and what the stack tells them.
#pragma once

#include <cstdint>

#include "src/platform.h"

namespace hawser::stack {

/// Starts lwIP if it is not running yet, and takes time and random numbers from `platform` from
/// now on (borrowed until the next call).
void attach_lwip(Platform& platform);
/// What hawser_lwip_reorder_limit() answers.
void set_reorder_limit(size_t buffers);

}  // namespace hawser::stack
