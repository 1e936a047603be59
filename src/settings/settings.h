// The tree of settings that scripts read as ${block/name:type} and write with `set`.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/address.h"
#include "src/base/name_index.h"
#include "src/base/result.h"
#include "src/network.h"
#include "src/platform.h"
#include "src/settings/value.h"
#include "src/uri/uri.h"

namespace hawser {

/// What a setting is looked up by. Two keys with tags are the same setting when the tags are
/// equal; otherwise the names decide.
struct SettingKey {
  std::string_view name;   ///< as written: "ip", "43.9", "my-variable"
  uint64_t tag = 0;        ///< numeric tag ((previous << 8) | component); 0: known by name only
  uint8_t components = 0;  ///< how many numbers a tag like "1.4.0" was written with; 0: a name
};

/// Bytes of a setting. `type` is what it was stored with, or what the block knows it to be.
struct SettingValue {
  std::vector<uint8_t> bytes;
  std::optional<SettingType> type;
};

/// A well-known setting: a row of the table in names.cc.
struct NamedSetting {
  std::string_view name;
  uint64_t tag;  ///< DHCP option, 175.x sub-option or pseudo tag; 0: by name only
  SettingType type;
  std::string_view summary;
};
std::span<const NamedSetting> named_settings();
const NamedSetting* find_named(const SettingKey& key);

/// A numeric or named key ("67", "175.0xb0", "filename" which gets tag 67).
SettingKey setting_key(std::string_view name);

/// A node of the tree: anything that can look a setting up.
class SettingsBlock {
 public:
  explicit SettingsBlock(std::string name) : name_(std::move(name)) {}
  virtual ~SettingsBlock() = default;

  const std::string& name() const { return name_; }
  /// This block's own value, without its children.
  virtual std::optional<SettingValue> find(const SettingKey& key) const = 0;
  /// Errors: Unsupported (read-only block), or what acting on the value brings.
  virtual Status store(const SettingKey& key, SettingValue value);
  /// Deleting what is not there is success. Errors: Unsupported (read-only block).
  virtual Status clear(const SettingKey& key);
  /// Names of the values there are, for listings.
  virtual std::vector<std::string> names() const { return {}; }
  /// In order of search. Pointers stay valid while the tree does.
  virtual std::vector<SettingsBlock*> children() const { return {}; }
  /// A new child that scripts can write to; nullptr where there can be none.
  virtual SettingsBlock* make_child(std::string_view) { return nullptr; }

 private:
  std::string name_;
};

/// A block that just keeps what scripts store in it, and blocks that scripts create below it.
class StoredBlock : public SettingsBlock {
 public:
  using SettingsBlock::SettingsBlock;
  std::optional<SettingValue> find(const SettingKey& key) const override;
  Status store(const SettingKey& key, SettingValue value) override;
  Status clear(const SettingKey& key) override;
  std::vector<std::string> names() const override;
  std::vector<SettingsBlock*> children() const override;

  SettingsBlock* make_child(std::string_view name) override;
  /// Roughly what this block and those made below it occupy.
  size_t memory_bytes() const;

 private:
  struct Entry {
    std::string name;
    uint64_t tag;
    SettingValue value;
    bool cleared = false;  ///< kept until many are, as positions are in the index
    size_t bytes() const { return sizeof(*this) + name.size() + value.bytes.size(); }
  };
  Entry* entry(const SettingKey& key);
  const Entry* entry(const SettingKey& key) const {
    return const_cast<StoredBlock*>(this)->entry(key);
  }
  void drop_cleared();
  std::vector<Entry> entries_;  ///< in the order in which they were stored first
  NameIndex index_;
  size_t cleared_ = 0, entry_bytes_ = 0;
  std::vector<std::unique_ptr<StoredBlock>> made_;
};

/// Facts about Hawser and this run: errno, buildarch, platform, version, cwuri, cwduri, unixtime,
/// memsize, dmesg (what was printed last).
class BuiltinBlock : public SettingsBlock {
 public:
  BuiltinBlock(Platform& platform, std::string version);
  std::optional<SettingValue> find(const SettingKey& key) const override;
  Status store(const SettingKey& key, SettingValue value) override;  ///< only unixtime
  std::vector<std::string> names() const override;

