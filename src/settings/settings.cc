// The tree of settings: names, search order, reads and writes (src/settings/settings.h).
#include "src/settings/settings.h"

#include <algorithm>

#include "src/base/format.h"
#include "src/base/sort.h"
#include "src/settings/machine_blocks.h"
#include "src/settings/network_blocks.h"
#include "src/settings/smbios.h"
#include "src/settings/tags.h"

namespace hawser {
namespace {

constexpr size_t kMaxValueBytes = 1u << 20;   ///< a script may keep an image in a setting
constexpr size_t kMaxStoredBytes = 4u << 20;  ///< of all that scripts stored
constexpr size_t kMaxBlocks = 8;              ///< depth of a path of blocks

/// A setting's full name, taken apart; the views point into it.
struct Name {
  std::string_view block;  ///< "net0.dhcp"; empty: the root
  SettingKey key;
  std::string_view written;  ///< the name as written, without block and type
  std::optional<SettingType> type;
  bool bad_type = false;  ///< a type was written that does not exist
};

Name take_apart(std::string_view text) {
  Name name;
  if (size_t slash = text.find('/'); slash != std::string_view::npos) {
    name.block = text.substr(0, slash);
    text.remove_prefix(slash + 1);
  }
  if (size_t colon = text.find(':'); colon != std::string_view::npos) {
    name.type = setting_type(text.substr(colon + 1));
    name.bad_type = !name.type;
    text = text.substr(0, colon);
  }
  name.written = text;
  name.key = setting_key(text);
  return name;
}

/// The type asked for, else the predefined one, else the stored one, else string.
SettingType type_of(const Name& name, std::optional<SettingType> stored) {
  if (name.type) return *name.type;
  bool is_feature = name.block == FeatureBlock::kName;  // feature/dns is no address
  if (const NamedSetting* named = is_feature ? nullptr : find_named(name.key)) return named->type;
  return stored.value_or(SettingType::String);
}

Error unknown_type() {
  return {Errc::Invalid, "there is no setting type of that name (string, ipv4, hex, ...)"};
}

/// What a depth-first search came upon.
struct Hit {
  std::string block;
  SettingValue value;
};

std::optional<Hit> search(const SettingsBlock& block, std::string_view path, const SettingKey& key);

/// Rank of a block among its siblings: its own `priority`, signed 8 bits.
int64_t priority_of(const SettingsBlock& block) {
  auto hit = search(block, {}, {"priority", tag::kPriority});
  if (!hit || hit->value.bytes.size() != 1) return 0;
  return int8_t(hit->value.bytes[0]);
}

/// Own values first, then the children, higher priority first and otherwise in their order.
std::optional<Hit> search(const SettingsBlock& block, std::string_view path,
                          const SettingKey& key) {
  if (auto own = block.find(key)) return Hit{std::string(path), std::move(*own)};
  struct Ranked {
    const SettingsBlock* block;
    int64_t priority;
  };
  std::vector<Ranked> children;
  for (const SettingsBlock* child : block.children())
    children.push_back({child, key.tag == tag::kPriority ? 0 : priority_of(*child)});
  sort(children, [](const Ranked& a, const Ranked& b) { return a.priority > b.priority; });
  for (const Ranked& child : children) {
    std::string below = path.empty() ? child.block->name() : cat(path, ".", child.block->name());
    if (auto hit = search(*child.block, below, key)) return hit;
  }
  return std::nullopt;
}

}  // namespace

/// The root: script variables, and the other blocks as children.
struct Settings::Tree : StoredBlock {
  Tree(Platform& machine, Network& with, std::string version)
      : StoredBlock(""),
        platform(machine),
        network(with),
        builtin(machine, std::move(version)),
        smbios(machine),
        cpuid(machine),
        pci(machine),
        acpi(machine),
        efi(machine),
        fw_cfg(machine),
        proxydhcp("proxydhcp", [this] { return proxy(); }),
        pxebs("pxebs", [this] { return boot_server(); }) {}

  /// ProxyDHCP answer of the interface opened last, else of any.
  const std::optional<DhcpReply>* proxy() {
    if (Interface* last = network.last_opened(); last && last->proxy_reply())
      return &last->proxy_reply();
    for (Interface* interface : network.interfaces())
      if (interface->proxy_reply()) return &interface->proxy_reply();
    return nullptr;
  }

