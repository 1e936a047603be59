// A network card that UEFI firmware shares with others, through EFI_MANAGED_NETWORK_PROTOCOL,
// polled.
#pragma once

#include <array>
#include <memory>
#include <optional>

#include "drivers/firmware_nic.h"
#include "drivers/mnp/api.h"
#include "drivers/nic.h"

namespace hawser::mnp {

/// What `binding` tells of its card, by a child made for the question. Nothing: it makes none, or
/// the card is one that a Device cannot drive.
std::optional<efi::SimpleNetworkMode> mode_of(efi::BootServices& boot,
                                              efi::ServiceBinding& binding);

class Device : public Nic {
 public:
  /// Borrows both for life. `mode` comes from mode_of().
  Device(efi::BootServices& boot, efi::ServiceBinding& binding, const efi::SimpleNetworkMode& mode);
  ~Device() override { close(); }
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  std::string_view driver() const override { return "mnp"; }
  std::string_view chip() const override { return "mnp"; }
  Mac mac() const override { return mac_; }
  Mac permanent_mac() const override { return permanent_mac_; }
  uint32_t mtu() const override { return mtu_; }
  /// The firmware looks at tags itself, and drops those that it is not set to.
  bool carries_vlans() const override { return false; }

  /// Errors: Device, with the call that failed and its EFI status.
  Status open(FramePort& port) override;
  void close() override;
  /// Up while open, if the firmware does not tell.
  Link link() override { return link_; }
  bool transmit(std::span<const Bytes> pieces) override;
  size_t poll(size_t budget) override;
  const NicCounters& counters() override { return counters_; }

 private:
  static constexpr size_t kSlots = 16;
  /// One frame, the firmware's from Transmit() until the token's event is signalled.
  struct Slot {
    efi::ManagedToken token{};
    efi::ManagedTransmitData data{};
    std::array<uint8_t, firmware_nic::kMostFrame> frame;
    bool lent = false;
  };
  /// Of the one frame that is asked for at a time.
  enum class Receiving : uint8_t { Idle, Asked, Arrived };

  Status start();
  Status make_events();
  void shut_down();
  void renew_link();
  Slot* free_slot();
  bool is_done(efi::Event event);
  bool ask_for_frame();
  bool has_arrived();
  bool take_frame(RxBuffer& buffer);

  efi::BootServices& boot_;
  efi::ServiceBinding& binding_;
  Mac mac_, permanent_mac_;
  uint32_t mtu_;
  efi::Handle child_ = nullptr;              ///< set while open
  efi::ManagedNetwork* firmware_ = nullptr;  ///< of the child
  FramePort* port_ = nullptr;                ///< set while open
  Link link_ = Link::Down;
  unsigned polls_ = 0;
  std::unique_ptr<std::array<Slot, kSlots>> slots_;
  size_t next_slot_ = 0;
  unsigned refused_ = 0;  ///< frames for which there was no slot, since one came back
  efi::ManagedToken receive_{};
  Receiving receiving_ = Receiving::Idle;
  NicCounters counters_;
};

}  // namespace hawser::mnp
