// Noise sources: see entropy.h.
#include "arch/x86_64/entropy.h"

#include <optional>

#include "arch/x86_64/io.h"
#include "arch/x86_64/noise.h"

namespace hawser {
namespace {

constexpr int kTries = 10;  // Intel SDM volume 1, §7.3.17.1: more means that the hardware is broken

enum class Instruction : uint8_t { Rdseed, Rdrand };

std::optional<uint64_t> ask_processor(Instruction which) {
  for (int i = 0; i < kTries; ++i) {
    uint64_t value;
    bool ok;
    if (which == Instruction::Rdseed) asm volatile("rdseed %0" : "=r"(value), "=@ccc"(ok));
    else asm volatile("rdrand %0" : "=r"(value), "=@ccc"(ok));
    if (ok) return value;
    asm volatile("pause");
  }
  return std::nullopt;
}

/// Some processors answer with the same number for ever (all ones, after sleep): none that comes
/// twice in a row is believed.
bool fill_from(Instruction which, MutBytes out) {
  auto last = ask_processor(which);
  if (!last) return false;
  for (size_t at = 0; at < out.size();) {
    auto value = ask_processor(which);
    if (!value || *value == *last || *value == 0 || *value == ~uint64_t{0}) return false;
    last = value;
    for (int shift = 0; shift < 64 && at < out.size(); shift += 8) out[at++] ^= *value >> shift;
  }
  return true;
}

bool fill_from_processor(MutBytes out) {
  constexpr uint32_t kRdrand = 1u << 30, kRdseed = 1u << 18;
  uint32_t most = cpuid(0).eax;
  if (most >= 7 && (cpuid(7).ebx & kRdseed) && fill_from(Instruction::Rdseed, out)) return true;
  return (cpuid(1).ecx & kRdrand) && fill_from(Instruction::Rdrand, out);
}

/// How long two port reads take in processor clocks: the buses behind them run on clocks of their
/// own, and a hypervisor is left and entered.
uint64_t jitter_sample() {
  constexpr uint16_t kSystemControl = 0x61, kCmosIndex = 0x70, kCmosData = 0x71;
  constexpr uint8_t kSeconds = 0;
  uint64_t before = rdtsc();
  uint8_t read = in8(kSystemControl);
  out8(kCmosIndex, kSeconds);
  read ^= in8(kCmosData);
  return (rdtsc() - before) ^ uint64_t{read} << 56;
}

/// Eight samples for each byte, of which one bit is claimed.
bool mix_in_jitter(MutBytes out) {
  NoiseHealth health;
  for (int i = 0; i < int(NoiseHealth::kWindow); ++i) health.take(jitter_sample());
  for (uint8_t& byte : out) {
    for (int i = 0; i < 8; ++i) {
      uint64_t sample = jitter_sample();
      health.take(sample);
      uint8_t low = uint8_t(sample ^ sample >> 8);
      byte = uint8_t(byte << 1 | byte >> 7) ^ low;
    }
  }
  return health.healthy();
}

}  // namespace

uint64_t next_random(uint64_t& state) {
  constexpr uint32_t kRdrand = 1u << 30;
  uint64_t hardware = 0;
  if (cpuid(1).ecx & kRdrand) asm volatile("rdrand %0" : "+r"(hardware) : : "cc");
  state += 0x9e3779b97f4a7c15 + rdtsc() + hardware;
  uint64_t z = state;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

Status collect_entropy(MutBytes out) {
  for (uint8_t& byte : out) byte = 0;
  bool processor = fill_from_processor(out);
  bool jitter = mix_in_jitter(out);
  if (processor || jitter) return ok_status();
  return Error{Errc::Unsupported,
               "the processor has no random numbers (RDRAND) and its clock is too regular"};
}

}  // namespace hawser
