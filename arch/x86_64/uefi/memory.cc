// The firmware's memory: see memory.h.
#include "arch/x86_64/uefi/memory.h"

#include <algorithm>
#include <cstdlib>

#include "arch/x86_64/libc/heap.h"
#include "arch/x86_64/uefi/firmware.h"
#include "src/base/bytes.h"
#include "src/base/format.h"

namespace hawser::uefi {
namespace {

using efi::kPageBytes;
using efi::MemoryKind;

constexpr uint64_t kMib = 1024 * 1024;
constexpr uint64_t kSmallestHeap = 8 * kMib, kLargestHeap = 48 * kMib;
constexpr size_t kMostLoans = 64;

// Not on the heap: the heap is one of them.
Range loans[kMostLoans];
size_t loan_count = 0;
Range heap;

bool record(Range range) {
  if (loan_count == kMostLoans) {
    boot().free_pages(range.start, range.size() / kPageBytes);
    return false;
  }
  loans[loan_count++] = range;
  return true;
}

uint64_t pages_for(uint64_t bytes) { return bytes / kPageBytes + (bytes % kPageBytes != 0); }

/// Reads the map into `buffer`; BufferTooSmall tells the size that it takes.
efi::Code read_into(MutBytes buffer, uint64_t& bytes, uint64_t& step) {
  uint64_t key;
  uint32_t version;
  bytes = buffer.size();
  return boot().get_memory_map(&bytes, reinterpret_cast<efi::MemoryDescriptor*>(buffer.data()),
                               &key, &step, &version);
}

}  // namespace

Result<std::vector<FirmwareRegion>> read_map() {
  uint64_t bytes = 0, step = 0;
  efi::Code code = read_into({}, bytes, step);
  std::vector<uint8_t> buffer;
  // Each allocation of ours, or of a driver's timer, can make the map longer.
  for (int tries = 0; tries < 5 && code == efi::Code::BufferTooSmall; ++tries) {
    buffer.resize(bytes + 16 * std::max<uint64_t>(step, sizeof(efi::MemoryDescriptor)));
    code = read_into(buffer, bytes, step);
  }
  if (failed(code)) return Error{Errc::Device, cat("no memory map: ", describe(code))};
  return parse_map(Bytes{buffer}.first(std::min<uint64_t>(bytes, buffer.size())), step);
}

uint64_t map_bytes() {
  uint64_t bytes = 0, step = 0;
  return read_into({}, bytes, step) == efi::Code::BufferTooSmall ? bytes : 0;
}

Phys borrow(uint64_t bytes, Phys below) {
  Phys at = below - 1;
  uint64_t pages = pages_for(bytes);
  if (failed(
          boot().allocate_pages(efi::AllocateType::MaxAddress, MemoryKind::LoaderData, pages, &at)))
    return 0;
  return record({at, at + pages * kPageBytes}) ? at : 0;
}

bool borrow_at(Range range) {
  Phys at = range.start;
  return !failed(boot().allocate_pages(efi::AllocateType::Address, MemoryKind::LoaderData,
                                       range.size() / kPageBytes, &at)) &&
         record(range);
}

void return_all() {
  while (loan_count > 0) {
    Range& range = loans[--loan_count];
    boot().free_pages(range.start, range.size() / kPageBytes);
  }
}

namespace {

constexpr uint64_t kWorthLending = kMib;

/// Cuts `gone` out of the loan that has it.
void write_off(Range gone) {
  for (size_t i = 0; i < loan_count; ++i) {
    Range loan = loans[i];
    if (!loan.contains(gone)) continue;
    loans[i] = {loan.start, gone.start};
    if (gone.end < loan.end && loan_count < kMostLoans) loans[loan_count++] = {gone.end, loan.end};
    return;
  }
}

}  // namespace

void lend(const std::vector<Range>& parts) {
  for (const Range& part : parts)
    if (part.size() >= kWorthLending) boot().free_pages(part.start, part.size() / kPageBytes);
}

std::vector<Range> take_back(const std::vector<Range>& parts) {
  std::vector<Range> gone;
  for (const Range& part : parts) {
    if (part.size() < kWorthLending) continue;
    auto map = read_map();
    Phys at = part.start;
    for (const FirmwareRegion& region : map.ok() ? *map : std::vector<FirmwareRegion>{}) {
      Range free{std::max(region.range.start, at), std::min(region.range.end, part.end)};
      if (region.kind != MemoryKind::Conventional || free.start >= free.end) continue;
      Phys start = free.start;
      if (failed(boot().allocate_pages(efi::AllocateType::Address, MemoryKind::LoaderData,
                                       free.size() / kPageBytes, &start)))
        continue;
      if (free.start > at) gone.push_back({at, free.start});
      at = free.end;
    }
    if (at < part.end) gone.push_back({at, part.end});
  }
  for (const Range& range : gone) write_off(range);
  return gone;
}

bool make_heap() {
  // Before there is a heap, a map fits here or counts as one of a small machine.
  alignas(16) static uint8_t buffer[64 * 1024];
  uint64_t bytes = 0, step = 0, largest = 0;
  if (!failed(read_into(buffer, bytes, step))) {
    for (uint64_t at = 0; step && fits(at, sizeof(efi::MemoryDescriptor), bytes); at += step) {
      auto& d = *reinterpret_cast<efi::MemoryDescriptor*>(buffer + at);
      if (d.kind == MemoryKind::Conventional && d.physical_start < kFourGib)
        largest = std::max(largest, std::min(d.pages, (kFourGib - d.physical_start) / kPageBytes));
    }
  }
  uint64_t size = std::clamp(largest * kPageBytes / 4, kSmallestHeap, kLargestHeap);
  size &= ~(kPageBytes - 1);
  Phys at = borrow(size);
  if (at) hawser_heap_init(reinterpret_cast<void*>(at), size);
  heap = {at, at + size};
  return at != 0;
}

Range heap_range() { return heap; }

}  // namespace hawser::uefi
