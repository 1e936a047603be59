// UEFI variables: see variables.h.
#include "arch/x86_64/uefi/variables.h"

#include "arch/x86_64/uefi/call_watch.h"
#include "arch/x86_64/uefi/firmware.h"

namespace hawser::uefi {
namespace {

constexpr uint64_t kLongestName = 4096, kLongestValue = 1024 * 1024;

}  // namespace

void Variables::list() {
  constexpr size_t kMostVariables = 4096;
  FirmwareCall watched("GetNextVariableName()");
  listed_ = true;
  std::u16string name(64, u'\0');
  efi::Guid vendor{};
  while (keys_.size() < kMostVariables) {
    uint64_t bytes = name.size() * 2;
    efi::Code code = runtime().get_next_variable_name(&bytes, name.data(), &vendor);
    if (code == efi::Code::BufferTooSmall && bytes > name.size() * 2 && bytes <= kLongestName) {
      name.resize((bytes + 1) / 2);
      continue;
    }
    if (failed(code)) return;
    keys_.push_back({name.substr(0, name.find(u'\0')), vendor});
  }
}

std::optional<std::vector<uint8_t>> Variables::find(std::string_view name) {
  if (!listed_) list();
  std::u16string wanted = ucs2(name);
  for (const Key& key : keys_) {
    if (key.name != wanted) continue;
    FirmwareCall watched("GetVariable()");
    std::vector<uint8_t> value(64);
    for (int tries = 0; tries < 2; ++tries) {
      uint64_t bytes = value.size();
      efi::Code code =
          runtime().get_variable(key.name.c_str(), &key.vendor, nullptr, &bytes, value.data());
      if (bytes > kLongestValue) break;
      value.resize(bytes);
      if (!failed(code)) return value;
      if (code != efi::Code::BufferTooSmall) break;
    }
  }
  return std::nullopt;
}

}  // namespace hawser::uefi