  /// The same for the PXE boot server that was found last.
  const std::optional<DhcpReply>* boot_server() {
    if (Interface* last = network.last_opened(); last && last->boot_server_reply())
      return &last->boot_server_reply();
    for (Interface* interface : network.interfaces())
      if (interface->boot_server_reply()) return &interface->boot_server_reply();
    return nullptr;
  }

  InterfaceBlock* block_of(Interface* interface) const {
    if (!interface) return nullptr;
    for (const auto& block : interfaces)
      if (&block->interface() == interface) return block.get();
    interfaces.push_back(std::make_unique<InterfaceBlock>(*interface));
    return interfaces.back().get();
  }

  std::vector<SettingsBlock*> children() const override {
    std::vector<SettingsBlock*> all{&builtin, &smbios, &cpuid, &pci, &acpi, &efi, &fw_cfg};
    InterfaceBlock* last = block_of(network.last_opened());
    if (last) all.push_back(last);
    for (Interface* interface : network.interfaces())
      if (InterfaceBlock* block = block_of(interface); block != last) all.push_back(block);
    all.push_back(&proxydhcp);
    all.push_back(&pxebs);
    for (SettingsBlock* made : StoredBlock::children()) all.push_back(made);
    return all;
  }

  /// Name servers and trust set at the root hold for all interfaces.
  Status store(const SettingKey& key, SettingValue value) override {
    TRY(StoredBlock::store(key, std::move(value)));
    apply_dns(key);
    apply_trust(key);
    apply_debug(key);
    return apply_http(key);
  }
  Status clear(const SettingKey& key) override {
    bool there = StoredBlock::find(key).has_value();
    TRY(StoredBlock::clear(key));
    if (there) apply_dns(key);
    if (there) apply_trust(key);
    if (there) apply_debug(key);
    return there ? apply_http(key) : ok_status();
  }
  void apply_debug(const SettingKey& key) {
    if (key.name != "debug") return;
    auto set = StoredBlock::find(key);
    platform.trace_rom(set && text_of(set->bytes) == "undi");
  }
  /// Only what a script sets counts: a DHCP server must not choose whom to trust.
  void apply_trust(const SettingKey& key) {
    auto set = [this](uint64_t tag) {
      auto found = StoredBlock::find({{}, tag});
      return found ? std::move(found->bytes) : std::vector<uint8_t>{};
    };
    if (key.tag == tag::kTrust) network.set_trust(set(tag::kTrust));
    if (key.tag == tag::kCrosscert) network.set_crosscert(text_of(set(tag::kCrosscert)));
    if (key.tag != tag::kCert && key.tag != tag::kPrivkey) return;
    auto certificate = set(tag::kCert), private_key = set(tag::kPrivkey);
    if (certificate.empty() == private_key.empty()) network.set_identity(certificate, private_key);
  }
  /// As for trust, only what a script sets counts.
  Status apply_http(const SettingKey& key) {
    if (key.name != "proxy" && key.name != "no-proxy" && key.name != "insecure-redirects" &&
        key.name != "http-connections")
      return ok_status();
    auto text = [this](std::string_view name) {
      auto found = StoredBlock::find({std::string(name), 0});
      return found ? std::string(text_of(found->bytes)) : std::string();
    };
    std::string insecure = text("insecure-redirects");
    bool any_bit = std::ranges::any_of(insecure, [](char c) { return c != 0; });
    HttpSettings http{text("proxy"), text("no-proxy"), any_bit};
    std::string connections = text("http-connections");
    if (!connections.empty()) http.connections = uint8_t(connections.back());
    return network.set_http(http);
  }
  void apply_dns(const SettingKey& key) {
    if (key.tag != tag::kDns && key.tag != tag::kDomain) return;
    auto servers = search(*this, {}, {"dns", tag::kDns});
    auto domain = search(*this, {}, {"domain", tag::kDomain});
    network.set_dns(servers ? ipv4_list(servers->value.bytes) : std::vector<Ipv4>{},
                    domain ? text_of(domain->value.bytes) : std::string_view{});
  }

