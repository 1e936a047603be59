// LZMA1 decoder: see lzma.h.
#include "arch/x86_64/bios/prefix/lzma.h"

#include <utility>

namespace hawser::bios {

[[gnu::always_inline]] inline void LzmaDecoder::normalize() {
  if (range_ >= 1u << 24) return;
  range_ <<= 8;
  code_ <<= 8;
  if (in_ < in_end_) code_ |= *in_++;
  else overrun_ = true;
}

/// Inline where most bits are: QEMU's TCG takes as long for a return as for the rest of it.
[[gnu::always_inline]] inline unsigned LzmaDecoder::bit(Probability& p) {
  normalize();
  uint32_t bound = (range_ >> 11) * p;
  if (code_ < bound) {
    range_ = bound;
    p += (2048 - p) >> 5;
    return 0;
  }
  range_ -= bound;
  code_ -= bound;
  p -= p >> 5;
  return 1;
}

/// The same, small: for the bits of which there are few.
[[gnu::noinline]] unsigned LzmaDecoder::flag(Probability& p) { return bit(p); }

unsigned LzmaDecoder::tree(Probability* p, int bits) {
  unsigned m = 1;
  for (int i = 0; i < bits; ++i) m = m << 1 | bit(p[m]);
  return m - (1u << bits);
}

unsigned LzmaDecoder::reverse_tree(Probability* p, int bits) {
  unsigned m = 1, value = 0;
  for (int i = 0; i < bits; ++i) {
    unsigned b = bit(p[m]);
    m = m << 1 | b;
    value |= b << i;
  }
  return value;
}

uint32_t LzmaDecoder::direct_bits(int bits) {
  uint32_t value = 0;
  while (bits-- > 0) {
    normalize();
    range_ >>= 1;
    uint32_t b = code_ >= range_;
    if (b) code_ -= range_;
    value = value << 1 | b;
  }
  return value;
}

unsigned LzmaDecoder::length(Lengths& lengths, unsigned position) {
  if (!flag(lengths.choice[0])) return 2 + tree(lengths.low[position], 3);
  if (!flag(lengths.choice[1])) return 10 + tree(lengths.middle[position], 3);
  return 18 + tree(lengths.high, 8);
}

uint32_t LzmaDecoder::distance(unsigned match_length) {
  unsigned context = match_length < 5 ? match_length - 2 : 3;
  unsigned slot = tree(slot_[context], 6);
  if (slot < 4) return slot;
  int bits = int(slot >> 1) - 1;
  uint32_t base = (2 | (slot & 1)) << bits;
  if (slot < 14) return base + reverse_tree(special_ + base - slot, bits);
  base += direct_bits(bits - 4) << 4;
  return base + reverse_tree(align_, 4);
}

uint8_t LzmaDecoder::literal(unsigned state, uint8_t previous, uint8_t at_distance) {
  Probability* p = literals_[previous >> 6];
  unsigned symbol = 1;
  if (state >= 7) {
    unsigned match = at_distance;
    do {
      unsigned match_bit = match >> 7 & 1;
      match <<= 1;
      unsigned b = bit(p[((1 + match_bit) << 8) + symbol]);
      symbol = symbol << 1 | b;
      if (match_bit != b) break;
    } while (symbol < 0x100);
  }
  while (symbol < 0x100) symbol = symbol << 1 | bit(p[symbol]);
  return uint8_t(symbol);
}

bool LzmaDecoder::run(const uint8_t* in, size_t in_bytes, uint8_t* out, size_t out_bytes) {
  for (Probability* p = is_match_[0]; p < end_; ++p) *p = 1024;
  if (in_bytes < 5) return false;
  in_ = in + 1;  // the first byte is always zero
  in_end_ = in + in_bytes;
  overrun_ = false;
  range_ = ~0u;
  code_ = 0;
  for (int i = 0; i < 4; ++i) code_ = code_ << 8 | *in_++;

  unsigned state = 0;
  uint32_t rep[4] = {};  // the last four distances, less one
  size_t n = 0;
  while (n < out_bytes && !overrun_) {
    unsigned position = n % kPositions;
    if (!flag(is_match_[state][position])) {
      uint8_t at_distance = state >= 7 ? out[n - rep[0] - 1] : 0;
      out[n] = literal(state, n ? out[n - 1] : 0, at_distance);
      ++n;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    unsigned count;
    if (flag(is_rep_[state])) {
      bool repeat_one = false;
      if (!flag(is_rep0_[state])) {
        repeat_one = !flag(is_rep0_long_[state][position]);
      } else if (!flag(is_rep1_[state])) {
        std::swap(rep[0], rep[1]);
      } else {
        uint32_t chosen = rep[2];
        if (flag(is_rep2_[state])) {
          chosen = rep[3];
          rep[3] = rep[2];
        }
        rep[2] = rep[1];
        rep[1] = rep[0];
        rep[0] = chosen;
      }
      count = repeat_one ? 1 : length(rep_lengths_, position);
      state = state < 7 ? (repeat_one ? 9 : 8) : 11;
    } else {
      rep[3] = rep[2];
      rep[2] = rep[1];
      rep[1] = rep[0];
      count = length(match_lengths_, position);
      rep[0] = distance(count);
      state = state < 7 ? 7 : 10;
    }
    if (rep[0] >= n || count > out_bytes - n) return false;
    for (; count; --count, ++n) out[n] = out[n - rep[0] - 1];
  }
  return n == out_bytes && !overrun_;
}

}  // namespace hawser::bios