  /// Status of the last command that failed; the error class is in the top byte.
  uint32_t last_error = 0;
  /// URI of the running image, against which relative URIs are resolved. Set through WorkingUri.
  std::optional<Uri> working_uri;

 private:
  Platform& platform_;
  std::string version_;
};

/// Makes `uri` the current working URI for its own lifetime; nothing leaves it as it is.
class WorkingUri {
 public:
  WorkingUri(BuiltinBlock& builtin, const std::optional<Uri>& uri)
      : builtin_(builtin), before_(builtin.working_uri) {
    if (uri) builtin_.working_uri = uri;
  }
  ~WorkingUri() { builtin_.working_uri = std::move(before_); }
  WorkingUri(const WorkingUri&) = delete;

 private:
  BuiltinBlock& builtin_;
  std::optional<Uri> before_;
};

class Settings {
 public:
  /// `version` is what ${version} shows. Both references are kept.
  Settings(Platform& platform, Network& network, std::string version);
  ~Settings();

  // Names below are full setting names as scripts write them: "[block[.block...]/]name[:type]".

  /// Formatted text, or nothing when missing, unknown type or block, or not expressible.
  std::optional<std::string> get(std::string_view name) const;
  /// As get(), with empty text for nothing.
  std::string text(std::string_view name) const;
  /// Raw typed reads for the program's own use; nothing when missing or of the wrong size.
  std::optional<Ipv4> ipv4(std::string_view name) const;
  std::optional<int64_t> number(std::string_view name) const;

  /// What a lookup found, for `show`.
  struct Found {
    std::string block;  ///< "net0.dhcp"; empty for script variables
    std::string name;   ///< "ip"
    SettingType type;   ///< asked for, else predefined, else stored, else string
    std::vector<uint8_t> bytes;
  };
  /// Errors: NotFound, Invalid (unknown type).
  Result<Found> find(std::string_view name) const;

  /// Parses `text` by the type in the name, else the predefined one, else string. Empty text
  /// deletes. Missing blocks are created. Errors: Invalid, Unsupported (read-only block).
  Status set(std::string_view name, std::string_view text);
  /// Whether set() can read `text`; stores nothing. A block may still refuse it. Errors: Invalid.
  Status check(std::string_view name, std::string_view text) const;
  /// As set(), with bytes; `type` is used when the name gives none and is not predefined.
  Status store(std::string_view name, std::vector<uint8_t> bytes, SettingType type);
  Status clear(std::string_view name);
  /// Stores a number as the type in the name, else the predefined one, else int32.
  /// Errors: Range (it does not fit), and those of set().
  Status set_number(std::string_view name, int64_t number);
  /// Adds to a number, keeping its type and width (wraps); a missing one starts as int32 0.
  /// Errors: Unsupported (not a number), Range.
  Status increment(std::string_view name, int64_t by);

  /// Every setting there is, in order of search, formatted: for `config` and listings.
  struct Listed {
    std::string block, name;
    SettingType type;
    std::string value;
  };
  std::vector<Listed> list() const;

  /// What is built in: ${feature/NAME} is 1 for each, and unset for all others. The block is found
  /// only by its name, so that no feature hides a script's variable.
  void set_features(std::vector<std::string> names);

  BuiltinBlock& builtin();
  const BuiltinBlock& builtin() const;
  /// UUID of the machine, 16 bytes as SMBIOS stores them: DHCP option 97.
  std::optional<std::vector<uint8_t>> machine_uuid() const;
  /// Configures an interface again from its own settings over its lease. Called after DHCP and
  /// after opening, so that values set by hand (`set net0/gateway ...`) win. Does nothing when
  /// none were set. Errors: as Interface::configure.
  Status apply(Interface& interface);

 private:
  struct Tree;
  std::unique_ptr<Tree> tree_;
};

}  // namespace hawser
