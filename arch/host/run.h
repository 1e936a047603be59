// Running a script on Linux up to where a kernel would start, and telling what would be started.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "src/base/result.h"

namespace hawser::host {

struct RunOptions {
  std::string script;  ///< a file, or a URI
  std::string text;    ///< of the file
  bool is_uri = false;
  std::string root;       ///< folder of recorded files; empty: HTTP is fetched
  std::string dhcp_json;  ///< text of the answer; empty: 10.0.2.15/24 behind 10.0.2.2
  std::vector<std::pair<std::string, std::string>> settings;  ///< name[:type], value
  bool json = false;
  uint64_t memory_mib = 512;
};

/// Runs the script. Each command is printed before it runs; the end is the load plan, or why there
/// is none. With `json`, standard output gets one JSON object, and what the script prints goes to
/// standard error. Keys come from the terminal; without one, nobody types, and time does not pass
/// while nothing but time is waited for.
/// The value is the exit code: 0 if a kernel would start or the script ended well, 1 if not, 2 if
/// the options cannot be used.
int run_script(const RunOptions& options);

}  // namespace hawser::host
