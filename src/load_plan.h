// What a kernel format wants done with memory and CPU to start a kernel. Pure data: made by
// src/image, checked on the host, carried out by Platform::hand_over.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "src/base/bytes.h"
#include "src/memory_map.h"

namespace hawser {

/// Places `from` at physical address `to` and zeroes the rest up to `memory_bytes`.
struct Segment {
  Phys to = 0;
  Bytes from;                 ///< borrowed; may overlap any destination, the platform orders moves
  uint64_t memory_bytes = 0;  ///< at least from.size()
  std::string what;           ///< "initrd", for messages
};

/// 16-bit real mode, as a Linux boot sector loader enters (Documentation/arch/x86/boot.rst,
/// "Running the kernel"): DS=ES=FS=GS=SS=`segment`, SP=`sp`, then CS:IP = `code_segment`:`ip`.
/// IF=0.
struct RealModeEntry {
  uint16_t segment = 0;
  uint16_t sp = 0;
  uint16_t code_segment = 0;
  uint16_t ip = 0;
  uint32_t edx = 0;  ///< DL: the drive, for a boot sector
};

/// 32-bit protected mode, paging off, flat 4 GiB segments, A20 on, IF=0: the machine state of the
/// Multiboot Specification 0.6.96 §3.2.
struct ProtectedModeEntry {
  uint32_t eip = 0;
  uint32_t eax = 0;
  uint32_t ebx = 0;
  uint32_t esi = 0;
};

/// 64-bit mode on UEFI firmware whose boot services go on, with its page tables and its stack:
/// the machine state of the Multiboot2 Specification 2.0 §3.5.
struct EfiEntry {
  uint64_t rip = 0;
  uint32_t eax = 0;
  uint64_t rbx = 0;
};

/// 64-bit mode where UEFI firmware has just gone: paging on, all memory mapped one to one, 128 KiB
/// of stack, IF=0, SSE usable. Tables and stack lie in memory that LeftBehind says is not free.
struct LongModeEntry {
  uint64_t rip = 0;
  uint64_t rdi = 0;  ///< first argument of the System V ABI
};

using Entry = std::variant<RealModeEntry, ProtectedModeEntry, EfiEntry, LongModeEntry>;

/// What the firmware has for kernels that ask for it.
struct Firmware {
  Bytes rsdp;  ///< ACPI root pointer (ACPI 6.5 §5.2.5.3): 20 or 36 bytes; empty if there is none
  struct Efi {
    uint64_t system_table = 0, image_handle = 0;
    uint64_t map_bytes = 0;  ///< that its memory map takes now; later ones may be a little longer
  };
  std::optional<Efi> efi;  ///< set while boot services run
};

/// The machine as an image format sees it.
struct Machine {
  Machine(const MemoryMap& map, const Firmware& facts = {}) : memory(map), firmware(facts) {}
  const MemoryMap& memory;  ///< borrowed
  Firmware firmware;
};

/// The memory that UEFI firmware leaves behind.
struct LeftBehind {
  Bytes map;  ///< its own map: entries of UEFI 2.10 §7.2.3, `row_bytes` apart
  uint32_t row_bytes = 0;
  uint32_t version = 0;
  const MemoryMap& memory;  ///< the same; what the platform needs until the kernel is in place and
                            ///< has a stack of its own is claimed
};

/// Where that goes. Nobody has it before boot services have ended, when all else is in place.
struct FinalMap {
  MutBytes data;  ///< among what the plan owns
  void (*put)(MutBytes data, const LeftBehind& left) = nullptr;
};

struct LoadPlan {
  std::vector<Segment> segments;
  Entry entry;
  /// Data built for the kernel (command lines, zero page, Multiboot information) that segments
  /// borrow from. The vectors' buffers do not move when the plan is moved.
  std::vector<std::vector<uint8_t>> owned;
  std::optional<FinalMap> final_map;  ///< set if the kernel wants it and boot services end

  /// Keeps `data` alive with the plan and places it at `to`.
  void place(Phys to, std::vector<uint8_t> data, std::string what) {
    owned.push_back(std::move(data));
    segments.push_back({to, owned.back(), owned.back().size(), std::move(what)});
  }
};

}  // namespace hawser
