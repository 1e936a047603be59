// Blocks that store what scripts write (src/settings/settings.h).
#include <algorithm>

#include "src/base/format.h"
#include "src/settings/settings.h"

namespace hawser {

// Blocks that can be written take the value over. NOLINTNEXTLINE(performance-unnecessary-value-param)
Status SettingsBlock::store(const SettingKey&, SettingValue) {
  return Error{Errc::Unsupported, cat("settings of \"", name_, "\" are read-only")};
}

Status SettingsBlock::clear(const SettingKey& key) {
  if (!find(key)) return ok_status();
  return Error{Errc::Unsupported, cat("settings of \"", name_, "\" are read-only")};
}

const StoredBlock::Entry* StoredBlock::entry(const SettingKey& key) const {
  for (const Entry& entry : entries_)
    if (key.tag ? entry.tag == key.tag : entry.tag == 0 && entry.name == key.name) return &entry;
  return nullptr;
}

std::optional<SettingValue> StoredBlock::find(const SettingKey& key) const {
  if (const Entry* found = entry(key)) return found->value;
  return std::nullopt;
}

Status StoredBlock::store(const SettingKey& key, SettingValue value) {
  if (const Entry* found = entry(key))
    entries_[size_t(found - entries_.data())].value = std::move(value);
  else entries_.push_back({std::string(key.name), key.tag, std::move(value)});
  return ok_status();
}

Status StoredBlock::clear(const SettingKey& key) {
  if (const Entry* found = entry(key)) entries_.erase(entries_.begin() + (found - entries_.data()));
  return ok_status();
}

std::vector<std::string> StoredBlock::names() const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_) names.push_back(entry.name);
  return names;
}

std::vector<SettingsBlock*> StoredBlock::children() const {
  std::vector<SettingsBlock*> children;
  for (const auto& child : made_) children.push_back(child.get());
  return children;
}

size_t StoredBlock::memory_bytes() const {
  size_t bytes = sizeof(*this);
  for (const Entry& entry : entries_)
    bytes += sizeof(entry) + entry.name.size() + entry.value.bytes.size();
  for (const auto& child : made_) bytes += child->memory_bytes();
  return bytes;
}

SettingsBlock* StoredBlock::make_child(std::string_view name) {
  made_.push_back(std::make_unique<StoredBlock>(std::string(name)));
  return made_.back().get();
}

}  // namespace hawser
