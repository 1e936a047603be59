// Reading a script without running it: what would go wrong, told line by line.
#pragma once

#include <string>
#include <vector>

#include "src/base/bytes.h"

namespace hawser::host {

struct Problem {
  unsigned line = 0;     ///< from 1; 0: the file as a whole
  bool warning = false;  ///< the script would go on all the same
  std::string text;
};

/// Unknown commands, options and labels, wrong operand counts, URIs that cannot be read. What only
/// shows when settings have values is not guessed at.
std::vector<Problem> check_script(Bytes script);

}  // namespace hawser::host