  /// The block at a path, nullptr when there is none. With `create`, missing ones are made.
  SettingsBlock* block_at(std::string_view path, bool create) {
    SettingsBlock* block = this;
    for (size_t depth = 0; !path.empty(); ++depth) {
      if (depth == kMaxBlocks) return nullptr;
      size_t dot = path.find('.');
      std::string_view name = path.substr(0, dot);
      path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
      bool alias = block == this && name == "netX";
      SettingsBlock* next = alias ? block_of(network.last_opened()) : child_of(*block, name);
      if (block == this && name == FeatureBlock::kName) next = &features;
      if (!next && create && !alias) next = block->make_child(name);
      if (!next) return nullptr;
      block = next;
    }
    return block;
  }
  static SettingsBlock* child_of(const SettingsBlock& block, std::string_view name) {
    for (SettingsBlock* child : block.children())
      if (child->name() == name) return child;
    return nullptr;
  }

  std::optional<Hit> lookup(const Name& name) {
    const SettingsBlock* from = block_at(name.block, false);
    if (!from) return std::nullopt;
    std::string_view path = name.block;
    std::string resolved;
    if (path == "netX" || path.starts_with("netX.")) {
      resolved = cat(network.last_opened()->name(), path.substr(4));
      path = resolved;
    }
    return search(*from, path, name.key);
  }

  Status write(const Name& name, SettingValue value) {
    if (name.key.name.empty()) return Error{Errc::Invalid, "a setting needs a name"};
    if (value.bytes.size() > kMaxValueBytes)
      return Error{Errc::NoSpace, "a setting can hold 1 MiB at most"};
    if (!value.bytes.empty() && kMaxStoredBytes - value.bytes.size() < stored_bytes())
      return Error{Errc::NoSpace, "all settings together can hold 4 MiB; clear some first"};
    SettingsBlock* block = block_at(name.block, !value.bytes.empty());
    if (!value.bytes.empty()) {
      if (!block) return Error{Errc::NotFound, cat("there can be no block \"", name.block, "\"")};
      return block->store(name.key, std::move(value));
    }
    return block ? block->clear(name.key) : ok_status();
  }

  size_t stored_bytes() const {
    size_t bytes = memory_bytes();
    for (const auto& block : interfaces) bytes += block->memory_bytes();
    return bytes;
  }

