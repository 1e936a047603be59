// Network cards: see cards.h.
#include "arch/x86_64/uefi/cards.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "arch/x86_64/uefi/call_watch.h"
#include "arch/x86_64/uefi/firmware.h"
#include "drivers/pci/table.h"
#include "drivers/snp/device.h"
#include "src/base/format.h"

namespace hawser::uefi {
namespace {

using efi::DevicePath;

/// The firmware's driver of a card, held exclusively while the card is open: the firmware's own
/// network stack lets go of it for that time.
class FirmwareNic final : public snp::Device {
 public:
  FirmwareNic(UefiPlatform& platform, efi::Handle handle, efi::SimpleNetwork& network)
      : Device(network), platform_(platform), handle_(handle) {}
  ~FirmwareNic() override { close(); }

  Status open(FramePort& port) override {
    void* interface;
    FirmwareCall watched("OpenProtocol() of the network card");
    efi::Code code = boot().open_protocol(handle_, &efi::SimpleNetwork::kGuid, &interface,
                                          our_image, nullptr, efi::kExclusive);
    platform_.reconnect_at_exit(handle_);
    if (failed(code) && code != efi::Code::AlreadyStarted)
      return Error{Errc::Device, cat("the firmware does not let go of the card: ", describe(code))};
    held_ = true;
    Status opened = Device::open(port);
    if (!opened.ok()) close();
    return opened;
  }

  void close() override {
    Device::close();
    if (held_) boot().close_protocol(handle_, &efi::SimpleNetwork::kGuid, our_image, nullptr);
    held_ = false;
  }

 private:
  UefiPlatform& platform_;
  efi::Handle handle_;
  bool held_ = false;
};

struct PciId {
  uint16_t vendor = 0, device = 0, device_class = 0;
};

PciId read_id(efi::Handle handle) {
  auto* pci = find_protocol<efi::PciIo>(handle);
  uint32_t words[3] = {};
  if (!pci || failed(pci->read_config(pci, efi::PciWidth::Uint32, 0, 3, words))) return {};
  return {uint16_t(words[0]), uint16_t(words[0] >> 16), uint16_t(words[2] >> 16)};
}

constexpr uint16_t kEthernetClass = 0x0200;

/// A card that the firmware has a driver for.
struct Driven {
  efi::Handle handle, pci;
  efi::SimpleNetwork* network;
  Bytes mac;  ///< of its device path
};

/// Cards by the firmware's drivers. Its network stack offers the protocol a second time on handles
/// of its own, whose paths go on after the MAC address.
std::vector<Driven> driven_cards() {
  std::vector<Driven> found;
  for (efi::Handle handle : handles_with(efi::SimpleNetwork::kGuid)) {
    auto* path = static_cast<const DevicePath*>(find_protocol(handle, efi::guid::kDevicePath));
    auto* mac = find_node(path, DevicePath::kMessaging, DevicePath::kMac);
    auto* network = find_protocol<efi::SimpleNetwork>(handle);
    if (!mac || next_node(mac) || !network || !snp::is_usable(*network)) continue;
    found.push_back({handle, ancestor_with(handle, efi::guid::kPciIo), network, node_data(*mac)});
  }
  return found;
}

/// Firmware that boots fast starts no drivers that its boot option does not need.
std::vector<Driven> driven_cards_after_connecting() {
  auto found = driven_cards();
  if (!found.empty()) return found;
  for (efi::Handle handle : handles_with(efi::guid::kPciIo))
    if (read_id(handle).device_class == kEthernetClass) connect(handle);
  return driven_cards();
}

class Chooser {
 public:
  Chooser(UefiPlatform& platform, Origin& origin, BootContext& context)
      : platform_(platform), origin_(origin), context_(context) {}

  void choose(bool prefer_native) {
    auto driven = driven_cards_after_connecting();
    if (origin_.nic)
      std::erase_if(driven,
                    [&](const Driven& card) { return card.pci != origin_.pci || !same_mac(card); });
    for (const Driven& card : driven)
      if (!(prefer_native && has_native_driver(card.pci))) use_firmware_driver(card);
    for (efi::Handle pci :
         origin_.nic ? std::vector<efi::Handle>{origin_.pci} : handles_with(efi::guid::kPciIo)) {
      bool is_driven = std::any_of(driven.begin(), driven.end(),
                                   [&](const Driven& card) { return card.pci == pci; });
      if (has_native_driver(pci) && (prefer_native || !is_driven)) use_own_driver(pci);
    }
  }

 private:
  bool same_mac(const Driven& card) const {
    return std::equal(card.mac.begin(), card.mac.end(), origin_.mac.begin(), origin_.mac.end());
  }

  static bool has_native_driver(efi::Handle pci) {
    PciId id = read_id(pci);
    return id.device_class == kEthernetClass && pci::has_driver(id.vendor, id.device);
  }

  FirmwareCard card_at(efi::Handle pci) {
    FirmwareCard card;
    PciId id = read_id(pci);
    card.location = pci_location(pci);
    card.vendor = id.vendor;
    card.device = id.device;
    if (origin_.nic && pci == origin_.pci) {
      card.ack = std::move(origin_.ack);
      card.proxy = std::move(origin_.proxy);
      card.vlan = origin_.vlan;
    }
    return card;
  }

  void use_firmware_driver(const Driven& driven) {
    FirmwareCard card = card_at(driven.pci);
    if (!driven.pci) card.bus = "EFI";
    card.nic = std::make_unique<FirmwareNic>(platform_, driven.handle, *driven.network);
    context_.cards.push_back(std::move(card));
  }

  void use_own_driver(efi::Handle pci) {
    disconnect(pci);
    platform_.reconnect_at_exit(pci);
    platform_.let_reach_heap(pci);
    context_.cards.push_back(card_at(pci));
  }

  UefiPlatform& platform_;
  Origin& origin_;
  BootContext& context_;
};

}  // namespace

void choose_cards(UefiPlatform& platform, Origin& origin, BootContext& context) {
  constexpr std::string_view kNative = "native";
  bool native = context.command_line == kNative || context.command_line.starts_with("native ");
  if (native)
    context.command_line.erase(0, std::min(kNative.size() + 1, context.command_line.size()));
  context.all_pci_cards = false;
  Chooser(platform, origin, context).choose(native);
}

}  // namespace hawser::uefi
