// What Hawser needs from the machine it runs on. Three implementations: arch/x86_64/bios,
// arch/x86_64/uefi and arch/host. One object, made in entry code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/base/text_ring.h"
#include "src/base/time.h"
#include "src/load_plan.h"
#include "src/memory_map.h"
#include "src/nbp.h"
#include "src/program.h"

namespace hawser {

/// Memory that a device may read and write. Zeroed; never freed (drivers live until hand-over).
struct DmaBlock {
  uint8_t* data = nullptr;
  Phys bus = 0;  ///< the address the device uses
  size_t bytes = 0;
};

/// Memory of the agent itself, without images: bytes.
struct HeapUse {
  size_t total = 0, most = 0;  ///< `most` that was in use at once
};

class Platform {
 public:
  virtual ~Platform() = default;

  // --- time -------------------------------------------------------------------------------------
  virtual Millis now() = 0;                  ///< since start-up, monotonic
  virtual uint64_t now_us() = 0;             ///< the same clock in microseconds, for rates
  /// Waits, halted if the machine can, until an interrupt or about `at_most`. Never longer than
  /// 60 ms. Only called while no transfer is active.
  virtual void idle(Millis at_most) = 0;
  /// Lets the firmware see to interrupts that are pending, so that its clock keeps going while we
  /// are busy for long.
  virtual void let_interrupts_in() {}
  /// Seconds since 1970 UTC from the real-time clock, or nothing when it holds no valid date.
  virtual std::optional<int64_t> wall_clock() = 0;
  /// The time that commands and certificates go by: wall_clock() until set_unix_time() corrects
  /// it. Nothing while neither is there.
  std::optional<int64_t> unix_time() {
    if (unix_time_at_start_) return *unix_time_at_start_ + now().ms / 1000;
    return wall_clock();
  }
  /// Corrects unix_time() for this run; the real-time clock keeps its own.
  void set_unix_time(int64_t seconds) { unix_time_at_start_ = seconds - now().ms / 1000; }

  // --- memory -----------------------------------------------------------------------------------
  virtual MemoryMap& memory() = 0;
  /// Errors: NoMemory. `align` is a power of two, at most 4096.
  virtual Result<DmaBlock> dma(size_t bytes, size_t align) = 0;
  /// A view of RAM at a physical address (BIOS: identity map). The range must be RAM.
  virtual uint8_t* ram(Phys at) = 0;
  /// Nothing where memory is not of a fixed size.
  virtual std::optional<HeapUse> heap() { return std::nullopt; }

  // --- console ----------------------------------------------------------------------------------
  /// Next byte of the keyboard or serial line; function keys arrive as their ANSI sequences
  /// ("\x1b[A"). Never waits.
  virtual std::optional<char> key() = 0;
  /// Writes to every console. "\n" starts a new line; "\r" and "\b" move the cursor.
  virtual void put(std::string_view text) = 0;
  /// Writes text with ANSI sequences to the consoles that carry them out: a screen, and a terminal
  /// on which somebody has typed.
  virtual void put_screen(std::string_view text) { put(text); }
  /// Writes to the other consoles: a serial line without a key so far, which may be a log.
  virtual void put_log(std::string_view) {}
  /// How many consoles put_screen() reaches now.
  virtual unsigned screens() { return 1; }
  /// What was printed last. Filled by those who print.
  TextRing& log() { return log_; }

  // --- identity ---------------------------------------------------------------------------------
  virtual std::string_view name() = 0;       ///< "pcbios", "efi", "host": the setting `platform`
  /// SMBIOS structure table (DMTF DSP0134) and its version as major << 8 | minor; empty if none.
  struct Smbios {
    Bytes table;
    uint16_t version = 0;
  };
  virtual Smbios smbios() = 0;