  Platform& platform;
  Network& network;
  mutable BuiltinBlock builtin;
  mutable SmbiosBlock smbios;
  mutable CpuidBlock cpuid;
  mutable PciBlock pci;
  mutable AcpiBlock acpi;
  mutable EfiBlock efi;
  mutable FwCfgBlock fw_cfg;
  mutable std::vector<std::unique_ptr<InterfaceBlock>> interfaces;  // made when first seen
  mutable DhcpBlock proxydhcp, pxebs;
  FeatureBlock features;
};

Settings::Settings(Platform& platform, Network& network, std::string version)
    : tree_(std::make_unique<Tree>(platform, network, std::move(version))) {}
Settings::~Settings() = default;

Result<Settings::Found> Settings::find(std::string_view text) const {
  Name name = take_apart(text);
  auto could_not = [&](Error why) {
    return std::move(why).in(cat("Could not find \"", name.written, "\""));
  };
  if (name.bad_type) return could_not(unknown_type());
  auto hit = tree_->lookup(name);
  if (!hit) return could_not({Errc::NotFound, "no such setting"});
  return Found{std::move(hit->block), std::string(name.key.name), type_of(name, hit->value.type),
               std::move(hit->value.bytes)};
}

std::optional<std::string> Settings::get(std::string_view text) const {
  Name name = take_apart(text);
  auto hit = name.bad_type ? std::nullopt : tree_->lookup(name);
  if (!hit) return std::nullopt;
  auto formatted = format_setting(type_of(name, hit->value.type), hit->value.bytes);
  if (!formatted.ok()) return std::nullopt;
  return std::move(formatted).value();
}

std::string Settings::text(std::string_view name) const { return get(name).value_or(""); }

std::optional<Ipv4> Settings::ipv4(std::string_view name) const {
  auto hit = tree_->lookup(take_apart(name));
  auto list = hit ? ipv4_list(hit->value.bytes) : std::vector<Ipv4>{};
  if (list.empty()) return std::nullopt;
  return list.front();
}

std::optional<int64_t> Settings::number(std::string_view text) const {
  Name name = take_apart(text);
  auto hit = tree_->lookup(name);
  if (!hit) return std::nullopt;
  auto form = number_form(type_of(name, hit->value.type));
  if (!form) return std::nullopt;
  auto number = setting_number(hit->value.bytes, form->is_signed);
  if (!number.ok()) return std::nullopt;
  return number.value();
}

namespace {
Status could_not_store(const Name& name, Status why) {
  if (why.ok()) return why;
  return std::move(why).error().in(cat("Could not store \"", name.written, "\""));
}
}  // namespace

Status Settings::set(std::string_view text, std::string_view value) {
  Name name = take_apart(text);
  if (name.bad_type) return could_not_store(name, unknown_type());
  if (value.empty()) return could_not_store(name, tree_->write(name, {}));
  SettingType type = type_of(name, std::nullopt);
  auto bytes = parse_setting(type, value);
  if (!bytes.ok()) return could_not_store(name, std::move(bytes).error());
  return could_not_store(name, tree_->write(name, {std::move(bytes).value(), type}));
}

Status Settings::check(std::string_view text, std::string_view value) const {
  Name name = take_apart(text);
  if (name.bad_type) return could_not_store(name, unknown_type());
  if (value.empty()) return ok_status();
  auto bytes = parse_setting(type_of(name, std::nullopt), value);
  return bytes.ok() ? ok_status() : could_not_store(name, std::move(bytes).error());
}

Status Settings::store(std::string_view text, std::vector<uint8_t> bytes, SettingType type) {
  Name name = take_apart(text);
  if (name.bad_type) return could_not_store(name, unknown_type());
  return could_not_store(name, tree_->write(name, {std::move(bytes), type_of(name, type)}));
}

Status Settings::clear(std::string_view text) { return set(text, {}); }

Status Settings::set_number(std::string_view text, int64_t number) {
  Name name = take_apart(text);
  SettingType type = type_of(name, SettingType::Int32);
  auto form = number_form(type);
  if (name.bad_type || !form) return set(text, decimal(number));
  std::vector<uint8_t> bytes = number_bytes(number, form->width);
  auto read_back = setting_number(bytes, form->is_signed);
  if (!read_back.ok() || *read_back != number)
    return could_not_store(name,
                           Error{Errc::Range, cat(number, " does not fit into ", name_of(type))});
  return could_not_store(name, tree_->write(name, {std::move(bytes), type}));
}

Status Settings::increment(std::string_view text, int64_t by) {
  Name name = take_apart(text);
  if (name.bad_type) return could_not_store(name, unknown_type());
  auto hit = tree_->lookup(name);
  SettingType type =
      type_of(name, hit ? hit->value.type.value_or(SettingType::String) : SettingType::Int32);
  auto form = number_form(type);
  if (!form) {
    return could_not_store(name, Error{Errc::Unsupported, cat("it is a ", name_of(type),
                                                              ", not a number; start with"
                                                              " `set ",
                                                              name.written, ":int32 0`")});
  }
  int64_t number = 0;
  if (hit) {
    auto stored = setting_number(hit->value.bytes, form->is_signed);
    if (!stored.ok()) return could_not_store(name, std::move(stored).error());
    number = stored.value();
  }
  auto sum = int64_t(uint64_t(number) + uint64_t(by));
  return could_not_store(name, tree_->write(name, {number_bytes(sum, form->width), type}));
}

namespace {
void list_block(const SettingsBlock& block, std::string_view path,
                std::vector<Settings::Listed>& out) {
  for (const std::string& text : block.names()) {
    Name name = take_apart(text);
    auto value = block.find(name.key);
    if (!value) continue;
    SettingType type = type_of(name, value->type);
    auto formatted = format_setting(type, value->bytes);
    if (!formatted.ok()) {
      type = SettingType::Hex;
      formatted = format_setting(type, value->bytes);
    }
    out.push_back({std::string(path), text, type, std::move(formatted).value()});
  }
  for (const SettingsBlock* child : block.children())
    list_block(*child, path.empty() ? child->name() : cat(path, ".", child->name()), out);
}
}  // namespace

std::vector<Settings::Listed> Settings::list() const {
  std::vector<Listed> all;
  list_block(*tree_, {}, all);
  return all;
}

void Settings::set_features(std::vector<std::string> names) {
  tree_->features.present = std::move(names);
}

BuiltinBlock& Settings::builtin() { return tree_->builtin; }
const BuiltinBlock& Settings::builtin() const { return tree_->builtin; }

std::optional<std::vector<uint8_t>> Settings::machine_uuid() const {
  return smbios_uuid(tree_->smbios.table());
}

Status Settings::apply(Interface& interface) {
  InterfaceBlock* block = tree_->block_of(&interface);
  return block->configured_by_hand() ? block->apply() : ok_status();
}

}  // namespace hawser
