// Restart and soft off: see power.h.
#include "arch/x86_64/bios/power.h"

#include <cstring>

#include "arch/x86_64/bios/firmware_tables.h"
#include "arch/x86_64/bios/real_mode.h"
#include "arch/x86_64/clock.h"
#include "arch/x86_64/io.h"

namespace hawser::bios {
namespace {

// Fixed ACPI description table, ACPI 6.5 §5.2.9; all tables start with a 36-byte header.
constexpr uint64_t kHeaderBytes = 36;
constexpr uint64_t kFadtDsdt = 40, kFadtSmiCommand = 48, kFadtAcpiEnable = 52,
                   kFadtPm1aControl = 64, kFadtPm1bControl = 68;
constexpr uint16_t kSciEnable = 1, kSleepEnable = 1u << 13;
constexpr uint16_t kWarm = 0x1234;

/// A table below 4 GiB with the right signature and a sane length; empty otherwise.
Bytes acpi_table(uint32_t at, std::string_view signature) {
  constexpr uint32_t kLongest = 4u << 20;
  if (at < 0x1000 || at > 0xffffffff - kHeaderBytes) return {};
  auto* memory = reinterpret_cast<const uint8_t*>(uintptr_t{at});
  if (text_of({memory, 4}) != signature) return {};
  uint32_t bytes = *read_le<uint32_t>({memory, kHeaderBytes}, 4);
  if (bytes < kHeaderBytes || bytes > kLongest || bytes > 0xffffffff - at) return {};
  return {memory, bytes};
}

Bytes memory_at(uint64_t start, uint64_t bytes) {
  return {reinterpret_cast<const uint8_t*>(start), bytes};
}

Bytes find_fadt() {
  uint64_t ebda = uint64_t{low_memory<uint16_t>(bda::kEbdaSegment)} << 4;
  std::optional<uint32_t> rsdt_at;
  if (ebda >= 0x1000 && ebda < 0xa0000 - 1024) rsdt_at = find_rsdt(memory_at(ebda, 1024));
  if (!rsdt_at) rsdt_at = find_rsdt(memory_at(0xe0000, 0x20000));
  if (!rsdt_at) return {};
  Bytes rsdt = acpi_table(*rsdt_at, "RSDT");
  for (uint64_t at = kHeaderBytes; at + 4 <= rsdt.size(); at += 4) {
    Bytes fadt = acpi_table(*read_le<uint32_t>(rsdt, at), "FACP");
    if (!fadt.empty()) return fadt;
  }
  return {};
}

void enter_acpi_mode(Bytes fadt, uint16_t control) {
  auto command = read_le<uint32_t>(fadt, kFadtSmiCommand);
  if ((in16(control) & kSciEnable) || !command || !*command ||
      !fits(kFadtAcpiEnable, 1, fadt.size()))
    return;
  out8(uint16_t(*command), fadt[kFadtAcpiEnable]);
  for (int ms = 0; ms < 300 && !(in16(control) & kSciEnable); ++ms) clock::spin_us(1000);
}

Status acpi_off() {
  Bytes fadt = find_fadt();
  auto dsdt_at = read_le<uint32_t>(fadt, kFadtDsdt);
  auto a = read_le<uint32_t>(fadt, kFadtPm1aControl), b = read_le<uint32_t>(fadt, kFadtPm1bControl);
  if (!dsdt_at || !a || !b || !*a)
    return Error{Errc::Unsupported, "poweroff: the BIOS has no ACPI tables for it"};
  auto off = find_soft_off(acpi_table(*dsdt_at, "DSDT"));
  if (!off) return Error{Errc::Unsupported, "poweroff: the BIOS's ACPI tables lack \\_S5"};
  enter_acpi_mode(fadt, uint16_t(*a));
  auto sleep = [](uint32_t port, uint8_t type) {
    constexpr uint16_t kKeep = uint16_t(~(7u << 10 | kSleepEnable));
    uint16_t value = uint16_t((in16(uint16_t(port)) & kKeep) | type << 10 | kSleepEnable);
    out16(uint16_t(port), value);
  };
  if (*b) sleep(*b, off->b);
  sleep(*a, off->a);
  clock::spin_us(500'000);
  return Error{Errc::Device, "poweroff: the machine ignored the ACPI request"};
}

/// APM 1.2 §4: connect, ask for version 1.2, switch all devices off.
void apm_off() {
  const struct {
    uint16_t ax, bx, cx;
  } steps[] = {{0x5301, 0, 0}, {0x530e, 0, 0x0102}, {0x5307, 1, 3}};
  for (const auto& step : steps) {
    RealModeCall call;
    call.eax = step.ax;
    call.ebx = step.bx;
    call.ecx = step.cx;
    interrupt(0x15, call);
  }
  clock::spin_us(200'000);
}

}  // namespace

void restart(bool warm) {
  return_base_memory();
  low_memory<uint16_t>(bda::kResetFlag) = warm ? kWarm : 0;
  constexpr uint16_t kResetControl = 0xcf9;  // PIIX3 and ICH: system reset, then full reset
  out8(kResetControl, 0x02);
  out8(kResetControl, 0x06);
  clock::spin_us(50'000);
  out8(0x64, 0xfe);  // keyboard controller: pulse the reset line
  clock::spin_us(50'000);
  struct [[gnu::packed]] {
    uint16_t limit = 0;
    uint64_t base = 0;
  } no_idt;
  asm volatile("lidt %0; int3" : : "m"(no_idt));
  __builtin_unreachable();
}

Status soft_off() {
  Status acpi = acpi_off();
  apm_off();
  return acpi;
}

}  // namespace hawser::bios
