// The table of network cards, and the search for them on the PCI bus.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/nic.h"
#include "drivers/pci/function.h"
#include "src/platform.h"

namespace hawser::pci {

/// What a driver gets to work with. Everything is borrowed for the life of the Nic.
struct Resources {
  Platform& platform;
};

/// One supported device. `probe` switches the registers on, quiets the card and reads its address;
/// DMA stays off until Nic::open(). Errors: Device.
struct Row {
  uint16_t vendor, device;
  std::string_view chip;
  Result<std::unique_ptr<Nic>> (*probe)(const Function& function, std::string_view chip,
                                        const Resources& resources);
};
std::span<const Row> network_cards();
/// There is a row for it.
bool has_driver(uint16_t vendor, uint16_t device);

struct Card {
  std::unique_ptr<Nic> nic;
  Address at;
  uint16_t vendor = 0, device = 0;
};
struct Cards {
  std::vector<Card> found;
  /// Network cards that cannot be used, one sentence each: "PCI 03:00.0 8086:1533: no driver".
  std::vector<std::string> problems;
};

/// Finds every network card the table knows, in order of bus location. `config` is borrowed for
/// the life of the cards. A card whose Address::location() is not `wanted` is not touched: the
/// firmware drives it. Empty: all are wanted.
Cards probe_all(Config& config, const Resources& resources,
                const std::function<bool(uint32_t location)>& wanted = {});

}  // namespace hawser::pci
