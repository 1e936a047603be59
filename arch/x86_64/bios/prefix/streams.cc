// Puts code together from streams: see streams.h. What an opcode brings along is told here as in
// scripts/instruction_streams.py, word for word: both walk the code the same way, right or wrong.
#include "arch/x86_64/bios/prefix/streams.h"

namespace hawser::bios {
namespace {

// The longest step of the walk. What is left when less remains lies with the opcodes, as it is.
constexpr size_t kLongestStep = 20;

// kFull: 64 bits with REX.W, else as kDword, which an operand-size prefix makes 16 bits.
enum class Immediate : uint8_t {
  kNothing,
  kByte,
  kWord,
  kDword,
  kFull,
  kNearJump,
  kShortJump,
  kCall
};
using enum Immediate;

struct Shape {
  bool modrm;
  Immediate immediate;
};

bool is_prefix(uint8_t op) {
  return (op & 0xe7) == 0x26 || (op >= 0x64 && op <= 0x67) || op == 0xf0 || op == 0xf2 ||
         op == 0xf3;
}

/// Of an opcode of one byte.
Shape one_byte(uint8_t op) {
  auto within = [op](uint8_t first, uint8_t last) { return op >= first && op <= last; };
  if (op < 0x40) {
    uint8_t form = op & 7;
    return {form < 4, form == 4 ? kByte : form == 5 ? kDword : kNothing};
  }
  if (op == 0x63 || within(0x84, 0x8f) || op == 0xf6 || op == 0xf7 || op == 0xfe || op == 0xff ||
      within(0xd0, 0xd3) || within(0xd8, 0xdf))
    return {true, kNothing};
  if (op == 0x6b || op == 0x80 || op == 0x82 || op == 0x83 || op == 0xc0 || op == 0xc1 ||
      op == 0xc6)
    return {true, kByte};
  if (op == 0x69 || op == 0x81 || op == 0xc7) return {true, kDword};
  if (within(0x70, 0x7f) || within(0xe0, 0xe3) || op == 0xeb) return {false, kShortJump};
  if (op == 0x6a || op == 0xa8 || op == 0xcd || within(0xb0, 0xb7) || within(0xe4, 0xe7))
    return {false, kByte};
  if (op == 0x68 || op == 0xa9) return {false, kDword};
  if (within(0xb8, 0xbf)) return {false, kFull};
  if (op == 0xc2 || op == 0xca) return {false, kWord};
  return {false, op == 0xe8 ? kCall : op == 0xe9 ? kNearJump : kNothing};
}

/// The same of an opcode after 0Fh.
Shape two_byte(uint8_t op) {
  auto within = [op](uint8_t first, uint8_t last) { return op >= first && op <= last; };
  if (within(0x80, 0x8f)) return {false, kNearJump};
  if (within(0x30, 0x37) || within(0xc8, 0xcf) || op == 0x05 || op == 0x06 || op == 0x08 ||
      op == 0x09 || op == 0x0b || op == 0x77 || within(0xa0, 0xa2) || within(0xa8, 0xaa))
    return {false, kNothing};
  if (within(0x70, 0x73) || within(0xc4, 0xc6) || op == 0x3a || op == 0xa4 || op == 0xac ||
      op == 0xba || op == 0xc2)
    return {true, kByte};
  return {true, kNothing};
}

class Joiner {
 public:
  const uint8_t* run(const uint8_t* in, size_t in_bytes, uint8_t* out, size_t out_bytes);

 private:
  uint8_t next(Stream from);
  uint8_t take(Stream from);  // one byte, which goes to the code
  void take_number(Stream from, unsigned bytes);
  void take_target(Stream from);
  void take_modrm(uint8_t op, Shape& shape);
  void take_immediate(Immediate kind);
  void step();

