// JSON (RFC 8259), as much as the host program needs: reading a small file, writing a report.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"

namespace hawser::host {

struct Json {
  enum class Kind : uint8_t { Null, Bool, Number, String, Array, Object };
  Kind kind = Kind::Null;
  std::string text;                ///< of a string, decoded; of a number or bool, as written
  std::vector<Json> items;         ///< of an array, or an object's values in order
  std::vector<std::string> names;  ///< of an object's items

  /// The item of that name, or nullptr.
  const Json* find(std::string_view name) const;
};

/// Errors: Invalid, with the place.
Result<Json> parse_json(std::string_view text);

/// A string with its quotes. Bytes that are no UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

}  // namespace hawser::host
