// The one place that picks and connects parts: cards on the PCI bus, the network over them, and the
// agent over that.
#include "src/main.h"

#include <utility>
#include <vector>

#include "drivers/pci/config.h"
#include "drivers/pci/table.h"
#include "net/stack/stack.h"
#include "src/agent.h"
#include "src/loop.h"

namespace hawser {

int main(Platform& platform, const BootContext& context) {
  Loop loop(platform);
  pci::PortConfig config;
  pci::Cards cards = pci::probe_all(config, {platform, pci::map_below_4g});
  for (const std::string& problem : cards.problems) platform.put(problem + "\n");
  std::vector<stack::NicEntry> nics;
  for (pci::Card& card : cards.found)
    nics.push_back({.nic = std::move(card.nic),
                    .bus_location = card.at.location(),
                    .vendor = card.vendor,
                    .device = card.device});
  auto network = stack::make_network(platform, loop, std::move(nics));
  return run_agent(platform, loop, *network, context);
}

}  // namespace hawser
