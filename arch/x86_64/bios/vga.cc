// VGA text screen: see vga.h. CRT controller registers: IBM VGA technical reference, ECMA-48.
#include "arch/x86_64/bios/vga.h"

#include <algorithm>
#include <cstdint>

#include "arch/x86_64/ansi.h"
#include "arch/x86_64/bios/real_mode.h"
#include "arch/x86_64/io.h"

namespace hawser::bios::vga {
namespace {

constexpr uint8_t kMonochrome = 7;
constexpr int kColumns = 80, kRows = 25;
constexpr uint8_t kCursorHigh = 0x0e;

volatile uint16_t* cells = nullptr;
uint16_t crtc = 0x3d4;
int row = 0, column = 0;
uint8_t attribute = ControlSequence::kPlain;

ControlSequence sequence;

bool is_text(uint8_t mode) { return mode == 2 || mode == 3 || mode == kMonochrome; }

void write_crtc(uint8_t index, uint8_t value) {
  out8(crtc, index);
  out8(uint16_t(crtc + 1), value);
}
uint8_t read_crtc(uint8_t index) {
  out8(crtc, index);
  return in8(uint16_t(crtc + 1));
}

void show_cursor() {
  int at = row * kColumns + column;
  write_crtc(kCursorHigh, uint8_t(at >> 8));
  write_crtc(kCursorHigh + 1, uint8_t(at));
}

void clear(int from, int to) {
  for (int i = from; i < to; ++i) cells[i] = uint16_t(attribute << 8 | ' ');
}

void new_line() {
  if (++row < kRows) return;
  row = kRows - 1;
  for (int i = 0; i < (kRows - 1) * kColumns; ++i) cells[i] = cells[i + kColumns];
  clear((kRows - 1) * kColumns, kRows * kColumns);
}

void carry_out_sequence() {
  bool whole = sequence.parameter(0) != 0;
  int steps = sequence.count_or_place(0);
  int at = row * kColumns + column;
  switch (sequence.final()) {
    case 'H':
      row = std::min(steps, kRows) - 1;
      column = std::min(sequence.count_or_place(1), kColumns) - 1;
      break;
    case 'J':
      clear(whole ? 0 : at, kRows * kColumns);
      break;
    case 'K':
      clear(whole ? row * kColumns : at, (row + 1) * kColumns);
      break;
    case 'C':
      column = std::min(column + steps, kColumns - 1);
      break;
    case 'D':
      column = std::max(column - steps, 0);
      break;
    case 'm':
      attribute = sequence.colour(attribute);
      break;
    default:
      break;
  }
}

void put_char(char c) {
  auto step = sequence.take(c);
  if (step == ControlSequence::Step::Complete) carry_out_sequence();
  if (step != ControlSequence::Step::Text) return;
  switch (c) {
    case '\n':
      column = 0;
      return new_line();
    case '\r':
      column = 0;
      return;
    case '\b':
      column = std::max(column - 1, 0);
      return;
    case '\t':
      column = std::min((column + 8) & ~7, kColumns - 1);
      return;
    default:
      break;
  }
  if (uint8_t(c) < ' ') return;
  if (column == kColumns) {
    column = 0;
    new_line();
  }
  cells[row * kColumns + column++] = uint16_t(attribute << 8 | uint8_t(c));
}

bool vga_present() {
  RealModeCall call;
  call.eax = 0x1a00;  // read display combination code
  interrupt(0x10, call);
  return (call.eax & 0xff) == 0x1a;
}

}  // namespace

void init() {
  cells = nullptr;
  if (!vga_present()) return;  // a BIOS without a VGA has nothing at B8000h
  if (!is_text(low_memory<uint8_t>(bda::kVideoMode))) {
    RealModeCall call;
    call.eax = 0x0003;  // 80x25 text
    interrupt(0x10, call);
  }
  bool monochrome = low_memory<uint8_t>(bda::kVideoMode) == kMonochrome;
  crtc = monochrome ? 0x3b4 : 0x3d4;
  cells = reinterpret_cast<volatile uint16_t*>(uintptr_t{monochrome ? 0xb0000u : 0xb8000u});
  int at = read_crtc(kCursorHigh) << 8 | read_crtc(kCursorHigh + 1);
  at = std::min(at, kRows * kColumns - 1);
  row = at / kColumns;
  column = at % kColumns;
}

void put(std::string_view text) {
  if (!cells) return;
  for (char c : text) put_char(c);
  show_cursor();
}

}  // namespace hawser::bios::vga
