// The one place that picks and connects parts: cards on the PCI bus, the network over them, and the
// agent over that.
#include "src/main.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "drivers/pci/config.h"
#include "drivers/pci/table.h"
#include "net/stack/stack.h"
#include "src/agent.h"
#include "src/base/format.h"
#include "src/base/sort.h"
#include "src/loop.h"
#include "src/pack.h"
#include "src/rom_card.h"

namespace hawser {
namespace {

/// Takes `word` off the front of a command line; false when that begins otherwise.
bool take_first_word(std::string& line, std::string_view word) {
  if (!line.starts_with(word)) return false;
  size_t end = word.size();
  if (end < line.size() && line[end] != ' ') return false;
  line.erase(0, std::min(end + 1, line.size()));
  return true;
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
  return std::ranges::any_of(*entries, [](const PackEntry& entry) {
    return entry.kind == PackEntry::Kind::Setting && entry.name == "debug" &&
           text_of(entry.data) == "undi";
  });
}

}  // namespace

int main(Platform& platform, BootContext context) {
  Loop loop(platform);
  if (debugs_undi(context.pack)) platform.trace_rom(true);
  std::optional<RomCard> rom_card = RomCard::find(context.rom, platform);
  std::optional<uint32_t> leave_alone;
  if (rom_card) {
    context.boot_nic = rom_card->location();
    context.command_line = rom_card->command_line();
    bool undi_only = take_first_word(context.command_line, "undi-only");
    if (rom_card->has_native_driver() && !undi_only) rom_card->release();
    else leave_alone = context.boot_nic;
  }

  pci::PortConfig config;
  uint16_t rom_command = rom_card ? config.read16(rom_card->address(), pci::kCommand) : 0;
  pci::Cards cards = pci::probe_all(config, {platform}, [&](uint32_t location) {
    if (context.all_pci_cards) return location != leave_alone;
    return std::ranges::any_of(context.cards, [&](const FirmwareCard& card) {
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
  if (rom_card) rom_card->put_first(nics);
  for (FirmwareCard& card : context.cards) add_card(nics, card);
  if (!rom_card)  // by whatever driver: net0 is the first on the bus
    sort(nics, [](const auto& a, const auto& b) { return a.bus_location < b.bus_location; });
  auto network = stack::make_network(platform, loop, std::move(nics));
  int status = run_agent(platform, loop, *network, context);
  // Back to the ROM, which expects to find its card as it left it: with DMA on.
  if (rom_card && rom_card->on_pci())
    config.write16(rom_card->address(), pci::kCommand, rom_command);
  return status;
}

}  // namespace hawser
