// Setting values: bytes plus a type that tells how scripts write and read them
// (docs/settings.md has the table of types).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser {

enum class SettingType : uint8_t {
  String,
  UriString,
  Ipv4,
  Ipv6,
  Int8,
  Int16,
  Int32,
  Uint8,
  Uint16,
  Uint32,
  Hex,
  HexHyp,
  HexRaw,
  Base64,
  Uuid,
  Guid,
  BusDevFn,
  Dnssl,
};

/// The type scripts call `name` ("hexhyp"), or nothing.
std::optional<SettingType> setting_type(std::string_view name);
std::string_view name_of(SettingType type);

/// Bytes to store for text that a script wrote. Numbers come out big-endian in exactly the type's
/// width. Errors: Invalid (text that is not of this type), Unsupported (a type only for reading).
Result<std::vector<uint8_t>> parse_setting(SettingType type, std::string_view text);

/// Text of stored bytes seen as `type`, which need not be the type they were stored with.
/// Errors: Range (number wider than 64 bits), Invalid (too short for an address, not a UUID).
Result<std::string> format_setting(SettingType type, Bytes bytes);

/// Big-endian number of any width up to 8 bytes. `is_signed` extends the top bit.
/// Errors: Range (more than 8 bytes).
Result<int64_t> setting_number(Bytes bytes, bool is_signed);

/// True for int8 to uint32; `is_signed` and `width` (bytes) describe them.
struct NumberForm {
  bool is_signed = false;
  size_t width = 0;
};
std::optional<NumberForm> number_form(SettingType type);
/// The low `width` bytes (at most 8) of a number, big-endian, as settings store it.
std::vector<uint8_t> number_bytes(int64_t number, size_t width);

}  // namespace hawser
