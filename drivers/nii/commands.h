// Commands of an UNDI, one at a time: UEFI Specification 2.10 appendix E.
#pragma once

#include "drivers/nii/api.h"
#include "drivers/nii/callbacks.h"
#include "src/base/result.h"

namespace hawser::nii {

class Commands {
 public:
  /// Borrows all for life; `pci` as Callbacks has it.
  Commands(efi::BootServices& boot, const efi::NetworkInterfaceIdentifier& identifier,
           efi::PciIo* pci)
      : callbacks(boot, pci), boot_(boot), identifier_(identifier) {}

  /// Checks the !PXE structure; nothing may be issued before.
  /// Errors: Device (damaged); Unsupported (in hardware, or of another version).
  Status find();
  /// Implementation flags of the UNDI.
  uint32_t implementation() const { return implementation_; }
  /// False: none can be issued, as find() has not found an UNDI or the last one has not ended.
  bool is_idle() const;
  /// StatFlags of the last command.
  uint16_t flags() const { return cdb_.stat_flags; }

  /// One command, with the first bytes of `cpb` and room for those of `db`, which are zero before.
  /// Busy as well when it has not ended 100 ms after it returned.
  efi::undi::StatCode issue(efi::undi::Opcode opcode, uint16_t flags = 0, size_t cpb_bytes = 0,
                            size_t db_bytes = 0);
  /// The same, again for a second while the UNDI is busy.
  /// Errors: Device, with the command and its StatCode.
  Status carry_out(efi::undi::Opcode opcode, uint16_t flags = 0, size_t cpb_bytes = 0,
                   size_t db_bytes = 0);

  Callbacks callbacks;
  // Parameters of the next command, and results of the last one. They stay where they are, as an
  // UNDI that does not come to an end may still write to them.
  union {
    efi::undi::StartCpb start;
    efi::undi::InitializeCpb initialize;
    efi::MacAddress address;
    efi::undi::TransmitCpb transmit;
    efi::undi::ReceiveCpb receive;
  } cpb{};
  union {
    efi::undi::StatusDb status;
    efi::undi::InitInfoDb init_info;
    efi::undi::InitializeDb initialize;
    efi::undi::AddressDb address;
    efi::undi::ReceiveDb receive;
  } db{};

 private:
  efi::BootServices& boot_;
  const efi::NetworkInterfaceIdentifier& identifier_;
  efi::undi::Entry entry_ = nullptr;
  uint32_t implementation_ = 0;
  alignas(16) efi::undi::Cdb cdb_{};
};

}  // namespace hawser::nii
