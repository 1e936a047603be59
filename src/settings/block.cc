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

namespace {
uint32_t key_hash(const SettingKey& key) {
  return key.tag ? uint32_t(key.tag) * 0x9e3779b1u : hash_of(key.name);
}
}  // namespace

StoredBlock::Entry* StoredBlock::entry(const SettingKey& key) {
  size_t at = index_.find(key_hash(key), [&](size_t position) {
    const Entry& entry = entries_[position];
    if (entry.cleared || entry.tag != key.tag) return false;
    return key.tag || entry.name == key.name;
  });
  return at == NameIndex::kNone ? nullptr : &entries_[at];
}

std::optional<SettingValue> StoredBlock::find(const SettingKey& key) const {
  if (const Entry* found = entry(key)) return found->value;
  return std::nullopt;
}

Status StoredBlock::store(const SettingKey& key, SettingValue value) {
  Entry* found = entry(key);
  if (!found) {
    index_.add(key_hash(key), entries_.size());
    found = &entries_.emplace_back(Entry{std::string(key.name), key.tag, {}});
  } else {
    entry_bytes_ -= found->bytes();
  }
  found->value = std::move(value);
  entry_bytes_ += found->bytes();
  return ok_status();
}

Status StoredBlock::clear(const SettingKey& key) {
  Entry* found = entry(key);
  if (!found) return ok_status();
  entry_bytes_ -= found->bytes();
  *found = {{}, 0, {}, true};
  if (++cleared_ * 2 > entries_.size()) drop_cleared();
  return ok_status();
}

void StoredBlock::drop_cleared() {
  std::erase_if(entries_, [](const Entry& entry) { return entry.cleared; });
  cleared_ = 0;
  index_.clear();
  for (size_t i = 0; i < entries_.size(); ++i)
    index_.add(key_hash({entries_[i].name, entries_[i].tag}), i);
}

std::vector<std::string> StoredBlock::names() const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_)
    if (!entry.cleared) names.push_back(entry.name);
  return names;
}

std::vector<SettingsBlock*> StoredBlock::children() const {
  std::vector<SettingsBlock*> children;
  for (const auto& child : made_) children.push_back(child.get());
  return children;
}

size_t StoredBlock::memory_bytes() const {
  size_t bytes = sizeof(*this) + entry_bytes_ + cleared_ * sizeof(Entry);
  for (const auto& child : made_) bytes += child->memory_bytes();
  return bytes;
}

SettingsBlock* StoredBlock::make_child(std::string_view name) {
  made_.push_back(std::make_unique<StoredBlock>(std::string(name)));
  return made_.back().get();
}

}  // namespace hawser
