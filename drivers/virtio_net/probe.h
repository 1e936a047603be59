// Makes a virtio-net driver for a PCI function.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "drivers/nic.h"
#include "drivers/pci/table.h"

namespace hawser::virtio_net {

/// One structure of a modern device, as a PCI capability tells of it (virtio 1.2 §4.1.4).
struct Place {
  uint8_t bar = 0;
  uint32_t offset = 0, bytes = 0;
  uint32_t notify_stride = 0;  ///< of the notification structure
};
struct Places {
  Place common, notify, device;
};
/// Where a modern device's structures are; nothing for a legacy device. Of several capabilities
/// for one structure the first counts, if it is in memory and large enough.
std::optional<Places> find_places(const pci::Function& function);

/// For pci::Row::probe: the modern interface where there is one, otherwise the legacy one.
Result<std::unique_ptr<Nic>> probe(const pci::Function& function, std::string_view chip,
                                   const pci::Resources& resources);

}  // namespace hawser::virtio_net
