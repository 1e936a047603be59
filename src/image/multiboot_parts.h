// What both Multiboot specifications share: address fields, strings, and places for the parts.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "src/image/elf.h"
#include "src/image/image.h"
#include "src/image/placement.h"

namespace hawser::multiboot {

inline constexpr Phys kFourGiB = Phys{1} << 32, kOneMiB = 0x100000;

/// Modules as the kernel is told of them.
struct Module {
  uint32_t start = 0, end = 0;
  std::string text;
};

/// "Multiboot: " and `why`.
Error bad(Errc code, std::string_view why);

/// Addresses in the header itself, for kernels that are no ELF file (0.6.96 §3.1.3, 2.0 §3.1.5).
struct AddressFields {
  uint64_t header_at = 0;  ///< offset of the header in the file
  uint64_t header_addr = 0, load_addr = 0, load_end_addr = 0, bss_end_addr = 0, entry_addr = 0;
};
/// Errors: Invalid, when they contradict each other or the file.
Result<elf::Program> read_address_fields(Bytes file, const AddressFields& fields);

/// Where the image came from, without user and password, and its arguments.
std::string command_line(const Image& image);

/// Who is there when the kernel starts, and must not be overwritten before.
enum class Beside : uint8_t {
  Hawser,    ///< it moves the kernel into place itself
  Nobody,    ///< the kernel may lie where Hawser and the firmware were
  Firmware,  ///< as for Hawser; besides, low memory is the firmware's to give
};

/// Adds the kernel to the plan. Its places are then taken. Errors: Range.
Status add_kernel(LoadPlan& plan, Placement& placement, const elf::Program& program,
                  const MemoryMap& memory, Beside beside);

/// Adds what the kernel is told, below 1 MiB if there is room: kernels take memory above for
/// themselves before they have read it. `make` gets the address. Errors: NoSpace.
Result<uint32_t> add_info(LoadPlan& plan, const Placement& placement, const MemoryMap& memory,
                          Beside beside,
                          const std::function<std::vector<uint8_t>(uint32_t at)>& make);

/// Adds the modules: first those that can stay where they are, then the others wherever there is
/// room. Errors: NoSpace.
Result<std::vector<Module>> add_modules(LoadPlan& plan, Placement& placement,
                                        const std::vector<const Image*>& images);

/// KiB of RAM from `start` to the first hole or to `limit`: mem_lower and mem_upper.
uint32_t kib_from(const MemoryMap& memory, Phys start, Phys limit);

/// Kernels exist that stop when they see more RAM entries than this.
inline constexpr size_t kMostRamEntries = 16;
/// Regions for the kernel's memory map: all, but of RAM at most the kMostRamEntries largest.
std::vector<MemoryRegion> regions_to_tell(const MemoryMap& memory);

/// Builds a block of integers and texts from front to back.
class Builder {
 public:
  size_t size() const { return bytes_.size(); }
  template <class T>
  void put(T value) {
    zeros(sizeof(T));
    write_le(bytes_.data() + bytes_.size() - sizeof(T), value);
  }
  /// Overwrites what is at `offset` already.
  template <class T>
  void set(size_t offset, T value) {
    write_le(bytes_.data() + offset, value);
  }
  void zeros(size_t count) { bytes_.resize(bytes_.size() + count); }
  void bytes(Bytes data) { bytes_.insert(bytes_.end(), data.begin(), data.end()); }
  /// With a NUL behind it.
  void text(std::string_view text) {
    bytes(bytes_of(text));
    bytes_.push_back(0);
  }
  void align(size_t boundary) { zeros((boundary - bytes_.size() % boundary) % boundary); }
  std::vector<uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<uint8_t> bytes_;
};

}  // namespace hawser::multiboot
