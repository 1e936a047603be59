// What must hold whatever the input: the fuzzer stops where it does not.
#pragma once

#include <cstdlib>

namespace hawser::fuzz {

inline void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace hawser::fuzz
