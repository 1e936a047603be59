// Parsing and formatting of setting values (src/settings/value.h).
#include "src/settings/value.h"

#include <algorithm>
#include <array>

#include "src/base/address.h"
#include "src/base/base64.h"
#include "src/base/format.h"
#include "src/base/text.h"
#include "src/settings/ipv6.h"
#include "src/uri/uri.h"

namespace hawser {
namespace {

struct TypeRow {
  SettingType type;
  std::string_view name;
  NumberForm number{};
};
constexpr TypeRow kTypes[] = {
    {SettingType::String, "string"},
    {SettingType::UriString, "uristring"},
    {SettingType::Ipv4, "ipv4"},
    {SettingType::Ipv6, "ipv6"},
    {SettingType::Int8, "int8", {true, 1}},
    {SettingType::Int16, "int16", {true, 2}},
    {SettingType::Int32, "int32", {true, 4}},
    {SettingType::Uint8, "uint8", {false, 1}},
    {SettingType::Uint16, "uint16", {false, 2}},
    {SettingType::Uint32, "uint32", {false, 4}},
    {SettingType::Hex, "hex"},
    {SettingType::HexHyp, "hexhyp"},
    {SettingType::HexRaw, "hexraw"},
    {SettingType::Base64, "base64"},
    {SettingType::Uuid, "uuid"},
    {SettingType::Guid, "guid"},
    {SettingType::BusDevFn, "busdevfn"},
    {SettingType::Dnssl, "dnssl"},
};

using Stored = std::vector<uint8_t>;

Error not_a(std::string_view text, std::string_view what) {
  return {Errc::Invalid, cat("\"", printable(text, 64), "\" is not ", what)};
}

std::string_view separator_of(SettingType type) {
  return type == SettingType::Hex ? ":" : type == SettingType::HexHyp ? "-" : "";
}

/// Exactly two digits a byte, `separator` between bytes and nowhere else.
Result<Stored> parse_hex(std::string_view text, std::string_view separator) {
  Stored bytes;
  for (size_t at = 0; at < text.size();) {
    if (!bytes.empty()) at += separator.size();
    if (!fits(at, 2, text.size())) return not_a(text, "pairs of hex digits");
    int high = hex_digit(text[at]), low = hex_digit(text[at + 1]);
    if (high < 0 || low < 0) return not_a(text, "pairs of hex digits");
    bytes.push_back(uint8_t(high << 4 | low));
    at += 2;
    if (at < text.size() && !text.substr(at).starts_with(separator))
      return not_a(text, cat("pairs of hex digits separated by '", separator, "'"));
  }
  return bytes;
}

/// GUIDs have their first three groups in little-endian order (UEFI 2.10, appendix A).
void swap_guid(std::array<uint8_t, 16>& id) {
  std::reverse(id.begin(), id.begin() + 4);
  std::reverse(id.begin() + 4, id.begin() + 6);
  std::reverse(id.begin() + 6, id.begin() + 8);
}

/// 32 hex digits; hyphens may stand between bytes.
Result<Stored> parse_uuid(std::string_view text, bool guid) {
  std::array<uint8_t, 16> id{};
  size_t at = 0;
  for (uint8_t& byte : id) {
    if (at > 0 && at < text.size() && text[at] == '-') ++at;
    int high = fits(at, 2, text.size()) ? hex_digit(text[at]) : -1;
    int low = high >= 0 ? hex_digit(text[at + 1]) : -1;
    if (low < 0) return not_a(text, "a UUID");
    byte = uint8_t(high << 4 | low);
    at += 2;
  }
  if (at != text.size()) return not_a(text, "a UUID");
  if (guid) swap_guid(id);
  return Stored(id.begin(), id.end());
}

Result<std::string> format_uuid(Bytes bytes, bool guid) {
  if (bytes.size() != 16)
    return Error{Errc::Invalid, cat("a UUID has 16 bytes, not ", bytes.size())};
  std::array<uint8_t, 16> id;
  std::copy(bytes.begin(), bytes.end(), id.begin());
  if (guid) swap_guid(id);
  std::string text = hex_bytes(id, "");
  for (size_t at : {20u, 16u, 12u, 8u}) text.insert(at, 1, '-');
  return text;
}

/// Escapes what is not printable, blanks, '%', and what separates the parts of a URI.
std::string format_uristring(Bytes bytes) {
  std::string text;
  for (char c : text_of(bytes)) {
    if (c > 0x20 && c < 0x7f && std::string_view("%/#:@?=&+").find(c) == std::string_view::npos)
      text.push_back(c);
    else text.append(cat("%", hex(static_cast<unsigned char>(c), 2)));
  }
  for (size_t at = 0; at < text.size(); ++at)
    if (text[at] == '%')
      for (size_t i = at + 1; i <= at + 2; ++i)
        if (text[i] >= 'a') text[i] = char(text[i] - 'a' + 'A');
  return text;
}

/// DNS names in wire form (RFC 1035 §3.1; compressed as in §4.1.4, which RFC 3397 allows), with
/// blanks between.
Result<std::string> format_dnssl(Bytes bytes) {
  Error bad{Errc::Invalid, "not a list of DNS names"};
  std::string text;
  for (size_t next = 0; next < bytes.size();) {
    size_t at = next;
    bool jumped = false;
    std::string name;
    for (size_t steps = 0;; ++steps) {
      if (steps > 128 || at >= bytes.size()) return bad;
      uint8_t length = bytes[at];
      if (length >= 0xc0) {
        auto pointer = read_be<uint16_t>(bytes, at);
        if (!pointer) return bad;
        if (!jumped) next = at + 2;
        jumped = true;
        at = *pointer & 0x3fff;
        continue;
      }
      if (length > 63 || !fits(at, 1u + length, bytes.size())) return bad;
      if (length == 0) break;
      if (!name.empty()) name.push_back('.');
      name.append(text_of(bytes.subspan(at + 1, length)));
      at += 1u + length;
    }
    if (!jumped) next = at + 1;
    if (!text.empty()) text.push_back(' ');
    text.append(name);
  }
  return text;
}

/// Text options may end in NULs that do not belong to them (RFC 2132 §2).
std::string format_string(Bytes bytes) {
  std::string text{text_of(bytes)};
  while (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

Result<std::string> format_number(SettingType type, Bytes bytes) {
  bool is_signed = number_form(type)->is_signed;
  int64_t number = TRY(setting_number(bytes, is_signed));
  if (is_signed) return decimal(number);
  return cat("0x", hex(uint64_t(number)));
}

}  // namespace

std::optional<SettingType> setting_type(std::string_view name) {
  for (const TypeRow& row : kTypes)
    if (row.name == name) return row.type;
  return std::nullopt;
}

std::string_view name_of(SettingType type) {
  for (const TypeRow& row : kTypes)
    if (row.type == type) return row.name;
  return "string";
}

std::optional<NumberForm> number_form(SettingType type) {
  for (const TypeRow& row : kTypes)
    if (row.type == type && row.number.width > 0) return row.number;
  return std::nullopt;
}

Stored number_bytes(int64_t number, size_t width) {
  Stored bytes(width);
  for (size_t i = 0; i < width; ++i) bytes[i] = uint8_t(uint64_t(number) >> (8 * (width - 1 - i)));
  return bytes;
}

Result<int64_t> setting_number(Bytes bytes, bool is_signed) {
  if (bytes.size() > 8)
    return Error{Errc::Range, cat("a number of ", bytes.size(), " bytes is too large")};
  uint64_t number = is_signed && !bytes.empty() && (bytes[0] & 0x80) ? ~uint64_t{0} : 0;
  for (uint8_t byte : bytes) number = number << 8 | byte;
  return int64_t(number);
}

Result<Stored> parse_setting(SettingType type, std::string_view text) {
  if (auto form = number_form(type)) {
    auto number = parse_integer(text);
    if (!number) return not_a(text, "a number");
    return number_bytes(*number, form->width);
  }
  auto as_stored = [](std::string_view from) { return Stored(from.begin(), from.end()); };
  switch (type) {
    case SettingType::UriString:
      return as_stored(percent_decode(text));
    case SettingType::Ipv4: {
      auto address = parse_ipv4(text);
      if (!address) return not_a(text, "an IPv4 address");
      return Stored(address->bytes.begin(), address->bytes.end());
    }
    case SettingType::Ipv6: {
      auto address = parse_ipv6(text);
      if (!address) return not_a(text, "an IPv6 address");
      return Stored(address->begin(), address->end());
    }
    case SettingType::Hex:
    case SettingType::HexHyp:
    case SettingType::HexRaw:
      return parse_hex(text, separator_of(type));
    case SettingType::Base64:
      if (auto bytes = parse_base64(text)) return *std::move(bytes);
      return not_a(text, "base64");
    case SettingType::Uuid:
      return parse_uuid(text, false);
    case SettingType::Guid:
      return parse_uuid(text, true);
    case SettingType::BusDevFn:
    case SettingType::Dnssl:
      return Error{Errc::Unsupported, cat("type ", name_of(type), " is only for reading")};
    default:
      return as_stored(text);
  }
}

Result<std::string> format_setting(SettingType type, Bytes bytes) {
  if (number_form(type)) return format_number(type, bytes);
  switch (type) {
    case SettingType::UriString:
      return format_uristring(bytes);
    case SettingType::Ipv4: {
      if (bytes.size() < 4) return Error{Errc::Invalid, "too short for an IPv4 address"};
      return to_string(Ipv4{{bytes[0], bytes[1], bytes[2], bytes[3]}});
    }
    case SettingType::Ipv6: {
      if (bytes.size() < 16) return Error{Errc::Invalid, "too short for an IPv6 address"};
      return format_ipv6(bytes.first<16>());
    }
    case SettingType::Hex:
    case SettingType::HexHyp:
    case SettingType::HexRaw:
      return hex_bytes(bytes, separator_of(type));
    case SettingType::Base64:
      return base64(bytes);
    case SettingType::Uuid:
      return format_uuid(bytes, false);
    case SettingType::Guid:
      return format_uuid(bytes, true);
    case SettingType::BusDevFn: {
      auto at = uint64_t(TRY(setting_number(bytes, false)));
      return cat(hex(at >> 16, 4), ":", hex(at >> 8 & 0xff, 2), ":", hex(at >> 3 & 0x1f, 2), ".",
                 hex(at & 7));
    }
    case SettingType::Dnssl:
      return format_dnssl(bytes);
    default:
      return format_string(bytes);
  }
}

}  // namespace hawser
