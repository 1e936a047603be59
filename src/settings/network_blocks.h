// Settings of interfaces and of the DHCP answers they got.
#pragma once

#include <functional>
#include <memory>

#include "src/network.h"
#include "src/settings/settings.h"

namespace hawser {

/// Reads a DHCP answer in place: options by number, sub-options by "43.9" or "175.0xb0", and the
/// header fields by their pseudo tags. Empty while there is no answer.
class DhcpBlock : public SettingsBlock {
 public:
  using Source = std::function<const std::optional<DhcpReply>*()>;
  /// `source` gives the answer of the moment, or nullptr.
  DhcpBlock(std::string name, Source source)
      : SettingsBlock(std::move(name)), source_(std::move(source)) {}
  std::optional<SettingValue> find(const SettingKey& key) const override;
  std::vector<std::string> names() const override;

 private:
  Source source_;
};

/// "net0": facts about the interface, what scripts stored in it, and its lease as child "dhcp".
/// Storing or clearing ip, netmask, gateway, dns, domain or mtu configures the interface; mac
/// changes the address of a closed one.
class InterfaceBlock : public StoredBlock {
 public:
  explicit InterfaceBlock(Interface& interface);
  Interface& interface() { return interface_; }
  std::optional<SettingValue> find(const SettingKey& key) const override;
  Status store(const SettingKey& key, SettingValue value) override;
  Status clear(const SettingKey& key) override;
  std::vector<std::string> names() const override;
  std::vector<SettingsBlock*> children() const override;
  /// True when a script stored an address, gateway or the like here.
  bool configured_by_hand() const;
  /// Configures the interface, if open, from what scripts stored here, and from its lease for the
  /// rest. Errors: as Interface::configure.
  Status apply();

 private:
  std::optional<SettingValue> fact(std::string_view name) const;
  std::optional<SettingValue> configured(uint64_t tag) const;
  Status set_mac(const Mac& mac);
  Interface& interface_;
  std::unique_ptr<DhcpBlock> lease_;
};

/// The IPv4 addresses in a value: as many as its length holds.
std::vector<Ipv4> ipv4_list(Bytes bytes);

}  // namespace hawser
