// Reading a script without running it: what would go wrong, told line by line.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "src/base/bytes.h"

namespace hawser::host {

struct Problem {
  unsigned line = 0;     ///< from 1; 0: the file as a whole
  bool warning = false;  ///< the script would go on all the same
  std::string text;
};

/// Unknown commands, options and labels, wrong operand counts, URIs that cannot be read, lines that
/// are never reached, settings that are read but set nowhere. What only shows when settings have
/// values is not guessed at.
/// `set_elsewhere`: names that other scripts of the same site set, as settings_written() gives
/// them.
std::vector<Problem> check_script(Bytes script, std::span<const std::string> set_elsewhere = {});

/// Names of the settings that a script writes, without block and type; '*' stands for what is only
/// known when it runs ("net*").
std::vector<std::string> settings_written(Bytes script);

}  // namespace hawser::host
