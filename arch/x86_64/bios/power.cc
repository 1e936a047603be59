// Restart and soft off: see power.h.
#include "arch/x86_64/bios/power.h"

#include <cstring>

#include "arch/x86_64/bios/acpi.h"
#include "arch/x86_64/firmware_tables.h"
#include "arch/x86_64/bios/real_mode.h"
#include "arch/x86_64/clock.h"
#include "arch/x86_64/io.h"

namespace hawser::bios {
namespace {

// Fixed ACPI description table, ACPI 6.5 §5.2.9.
constexpr uint64_t kFadtSmiCommand = 48, kFadtAcpiEnable = 52, kFadtPm1aControl = 64,
                   kFadtPm1bControl = 68;
constexpr uint16_t kSciEnable = 1, kSleepEnable = 1u << 13;
constexpr uint16_t kWarm = 0x1234;

void enter_acpi_mode(Bytes fadt, uint16_t control) {
  auto command = read_le<uint32_t>(fadt, kFadtSmiCommand);
  if ((in16(control) & kSciEnable) || !command || !*command ||
      !fits(kFadtAcpiEnable, 1, fadt.size()))
    return;
  out8(uint16_t(*command), fadt[kFadtAcpiEnable]);
  for (int ms = 0; ms < 300 && !(in16(control) & kSciEnable); ++ms) clock::spin_us(1000);
}

Status acpi_off() {
  Bytes fadt = acpi::find_table("FACP");
  auto a = read_le<uint32_t>(fadt, kFadtPm1aControl), b = read_le<uint32_t>(fadt, kFadtPm1bControl);
  if (!a || !b || !*a)
    return Error{Errc::Unsupported, "poweroff: the BIOS has no ACPI tables for it"};
  auto off = find_soft_off(acpi::find_table("DSDT"));
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
