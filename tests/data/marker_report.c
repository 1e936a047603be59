// The 32-bit part of the marker kernel: command line, initrd and payload sums on COM1.
#include "report.h"

static uint32_t read32(uint32_t at) { return *(volatile uint32_t*)at; }

/// `header` is the physical address of the boot sector's copy (real mode) or of the zero page: the
/// setup header lies at the same offsets in both.
__attribute__((section(".text.entry"))) void marker_report(uint32_t header, uint32_t by_loader,
                                                           uint32_t payload_bytes) {
  if (by_loader) put("\nMARKER protected-mode entry\n");
  uint32_t initrd = read32(header + 0x218), initrd_bytes = read32(header + 0x21c);
  put("MARKER");
  put_field("loader", read32(header + 0x210) & 0xff);
  put_field("initrd", initrd);
  put_field("initrd_bytes", initrd_bytes);
  put_field("initrd_sum", word_sum(initrd, initrd_bytes));
  // The first page holds the stack, which is in use.
  put_field("payload_sum", word_sum(0x101000, payload_bytes - 0x1000));
  put("\ncmdline=[");
  if (read32(header + 0x228)) put((const char*)read32(header + 0x228));
  put("]\n");
  finish();
}
