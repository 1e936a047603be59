// Byte spans, and bounds-checked reads of little- and big-endian integers from them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace hawser {

/// Borrowed bytes; valid until the call that got them returns unless said otherwise.
using Bytes = std::span<const uint8_t>;
using MutBytes = std::span<uint8_t>;

inline Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
inline std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// True when [at, at + n) lies inside `size` bytes. Cannot wrap.
constexpr bool fits(uint64_t at, uint64_t n, uint64_t size) { return at <= size && n <= size - at; }

/// The `n` bytes at `at`, or nothing when they are not all there.
inline std::optional<Bytes> slice(Bytes bytes, uint64_t at, uint64_t n) {
  if (!fits(at, n, bytes.size())) return std::nullopt;
  return bytes.subspan(at, n);
}

template <class T>
constexpr T byte_swap(T value) {
  static_assert(std::is_unsigned_v<T>);
  if constexpr (sizeof(T) == 1) return value;
  else if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
  else if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
  else return __builtin_bswap64(value);
}

/// Little-endian integer at `at`, or nothing past the end. T is an unsigned type.
template <class T>
std::optional<T> read_le(Bytes bytes, uint64_t at) {
  if (!fits(at, sizeof(T), bytes.size())) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

/// Big-endian (network order) integer at `at`, or nothing past the end.
template <class T>
std::optional<T> read_be(Bytes bytes, uint64_t at) {
  auto value = read_le<T>(bytes, at);
  if (!value) return std::nullopt;
  return byte_swap(*value);
}

/// Stores little-endian at `at`; the caller guarantees room.
template <class T>
void write_le(uint8_t* at, T value) {
  std::memcpy(at, &value, sizeof(T));
}
template <class T>
void write_be(uint8_t* at, T value) {
  value = byte_swap(value);
  std::memcpy(at, &value, sizeof(T));
}

}  // namespace hawser
