// VGA text screen: see vga.h. CRT controller registers: IBM VGA technical reference, ECMA-48.
#include "arch/x86_64/bios/vga.h"

#include <algorithm>
#include <cstdint>

#include "arch/x86_64/bios/real_mode.h"
#include "arch/x86_64/io.h"

namespace hawser::bios::vga {
namespace {

constexpr uint8_t kMonochrome = 7;
constexpr uint8_t kPlain = 0x07;  // light grey on black
constexpr uint8_t kBright = 0x08;
constexpr int kColumns = 80, kRows = 25;
constexpr uint8_t kCursorHigh = 0x0e;

volatile uint16_t* cells = nullptr;
uint16_t crtc = 0x3d4;
int row = 0, column = 0;
uint8_t attribute = kPlain;

// Escape sequences seen so far: nothing, ESC, or ESC [ and its parameters.
enum class Escape : uint8_t { None, Started, Parameters } escape = Escape::None;
constexpr int kMaxParameters = 4;
int parameters[kMaxParameters], parameter_count;

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

// SGR (ECMA-48 8.3.117): 0 plain, 1 bold, 30-37 and 40-47 colours, 39 and 49 the usual ones.
void set_colour(int code) {
  // Red, green, blue are bits 0, 1, 2 of a code, but 2, 1, 0 of an attribute.
  auto colour = [](int ansi) { return uint8_t((ansi & 1) << 2 | (ansi & 2) | (ansi & 4) >> 2); };
  if (code == 0) attribute = kPlain;
  else if (code == 1) attribute |= kBright;
  else if (code == 39) attribute = uint8_t((attribute & ~7) | kPlain);
  else if (code == 49) attribute = uint8_t(attribute & ~0x70);
  else if (code >= 30 && code <= 37) attribute = uint8_t((attribute & ~7) | colour(code - 30));
  else if (code >= 40 && code <= 47)
    attribute = uint8_t((attribute & ~0x70) | colour(code - 40) << 4);
}

void end_sequence(char final) {
  int first = parameter_count > 0 ? parameters[0] : 0;
  int at = row * kColumns + column;
  switch (final) {
    case 'H':
      row = std::clamp(first, 1, kRows) - 1;
      column = std::clamp(parameter_count > 1 ? parameters[1] : 0, 1, kColumns) - 1;
      break;
    case 'J':
      clear(first ? 0 : at, kRows * kColumns);
      break;
    case 'K':
      clear(first ? row * kColumns : at, (row + 1) * kColumns);
      break;
    case 'C':
      column = std::min(column + std::max(first, 1), kColumns - 1);
      break;
    case 'D':
      column = std::max(column - std::max(first, 1), 0);
      break;
    case 'm':
      for (int i = 0; i < std::clamp(parameter_count, 1, kMaxParameters); ++i)
        set_colour(parameters[i]);
      break;
    default:
      break;
  }
}

void in_sequence(char c) {
  if (escape == Escape::Started) {
    escape = c == '[' ? Escape::Parameters : Escape::None;
    std::fill_n(parameters, kMaxParameters, 0);
    parameter_count = 0;
    return;
  }
  if (c >= '0' && c <= '9') {
    parameter_count = std::max(parameter_count, 1);
    int& value = parameters[std::min(parameter_count, kMaxParameters) - 1];
    value = std::min(value * 10 + (c - '0'), 999);
  } else if (c == ';') {
    parameter_count = std::max(parameter_count, 1) + 1;
  } else if (c >= 0x40 && c <= 0x7e) {
    escape = Escape::None;
    end_sequence(c);
  }
}

void put_char(char c) {
  if (escape != Escape::None) return in_sequence(c);
  switch (c) {
    case '\x1b':
      escape = Escape::Started;
      return;
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