  const uint8_t* at_[kStreams];
  const uint8_t* end_[kStreams];
  uint8_t* out_;
  size_t n_ = 0;
  bool short_operand_ = false, wide_ = false, broken_ = false;
};

uint8_t Joiner::next(Stream from) {
  if (at_[from] < end_[from]) return *at_[from]++;
  broken_ = true;
  return 0;
}

uint8_t Joiner::take(Stream from) { return out_[n_++] = next(from); }

void Joiner::take_number(Stream from, unsigned bytes) {
  for (unsigned i = bytes; i--;) out_[n_ + i] = next(from);
  n_ += bytes;
}

void Joiner::take_target(Stream from) {
  uint32_t target = 0;
  for (int i = 0; i < 4; ++i) target = target << 8 | next(from);
  target -= uint32_t(n_ + 4);
  for (int i = 0; i < 4; ++i, target >>= 8) out_[n_++] = uint8_t(target);
}

void Joiner::take_modrm(uint8_t op, Shape& shape) {
  uint8_t modrm = take(kOpcodes);
  unsigned mode = modrm >> 6, rm = modrm & 7, base = rm;
  if (mode != 3 && rm == 4) base = take(kSib) & 7;
  if (mode == 1) take(rm == 4 ? kStackDisp8 : kDisp8);
  else if (mode == 2 || (mode == 0 && rm == 4 && base == 5)) take_number(kDisp32, 4);
  else if (mode == 0 && rm == 5) take_target(kData);
  if ((op & 0xfe) == 0xf6 && (modrm & 0x38) < 0x10) shape.immediate = op == 0xf6 ? kByte : kDword;
}

void Joiner::take_immediate(Immediate kind) {
  bool sized = kind == kDword || kind == kFull;
  if (kind == kByte) take(kImm8);
  else if (kind == kShortJump) take(kRel8);
  else if (kind == kNearJump) take_target(kJumps);
  else if (kind == kCall) take_target(kCalls);
  else if (kind == kWord || (sized && short_operand_)) take_number(kImm8, 2);
  else if (kind == kFull && wide_) take_number(kImm32, 8);
  else if (sized) take_number(kImm32, 4);
}

void Joiner::step() {
  uint8_t op = take(kOpcodes);
  if (is_prefix(op)) {
    short_operand_ |= op == 0x66;
    return;
  }
  if ((op & 0xf0) == 0x40) {  // REX
    wide_ = op & 8;
    return;
  }
  Shape shape;
  if (op == 0x0f) {
    uint8_t second = take(kOpcodes);
    shape = two_byte(second);
    if (second == 0x38 || second == 0x3a) take(kOpcodes);
  } else {
    shape = one_byte(op);
  }
  if (shape.modrm) take_modrm(op, shape);
  take_immediate(shape.immediate);
  short_operand_ = wide_ = false;
}

const uint8_t* Joiner::run(const uint8_t* in, size_t in_bytes, uint8_t* out, size_t out_bytes) {
  if (in_bytes < kStreams * 4) return nullptr;
  const uint8_t* next = in + kStreams * 4;
  size_t left = in_bytes - kStreams * 4;
  for (unsigned i = 0; i < kStreams; ++i, in += 4) {
    uint32_t bytes = uint32_t{in[0]} | in[1] << 8 | in[2] << 16 | uint32_t{in[3]} << 24;
    size_t padded = (size_t{bytes} + 3) & ~size_t{3};
    if (padded > left) return nullptr;
    at_[i] = next;
    end_[i] = next + bytes;
    next += padded;
    left -= padded;
  }
  out_ = out;
  while (!broken_ && out_bytes - n_ >= kLongestStep) step();
  while (!broken_ && n_ < out_bytes) take(kOpcodes);
  return broken_ ? nullptr : next;
}

}  // namespace

const uint8_t* join_streams(const uint8_t* in, size_t in_bytes, uint8_t* out, size_t out_bytes) {
  return Joiner().run(in, in_bytes, out, out_bytes);
}

}  // namespace hawser::bios
