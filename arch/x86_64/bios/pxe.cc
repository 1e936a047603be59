#include "arch/x86_64/bios/pxe.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "arch/x86_64/bios/real_mode.h"
#include "arch/x86_64/io.h"

namespace hawser::bios {
namespace {

using undi::FarPointer;

// The parameter block is at the start of the bounce buffer; the rest is the driver's.
constexpr size_t kParameterBytes = 256;
constexpr uint32_t kFirstByte = 0x1000;  // no ROM keeps anything among the BIOS's own data
constexpr uint32_t kEndOfMemory = 0x100000;

FarPointer far(uint32_t packed) { return {uint16_t(packed), uint16_t(packed >> 16)}; }

bool read_memory(FarPointer from, MutBytes to) {
  uint32_t at = from.linear();
  if (at < kFirstByte || !fits(at, to.size(), kEndOfMemory)) return false;
  std::memcpy(to.data(), reinterpret_cast<const uint8_t*>(uintptr_t{at}), to.size());
  return true;
}

/// INT 1Ah AX=5650h: the installation check, for a ROM that passed nothing useful (§3.1).
FarPointer installed_pxenv() {
  constexpr uint32_t kAnswer = 0x564e;
  RealModeCall call;
  call.eax = 0x5650;
  interrupt(0x1a, call);
  if (call.carry() || uint16_t(call.eax) != kAnswer) return {};
  return {uint16_t(call.ebx), call.es};
}

}  // namespace

Result<std::unique_ptr<PxeRom>> PxeRom::find(const StartInfo& start) {
  const FarPointer pxenv[] = {far(start.pxenv), installed_pxenv()};
  undi::Entry entry = TRY(undi::find_entry(read_memory, far(start.pxe), pxenv));
  std::unique_ptr<PxeRom> rom{new (std::nothrow) PxeRom{entry}};
  if (!rom) return Error{Errc::NoMemory, "no memory for the PXE API"};
  return rom;
}

uint16_t PxeRom::call(uint16_t function, MutBytes parameters) {
  constexpr uint16_t kFailure = 1;
  constexpr uint16_t kTenSeconds = 182;
  if (hung) return kFailure;
  MutBytes block = bounce_buffer().first(std::min(parameters.size(), kParameterBytes));
  std::memcpy(block.data(), parameters.data(), block.size());
  RealModeCall call;
  call.ebx = function;
  call.es = bounce_segment();
  if (entry_.on_stack) {
    const uint16_t words[] = {bounce_segment(), 0, function};
    std::copy(std::begin(words), std::end(words), call.stack);
    call.stack_words = uint16_t(std::size(words));
  }
  hung = !watched_far_call(entry_.at.segment, entry_.at.offset, call, kTenSeconds);
  if (hung) return kFailure;
  std::memcpy(parameters.data(), block.data(), block.size());
  return uint16_t(call.eax);
}

bool PxeRom::read(FarPointer from, MutBytes to) { return read_memory(from, to); }

undi::Rom::Buffer PxeRom::buffer() {
  return {bounce_buffer().subspan(kParameterBytes), {uint16_t(kParameterBytes), bounce_segment()}};
}

bool PxeRom::mask_interrupt(uint8_t irq, bool keep) {
  // The 8259A's mask registers: one bit for each line.
  constexpr uint16_t kPrimary = 0x21, kSecondary = 0xa1;
  uint16_t port = irq < 8 ? kPrimary : kSecondary;
  auto bit = uint8_t(1u << (irq & 7));
  uint8_t mask = in8(port);
  out8(port, keep ? uint8_t(mask | bit) : uint8_t(mask & ~bit));
  return mask & bit;
}

}  // namespace hawser::bios
