// Page tables: see paging.h.
#include "arch/x86_64/paging.h"

#include <algorithm>
#include <cstring>

#include "arch/x86_64/io.h"

namespace hawser::paging {
namespace {

constexpr uint64_t kLarge = 1u << 7;            // in a directory entry: maps 2 MiB or 1 GiB
constexpr uint64_t kTable = kPresent | kWrite;  // entries that point to tables restrict nothing
constexpr uint64_t kAddressMask = 0x000ffffffffff000;
constexpr uint64_t kGib = uint64_t{1} << 30;
constexpr uint64_t kLevelBytes[] = {kPageBytes, 2u << 20, kGib, kGib << 9};

struct State {
  uint64_t* root = nullptr;
  uint8_t* next = nullptr;
  uint8_t* end = nullptr;
  uint64_t no_execute = 0;  // the NX bit if the CPU has it
  bool gib_pages = false;
};
State state;

uint64_t* new_table() {
  if (state.next == state.end) return nullptr;
  auto* table = reinterpret_cast<uint64_t*>(state.next);
  state.next += kPageBytes;
  std::memset(table, 0, kPageBytes);
  return table;
}

uint64_t entry_for(Phys at, uint64_t attributes, int level) {
  uint64_t bits = attributes & ~kNoExecute;
  if (attributes & kNoExecute) bits |= state.no_execute;
  return at | bits | (level ? kLarge : 0);
}

/// The table below `entry` of `level`, made when it is missing; a large page is split.
uint64_t* descend(uint64_t& entry, int level) {
  if ((entry & kPresent) && !(entry & kLarge))
    return reinterpret_cast<uint64_t*>(entry & kAddressMask);
  uint64_t* table = new_table();
  if (!table) return nullptr;
  if (entry & kPresent) {
    uint64_t step = kLevelBytes[level - 1];
    uint64_t lower = level == 1 ? entry & ~kLarge : entry;
    for (uint64_t i = 0; i < 512; ++i) table[i] = lower + i * step;
  }
  entry = reinterpret_cast<uint64_t>(table) | kTable;
  return table;
}

/// Sets the entry of `level` that covers `address`.
bool set(uint64_t address, Phys to, uint64_t attributes, int level) {
  uint64_t* table = state.root;
  for (int at = 3; at > level; --at) {
    table = descend(table[address / kLevelBytes[at] % 512], at);
    if (!table) return false;
  }
  uint64_t& entry = table[address / kLevelBytes[level] % 512];
  // A table that large pages replace is simply left behind: this happens while starting only.
  entry = (attributes & kPresent) ? entry_for(to, attributes, level) : 0;
  asm volatile("invlpg (%0)" : : "r"(address) : "memory");
  return true;
}

bool map(Phys at, uint64_t bytes, uint64_t attributes, int largest) {
  for (Phys end = at + bytes; at < end;) {
    int level = largest;
    while (level && (at % kLevelBytes[level] || end - at < kLevelBytes[level])) --level;
    if (!set(at, at, attributes, level)) return false;
    at += kLevelBytes[level];
  }
  return true;
}

uint64_t whole_gib(uint64_t limit) { return (std::max(limit, 4 * kGib) + kGib - 1) & ~(kGib - 1); }

}  // namespace

uint64_t table_bytes(uint64_t limit) {
  // Root, a directory for each GiB and each 512 GiB, and 64 tables for what is split or mapped
  // later.
  uint64_t gib = whole_gib(limit) / kGib;
  return (1 + gib + (gib + 511) / 512 + 64) * kPageBytes;
}

void init(MutBytes tables, uint64_t limit) {
  Cpuid features = cpuid(0x80000000).eax >= 0x80000001 ? cpuid(0x80000001) : Cpuid{};
  state.no_execute = features.edx & 1u << 20 ? uint64_t{kNoExecute} : 0;
  state.gib_pages = features.edx & 1u << 26;
  state.next = tables.data();
  state.end = tables.data() + (tables.size() & ~(kPageBytes - 1));
  state.root = new_table();
  map(0, whole_gib(limit), kData, state.gib_pages ? 2 : 1);
}

uint64_t root() { return reinterpret_cast<uint64_t>(state.root); }

uint32_t efer() {
  constexpr uint32_t kLongMode = 1u << 8, kNoExecuteEnable = 1u << 11;
  return kLongMode | (state.no_execute ? kNoExecuteEnable : 0);
}

bool protect(Phys at, uint64_t bytes, uint64_t attributes) { return map(at, bytes, attributes, 0); }

bool alias(uint64_t address, Phys page, uint64_t attributes) {
  return set(address, page, attributes, 0);
}

uint8_t* map_mmio(Phys at, uint64_t bytes) {
  constexpr uint64_t kHalf = uint64_t{1} << 47;  // beyond lies the other half of the address space
  if (at >= kHalf || bytes > kHalf - at) return nullptr;
  Phys start = at & ~(kPageBytes - 1);
  Phys end = (at + bytes + kPageBytes - 1) & ~(kPageBytes - 1);
  if (!map(start, end - start, kData | kUncached, 1)) return nullptr;
  return reinterpret_cast<uint8_t*>(at);
}

}  // namespace hawser::paging
