// Network boot programs: see nbp.h. The other half is prefix/low.S.
#include "arch/x86_64/bios/nbp.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

#include "arch/x86_64/bios/hidden_memory.h"
#include "arch/x86_64/bios/real_mode.h"
#include "arch/x86_64/bios/vga.h"
#include "arch/x86_64/serial.h"
#include "drivers/undi/rom.h"
#include "src/base/format.h"

namespace hawser::bios {
namespace {

using undi::FarPointer;

constexpr uint32_t kProgramAt = 0x7c00;
constexpr uint32_t kEndOfRealMode = 0x10fff0;
constexpr uint32_t kPage = 0x1000, kEndOfBiosData = 0x500;
constexpr uint8_t kMemoryInterrupt = 0x15, kPxeInterrupt = 0x1a;
constexpr uint32_t kInterruptFlag = 0x202;

enum Slot : uint16_t { CalledByPxenv, CalledByPxe, Returned, Memory, Pxe };

struct [[gnu::packed]] SegmentDescriptor {
  uint16_t segment = 0;
  uint32_t address = 0;
  uint16_t bytes = 0;
};

/// PXE 2.1 §4.4.3, table 4-3.
struct [[gnu::packed]] PxeStructure {
  char signature[4] = {'!', 'P', 'X', 'E'};
  uint8_t length = 0x58, checksum = 0, revision = 0, reserved = 0;
  FarPointer undi_rom, base_rom;
  FarPointer entry, protected_entry;
  uint32_t status_call_out = 0xffffffff;  ///< none
  uint8_t reserved2 = 0, descriptors = 7;
  uint16_t first_selector = 0;
  SegmentDescriptor stack, undi_data, undi_code, undi_code_write, base_data, base_code,
      base_code_write;
};
static_assert(sizeof(PxeStructure) == 0x58);

/// PXE 2.1 §3.1, table 3-1.
struct [[gnu::packed]] PxenvStructure {
  char signature[6] = {'P', 'X', 'E', 'N', 'V', '+'};
  uint16_t version = 0x0201;
  uint8_t length = 0x2c, checksum = 0;
  FarPointer entry;
  uint32_t protected_offset = 0;
  uint16_t protected_selector = 0;
  uint16_t stack_segment = 0, stack_bytes = 0;
  uint16_t base_code_segment = 0, base_code_bytes = 0, base_data_segment = 0, base_data_bytes = 0;
  uint16_t undi_data_segment = 0, undi_data_bytes = 0, undi_code_segment = 0, undi_code_bytes = 0;
  FarPointer pxe;
};
static_assert(sizeof(PxenvStructure) == 0x2c);

/// What programs see, behind the bounce buffer.
struct [[gnu::packed]] NbpArea {
  PxeStructure pxe;
  uint8_t pad[NBP_AREA_PXENV - sizeof(PxeStructure)];
  PxenvStructure pxenv;
  uint8_t pad2[0x100 - NBP_AREA_PXENV - sizeof(PxenvStructure)];
  uint8_t shared[NBP_AREA_BYTES - 0x100];
};
static_assert(sizeof(NbpArea) == NBP_AREA_BYTES && offsetof(NbpArea, pxenv) == NBP_AREA_PXENV);

template <class Structure>
void seal(Structure& structure) {
  structure.checksum = 0;
  auto* bytes = reinterpret_cast<const uint8_t*>(&structure);
  structure.checksum = uint8_t(-std::accumulate(bytes, bytes + sizeof structure, 0u));
}

class Runner final : public ProgramMemory {
 public:
  Runner(LowData& low, const std::function<bool(uint64_t, uint64_t)>& writable)
      : low_(low), writable_(writable), area_at_(low.scratch + LOW_BOUNCE_BYTES) {}

  uint16_t run(Bytes program, ProgramServer& server, std::optional<uint8_t> drive);

  bool read(uint32_t at, MutBytes to) override;
  bool write(uint32_t at, Bytes from) override;
  Area shared() override {
    return {low_.base + area_at_ + uint32_t(offsetof(NbpArea, shared)), area().shared};
  }

