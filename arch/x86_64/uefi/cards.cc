// Network cards: see cards.h.
#include "arch/x86_64/uefi/cards.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "arch/x86_64/uefi/call_watch.h"
#include "arch/x86_64/uefi/firmware.h"
#include "arch/x86_64/uefi/lease.h"
#include "drivers/mnp/device.h"
#include "drivers/nii/device.h"
#include "drivers/pci/table.h"
#include "drivers/snp/device.h"
#include "src/base/format.h"

namespace hawser::uefi {
namespace {

using efi::DevicePath;

/// A protocol of a card's handle, held exclusively: who worked by it has to let go.
class Hold {
 public:
  Hold(UefiPlatform& platform, efi::Handle handle, const efi::Guid& protocol)
      : platform_(platform), handle_(handle), protocol_(protocol) {}

  /// Errors: Device, when somebody else holds it.
  Status take() {
    void* interface;
    FirmwareCall watched("OpenProtocol() of the network card");
    efi::Code code = boot().open_protocol(handle_, &protocol_, &interface, our_image, nullptr,
                                          efi::kExclusive);
    platform_.reconnect_at_exit(handle_);
    if (failed(code) && code != efi::Code::AlreadyStarted)
      return Error{Errc::Device, cat("the firmware does not let go of the card: ", describe(code))};
    held_ = true;
    return ok_status();
  }
  void release() {
    if (held_) boot().close_protocol(handle_, &protocol_, our_image, nullptr);
    held_ = false;
  }

 private:
  UefiPlatform& platform_;
  efi::Handle handle_;
  const efi::Guid& protocol_;
  bool held_ = false;
};

/// The firmware's driver of a card, held while the card is open: the firmware's own network stack
/// lets go of it for that time.
class FirmwareNic final : public snp::Device {
 public:
  FirmwareNic(UefiPlatform& platform, efi::Handle handle, efi::SimpleNetwork& network)
      : Device(network), hold_(platform, handle, efi::SimpleNetwork::kGuid) {}
  ~FirmwareNic() override { close(); }

  Status open(FramePort& port) override {
    TRY(hold_.take());
    Status opened = Device::open(port);
    if (!opened.ok()) close();
    return opened;
  }

  void close() override {
    Device::close();
    hold_.release();
  }

 private:
  Hold hold_;
};

/// The UNDI's own program, which drives the card itself, may have opened the UNDI to keep others off
/// it, and offer SNP beside it. It does not let go of what it has made, nor does it need to.
bool is_opened_by_its_maker(efi::Handle handle, efi::Handle pci) {
  auto drivers = users_of(pci, efi::guid::kPciIo);
  for (const efi::OpenInformation& user : users_of(handle, efi::NetworkInterfaceIdentifier::kGuid))
    for (const efi::OpenInformation& driver : drivers)
      if (user.attributes & driver.attributes & efi::kByDriver && user.agent == driver.agent)
        return true;
  return false;
}

/// The UNDI of a card, held likewise. The firmware's SNP over it goes away for that time; one that
/// the UNDI's own program offers stays, and is held too.
class UndiNic final : public nii::Device {
 public:
  UndiNic(UefiPlatform& platform, efi::Handle handle, efi::Handle pci, const Mac& mac)
      : Device(boot(), *find_protocol<efi::NetworkInterfaceIdentifier>(handle),
               find_protocol<efi::PciIo>(pci), mac),
        handle_(handle),
        pci_(pci),
        undi_(platform, handle, efi::NetworkInterfaceIdentifier::kGuid),
        network_(platform, handle, efi::SimpleNetwork::kGuid) {}
  ~UndiNic() override { close(); }

  Status open(FramePort& port) override {
    Status opened = is_opened_by_its_maker(handle_, pci_) ? ok_status() : undi_.take();
    if (opened.ok() && find_protocol<efi::SimpleNetwork>(handle_)) opened = network_.take();
    if (opened.ok()) opened = Device::open(port);
    if (!opened.ok()) close();
    return opened;
  }

  void close() override {
    Device::close();
    network_.release();
    undi_.release();
  }

 private:
  efi::Handle handle_, pci_;
  Hold undi_, network_;
};

/// A card that the firmware shares. Its own network stack is stopped while the card is open: there
/// is one machine in the network, not two with one address.
class SharedNic final : public mnp::Device {
 public:
  SharedNic(UefiPlatform& platform, efi::Handle handle, efi::ServiceBinding& binding,
            const efi::SimpleNetworkMode& mode)
      : Device(boot(), binding, mode), platform_(platform), handle_(handle) {}

