// The machine behind a PC BIOS.
#pragma once

#include <vector>

#include "arch/x86_64/bios/low_block.h"
#include "arch/x86_64/libc/heap.h"
#include "arch/x86_64/moves.h"
#include "drivers/undi/rom.h"
#include "src/platform.h"

namespace hawser::bios {

class BiosPlatform final : public Platform {
 public:
  /// `low` is the adopted low block (borrowed for good).
  explicit BiosPlatform(LowData& low);

  Millis now() override;
  uint64_t now_us() override;
  void idle(Millis at_most) override;
  std::optional<int64_t> wall_clock() override;
  MemoryMap& memory() override { return memory_; }
  Result<DmaBlock> dma(size_t bytes, size_t align) override;
  uint8_t* ram(Phys at) override { return reinterpret_cast<uint8_t*>(at); }
  std::optional<HeapUse> heap() override {
    return HeapUse{hawser_heap_total(), hawser_heap_high_water()};
  }
  std::optional<char> key() override;
  void put(std::string_view text) override;
  void put_screen(std::string_view text) override;
  void put_log(std::string_view text) override;
  unsigned screens() override;
  std::string_view name() override { return "pcbios"; }
  Smbios smbios() override;
  using Platform::cpuid;
  std::optional<Cpuid> cpuid(uint32_t leaf, uint32_t subleaf) override;
  Bytes acpi_table(std::string_view signature, unsigned index) override;
  std::optional<std::vector<uint8_t>> fw_cfg(std::string_view name) override;
  uint8_t* map_mmio(Phys at, uint64_t bytes) override;
  uint32_t pci_read(uint32_t location, uint8_t offset) override;
  Result<std::vector<uint8_t>> read_boot_sector(uint8_t drive) override;
  Firmware firmware() override;
  uint64_t random() override;
  Status entropy(MutBytes out) override;
  Status check(const LoadPlan& plan) override;
  [[noreturn]] void hand_over(const LoadPlan& plan) override;
  void let_interrupts_in() override;
  MakeProgramServer program_server() override { return make_pxe_server; }
  Result<uint16_t> run_nbp(Bytes program, ProgramServer& server,
                           std::optional<uint8_t> drive) override;
  void trace_rom(bool on) override;
  [[noreturn]] void reboot(bool warm) override;
  Status power_off() override;
  [[noreturn]] void exit_to_firmware() override { leave(0); }

  /// As exit_to_firmware(); a PXE ROM learns whether `status` is 0, which is success.
  [[noreturn]] void leave(int status);
  /// The ROM whose card must be quiet before hand-over; borrowed for good.
  void adopt_rom(undi::Rom& rom) { rom_ = &rom; }

 private:
  Result<std::vector<moves::Move>> moves_for(const LoadPlan& plan) const;

  LowData& low_;
  MemoryMap memory_;
  undi::Rom* rom_ = nullptr;
  std::vector<Range> own_;  ///< what a plan must not overwrite
  uint64_t random_state_;
};

}  // namespace hawser::bios
