// Makes an e1000 driver for a PCI function.
#pragma once

#include <memory>

#include "drivers/e1000/device.h"
#include "drivers/pci/table.h"

namespace hawser::e1000 {

Result<std::unique_ptr<Nic>> probe_family(Family family, const pci::Function& function,
                                          std::string_view chip, const pci::Resources& resources);

/// For pci::Row::probe.
template <Family family>
Result<std::unique_ptr<Nic>> probe(const pci::Function& function, std::string_view chip,
                                   const pci::Resources& resources) {
  return probe_family(family, function, chip, resources);
}

}  // namespace hawser::e1000
