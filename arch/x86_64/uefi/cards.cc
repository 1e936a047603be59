// Network cards: see cards.h.
#include "arch/x86_64/uefi/cards.h"

#include <algorithm>

#include "arch/x86_64/uefi/firmware.h"
#include "drivers/pci/table.h"

namespace hawser::uefi {
namespace {

struct PciId {
  uint16_t vendor = 0, device = 0, device_class = 0;
};

PciId read_id(efi::Handle handle) {
  auto* pci = find_protocol<efi::PciIo>(handle);
  uint32_t words[3] = {};
  if (!pci || failed(pci->read_config(pci, efi::PciWidth::Uint32, 0, 3, words))) return {};
  return {uint16_t(words[0]), uint16_t(words[0] >> 16), uint16_t(words[2] >> 16)};
}

bool is_ethernet(const PciId& id) { return id.device_class == 0x0200; }

/// Takes the card from the firmware's driver, for one of ours.
void take_over(UefiPlatform& platform, efi::Handle pci, Origin& origin, BootContext& context) {
  boot().disconnect_controller(pci, nullptr, nullptr);
  platform.reconnect_at_exit(pci);
  FirmwareCard card;
  card.location = pci_location(pci);
  if (card.location == origin.nic) {
    card.ack = std::move(origin.ack);
    card.proxy = std::move(origin.proxy);
  }
  context.cards.push_back(std::move(card));
}

}  // namespace

void choose_cards(UefiPlatform& platform, Origin& origin, BootContext& context) {
  context.all_pci_cards = false;
  std::vector<efi::Handle> candidates;
  if (origin.nic) candidates = {origin.pci};
  else candidates = handles_with(efi::guid::kPciIo);
  for (efi::Handle handle : candidates) {
    PciId id = read_id(handle);
    if (is_ethernet(id) && pci::has_driver(id.vendor, id.device))
      take_over(platform, handle, origin, context);
  }
}

}  // namespace hawser::uefi
