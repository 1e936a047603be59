// Printing on COM1 for the test kernels: 32-bit code without library, data or .bss of its own.
#pragma once

#include <stdint.h>

static inline void out8(uint16_t port, uint8_t value) {
  __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t in8(uint16_t port) {
  uint8_t value;
  __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
  return value;
}

static inline void put_char(char c) {
  for (int tries = 0; tries < 100000 && !(in8(0x3fd) & 0x20); ++tries) {
  }
  out8(0x3f8, (uint8_t)c);
}

static inline void put(const char* text) {
  for (; *text; ++text) put_char(*text);
}

static inline void put_hex(uint32_t value) {
  for (int shift = 28; shift >= 0; shift -= 4) put_char("0123456789abcdef"[(value >> shift) & 15]);
}

/// " name=0000abcd"
static inline void put_field(const char* name, uint32_t value) {
  put_char(' ');
  put(name);
  put_char('=');
  put_hex(value);
}

/// CRC-32 as zlib.crc32 computes it. Bit by bit: no table, since there is no data section.
static inline uint32_t crc32(const volatile uint8_t* at, uint32_t bytes) {
  uint32_t crc = 0xffffffff;
  for (uint32_t i = 0; i < bytes; ++i) {
    crc ^= at[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc;
}

/// Sum of 32-bit little-endian words, wrapping; a tail of fewer than four bytes counts as if zero
/// padded. Fast enough under emulation for hundreds of MiB.
static inline uint32_t word_sum(uint32_t at, uint32_t bytes) {
  uint32_t sum = 0, i = 0;
  for (; bytes - i >= 4; i += 4) sum += *(volatile uint32_t*)(uintptr_t)(at + i);
  for (uint32_t shift = 0; i < bytes; ++i, shift += 8)
    sum += (uint32_t) * (volatile uint8_t*)(uintptr_t)(at + i) << shift;
  return sum;
}

/// Ends QEMU when it has an isa-debug-exit device; halts otherwise.
static inline void finish(void) {
  put("\nTEST-KERNEL done\n");
  out8(0xf4, 0x10);
  for (;;) __asm__ volatile("cli; hlt");
}
