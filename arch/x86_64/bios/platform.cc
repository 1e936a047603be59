// BIOS platform: see platform.h.
#include "arch/x86_64/bios/platform.h"

#include <cstdlib>
#include <cstring>

#include "arch/x86_64/bios/acpi.h"
#include "arch/x86_64/bios/keyboard.h"
#include "arch/x86_64/bios/nbp.h"
#include "arch/x86_64/bios/power.h"
#include "arch/x86_64/bios/real_mode.h"
#include "arch/x86_64/bios/rtc.h"
#include "arch/x86_64/bios/vga.h"
#include "arch/x86_64/clock.h"
#include "arch/x86_64/entropy.h"
#include "arch/x86_64/firmware_tables.h"
#include "arch/x86_64/fw_cfg.h"
#include "arch/x86_64/io.h"
#include "arch/x86_64/paging.h"
#include "arch/x86_64/serial.h"
#include "drivers/pci/config.h"
#include "drivers/undi/api.h"
#include "src/base/format.h"

namespace hawser::bios {
namespace {

constexpr Phys kPageMask = 4095;
constexpr Phys kEndOfBaseMemory = 0xa0000;

Range pages(Phys start, uint64_t bytes) {
  return {start & ~kPageMask, (start + bytes + kPageMask) & ~kPageMask};
}

std::vector<MemoryRegion> reported_memory(const AgentRecord& agent) {
  std::vector<MemoryRegion> regions;
  for (uint32_t i = 0; i < agent.e820_count; ++i) {
    const E820Entry& e = agent.e820[i];
    uint64_t bytes = e.bytes > ~e.start ? ~e.start : e.bytes;
    MemoryType type = e.type >= 1 && e.type <= 5 ? MemoryType(e.type) : MemoryType::Reserved;
    regions.push_back({{e.start, e.start + bytes}, type});
  }
  return regions;
}

/// Makes sure that address line 20 is on: kernels are promised that it is.
void enable_a20() {
  RealModeCall call;
  call.eax = 0x2401;
  interrupt(0x15, call);
  constexpr uint16_t kFastGate = 0x92;
  uint8_t gate = in8(kFastGate);
  if (!(gate & 2)) out8(kFastGate, uint8_t((gate | 2) & ~1));
}

}  // namespace

BiosPlatform::BiosPlatform(LowData& low)
    : low_(low), memory_(reported_memory(low.agent)), random_state_(rdtsc()) {
  own_.push_back({0, 0x1000});  // interrupt vectors and BIOS data
  own_.push_back(pages(low.base, low.bytes));
  own_.push_back(pages(low.agent.base, low.agent.bytes));
  if (low.start.kind == START_FROM_PXE)  // the ROM is above what 40:13h counts, and we may return
    own_.push_back({low.base_kb * Phys{1024}, kEndOfBaseMemory});
  for (const Range& range : own_) memory_.claim(range);
  // Kernels may go where the .lkrn's initrd is, but nothing may be downloaded there.
  if (low.start.initrd_bytes) memory_.claim(pages(low.start.initrd, low.start.initrd_bytes));
}

Millis BiosPlatform::now() { return {int64_t(clock::now_us() / 1000)}; }
uint64_t BiosPlatform::now_us() { return clock::now_us(); }

void BiosPlatform::idle(Millis at_most) {
  constexpr int64_t kWorthHalting = 5;
  if (at_most.ms >= kWorthHalting) wait_for_interrupt();
  else asm volatile("pause");
}

std::optional<int64_t> BiosPlatform::wall_clock() { return read_rtc(); }

Result<DmaBlock> BiosPlatform::dma(size_t bytes, size_t align) {
  // The heap lies below 4 GiB and is mapped one to one. Never freed, so the slack does not matter.
  void* memory = bytes < SIZE_MAX - align ? std::malloc(bytes + align) : nullptr;
  if (!memory)
    return Error{Errc::NoMemory, cat("no memory for a device: needs ", human_size(bytes))};
  uintptr_t at = (reinterpret_cast<uintptr_t>(memory) + align - 1) & ~(align - 1);
  auto* data = reinterpret_cast<uint8_t*>(at);
  std::memset(data, 0, bytes);
  return DmaBlock{data, at, bytes};
}

std::optional<char> BiosPlatform::key() {
  if (auto c = serial::get()) return c;
  return keyboard::get(clock::now_us());
}

void BiosPlatform::put(std::string_view text) {
  serial::put(text);
  vga::put(text);
}

void BiosPlatform::put_screen(std::string_view text) {
  if (serial::has_answered()) serial::put(text);
  vga::put(text);
}

void BiosPlatform::put_log(std::string_view text) {
  if (!serial::has_answered()) serial::put(text);
}

unsigned BiosPlatform::screens() { return 1u + serial::has_answered(); }

Platform::Smbios BiosPlatform::smbios() {
  auto entry = find_smbios({reinterpret_cast<const uint8_t*>(0xf0000), 0x10000});
  constexpr uint64_t kReachable = uint64_t{1} << 32;
  if (!entry || entry->address < 0x1000 || !fits(entry->address, entry->bytes, kReachable))
    return {};
  return {{reinterpret_cast<const uint8_t*>(entry->address), entry->bytes}, entry->version};
}

std::optional<Platform::Cpuid> BiosPlatform::cpuid(uint32_t leaf, uint32_t subleaf) {
  auto found = hawser::cpuid(leaf, subleaf);
  return Cpuid{found.eax, found.ebx, found.ecx, found.edx};
}

Bytes BiosPlatform::acpi_table(std::string_view signature, unsigned index) {
  return acpi::find_table(signature, index);
}

std::optional<std::vector<uint8_t>> BiosPlatform::fw_cfg(std::string_view name) {
  constexpr uint32_t kHypervisor = 1u << 31;  // real hardware may have something else there
  if (!(hawser::cpuid(1).ecx & kHypervisor)) return std::nullopt;
  return fw_cfg::read_file(fw_cfg::Ports{}, name);
}

uint8_t* BiosPlatform::map_mmio(Phys at, uint64_t bytes) { return paging::map_mmio(at, bytes); }

uint32_t BiosPlatform::pci_read(uint32_t location, uint8_t offset) {
  if (location > 0xffff) return 0xffffffff;  // mechanism #1 reaches segment 0 only
  pci::PortConfig config;
  return config.read32({uint8_t(location >> 8), uint8_t(location >> 3 & 31), uint8_t(location & 7)},
                       offset);
}

Result<std::vector<uint8_t>> BiosPlatform::read_boot_sector(uint8_t drive) {
  constexpr size_t kSectorBytes = 512;
  constexpr uint32_t kReset = 0x0000, kReadOneSector = 0x0201, kFirstSector = 0x0001;
  uint32_t error = 0;
  for (int tries = 0; tries < 3; ++tries) {
    RealModeCall call;
    call.eax = kReadOneSector;
    call.ecx = kFirstSector;
    call.edx = drive;
    call.es = bounce_segment();
    interrupt(0x13, call);
    MutBytes sector = bounce_buffer().first(kSectorBytes);
    if (!call.carry()) return std::vector<uint8_t>(sector.begin(), sector.end());
    error = call.eax >> 8 & 0xff;
    RealModeCall reset;
    reset.eax = kReset;
    reset.edx = drive;
    interrupt(0x13, reset);
  }
  return Error{Errc::Io,
               cat("the BIOS cannot read the disk (INT 13h error ", error, "); is there one?")};
}

Firmware BiosPlatform::firmware() { return {.rsdp = acpi::root_pointer(), .efi = {}}; }

uint64_t BiosPlatform::random() { return next_random(random_state_); }

Status BiosPlatform::entropy(MutBytes out) { return collect_entropy(out); }

Result<std::vector<moves::Move>> BiosPlatform::moves_for(const LoadPlan& plan) const {
  std::vector<moves::Placement> placements;
  for (const Segment& s : plan.segments)
    placements.push_back(
        {s.to, reinterpret_cast<Phys>(s.from.data()), s.from.size(), s.memory_bytes});
  return moves::schedule_moves(std::move(placements), memory_.free_ranges());
}

Status BiosPlatform::check(const LoadPlan& plan) {
  TRY(moves::check_destinations(plan, memory_, own_));
  TRY(moves_for(plan));
  return ok_status();
}

void BiosPlatform::hand_over(const LoadPlan& plan) {
  auto ordered = moves_for(plan);
  if (!ordered.ok()) {  // check() would have told
    put(cat("\nHawser: ", ordered.error().text, "\n"));
    reboot(false);
  }
  serial::flush();
  if (rom_) undi::release(*rom_);
  enable_a20();
  for (const moves::Move& move : *ordered) {
    std::memmove(ram(move.to), ram(move.from), move.bytes);
    std::memset(ram(move.to + move.bytes), 0, move.zero_bytes);
  }
  if (auto* real = std::get_if<RealModeEntry>(&plan.entry))
    jump_real(real->segment, real->sp, real->code_segment, real->ip, real->edx);
  auto& entry = std::get<ProtectedModeEntry>(plan.entry);
  jump_protected(entry.eip, entry.eax, entry.ebx, entry.esi);
}

void BiosPlatform::let_interrupts_in() { interrupt_window(); }

void BiosPlatform::trace_rom(bool on) {
  if (!rom_) return;
  rom_->on_call = nullptr;
  if (on) rom_->on_call = [this](std::string_view name) { put(cat("PXE ROM: ", name, "\n")); };
}

Result<uint16_t> BiosPlatform::run_nbp(Bytes program, ProgramServer& server,
                                       std::optional<uint8_t> drive) {
  serial::flush();
  return bios::run_nbp(low_, program, server, drive, [this](uint64_t at, uint64_t bytes) {
    Range range{at, at + bytes};
    for (const Range& mine : own_)
      if (range.overlaps(mine)) return false;
    return memory_.is_ram(range);
  });
}

void BiosPlatform::reboot(bool warm) {
  serial::flush();
  restart(warm);
}

Status BiosPlatform::power_off() {
  serial::flush();
  return soft_off();
}

void BiosPlatform::leave(int status) {
  constexpr uint16_t kExitFailure = 1;  // PXENV_EXIT_FAILURE, PXE 2.1 §3.1
  serial::flush();
  if (low_.start.kind == START_FROM_PXE) return_to_pxe(status == 0 ? 0 : kExitFailure);
  return_base_memory();
  if (low_.start.kind == START_FROM_ROM) {
    RealModeCall call;
    interrupt(0x18, call);  // the BIOS tries its next boot device
  }
  put("Press a key to reboot.\n");
  while (!key()) idle({50});
  reboot(false);
}

}  // namespace hawser::bios
