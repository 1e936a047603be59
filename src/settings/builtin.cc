// The builtin block: facts about Hawser and this run (src/settings/settings.h).
#include "src/base/format.h"
#include "src/settings/settings.h"

namespace hawser {
namespace {

constexpr std::string_view kBuildArch = "x86_64";

SettingValue text_value(std::string_view text) {
  return {{text.begin(), text.end()}, SettingType::String};
}

SettingValue number_value(int64_t number, SettingType type) {
  return {number_bytes(number, number_form(type)->width), type};
}

std::optional<SettingValue> directory_value(Uri uri) {
  std::string& path = uri.opaque.empty() ? uri.path : uri.opaque;
  size_t slash = path.rfind('/');
  path.resize(slash == std::string::npos ? 0 : slash + 1);
  if (path.empty() && !uri.host.empty()) path = "/";
  uri.query.reset();
  return text_value(to_string(uri));
}

}  // namespace

BuiltinBlock::BuiltinBlock(Platform& platform, std::string version)
    : SettingsBlock("builtin"), platform_(platform), version_(std::move(version)) {}

std::optional<SettingValue> BuiltinBlock::find(const SettingKey& key) const {
  if (key.tag != 0) return std::nullopt;
  if (key.name == "errno") return number_value(last_error, SettingType::Uint32);
  if (key.name == "buildarch") return text_value(kBuildArch);
  if (key.name == "platform") return text_value(platform_.name());
  if (key.name == "version") return text_value(version_);
  if (key.name == "memsize")
    return number_value(int64_t(platform_.memory().ram_bytes() >> 20), SettingType::Int32);
  if (key.name == "dmesg") return text_value(platform_.log().text());
  if (key.name == "unixtime") {
    auto clock = platform_.unix_time();
    if (!clock) return std::nullopt;
    return number_value(*clock, SettingType::Uint32);
  }
  if (working_uri && (key.name == "cwuri" || key.name == "cwduri")) {
    Uri uri = *working_uri;
    uri.fragment.clear();
    if (key.name == "cwduri") return directory_value(std::move(uri));
    return text_value(to_string(uri));
  }
  return std::nullopt;
}

Status BuiltinBlock::store(const SettingKey& key, SettingValue value) {
  if (key.tag != 0 || key.name != "unixtime") return SettingsBlock::store(key, std::move(value));
  platform_.set_unix_time(TRY(setting_number(value.bytes, false)));
  return ok_status();
}

std::vector<std::string> BuiltinBlock::names() const {
  return {"errno", "buildarch", "platform", "version", "unixtime", "cwuri", "cwduri", "memsize"};
}

}  // namespace hawser
