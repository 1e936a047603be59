#include "drivers/virtio_net/probe.h"

#include <array>
#include <new>

#include "arch/x86_64/io.h"
#include "drivers/virtio_net/device.h"
#include "drivers/virtio_net/transport.h"
#include "src/base/format.h"

namespace hawser::virtio_net {
namespace {

/// Modern registers in memory space; an array of three places by Region.
struct MemoryIo {
  std::array<volatile uint8_t*, 3> base;
  pci::Function function;

  template <class T>
  T read(Region region, uint32_t offset) {
    return *reinterpret_cast<volatile T*>(base[size_t(region)] + offset);
  }
  template <class T>
  void write(Region region, uint32_t offset, T value) {
    *reinterpret_cast<volatile T*>(base[size_t(region)] + offset) = value;
  }
  void bus_master(bool on) { function.set_bus_master(on); }
};

/// Legacy registers in I/O space.
struct PortIo {
  uint16_t base;
  pci::Function function;

  template <class T>
  T read(Region, uint32_t offset) {
    auto port = uint16_t(base + offset);
    if constexpr (sizeof(T) == 1) return in8(port);
    else if constexpr (sizeof(T) == 2) return in16(port);
    else return in32(port);
  }
  template <class T>
  void write(Region, uint32_t offset, T value) {
    auto port = uint16_t(base + offset);
    if constexpr (sizeof(T) == 1) out8(port, value);
    else if constexpr (sizeof(T) == 2) out16(port, value);
    else out32(port, value);
  }
  void bus_master(bool on) { function.set_bus_master(on); }
};

Result<volatile uint8_t*> map(const Place& place, const pci::Function& function,
                              Platform& platform) {
  Phys bar = TRY(function.memory_bar(place.bar));
  volatile uint8_t* at = nullptr;
  if (bar <= ~uint64_t{0} - place.offset) at = platform.map_mmio(bar + place.offset, place.bytes);
  if (!at)
    return Error{Errc::Device, cat("virtio-net: registers at 0x", hex(bar), " cannot be mapped")};
  return at;
}

Result<std::unique_ptr<Transport>> modern(const Places& places, const pci::Function& function,
                                          Platform& platform) {
  MemoryIo io{
      {TRY(map(places.common, function, platform)), TRY(map(places.notify, function, platform)),
       TRY(map(places.device, function, platform))},
      function};
  function.set_memory_decode(true);
  return std::unique_ptr<Transport>{
      new (std::nothrow) Modern<MemoryIo>{io, places.notify.bytes, places.notify.notify_stride}};
}

Result<std::unique_ptr<Transport>> old(const pci::Function& function) {
  uint16_t ports = TRY(function.io_bar(0));
  function.set_io_decode(true);
  return std::unique_ptr<Transport>{new (std::nothrow) Legacy<PortIo>{PortIo{ports, function}}};
}

}  // namespace

std::optional<Places> find_places(const pci::Function& function) {
  constexpr uint8_t kCommon = 1, kNotify = 2, kDevice = 4;  // §4.1.4
  constexpr uint32_t kCapabilityBytes = 16, kNotifyCapabilityBytes = 20;
  Places places;
  std::optional<uint8_t> at;
  while ((at = function.capability(pci::kVendorSpecific, at.value_or(0)))) {
    uint32_t head = function.read32(*at);
    auto bytes = uint8_t(head >> 16), type = uint8_t(head >> 24);
    if (bytes < (type == kNotify ? kNotifyCapabilityBytes : kCapabilityBytes) ||
        !fits(*at, bytes, 256))
      continue;
    Place place{.bar = uint8_t(function.read32(uint8_t(*at + 4))),
                .offset = function.read32(uint8_t(*at + 8)),
                .bytes = function.read32(uint8_t(*at + 12))};
    if (place.bar > 5 || !function.memory_bar(place.bar).ok()) continue;
    auto keep = [&](Place& kept, uint32_t least) {
      if (kept.bytes == 0 && place.bytes >= least) kept = place;
    };
    if (type == kCommon) keep(places.common, common::kBytes);
    if (type == kDevice) keep(places.device, kConfigBytes);
    if (type == kNotify) {
      place.notify_stride = function.read32(uint8_t(*at + 16));
      keep(places.notify, sizeof(uint16_t));
    }
  }
  if (places.common.bytes == 0 || places.notify.bytes == 0 || places.device.bytes == 0)
    return std::nullopt;
  return places;
}

Result<std::unique_ptr<Nic>> probe(const pci::Function& function, std::string_view chip,
                                   const pci::Resources& resources) {
  auto places = find_places(function);
  function.disable_msix();  // it would shift the legacy registers
  auto transport = TRY(places ? modern(*places, function, resources.platform) : old(function));
  std::unique_ptr<Device> device;
  if (transport)
    device.reset(new (std::nothrow) Device{std::move(transport), chip, resources.platform});
  if (!device) return Error{Errc::NoMemory, "virtio-net: no memory for the driver"};
  TRY(device->attach());
  return std::unique_ptr<Nic>{std::move(device)};
}

}  // namespace hawser::virtio_net
