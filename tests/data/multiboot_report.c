// What a Multiboot test kernel saw at its entry, printed on COM1 (Multiboot Specification 0.6.96,
// Multiboot2 Specification 2.0).
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

static void put_mapped(const uint32_t* entry) {  // base, base high, length, length high, type
  put("mmap");
  put_field("base", entry[1]);
  put_hex(entry[0]);
  put_field("length", entry[3]);
  put_hex(entry[2]);
  put_field("type", entry[4]);
  put("\n");
}

static void put_module(uint32_t start, uint32_t end, const char* string) {
  put("module");
  put_field("start", start);
  put_field("bytes", end - start);
  put_field("crc32", crc32((const uint8_t*)start, end - start));
  put(" string=[");
  put(string);
  put("]\n");
}

static void put_memory_map(const struct Info* info) {
  uint32_t at = info->mmap_addr, end = info->mmap_addr + info->mmap_length;
  for (; at < end; at += *(const uint32_t*)at + 4) put_mapped((const uint32_t*)at + 1);
}

static void put_modules(const struct Info* info) {
  const struct Module* module = (const struct Module*)info->mods_addr;
  for (uint32_t i = 0; i < info->mods_count; ++i, ++module)
    put_module(module->start, module->end, (const char*)module->string);
}

/// UEFI's own map: descriptors, "first" bytes apart; pages of memory that is free when it has ended.
static void put_firmware_map(const uint32_t* tag, uint32_t end) {
  uint32_t rows = 0, pages = 0;
  for (uint32_t at = (uint32_t)(tag + 4); at + tag[2] <= end; at += tag[2], ++rows) {
    const uint32_t* row = (const uint32_t*)at;
    if (row[0] >= 1 && row[0] <= 7 && row[0] != 5 && row[0] != 6) pages += row[6];
  }
  put("efimap");
  put_field("row", tag[2]);
  put_field("version", tag[3]);
  put_field("rows", rows);
  put_field("free", pages);
  put("\n");
}

/// The tags of Multiboot2 (§3.6).
static void put_tags(uint32_t info) {
  put("tags");
  put_field("bytes", *(const uint32_t*)info);
  put("\n");
  for (const uint32_t* tag = (const uint32_t*)(info + 8); tag[0];
       tag = (const uint32_t*)((uint32_t)tag + ((tag[1] + 7) & ~7u))) {
    uint32_t end = (uint32_t)tag + tag[1];
    if (tag[0] == 1 || tag[0] == 2) {
      put(tag[0] == 1 ? "cmdline=[" : "loader=[");
      put((const char*)(tag + 2));
      put("]\n");
    } else if (tag[0] == 3) {
      put_module(tag[2], tag[3], (const char*)(tag + 4));
    } else if (tag[0] == 6) {
      for (uint32_t at = (uint32_t)(tag + 4); at < end; at += tag[2]) put_mapped((uint32_t*)at);
    } else if (tag[0] == 17) {
      put_firmware_map(tag, end);
    } else {
      put("tag");
      put_field("type", tag[0]);
      put_field("bytes", tag[1]);
      put_field("first", tag[2]);
      put_field("second", tag[3]);
      put("\n");
    }
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
  if (entry->eax == 0x36d76289) put_tags(entry->ebx);
  finish();
}