 private:
  uint16_t segment() const { return uint16_t(low_.base >> 4); }
  FarPointer slot(Slot number) const {
    return {uint16_t(LOW_NBP_ENTRIES + number * 8), segment()};
  }
  NbpArea& area() { return *reinterpret_cast<NbpArea*>(uintptr_t{low_.base} + area_at_); }
  NbpFrame& frame() {
    uint32_t at = FarPointer{uint16_t(low_.nbp.stack), uint16_t(low_.nbp.stack >> 16)}.linear();
    return *reinterpret_cast<NbpFrame*>(uintptr_t{at});
  }
  void write_structures();
  void hide_memory();
  void hook(uint8_t number, Slot slot, uint32_t& old);
  void build_stack(std::optional<uint8_t> drive);
  void serve(ProgramServer& server);
  [[noreturn]] void let_go();

  LowData& low_;
  const std::function<bool(uint64_t, uint64_t)>& writable_;
  uint32_t area_at_;
};

// --- what the program sees -----------------------------------------------------------------------

void Runner::write_structures() {
  NbpArea& area = *new (&this->area()) NbpArea;
  // One segment holds it all, up to where base memory ended before: programs that take it apart
  // work out from this what they get back.
  SegmentDescriptor ours{segment(), low_.base, uint16_t((low_.base_kb << 10) - low_.base)};
  area.pxe.entry = slot(CalledByPxe);
  area.pxe.undi_data = area.pxe.undi_code = ours;
  area.pxe.stack = ours;
  seal(area.pxe);
  area.pxenv.entry = slot(CalledByPxenv);
  area.pxenv.stack_segment = segment();
  area.pxenv.stack_bytes = uint16_t(low_.bytes);
  area.pxenv.undi_data_segment = area.pxenv.undi_code_segment = segment();
  area.pxenv.undi_data_bytes = area.pxenv.undi_code_bytes = ours.bytes;
  area.pxenv.pxe = {uint16_t(area_at_), segment()};
  seal(area.pxenv);
}

void Runner::hide_memory() {
  AgentRecord& agent = low_.agent;
  std::span<const E820Entry> real(agent.e820, agent.e820_count);
  auto map = hide(real, {agent.base, agent.base + agent.bytes});
  map = hide(map, {low_.base, low_.base + low_.bytes});
  // What is not listed is not used.
  agent.e820_count = uint32_t(std::min<size_t>(map.size(), kMaxE820));
  std::copy_n(map.begin(), agent.e820_count, agent.e820);
  E801 sizes = e801_of({agent.e820, agent.e820_count});
  low_.e801_kib = sizes.kib;
  low_.e801_64kib = sizes.pieces;
}

void Runner::hook(uint8_t number, Slot handler, uint32_t& old) {
  volatile uint32_t& vector = low_memory<uint32_t>(uint16_t(number * 4));
  old = vector;
  FarPointer at = slot(handler);
  vector = uint32_t{at.segment} << 16 | at.offset;
}

/// As if the program had called us with a far call just before its first instruction; above that
/// lie its way back, and what PXE 2.1 §4.4.5 hands over.
void Runner::build_stack(std::optional<uint8_t> drive) {
  struct [[gnu::packed]] {
    uint16_t gs = 0, fs = 0, es = 0, ds = 0;
    uint32_t edi = 0, esi = 0, ebp = 0, esp = 0, ebx = 0, edx = 0, ecx = 0, eax = 0;
    uint32_t eflags = kInterruptFlag;
    FarPointer start{uint16_t(kProgramAt), 0};
    FarPointer way_back;
    FarPointer pxe;
  } stack;
  FarPointer pxe{uint16_t(area_at_), segment()};
  stack.es = segment();
  stack.ebx = area_at_ + NBP_AREA_PXENV;
  stack.edx = drive.value_or(uint32_t{pxe.segment} << 16 | pxe.offset);
  stack.way_back = slot(Returned);
  stack.pxe = pxe;
  uint32_t offset = low_.bytes - 16 - uint32_t(sizeof stack);
  std::memcpy(reinterpret_cast<void*>(uintptr_t{low_.base} + offset), &stack, sizeof stack);
  low_.nbp.stack = uint32_t{segment()} << 16 | offset;
}

bool Runner::read(uint32_t at, MutBytes to) {
  if (!fits(at, to.size(), kEndOfRealMode)) return false;
  if (at >= kPage) {
    std::memcpy(to.data(), reinterpret_cast<const uint8_t*>(uintptr_t{at}), to.size());
    return true;
  }
  if (!fits(at, to.size(), kPage)) return false;
  for (size_t i = 0; i < to.size(); ++i) to[i] = low_memory<uint8_t>(uint16_t(at + i));
  return true;
}

bool Runner::write(uint32_t at, Bytes from) {
  if (at >= kPage) {
    if (!writable_(at, from.size())) return false;
    std::memmove(reinterpret_cast<uint8_t*>(uintptr_t{at}), from.data(), from.size());
    return true;
  }
  if (at < kEndOfBiosData || !fits(at, from.size(), kPage)) return false;
  for (size_t i = 0; i < from.size(); ++i) low_memory<uint8_t>(uint16_t(at + i)) = from[i];
  return true;
}

// --- running -------------------------------------------------------------------------------------

/// Carries out the call that the program is stopped at.
void Runner::serve(ProgramServer& server) {
  NbpFrame& frame = this->frame();
  bool on_stack = low_.nbp.event == NBP_CALLED_PXE;
  uint16_t function = on_stack ? frame.function : uint16_t(frame.ebx);
  FarPointer block = on_stack ? FarPointer{frame.offset, frame.segment}
                              : FarPointer{uint16_t(frame.edi), frame.es};
  uint16_t exit = server.call(function, block.linear(), *this);
  frame.eax = (frame.eax & 0xffff0000) | exit;
  frame.eflags = (frame.eflags & ~1u) | (exit ? 1 : 0);
}

/// The program goes on without us, for good.
void Runner::let_go() {
  auto ours = [&](uint8_t number, Slot handler) {
    FarPointer at = slot(handler);
    return low_memory<uint32_t>(uint16_t(number * 4)) == (uint32_t{at.segment} << 16 | at.offset);
  };
  if (ours(kPxeInterrupt, Pxe)) low_memory<uint32_t>(kPxeInterrupt * 4) = low_.nbp.old_int1a;
  if (ours(kMemoryInterrupt, Memory))
    low_memory<uint32_t>(kMemoryInterrupt * 4) = low_.nbp.old_int15;
  if (low_memory<uint16_t>(bda::kBaseMemoryKb) == low_.base >> 10) return_base_memory();
  low_.nbp.turn = TURN_GONE;
  go_on_with_program();
  __builtin_unreachable();
}

uint16_t Runner::run(Bytes program, ProgramServer& server, std::optional<uint8_t> drive) {
  std::array<uint32_t, 256> vectors;
  for (size_t i = 0; i < vectors.size(); ++i) vectors[i] = low_memory<uint32_t>(uint16_t(i * 4));
  const AgentRecord agent = low_.agent;

  write_structures();
  hide_memory();
  hook(kMemoryInterrupt, Memory, low_.nbp.old_int15);
  hook(kPxeInterrupt, Pxe, low_.nbp.old_int1a);
  std::memcpy(reinterpret_cast<void*>(uintptr_t{kProgramAt}), program.data(), program.size());
  build_stack(drive);
  uint32_t status = 0;
  for (;;) {
    low_.nbp.turn = TURN_PROGRAM;
    status = go_on_with_program();
    if (low_.nbp.event == NBP_RETURNED) break;
    serve(server);
    if (server.released()) let_go();
    if (server.command()) {
      low_.nbp.turn = TURN_OURS;
      status = 0;
      break;
    }
  }

  for (size_t i = 0; i < vectors.size(); ++i) low_memory<uint32_t>(uint16_t(i * 4)) = vectors[i];
  low_memory<uint16_t>(bda::kBaseMemoryKb) = uint16_t(low_.base >> 10);
  low_.agent = agent;
  serial::init();
  vga::init();
  return uint16_t(status);
}

}  // namespace

Result<uint16_t> run_nbp(LowData& low, Bytes program, ProgramServer& server,
                         std::optional<uint8_t> drive,
                         const std::function<bool(uint64_t, uint64_t)>& writable) {
  uint32_t room = low.base - kProgramAt;
  if (program.size() > room)
    return Error{Errc::NoSpace, cat("it needs ", human_size(program.size()), " of base memory, and ",
                                    human_size(room), " are free")};
  return Runner(low, writable).run(program, server, drive);
}

}  // namespace hawser::bios
