// Device registers as typed constants: a bit of one register cannot be tested on another.
#pragma once

#include <cstdint>

namespace hawser {

/// The 32-bit value of the register described by Tag.
template <class Tag>
struct Value {
  uint32_t raw = 0;
};

/// `width` bits of a register from bit `shift` upwards.
template <class Tag>
struct Field {
  uint8_t shift;
  uint8_t width = 1;

  constexpr uint32_t mask() const {
    return (width == 32 ? ~uint32_t{0} : (uint32_t{1} << width) - 1) << shift;
  }
  constexpr uint32_t get(Value<Tag> value) const { return (value.raw & mask()) >> shift; }
  constexpr bool in(Value<Tag> value) const { return get(value) != 0; }
  /// The field holding `n`, cut to its width, all else zero.
  constexpr Value<Tag> of(uint32_t n) const { return {(n << shift) & mask()}; }
};

template <class Tag>
constexpr Value<Tag> operator|(Value<Tag> a, Value<Tag> b) {
  return {a.raw | b.raw};
}
template <class Tag>
constexpr Value<Tag> operator|(Value<Tag> value, Field<Tag> set) {
  return {value.raw | set.mask()};
}
template <class Tag>
constexpr Value<Tag> operator|(Field<Tag> a, Field<Tag> b) {
  return {a.mask() | b.mask()};
}
/// `value` without the bits of `cleared`.
template <class Tag>
constexpr Value<Tag> operator-(Value<Tag> value, Field<Tag> cleared) {
  return {value.raw & ~cleared.mask()};
}

/// A 32-bit register at a byte offset from the device's base.
template <class Tag>
struct Register {
  uint32_t offset;
  constexpr Register element(uint32_t index, uint32_t stride = 4) const {
    return {offset + index * stride};
  }
};

}  // namespace hawser