  // --- devices ----------------------------------------------------------------------------------
  /// Makes device registers at a physical address reachable; nullptr when that is impossible. The
  /// view stays for good. As it is here: for firmware that maps the first 4 GiB one to one.
  virtual uint8_t* map_mmio(Phys at, uint64_t bytes) {
    constexpr uint64_t kFourGiB = uint64_t{1} << 32;
    return fits(at, bytes, kFourGiB) ? reinterpret_cast<uint8_t*>(at) : nullptr;
  }
  struct Cpuid {
    uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
  };
  /// The CPUID instruction by leaf and subleaf; nothing on other processors.
  virtual std::optional<Cpuid> cpuid(uint32_t, uint32_t) { return std::nullopt; }
  std::optional<Cpuid> cpuid(uint32_t leaf) { return cpuid(leaf, 0); }
  /// The ACPI table with this signature and number from 0, with its header; empty if there is none.
  virtual Bytes acpi_table(std::string_view, unsigned) { return {}; }
  /// A file of QEMU's configuration device by name ("opt/org.example/name"); nothing elsewhere.
  virtual std::optional<std::vector<uint8_t>> fw_cfg(std::string_view) { return std::nullopt; }
  /// The value of a UEFI variable, of whichever vendor has one by that name; nothing elsewhere.
  virtual std::optional<std::vector<uint8_t>> efi_variable(std::string_view) {
    return std::nullopt;
  }
  /// Configuration space of the PCI function at segment << 16 | bus << 8 | devfn; `offset` is a
  /// multiple of 4. All ones where there is no function.
  virtual uint32_t pci_read(uint32_t, uint8_t) { return 0xffffffff; }
  /// The first 512 bytes of a disk by its BIOS number, 0x80 upwards. Errors: Unsupported, Io.
  virtual Result<std::vector<uint8_t>> read_boot_sector(uint8_t) {
    return Error{Errc::Unsupported, "this firmware's disks cannot be read by number"};
  }

  /// What kernels are told of the firmware.
  virtual Firmware firmware() { return {}; }

  // --- entropy ----------------------------------------------------------------------------------
  /// 64 bits that differ from boot to boot (time stamps, RDRAND): transaction ids and ports, not
  /// keys.
  virtual uint64_t random() = 0;
  /// Fills `out` from a noise source that passed its health checks: at least one bit of entropy in
  /// each byte, so condition it before use (net/tls does). May take some milliseconds.
  /// Errors: Unsupported (no source that can be trusted, with the reason): make no keys.
  virtual Status entropy(MutBytes out) = 0;

  /// Names each call of a PXE ROM that drives a card on the console before it is made, or no more.
  virtual void trace_rom(bool) {}

  // --- ways out ---------------------------------------------------------------------------------
  /// Checks that the plan can be carried out: every destination is RAM and outside Hawser's own
  /// claims, no two overlap. Errors: Range, with the range and what it collides with.
  virtual Status check(const LoadPlan& plan) = 0;
  /// Carries out a plan that passed check(). NICs are shut down already.
  [[noreturn]] virtual void hand_over(const LoadPlan& plan) = 0;
  /// Has the firmware run a program until it returns; NICs are closed and the firmware's meanwhile.
  /// Kernels do not return. Of `program.spare`, what the program keeps is left in there afterwards,
  /// and is no longer ours. Errors: Unsupported (no firmware that could), Access (Secure Boot), Io
  /// (what the firmware or the program itself reported, by name).
  virtual Status start_program(Program&) {
    return Error{Errc::Unsupported, "no firmware that runs programs"};
  }
  /// How images start by this firmware; nullptr where it is not UEFI.
  virtual const UefiImages* uefi_images() { return nullptr; }
  /// What serves programs that run_nbp() runs; nullptr where that cannot be expected to work.
  virtual MakeProgramServer program_server() { return nullptr; }
  /// Runs a PXE network boot program, and serves what it calls, until it returns; the value is its
  /// AX; 0 when a call ended it. With a drive, the program is the boot sector of that disk. It may use
  /// all memory that is not ours, images included. Errors: Unsupported, NoSpace (it is too large for
  /// base memory).
  virtual Result<uint16_t> run_nbp(Bytes, ProgramServer&, std::optional<uint8_t>) {
    return Error{Errc::Unsupported, "no PC BIOS, which PXE boot programs need"};
  }
  [[noreturn]] virtual void reboot(bool warm) = 0;
  /// Asks the firmware to enter its set-up when the machine starts next. Errors: Unsupported (it
  /// cannot be asked), Device.
  virtual Status boot_to_setup() {
    return Error{Errc::Unsupported, "this firmware cannot be asked to enter its set-up"};
  }
  /// Errors: Unsupported or Device, when the machine is still on.
  virtual Status power_off() = 0;
  /// Back to the firmware, which tries its next boot device.
  [[noreturn]] virtual void exit_to_firmware() = 0;

 private:
  TextRing log_;
  std::optional<int64_t> unix_time_at_start_;
};

}  // namespace hawser
