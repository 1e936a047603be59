#include "drivers/pci/table.h"

#include <algorithm>

#include "drivers/e1000/device.h"
#include "drivers/pcnet/device.h"
#include "drivers/rtl8139/device.h"
#include "drivers/virtio_net/probe.h"
#include "drivers/vmxnet3/device.h"
#include "src/base/format.h"

namespace hawser::pci {
namespace {

constexpr uint16_t kIntel = 0x8086, kRedHat = 0x1af4, kVmware = 0x15ad, kRealtek = 0x10ec,
                   kAmd = 0x1022;
constexpr uint16_t kEthernetClass = 0x0200;

std::string label(const Function& function) {
  Address at = function.at();
  return cat("PCI ", hex(at.bus, 2), ":", hex(at.device, 2), ".", at.function, " ",
             hex(function.vendor(), 4), ":", hex(function.device(), 4));
}

using e1000::Family;
using e1000::probe;

constexpr Row kNetworkCards[] = {
    {kIntel, 0x1008, "82544ei", probe<Family::Pci82540>},
    {kIntel, 0x100c, "82544gc", probe<Family::Pci82540>},
    {kIntel, 0x100d, "82544gc-lom", probe<Family::Pci82540>},
    {kIntel, 0x100e, "82540em", probe<Family::Pci82540>},
    {kIntel, 0x1015, "82540em-lom", probe<Family::Pci82540>},
    {kIntel, 0x1016, "82540ep-lom", probe<Family::Pci82540>},
    {kIntel, 0x1017, "82540ep", probe<Family::Pci82540>},
    {kIntel, 0x101e, "82540ep-lp", probe<Family::Pci82540>},
    {kIntel, 0x100f, "82545em", probe<Family::Pci82540>},
    {kIntel, 0x1026, "82545gm", probe<Family::Pci82540>},
    {kIntel, 0x1010, "82546eb", probe<Family::Pci82540>},
    {kIntel, 0x101d, "82546eb-quad", probe<Family::Pci82540>},
    {kIntel, 0x1079, "82546gb", probe<Family::Pci82540>},
    {kIntel, 0x1099, "82546gb-quad", probe<Family::Pci82540>},
    {kIntel, 0x10b5, "82546gb-quad-ksp3", probe<Family::Pci82540>},
    {kIntel, 0x1013, "82541ei", probe<Family::Pci82541>},
    {kIntel, 0x1018, "82541ei-mobile", probe<Family::Pci82541>},
    {kIntel, 0x1014, "82541er-lom", probe<Family::Pci82541>},
    {kIntel, 0x1078, "82541er", probe<Family::Pci82541>},
    {kIntel, 0x1076, "82541gi", probe<Family::Pci82541>},
    {kIntel, 0x1077, "82541gi-mobile", probe<Family::Pci82541>},
    {kIntel, 0x107c, "82541gi-lf", probe<Family::Pci82541>},
    {kIntel, 0x1019, "82547ei", probe<Family::Pci82541>},
    {kIntel, 0x101a, "82547ei-mobile", probe<Family::Pci82541>},
    {kIntel, 0x1075, "82547gi", probe<Family::Pci82541>},
    {kIntel, 0x105e, "82571eb", probe<Family::Pcie8257x>},
    {kIntel, 0x10a4, "82571eb-quad", probe<Family::Pcie8257x>},
    {kIntel, 0x10bc, "82571eb-quad-lp", probe<Family::Pcie8257x>},
    {kIntel, 0x10d5, "82571pt-quad", probe<Family::Pcie8257x>},
    {kIntel, 0x107d, "82572ei", probe<Family::Pcie8257x>},
    {kIntel, 0x10b9, "82572ei", probe<Family::Pcie8257x>},
    {kIntel, 0x108b, "82573v", probe<Family::Pcie8257x>},
    {kIntel, 0x108c, "82573e", probe<Family::Pcie8257x>},
    {kIntel, 0x109a, "82573l", probe<Family::Pcie8257x>},
    {kIntel, 0x10d3, "82574l", probe<Family::Pcie8257x>},
    {kIntel, 0x10f6, "82574la", probe<Family::Pcie8257x>},
    {kIntel, 0x150c, "82583v", probe<Family::Pcie8257x>},
    {kIntel, 0x10a7, "82575eb", probe<Family::Queues>},
    {kIntel, 0x10d6, "82575gb-quad", probe<Family::Queues>},
    {kIntel, 0x10c9, "82576eb", probe<Family::Queues>},
    {kIntel, 0x10e8, "82576eb-quad", probe<Family::Queues>},
    {kIntel, 0x1526, "82576et-quad", probe<Family::Queues>},
    {kIntel, 0x150a, "82576ns", probe<Family::Queues>},
    {kIntel, 0x150e, "82580eb", probe<Family::Queues>},
    {kIntel, 0x1516, "82580db", probe<Family::Queues>},
    {kIntel, 0x1521, "i350", probe<Family::Queues>},
    {kIntel, 0x1533, "i210", probe<Family::Queues>},
    {kIntel, 0x157b, "i210-flashless", probe<Family::Queues>},
    {kIntel, 0x1539, "i211", probe<Family::Queues>},
    {kRedHat, 0x1000, "virtio-net", virtio_net::probe},
    {kRedHat, 0x1041, "virtio-net", virtio_net::probe},
    {kVmware, 0x07b0, "vmxnet3", vmxnet3::probe},
    {kRealtek, 0x8139, "rtl8139", rtl8139::probe},
    {kRealtek, 0x8138, "rtl8139b-cardbus", rtl8139::probe},
    {kAmd, 0x2000, "pcnet", pcnet::probe},
};

}  // namespace

std::span<const Row> network_cards() { return kNetworkCards; }

bool has_driver(uint16_t vendor, uint16_t device) {
  return std::ranges::any_of(
      kNetworkCards, [=](const Row& row) { return row.vendor == vendor && row.device == device; });
}

Cards probe_all(Config& config, const Resources& resources,
                const std::function<bool(uint32_t location)>& wanted) {
  Cards cards;
  for_each_function(config, [&](const Function& function) {
    if (wanted && !wanted(function.at().location())) return;
    for (const Row& row : kNetworkCards) {
      if (row.vendor != function.vendor() || row.device != function.device()) continue;
      auto nic = row.probe(function, row.chip, resources);
      if (nic.ok()) {
        cards.found.push_back({std::move(nic).value(), function.at(), row.vendor, row.device});
      } else {
        cards.problems.push_back(cat(label(function), " (", row.chip, "): ", nic.error().text));
      }
      return;
    }
    if (function.device_class() == kEthernetClass)
      cards.problems.push_back(cat(label(function), ": no driver for this network card"));
  });
  return cards;
}

}  // namespace hawser::pci
