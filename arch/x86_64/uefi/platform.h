// The machine behind UEFI firmware, while its boot services live. Processor exceptions stay the
// firmware's: it owns the descriptor tables.
#pragma once

#include "arch/x86_64/libc/heap.h"
#include "arch/x86_64/uefi/efi.h"
#include "arch/x86_64/uefi/protocols.h"
#include "arch/x86_64/uefi/variables.h"
#include "src/platform.h"

namespace hawser::uefi {

class UefiPlatform final : public Platform {
 public:
  /// Reads the memory map and borrows memory for images. firmware.h's globals are set, the heap is
  /// made.
  UefiPlatform();

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
  std::string_view name() override { return "efi"; }
  Smbios smbios() override;
  using Platform::cpuid;
  std::optional<Cpuid> cpuid(uint32_t leaf, uint32_t subleaf) override;
  Bytes acpi_table(std::string_view signature, unsigned index) override;
  std::optional<std::vector<uint8_t>> fw_cfg(std::string_view name) override;
  /// Firmware maps all of memory and all devices one to one (UEFI 2.10 §2.3.4).
  uint8_t* map_mmio(Phys at, uint64_t) override { return reinterpret_cast<uint8_t*>(at); }
  std::optional<std::vector<uint8_t>> efi_variable(std::string_view name) override;
  uint32_t pci_read(uint32_t location, uint8_t offset) override;
  Firmware firmware() override;
  uint64_t random() override;
  Status entropy(MutBytes out) override;
  Status check(const LoadPlan& plan) override;
  [[noreturn]] void hand_over(const LoadPlan& plan) override;
  Status start_program(Program& program) override;
  const UefiImages* uefi_images() override { return &kUefiImages; }
  [[noreturn]] void reboot(bool warm) override;
  Status boot_to_setup() override;
  Status power_off() override;
  [[noreturn]] void exit_to_firmware() override { leave(0); }

  /// Back to the firmware, with everything borrowed given back. `status` 0: EFI_SUCCESS, which
  /// makes boot managers show their menu; else EFI_ABORTED, which makes them try the next boot
  /// option.
  [[noreturn]] void leave(int status);
  /// A device whose firmware drivers were disconnected: leave() connects them again.
  void reconnect_at_exit(efi::Handle controller);
  /// For a card that a driver of ours takes over: with an IOMMU it reaches what is mapped for it
  /// alone.
  void let_reach_heap(efi::Handle controller);

 private:
  void return_cards();
  void take_cards();

  MemoryMap memory_;
  Variables variables_;
  efi::Event tick_ = nullptr;
  std::vector<efi::Handle> reconnect_;
  struct Mapping {
    efi::PciIo* pci;
    void* mapping;
  };
  std::vector<Mapping> mappings_;
  uint64_t random_state_;
};

}  // namespace hawser::uefi
