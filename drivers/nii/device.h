// A network card driven by the UNDI of UEFI firmware or of the card's option ROM, polled: what is
// below SNP, and all there is where the firmware's network stack is switched off.
#pragma once

#include <memory>

#include "drivers/firmware_nic.h"
#include "drivers/nic.h"
#include "drivers/nii/commands.h"

namespace hawser::nii {

class Device : public Nic {
 public:
  /// Borrows all for life. Nobody else uses `identifier`: the caller has opened it exclusively
  /// before open(). `pci` may be null. `mac` is that of the card's device path, as an UNDI tells
  /// nothing before it is open.
  Device(efi::BootServices& boot, const efi::NetworkInterfaceIdentifier& identifier,
         efi::PciIo* pci, const Mac& mac);
  ~Device() override { close(); }
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  std::string_view driver() const override { return "nii"; }
  std::string_view chip() const override { return "nii"; }
  Mac mac() const override { return mac_; }
  Mac permanent_mac() const override { return permanent_mac_; }
  /// Errors: Unsupported, when the UNDI says so; as of open(), when there is none.
  Status set_mac(const Mac& mac) override;
  uint32_t mtu() const override { return mtu_; }

  /// Errors: Device, with the command that failed and its StatCode, or for a card that is no
  /// Ethernet; Unsupported, for an UNDI in hardware or of another version; NoMemory.
  Status open(FramePort& port) override;
  void close() override;
  /// Up while open, if the UNDI does not tell.
  Link link() override { return link_; }
  bool transmit(std::span<const Bytes> pieces) override;
  size_t poll(size_t budget) override;
  const NicCounters& counters() override { return counters_; }

 private:
  Status start();
  Status stop_other_user();
  Status read_init_info();
  Status get_memory(uint32_t bytes);
  void free_memory();
  Status set_address();
  Status set_filters();
  void shut_down();
  void renew_status();
  efi::undi::StatCode receive_into(RxBuffer& buffer);

  efi::BootServices& boot_;
  Commands undi_;
  Mac mac_, permanent_mac_;
  bool mac_was_set_ = false;
  bool tells_media_ = false;
  uint32_t mtu_ = firmware_nic::kMostMtu;
  efi::PhysicalAddress memory_ = 0;  ///< for the UNDI while it is initialized
  uint32_t memory_bytes_ = 0;
  FramePort* port_ = nullptr;  ///< set while open
  Link link_ = Link::Down;
  std::unique_ptr<firmware_nic::Outbox> outbox_;
  unsigned polls_ = 0;
  RxBuffer* buffer_ = nullptr;
  NicCounters counters_;
};

}  // namespace hawser::nii