  Status open(FramePort& port) override {
    platform_.reconnect_at_exit(handle_);
    for (efi::Handle child : handles_with(efi::ManagedNetwork::kGuid))
      for (const efi::OpenInformation& user : users_of(child, efi::ManagedNetwork::kGuid))
        if (user.attributes & efi::kByDriver && user.controller == handle_)
          disconnect(child, user.agent);
    return Device::open(port);
  }

 private:
  UefiPlatform& platform_;
  efi::Handle handle_;
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
// First words of the command line, to choose between drivers.
constexpr std::string_view kNative = "native", kSnp = "snp", kMnp = "mnp", kNii = "nii";

/// To reach a card by the firmware's driver, the best first. MNP leaves the firmware's driver as it
/// is, so what shares the card goes on; the UNDI below that driver is for firmware that has only the
/// card's option ROM. What holds an SNP exclusively does not let go of it, so that is the last
/// choice, for the sake of its error.
enum class Way : uint8_t { Snp, Mnp, Nii, HeldSnp };

/// A card that the firmware has a driver for.
struct Driven {
  Way way;
  efi::Handle handle, pci;
  Bytes mac;                     ///< of its device path
  std::optional<uint16_t> vlan;  ///< for which the firmware tags its frames
};

const DevicePath* path_of(efi::Handle handle) {
  return static_cast<const DevicePath*>(find_protocol(handle, efi::guid::kDevicePath));
}

bool is_held(efi::Handle handle) {
  for (const efi::OpenInformation& user : users_of(handle, efi::SimpleNetwork::kGuid))
    if (user.attributes & efi::kExclusive && user.agent != our_image) return true;
  return false;
}

/// Cards by the firmware's drivers. Its network stack offers SNP a second time on handles of its
/// own, whose paths go on after the MAC address; those of VLANs are cards of their own to MNP.
std::vector<Driven> cards_by(Way way) {
  std::vector<Driven> found;
  const efi::Guid& guid = way == Way::Mnp   ? efi::ManagedNetwork::kBindingGuid
                          : way == Way::Nii ? efi::NetworkInterfaceIdentifier::kGuid
                                            : efi::SimpleNetwork::kGuid;
  for (efi::Handle handle : handles_with(guid)) {
    const DevicePath* path = path_of(handle);
    auto* mac = find_node(path, DevicePath::kMessaging, DevicePath::kMac);
    if (!mac || node_data(*mac).size() < Mac{}.bytes.size()) continue;
    Driven card{way, handle, ancestor_with(handle, efi::guid::kPciIo), node_data(*mac), {}};
    if (way == Way::Mnp) {
      card.vlan = vlan_in(path);
    } else {
      auto* network = find_protocol<efi::SimpleNetwork>(handle);
      if (next_node(mac) || is_held(handle) != (way == Way::HeldSnp)) continue;
      if (way != Way::Nii && (!network || !snp::is_usable(*network))) continue;
    }
    found.push_back(card);
  }
  return found;
}

/// Each card by the first way that it has; `first` comes before all others.
std::vector<Driven> driven_cards(Way first) {
  Way ways[] = {Way::Snp, Way::Mnp, Way::Nii, Way::HeldSnp};
  Way* at = std::ranges::find(ways, first);
  std::rotate(std::begin(ways), at, at + 1);
  std::vector<Driven> found;
  for (Way way : ways)
    for (const Driven& card : cards_by(way))
      if (std::ranges::none_of(found, [&](const Driven& other) {
            return other.way != way &&
                   std::equal(other.mac.begin(), other.mac.end(), card.mac.begin(), card.mac.end());
          }))
        found.push_back(card);
  return found;
}

/// Firmware that boots fast starts no drivers that its boot option does not need.
std::vector<Driven> driven_cards_after_connecting(Way first) {
  auto found = driven_cards(first);
  if (!found.empty()) return found;
  for (efi::Handle handle : handles_with(efi::guid::kPciIo))
    if (read_id(handle).device_class == kEthernetClass) connect(handle);
  return driven_cards(first);
}

/// Cards that ours was measured to drive many times faster than firmware does
/// (tests/bench/RESULTS.md). Not where the firmware stands between devices and memory (edk2's
/// IOMMU protocol), as in guests whose memory is encrypted: its own driver knows how to.
bool is_faster_by_ours(efi::Handle pci) {
  constexpr uint16_t kVirtio = 0x1af4;
  constexpr efi::Guid kIommu{
      0x4e939de9, 0xd948, 0x4b0f, {0x88, 0xed, 0xe6, 0xe1, 0xce, 0x51, 0x7c, 0x1e}};
  return read_id(pci).vendor == kVirtio && handles_with(kIommu).empty();
}

/// The firmware's own boot manager or shell has started us. Another program, such as iPXE, may have
/// a network stack that waits for us to return: the card cannot be taken from that.
bool is_started_by_firmware() {
  constexpr uint8_t kFirmwareFile = 6;  // PI 1.7 volume 3 §8.2, of a firmware volume
  auto* loaded = find_protocol<efi::LoadedImage>(our_image);
  if (!loaded || !loaded->parent) return loaded;  // §9.1.1: none is the boot manager
  auto* parent = find_protocol<efi::LoadedImage>(loaded->parent);
  return parent && find_node(parent->file_path, DevicePath::kMedia, kFirmwareFile);
}

class Chooser {
 public:
  Chooser(UefiPlatform& platform, Origin& origin, BootContext& context)
      : platform_(platform), origin_(origin), context_(context) {}

