// The card of the PXE ROM that loaded us, and the DHCP answers that made it do so.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/pci/config.h"
#include "drivers/undi/api.h"
#include "net/stack/stack.h"

namespace hawser {

class RomCard {
 public:
  /// Nothing without a ROM, or when it does not describe its card, which is printed. Borrows both.
  static std::optional<RomCard> find(undi::Rom* rom, Platform& platform);

  bool on_pci() const { return card_.pci.has_value(); }
  uint32_t location() const { return on_pci() ? card_.pci->location : 0; }
  pci::Address address() const {
    uint32_t at = location();
    return {uint8_t(at >> 8), uint8_t(at >> 3 & 0x1f), uint8_t(at & 7)};
  }
  /// Our own driver is many times faster than the ROM's.
  bool has_native_driver() const;
  /// What the program that chained us has for us to do.
  std::string command_line() const;
  /// Ends what the ROM does with the card, for good.
  void release();
  /// Makes the card the first one: driven by the ROM unless a driver of ours has found it. Gives its DHCP
  /// answers away.
  void put_first(std::vector<stack::NicEntry>& nics);

 private:
  RomCard(undi::Rom& rom, const undi::Card& card);
  undi::Rom& rom_;
  undi::Card card_;
  std::vector<uint8_t> ack_, proxy_;
};

}  // namespace hawser
