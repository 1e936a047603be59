// A kernel that is an ELF64 file with the symbol httpboot_entry. It overwrites all memory that it is
// told is free, and tells by COM1 how it was entered and what is left of itself.
#include "report.h"

struct Block {
  uint64_t magic;
  uint32_t version, count;
  struct {
    uint64_t start, bytes;
  } regions[32];
};

extern char percpu_start[];
__attribute__((section(".percpu"), used)) static uint32_t in_percpu = 0x9e4c9a5e;
static volatile uint32_t in_data = 0x600dda7a;
static uint8_t in_bss[20000];

__asm__(
    ".globl httpboot_entry\n"
    "httpboot_entry:\n"
    "  mov %rsp, %rsi\n"
    "  pushfq\n"
    "  pop %rdx\n"
    "  movd %edi, %xmm0\n"
    "  jmp report\n");

static void fill(uint64_t at, uint64_t bytes) {
  uint64_t words = bytes / 8;
  __asm__ volatile("rep stosq" : "+D"(at), "+c"(words) : "a"(0x5a5a5a5a5a5a5a5aull) : "memory");
}

__attribute__((used)) static void report(const struct Block* block, uint64_t stack,
                                         uint64_t flags) {
  uint64_t pages = 0;
  for (uint32_t i = 0; i < block->count && i < 32; ++i) {
    pages += block->regions[i].bytes >> 12;
    fill(block->regions[i].start, block->regions[i].bytes);
  }
  uint64_t cr0, cr4;
  __asm__ volatile("mov %%cr0, %0" : "=r"(cr0));
  __asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
  put("\nTEST-KERNEL httpboot");
  put_field("magic", (uint32_t)(block->magic >> 32));
  put_hex((uint32_t)block->magic);
  put_field("version", block->version);
  put_field("regions", block->count);
  put_field("pages", (uint32_t)pages);
  put_field("stack", stack & 15);
  put_field("flags", flags & 0x600);
  put_field("paging", cr0 >> 31 & 1);
  put_field("pae", cr4 >> 5 & 1);
  put_field("at", (uint32_t)(uint64_t)percpu_start);
  put_field("percpu", *(volatile uint32_t*)percpu_start);
  put_field("data", in_data);
  uint8_t bss = 0;
  for (uint32_t i = 0; i < sizeof in_bss; ++i) bss |= ((volatile uint8_t*)in_bss)[i];
  put_field("bss", bss);
  put("\n");
  finish();
}