  /// `word` is what the user has begun the command line with, if it was one of these.
  void choose(std::string_view word) {
    bool prefer_native = word == kNative;
    Way first = word == kMnp ? Way::Mnp : word == kNii ? Way::Nii : Way::Snp;
    auto driven = driven_cards_after_connecting(first);
    if (origin_.nic) std::erase_if(driven, [&](const Driven& card) { return !is_origin(card); });
    // What holds SNP, such as an iPXE that started us, wants the card back.
    auto held = cards_by(Way::HeldSnp);
    auto by_firmware = [&](const Driven& card) {
      bool is_held =
          std::ranges::any_of(held, [&](const Driven& other) { return other.pci == card.pci; });
      bool ours_is_better = card.way == Way::Mnp || card.way == Way::Nii ||
                            (is_faster_by_ours(card.pci) && is_started_by_firmware());
      bool ours_first = prefer_native || (ours_is_better && word.empty() && !is_held);
      return !(ours_first && has_native_driver(card.pci));
    };
    for (const Driven& card : driven)
      if (by_firmware(card)) use_firmware_driver(card);
    for (efi::Handle pci :
         origin_.nic ? std::vector<efi::Handle>{origin_.pci} : handles_with(efi::guid::kPciIo)) {
      bool is_used = std::ranges::any_of(
          driven, [&](const Driven& card) { return card.pci == pci && by_firmware(card); });
      if (has_native_driver(pci) && !is_used) use_own_driver(pci);
    }
  }

 private:
  bool is_origin(const Driven& card) const {
    return card.pci == origin_.pci && (card.way != Way::Mnp || card.vlan == origin_.vlan) &&
           std::equal(card.mac.begin(), card.mac.end(), origin_.mac.begin(), origin_.mac.end());
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
      if (origin_.vlan) card.vlan = uint16_t(origin_.vlan_priority << 13 | *origin_.vlan);
    }
    return card;
  }

  void use_firmware_driver(const Driven& driven) {
    std::unique_ptr<Nic> nic;
    if (driven.way == Way::Mnp) {
      auto* binding = static_cast<efi::ServiceBinding*>(
          find_protocol(driven.handle, efi::ManagedNetwork::kBindingGuid));
      auto mode = mnp::mode_of(boot(), *binding);
      if (!mode) return;
      nic = std::make_unique<SharedNic>(platform_, driven.handle, *binding, *mode);
    } else if (driven.way == Way::Nii) {
      Mac mac;
      std::copy_n(driven.mac.begin(), mac.bytes.size(), mac.bytes.begin());
      nic = std::make_unique<UndiNic>(platform_, driven.handle, driven.pci, mac);
    } else {
      nic = std::make_unique<FirmwareNic>(platform_, driven.handle,
                                          *find_protocol<efi::SimpleNetwork>(driven.handle));
    }
    FirmwareCard card = card_at(driven.pci);
    if (!driven.pci) card.bus = "EFI";
    if (driven.vlan) card.vlan.reset();  // the firmware's to tag
    card.nic = std::move(nic);
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

/// Takes `word` off the front of the command line; false when that begins otherwise.
bool take_first_word(std::string& line, std::string_view word) {
  if (!line.starts_with(word) || (line.size() > word.size() && line[word.size()] != ' '))
    return false;
  line.erase(0, std::min(word.size() + 1, line.size()));
  return true;
}

}  // namespace

void choose_cards(UefiPlatform& platform, Origin& origin, BootContext& context) {
  std::string_view chosen;
  for (std::string_view word : {kNative, kSnp, kMnp, kNii})
    if (chosen.empty() && take_first_word(context.command_line, word)) chosen = word;
  context.all_pci_cards = false;
  Chooser(platform, origin, context).choose(chosen);
}

}  // namespace hawser::uefi
