// VLANs (IEEE 802.1Q): a card of its own to the stack, whose frames travel over another with a tag.
#pragma once

#include <cstdint>
#include <optional>

#include "drivers/nic.h"
#include "src/network.h"

namespace hawser::stack {

inline constexpr uint16_t kMostVlan = 4094;     ///< §9.6: 4095 is reserved
inline constexpr uint8_t kMostPriority = 7;

/// The VLAN that a frame is tagged for; 0: a tag with a priority only. Nothing: no tag.
std::optional<uint16_t> vlan_of(Bytes frame);
/// Takes the tag out of a frame that has one; returns its new length.
uint32_t remove_tag(uint8_t* frame, uint32_t length);

class VlanNic final : public Nic {
 public:
  /// Borrows `trunk` for life.
  VlanNic(Interface& trunk, uint16_t vlan) : trunk_(trunk), vlan_(vlan) {}
  ~VlanNic() override { close(); }

  Interface& trunk() { return trunk_; }
  uint16_t vlan() const { return vlan_; }
  void set_priority(uint8_t priority) { priority_ = priority; }
  bool is_open() const { return port_; }

  std::string_view driver() const override { return "vlan"; }
  std::string_view chip() const override { return trunk_.nic().chip(); }
  Mac mac() const override { return trunk_.nic().mac(); }
  uint32_t mtu() const override { return trunk_.nic().mtu(); }
  /// Opens the trunk as well, which then stays open.
  Status open(FramePort& port) override;
  void close() override { port_ = nullptr; }
  Link link() override { return trunk_.is_open() ? trunk_.nic().link() : Link::Down; }
  bool transmit(std::span<const Bytes> pieces) override;
  size_t poll(size_t) override { return 0; }  // frames come when the trunk is polled
  const NicCounters& counters() override { return counters_; }

  /// A frame of this VLAN from the trunk, with its tag, as for FramePort. Only while open.
  void received(std::span<RxPart> parts, bool checked);

 private:
  Interface& trunk_;
  uint16_t vlan_;
  uint8_t priority_ = 0;
  FramePort* port_ = nullptr;  ///< set while open
  NicCounters counters_;
};

}  // namespace hawser::stack
