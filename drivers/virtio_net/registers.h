// Registers, feature bits and shared memory of a virtio network device.
// Section numbers are those of "Virtual I/O Device (VIRTIO) Version 1.2", OASIS 2022; its legacy
// interface is virtio 0.9.5.
#pragma once

#include <cstdint>

namespace hawser::virtio_net {

/// A register of T's width at a byte offset within its region.
template <class T>
struct Register {
  uint32_t offset;
};

/// Where registers are: three structures that PCI capabilities point at, or the legacy I/O ports.
enum class Region : uint8_t { Common, Notify, Device, Legacy };

namespace common {  // §4.1.4.3
inline constexpr Register<uint32_t> device_feature_select{0}, device_feature{4},
    driver_feature_select{8}, driver_feature{12};
inline constexpr Register<uint8_t> device_status{20}, config_generation{21};
inline constexpr Register<uint16_t> queue_select{22}, queue_size{24}, queue_enable{28},
    queue_notify_off{30};
inline constexpr Register<uint32_t> queue_desc{32}, queue_driver{40}, queue_device{48};  // 64 bits
inline constexpr uint32_t kBytes = 56;
}  // namespace common

namespace legacy {  // §4.1.4.10
inline constexpr Register<uint32_t> device_features{0}, driver_features{4}, queue_address{8};
inline constexpr Register<uint16_t> queue_size{12}, queue_select{14}, queue_notify{16};
inline constexpr Register<uint8_t> device_status{18};
inline constexpr uint32_t kConfig = 20;  ///< the device configuration, while MSI-X is off
inline constexpr uint64_t kQueueAlign = 4096;
}  // namespace legacy

/// Offsets in the device configuration (§5.1.4).
inline constexpr uint32_t kConfigMac = 0, kConfigStatus = 6, kConfigMtu = 10, kConfigBytes = 12;
inline constexpr uint16_t kConfigLinkUp = 1u << 0;

namespace status {  // §2.1
inline constexpr uint8_t kAcknowledge = 1, kDriver = 2, kDriverOk = 4, kFeaturesOk = 8;
}

namespace feature {  // §5.1.3, §6
inline constexpr uint64_t kGuestChecksum = 1ull << 1, kMtu = 1ull << 3, kMac = 1ull << 5,
                          kGuestTso4 = 1ull << 7, kMergeRxBuffers = 1ull << 15,
                          kStatus = 1ull << 16, kAnyLayout = 1ull << 27, kVersion1 = 1ull << 32,
                          kAccessPlatform = 1ull << 33, kOrderPlatform = 1ull << 36;
}

inline constexpr uint16_t kRxQueue = 0, kTxQueue = 1;  // §5.1.2

/// In front of every frame (§5.1.6); little-endian.
struct FrameHeader {
  static constexpr uint8_t kNeedsChecksum = 1u << 0;  ///< the sender is on this host and made none
  static constexpr uint8_t kDataValid = 1u << 1;      ///< somebody has checked it
  uint8_t flags = 0, gso_type = 0;
  uint16_t header_bytes = 0, gso_bytes = 0, checksum_start = 0, checksum_offset = 0;
  uint16_t buffers = 0;  ///< of received frames; not there in a legacy header without merging
};
static_assert(sizeof(FrameHeader) == 12);
inline constexpr uint32_t kLegacyHeaderBytes = 10;

/// Split virtqueues (§2.7); little-endian, shared with the device.
struct Descriptor {
  static constexpr uint16_t kNext = 1u << 0, kDeviceWrites = 1u << 1;
  uint64_t address = 0;
  uint32_t bytes = 0;
  uint16_t flags = 0;
  uint16_t next = 0;
};
static_assert(sizeof(Descriptor) == 16);
struct Available {
  static constexpr uint16_t kNoInterrupt = 1u << 0;
  uint16_t flags, index;
  uint16_t ring[1];  ///< as many as the queue has descriptors
};
struct UsedElement {
  uint32_t id, bytes;
};
struct Used {
  static constexpr uint16_t kNoNotify = 1u << 0;
  uint16_t flags, index;
  UsedElement ring[1];  ///< as many as the queue has descriptors
};

}  // namespace hawser::virtio_net
