// UEFI variables, by name (UEFI 2.10 §8.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arch/x86_64/uefi/efi.h"

namespace hawser::uefi {

class Variables {
 public:
  /// The value of the first variable of that name, of whichever vendor. The names are asked for
  /// once, since firmware takes its time over each: variables made later are not found.
  std::optional<std::vector<uint8_t>> find(std::string_view name);

 private:
  struct Key {
    std::u16string name;
    efi::Guid vendor;
  };
  void list();

  std::vector<Key> keys_;
  bool listed_ = false;
};

}  // namespace hawser::uefi
