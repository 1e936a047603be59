// What an UNDI may call while it carries out a command: UEFI Specification 2.10 §E.4.2.1.
#pragma once

#include <array>

#include "arch/x86_64/uefi/protocols.h"
#include "drivers/nii/api.h"

namespace hawser::nii {

class Callbacks {
 public:
  /// Borrows both. `pci` null: the card is not on a PCI bus that the firmware shows; all memory is
  /// the card's to reach then, and registers read as ones.
  Callbacks(efi::BootServices& boot, efi::PciIo* pci) : boot_(boot), pci_(pci) {}
  ~Callbacks() { end(); }
  Callbacks(const Callbacks&) = delete;
  Callbacks& operator=(const Callbacks&) = delete;

  /// For Start; they are called with the address of this object.
  efi::undi::StartCpb table();
  /// Ends a block that the UNDI has forgotten: no command may leave one.
  void unblock();
  /// Ends what is mapped as well, after Stop.
  void end();

 private:
  /// Of memory for the card. No vector: an event of the UNDI's own may call while we allocate.
  struct Mapping {
    bool is_used;
    uint32_t bytes;
    efi::PhysicalAddress device;
    void* token;
  };

  void find_bars();
  void access(uint8_t kind, uint8_t bytes, uint64_t port, void* data);
  uint64_t map(uint64_t address, uint32_t bytes, uint32_t direction);
  /// What the card sees at `device`; null: nothing of ours.
  Mapping* find(uint64_t device);
  void unmap(Mapping& mapping);
  void sync(uint64_t address, uint32_t bytes, uint32_t direction, uint64_t device);

  efi::BootServices& boot_;
  efi::PciIo* pci_;
  uint8_t memory_bar_ = 0, io_bar_ = 0;
  bool is_blocked_ = false;
  uint64_t priority_ = 0;  ///< before the block
  std::array<Mapping, 256> mappings_{};
};

}  // namespace hawser::nii
