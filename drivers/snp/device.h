// A network card driven by UEFI firmware, through EFI_SIMPLE_NETWORK_PROTOCOL, polled.
#pragma once

#include <memory>

#include "drivers/firmware_nic.h"
#include "drivers/nic.h"
#include "drivers/snp/api.h"

namespace hawser::snp {

/// True for Ethernet with sane sizes: what a Device can drive.
bool is_usable(const efi::SimpleNetworkMode& mode);
inline bool is_usable(const efi::SimpleNetwork& firmware) {
  return firmware.mode && is_usable(*firmware.mode);
}

class Device : public Nic {
 public:
  /// Borrows `firmware`, which is_usable(), and which nobody else uses: the caller has opened it
  /// exclusively.
  explicit Device(efi::SimpleNetwork& firmware);
  ~Device() override { close(); }

  std::string_view driver() const override { return "snp"; }
  std::string_view chip() const override { return "snp"; }
  Mac mac() const override { return mac_; }
  Mac permanent_mac() const override;
  /// Errors: Unsupported, when the firmware says so.
  Status set_mac(const Mac& mac) override;
  uint32_t mtu() const override;

  /// Errors: Device, with the call that failed and its EFI status.
  Status open(FramePort& port) override;
  void close() override;
  /// Up while open, if the firmware does not tell.
  Link link() override;
  bool transmit(std::span<const Bytes> pieces) override;
  size_t poll(size_t budget) override;
  const NicCounters& counters() override;

 private:
  Status start();
  Status set_filters();
  void shut_down();
  void take_back_frames();
  efi::Code receive_into(RxBuffer& buffer);
  void skip_oversized(uint64_t bytes);

  efi::SimpleNetwork& firmware_;
  Mac mac_;
  bool mac_was_set_ = false;
  FramePort* port_ = nullptr;  ///< set while open
  std::unique_ptr<firmware_nic::Outbox> outbox_;
  unsigned polls_ = 0;
  RxBuffer* buffer_ = nullptr;
  NicCounters counters_;
};

}  // namespace hawser::snp
