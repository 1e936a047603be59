// What a Multiboot 1 test kernel saw at its entry, printed on COM1 (Multiboot Specification 0.6.96).
// Linked as a flat program at a fixed physical address, so that a 64-bit ELF can carry it too.
#include "report.h"

/// Filled in by multiboot_entry.inc before anything else changes.
struct EntryState {
  uint32_t eax, ebx, esp, eflags;
  uint32_t cr0, cr4, cs, ds, ss;
  uint32_t load_begin, load_end, bss_end;  // physical
};

struct Info {
  uint32_t flags, mem_lower, mem_upper, boot_device, cmdline, mods_count, mods_addr, syms[4];
  uint32_t mmap_length, mmap_addr, drives_length, drives_addr, config_table, boot_loader_name;
};

struct Module {
  uint32_t start, end, string, reserved;
};

static void put_memory_map(const struct Info* info) {
  uint32_t at = info->mmap_addr, end = info->mmap_addr + info->mmap_length;
  while (at < end) {
    const uint32_t* entry = (const uint32_t*)at;  // size, base, base high, length, length high, type
    put("mmap");
    put_field("base", entry[2]);
    put_hex(entry[1]);
    put_field("length", entry[4]);
    put_hex(entry[3]);
    put_field("type", entry[5]);
    put("\n");
    at += entry[0] + 4;
  }
}

static void put_modules(const struct Info* info) {
  const struct Module* module = (const struct Module*)info->mods_addr;
  for (uint32_t i = 0; i < info->mods_count; ++i, ++module) {
    put("module");
    put_field("start", module->start);
    put_field("bytes", module->end - module->start);
    put_field("crc32", crc32((const uint8_t*)module->start, module->end - module->start));
    put(" string=[");
    put((const char*)module->string);
    put("]\n");
  }
}

__attribute__((section(".text.entry"))) void multiboot_report(const struct EntryState* entry) {
  put("\nTEST-KERNEL multiboot\nregisters");
  put_field("eax", entry->eax);
  put_field("ebx", entry->ebx);
  put_field("eflags", entry->eflags);
  put_field("cr0", entry->cr0);
  put_field("cr4", entry->cr4);
  put_field("cs", entry->cs);
  put_field("ds", entry->ds);
  put_field("ss", entry->ss);
  put("\nimage");
  put_field("first", *(volatile uint32_t*)entry->load_begin);
  put_field("last", *(volatile uint32_t*)(entry->load_end - 4));
  put("\nbss");
  put_field("bytes", entry->bss_end - entry->load_end);
  put_field("first", *(volatile uint32_t*)entry->load_end);
  put_field("last", *(volatile uint32_t*)(entry->bss_end - 4));
  uint32_t dirty = 0;
  for (uint32_t at = entry->load_end; at < entry->bss_end; at += 4)
    dirty += *(volatile uint32_t*)at != 0;
  put_field("nonzero", dirty);
  put("\n");
  if (entry->eax == 0x2badb002) {
    const struct Info* info = (const struct Info*)entry->ebx;
    put("info");
    put_field("flags", info->flags);
    if (info->flags & 1) {
      put_field("lower", info->mem_lower);
      put_field("upper", info->mem_upper);
    }
    put("\n");
    if (info->flags & 4) {
      put("cmdline=[");
      put((const char*)info->cmdline);
      put("]\n");
    }
    if (info->flags & 0x200) {
      put("loader=[");
      put((const char*)info->boot_loader_name);
      put("]\n");
    }
    if (info->flags & 0x40) put_memory_map(info);
    if (info->flags & 8) put_modules(info);
  }
  finish();
}
