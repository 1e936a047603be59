// LZMA1 decoder for a raw stream with fixed properties (lc=2, lp=0, pb=2), as scripts/mkimage.py
// writes it. Format: "LZMA specification" (Igor Pavlov, 2015, public domain). Position-independent
// and free of globals: it runs in the unpacker before anything is set up.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hawser::bios {

class LzmaDecoder {
 public:
  /// Decodes exactly `out_bytes`. False when the stream is broken; never reads or writes outside.
  bool run(const uint8_t* in, size_t in_bytes, uint8_t* out, size_t out_bytes);

 private:
  using Probability = uint16_t;  // of a zero bit, in 1/2048
  static constexpr unsigned kStates = 12, kPositions = 4;

  struct Lengths {
    Probability choice[2];
    Probability low[kPositions][8], middle[kPositions][8], high[256];
  };

  unsigned bit(Probability& p);
  unsigned flag(Probability& p);
  unsigned tree(Probability* p, int bits);
  unsigned reverse_tree(Probability* p, int bits);
  uint32_t direct_bits(int bits);
  unsigned length(Lengths& lengths, unsigned position);
  uint32_t distance(unsigned match_length);
  uint8_t literal(unsigned state, uint8_t previous, uint8_t at_distance);
  void normalize();

  const uint8_t* in_;
  const uint8_t* in_end_;
  uint32_t range_, code_;
  bool overrun_;

  // All probabilities lie together so that one loop can set them.
  Probability is_match_[kStates][kPositions], is_rep_[kStates], is_rep0_[kStates],
      is_rep1_[kStates], is_rep2_[kStates], is_rep0_long_[kStates][kPositions];
  Probability slot_[4][64], special_[128], align_[16];
  Lengths match_lengths_, rep_lengths_;
  Probability literals_[4][0x300];
  Probability end_[1];
};

}  // namespace hawser::bios
