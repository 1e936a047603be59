// BIOS keyboard: see keyboard.h. Scan codes: IBM PS/2 and PC BIOS technical reference, INT 16h.
#include "arch/x86_64/bios/keyboard.h"

#include <string_view>

#include "arch/x86_64/bios/real_mode.h"
#include "arch/x86_64/io.h"

namespace hawser::bios::keyboard {
namespace {

constexpr uint16_t kControllerStatus = 0x64;
constexpr uint8_t kOutputFull = 1;
/// Between two times that interrupts are let in. One that waits, such as the timer's each 55 ms,
/// has QEMU's TCG take a lock whenever it leaves translated code.
constexpr uint64_t kWindowUs = 10'000;

struct Row {
  uint8_t scan_code;
  std::string_view sequence;
};
constexpr Row kKeys[] = {
    {0x48, "\x1b[A"},   {0x50, "\x1b[B"},   {0x4d, "\x1b[C"},   {0x4b, "\x1b[D"},
    {0x47, "\x1b[H"},   {0x4f, "\x1b[F"},   {0x52, "\x1b[2~"},  {0x53, "\x1b[3~"},
    {0x49, "\x1b[5~"},  {0x51, "\x1b[6~"},  {0x3b, "\x1b[11~"}, {0x3c, "\x1b[12~"},
    {0x3d, "\x1b[13~"}, {0x3e, "\x1b[14~"}, {0x3f, "\x1b[15~"}, {0x40, "\x1b[17~"},
    {0x41, "\x1b[18~"}, {0x42, "\x1b[19~"}, {0x43, "\x1b[20~"}, {0x44, "\x1b[21~"},
    {0x85, "\x1b[23~"}, {0x86, "\x1b[24~"},
};

std::string_view pending;  // rest of a sequence
uint64_t last_window_us = 0;

bool bios_has_key() {
  return low_memory<uint16_t>(bda::kKeyHead) != low_memory<uint16_t>(bda::kKeyTail);
}

std::optional<char> take_pending() {
  if (pending.empty()) return std::nullopt;
  char c = pending.front();
  pending.remove_prefix(1);
  return c;
}

}  // namespace

std::optional<char> get(uint64_t now_us) {
  if (!pending.empty()) return take_pending();
  if (!bios_has_key()) {
    uint8_t status = in8(kControllerStatus);
    bool controller_has_data = status != 0xff && (status & kOutputFull);
    if (!controller_has_data && now_us - last_window_us < kWindowUs) return std::nullopt;
    last_window_us = now_us;
    interrupt_window();
    if (!bios_has_key()) return std::nullopt;
  }
  RealModeCall call;
  call.eax = 0x1000;  // read a key of an extended keyboard; one is there
  interrupt(0x16, call);
  char c = char(call.eax);
  if (c != 0 && uint8_t(c) != 0xe0) return c;
  uint8_t scan_code = uint8_t(call.eax >> 8);
  if (scan_code == 0) return '\x03';  // Ctrl-Break
  for (const Row& row : kKeys)
    if (row.scan_code == scan_code) pending = row.sequence;
  return take_pending();
}

}  // namespace hawser::bios::keyboard
