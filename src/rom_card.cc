#include "src/rom_card.h"

#include <algorithm>
#include <utility>

#include "drivers/pci/table.h"
#include "drivers/undi/device.h"

namespace hawser {

using undi::CachedInfoParameters;

RomCard::RomCard(undi::Rom& rom, const undi::Card& card)
    : rom_(rom), card_(card), ack_(undi::cached_packet(rom, CachedInfoParameters::kDhcpAck)),
      proxy_(undi::cached_packet(rom, CachedInfoParameters::kReply)) {}

std::optional<RomCard> RomCard::find(undi::Rom* rom, Platform& platform) {
  if (!rom) return std::nullopt;
  auto card = undi::describe(*rom);
  if (!card.ok()) {
    platform.put(card.error().text + "\n");
    return std::nullopt;
  }
  return RomCard{*rom, *card};
}

bool RomCard::has_native_driver() const {
  return on_pci() && pci::has_driver(card_.pci->vendor, card_.pci->device);
}

std::string RomCard::command_line() const { return undi::command_line(rom_); }

void RomCard::release() { undi::release(rom_); }

void RomCard::put_first(std::vector<stack::NicEntry>& nics) {
  auto found = std::ranges::find_if(
      nics, [&](const stack::NicEntry& nic) { return nic.bus_location == location(); });
  if (found == nics.end())
    found = nics.insert(nics.end(), {.nic = std::make_unique<undi::Device>(rom_, card_),
                                     .bus_location = location(),
                                     .vendor = on_pci() ? card_.pci->vendor : uint16_t{},
                                     .device = on_pci() ? card_.pci->device : uint16_t{}});
  found->firmware_ack = std::move(ack_);
  found->firmware_proxy = std::move(proxy_);
  std::rotate(nics.begin(), found, found + 1);
}

}  // namespace hawser
