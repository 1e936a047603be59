// The one place that picks and connects parts: cards on the PCI bus, the network over them, and the
// agent over that.
#include "src/main.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "drivers/pci/config.h"
#include "drivers/pci/table.h"
#include "drivers/undi/api.h"
#include "drivers/undi/device.h"
#include "net/stack/stack.h"
#include "src/agent.h"
#include "src/base/format.h"
#include "src/base/sort.h"
#include "src/loop.h"
#include "src/pack.h"

namespace hawser {
namespace {

/// The card of the PXE ROM that loaded us, and the DHCP answers that made it do so.
struct RomCard {
  undi::Card card;
  std::vector<uint8_t> ack, proxy;

  uint32_t location() const { return card.pci ? card.pci->location : 0; }
  pci::Address address() const {
    uint32_t at = location();
    return {uint8_t(at >> 8), uint8_t(at >> 3 & 0x1f), uint8_t(at & 7)};
  }
  /// Our own driver is many times faster than the ROM's.
  bool has_native_driver() const {
    return card.pci && pci::has_driver(card.pci->vendor, card.pci->device);
  }
};

std::optional<RomCard> describe_rom(undi::Rom* rom, Platform& platform) {
  if (!rom) return std::nullopt;
  auto card = undi::describe(*rom);
  if (!card.ok()) {
    platform.put(card.error().text + "\n");
    return std::nullopt;
  }
  return RomCard{*card, undi::cached_packet(*rom, undi::CachedInfoParameters::kDhcpAck),
                 undi::cached_packet(*rom, undi::CachedInfoParameters::kReply)};
}

/// Takes `word` off the front of a command line; false when that begins otherwise.
bool take_first_word(std::string& line, std::string_view word) {
  if (!line.starts_with(word)) return false;
  size_t end = word.size();
  if (end < line.size() && line[end] != ' ') return false;
  line.erase(0, std::min(end + 1, line.size()));
  return true;
}

/// Makes the ROM's card the first one: driven by the ROM unless a driver of ours has found it.
void put_first(std::vector<stack::NicEntry>& nics, RomCard& first, undi::Rom& rom) {
  auto found = std::find_if(nics.begin(), nics.end(), [&](const stack::NicEntry& nic) {
    return nic.bus_location == first.location();
  });
  if (found == nics.end())
    found =
        nics.insert(nics.end(), {.nic = std::make_unique<undi::Device>(rom, first.card),
                                 .bus_location = first.location(),
                                 .vendor = first.card.pci ? first.card.pci->vendor : uint16_t{},
                                 .device = first.card.pci ? first.card.pci->device : uint16_t{}});
  found->firmware_ack = std::move(first.ack);
  found->firmware_proxy = std::move(first.proxy);
  std::rotate(nics.begin(), found, found + 1);
}

/// Adds a card that comes with its driver; gives one that has got one of ours its lease.
void add_card(std::vector<stack::NicEntry>& nics, FirmwareCard& card) {
  if (card.nic) {
    nics.push_back({.nic = std::move(card.nic),
                    .bus = card.bus,
                    .bus_location = card.location,
                    .vendor = card.vendor,
                    .device = card.device,
                    .firmware_ack = std::move(card.ack),
                    .firmware_proxy = std::move(card.proxy),
                    .firmware_vlan = card.vlan});
    return;
  }
  for (stack::NicEntry& nic : nics) {
    if (nic.bus_location != card.location) continue;
    nic.firmware_ack = std::move(card.ack);
    nic.firmware_proxy = std::move(card.proxy);
    nic.firmware_vlan = card.vlan;
    return;
  }
}

/// hawser-pack --set debug=undi: the first calls are made before there are settings.
bool debugs_undi(Bytes pack) {
  auto entries = parse_pack(pack);
  if (!entries.ok()) return false;  // the agent tells
  return std::any_of(entries->begin(), entries->end(), [](const PackEntry& entry) {
    return entry.kind == PackEntry::Kind::Setting && entry.name == "debug" &&
           text_of(entry.data) == "undi";
  });
}

}  // namespace

int main(Platform& platform, BootContext context) {
  Loop loop(platform);
  if (debugs_undi(context.pack)) platform.trace_rom(true);
  std::optional<RomCard> rom_card = describe_rom(context.rom, platform);
  std::optional<uint32_t> leave_alone;
  if (rom_card) {
    context.boot_nic = rom_card->location();
    context.command_line = undi::command_line(*context.rom);
    bool undi_only = take_first_word(context.command_line, "undi-only");
    if (rom_card->has_native_driver() && !undi_only) undi::release(*context.rom);
    else leave_alone = context.boot_nic;
  }

  pci::PortConfig config;
  uint16_t rom_command = rom_card ? config.read16(rom_card->address(), pci::kCommand) : 0;
  pci::Cards cards = pci::probe_all(config, {platform}, [&](uint32_t location) {
    if (context.all_pci_cards) return location != leave_alone;
    return std::any_of(context.cards.begin(), context.cards.end(), [&](const FirmwareCard& card) {
      return !card.nic && card.location == location;
    });
  });
  for (const std::string& problem : cards.problems) platform.put(problem + "\n");
  std::vector<stack::NicEntry> nics;
  for (pci::Card& card : cards.found)
    nics.push_back({.nic = std::move(card.nic),
                    .bus_location = card.at.location(),
                    .vendor = card.vendor,
                    .device = card.device});
  if (rom_card) put_first(nics, *rom_card, *context.rom);
  for (FirmwareCard& card : context.cards) add_card(nics, card);
  if (!rom_card)  // by whatever driver: net0 is the first on the bus
    sort(nics, [](const auto& a, const auto& b) { return a.bus_location < b.bus_location; });
  auto network = stack::make_network(platform, loop, std::move(nics));
  int status = run_agent(platform, loop, *network, context);
  // Back to the ROM, which expects to find its card as it left it: with DMA on.
  if (rom_card && rom_card->card.pci)
    config.write16(rom_card->address(), pci::kCommand, rom_command);
  return status;
}

}  // namespace hawser
