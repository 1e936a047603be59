// Hand-over: see hand_over.h.
#include "arch/x86_64/uefi/hand_over.h"

#include <algorithm>
#include <cstring>

#include "arch/x86_64/io.h"
#include "arch/x86_64/moves.h"
#include "arch/x86_64/serial.h"
#include "arch/x86_64/uefi/console.h"
#include "arch/x86_64/uefi/firmware.h"
#include "arch/x86_64/uefi/leave.h"
#include "arch/x86_64/uefi/memory.h"
#include "src/base/format.h"

namespace hawser::uefi {
namespace {

using moves::Move;

constexpr uint64_t kPage = 4096, kGiB = uint64_t{1} << 30, kLargePage = uint64_t{1} << 21;
constexpr uint64_t kStackBytes = 128 * 1024;  // as much as firmware gives programs (§2.3.4)

/// The memory that leave_code() needs, from its start: block, code, descriptors and moves on the
/// first pages, stack, page tables.
struct Layout {
  uint64_t moves_at = 0, stack_top = 0, tables_at = 0, bytes = 0;
  uint64_t gigabytes = 0;  ///< to map
  bool five_levels = false;
};
constexpr uint64_t kCodeAt = 256, kGdtAt = 1024, kMovesAt = 2048;
constexpr uint64_t kGdt[] = {0, 0x00af9a000000ffff, 0x00cf9a000000ffff, 0x00cf92000000ffff};

constexpr uint64_t round_up(uint64_t n) { return (n + kPage - 1) & ~(kPage - 1); }

std::vector<moves::Placement> placements_of(const LoadPlan& plan) {
  std::vector<moves::Placement> placements;
  for (const Segment& s : plan.segments)
    placements.push_back(
        {s.to, reinterpret_cast<Phys>(s.from.data()), s.from.size(), s.memory_bytes});
  return placements;
}

bool has_five_levels() {
  constexpr uint64_t kLa57 = 1u << 12;
  uint64_t cr4;
  asm volatile("movq %%cr4, %0" : "=r"(cr4));
  return cr4 & kLa57;
}

/// Room for `count` moves and one more, up to address `limit`.
Layout layout_for(size_t count, Phys limit) {
  Layout layout;
  layout.five_levels = has_five_levels();
  layout.gigabytes = std::max<uint64_t>(4, (limit + kGiB - 1) / kGiB);
  layout.moves_at = kMovesAt;
  layout.stack_top = round_up(kMovesAt + (count + 1) * sizeof(Move)) + kStackBytes;
  layout.tables_at = layout.stack_top;
  uint64_t directories = (layout.gigabytes + 511) / 512;
  layout.bytes = layout.tables_at + (2 + directories + layout.gigabytes) * kPage;
  return layout;
}

/// Everything that a plan reads or writes.
std::vector<Range> ranges_of(const LoadPlan& plan) {
  std::vector<Range> ranges;
  for (const Segment& s : plan.segments) {
    Phys from = reinterpret_cast<Phys>(s.from.data());
    ranges.push_back({from, from + s.from.size()});
    ranges.push_back({s.to, s.to + s.memory_bytes});
  }
  return ranges;
}

/// What is to be done when the firmware is gone.
struct Departure {
  Range place;  ///< of the layout
  Layout layout;
  std::vector<Move> moves;
};

Result<Departure> plan_departure(const LoadPlan& plan, const MemoryMap& memory) {
  Phys limit = std::max(kFourGib, reinterpret_cast<Phys>(leave_code_end));
  std::vector<Range> used = ranges_of(plan);
  for (const Range& range : used) limit = std::max(limit, range.end);
  Departure departure;
  // As many moves as segments, and one aside for each at most.
  departure.layout = layout_for(2 * plan.segments.size(), limit);
  MemoryMap left = memory;
  for (const Range& range : used) left.claim({range.start & ~(kPage - 1), round_up(range.end)});
  for (const Range& range : left.free_ranges()) {
    Phys start = round_up(range.start), end = std::min(range.end, kFourGib);
    if (start >= end || end - start < departure.layout.bytes) continue;
    departure.place = {start, start + departure.layout.bytes};
    break;
  }
  if (departure.place.size() == 0)
    return Error{Errc::NoSpace, cat("no ", human_size(departure.layout.bytes),
                                    " of free memory below 4 GiB to leave the firmware from")};
  left.claim(departure.place);
  left.claim({departure.layout.gigabytes * kGiB, ~Phys{0}});  // not mapped
  departure.moves = TRY(moves::schedule_moves(placements_of(plan), left.free_ranges()));
  return departure;
}

/// One table after the other: the root, one for each 512 GiB, one for each GiB.
Phys build_tables(Phys at, const Layout& layout) {
  constexpr uint64_t kEntry = 3, kLarge = 0x83;  // present, writable; a 2 MiB page
  auto table = [](Phys where) { return reinterpret_cast<uint64_t*>(where); };
  uint64_t directories = (layout.gigabytes + 511) / 512;
  Phys root = at, upper = at + kPage, first_pointers = at + 2 * kPage;
  Phys first_directory = first_pointers + directories * kPage;
  std::memset(table(at), 0, (2 + directories + layout.gigabytes) * kPage);
  for (uint64_t i = 0; i < directories; ++i)
    table(upper)[i] = (first_pointers + i * kPage) | kEntry;
  for (uint64_t i = 0; i < layout.gigabytes; ++i) {
    table(first_pointers)[i] = (first_directory + i * kPage) | kEntry;
    for (uint64_t k = 0; k < 512; ++k)
      table(first_directory + i * kPage)[k] = (i * kGiB + k * kLargePage) | kLarge;
  }
  table(root)[0] = upper | kEntry;
  return layout.five_levels ? root : upper;
}

LeaveBlock& fill_block(const Departure& departure, const Entry& entry) {
  Phys at = departure.place.start;
  auto& block = *reinterpret_cast<LeaveBlock*>(at);
  std::memset(&block, 0, sizeof block);
  std::memcpy(reinterpret_cast<void*>(at + kCodeAt), leave_code,
              size_t(leave_code_end - leave_code));
  std::memcpy(reinterpret_cast<void*>(at + kGdtAt), kGdt, sizeof kGdt);
  std::memcpy(reinterpret_cast<void*>(at + kMovesAt), departure.moves.data(),
              departure.moves.size() * sizeof(Move));
  block.root = build_tables(at + departure.layout.tables_at, departure.layout);
  block.stack = at + departure.layout.stack_top;
  block.moves = at + kMovesAt;
  block.count = departure.moves.size();
  block.gdt.limit = sizeof kGdt - 1;
  block.gdt.base = at + kGdtAt;
  if (const auto* wide = std::get_if<LongModeEntry>(&entry)) {
    block.is_wide = 1;
    block.rip = wide->rip;
    block.rdi = wide->rdi;
    return block;
  }
  const auto& narrow = std::get<ProtectedModeEntry>(entry);
  block.eip = narrow.eip;
  block.eax = narrow.eax;
  block.ebx = narrow.ebx;
  block.esi = narrow.esi;
  return block;
}

[[noreturn]] void give_up(std::string_view why) {
  serial::put(cat("\nHawser: ", why, "; restarting\n"));
  runtime().reset_system(efi::ResetType::Cold, efi::Code::Success, 0, nullptr);
  for (;;) asm volatile("hlt");
}

/// The kernel is told of what is left, but for the memory that we leave from.
void tell(const FinalMap& wanted, const LastMap& left, Range in_use) {
  MemoryMap memory(for_kernel(parse_map(left.rows, left.row_bytes)));
  memory.claim(in_use);
  wanted.put(wanted.data, {left.rows, uint32_t(left.row_bytes), left.version, memory});
}

[[noreturn]] void leave_firmware(const LoadPlan& plan, const MemoryMap& memory) {
  auto departure = plan_departure(plan, memory);
  if (!departure.ok()) give_up(departure.error().text);  // check_plan() would have told
  LeaveBlock& block = fill_block(*departure, plan.entry);
  LastMap left;
  if (efi::Code code = exit_boot_services(left); failed(code))
    give_up(cat("the firmware does not let go of the machine: ", describe(code)));
  if (plan.final_map) tell(*plan.final_map, left, departure->place);
  leave_firmware_behind(&block, departure->place.start + kCodeAt);
}

/// Strict firmware lets nothing run that it has not loaded itself, unless it is asked to (§37.7).
void allow_to_run(Range range) {
  constexpr uint64_t kReadOnly = 0x20000, kNoExecute = 0x4000;
  void* found = nullptr;
  if (failed(boot().locate_protocol(&efi::MemoryAttribute::kGuid, nullptr, &found))) return;
  auto* attributes = static_cast<efi::MemoryAttribute*>(found);
  attributes->clear(attributes, range.start, range.size(), kReadOnly | kNoExecute);
}

/// Memory that the kernel does not lie in is the firmware's again: the kernel asks for it there.
[[noreturn]] void enter_beside_firmware(const LoadPlan& plan, const EfiEntry& entry,
                                        const MemoryMap& memory) {
  auto ordered = moves::schedule_moves(placements_of(plan), memory.free_ranges());
  if (!ordered.ok()) give_up(ordered.error().text);
  MemoryMap rest = memory;
  for (const Move& move : *ordered) {
    std::memmove(reinterpret_cast<void*>(move.to), reinterpret_cast<void*>(move.from), move.bytes);
    std::memset(reinterpret_cast<void*>(move.to + move.bytes), 0, move.zero_bytes);
  }
  for (const Segment& s : plan.segments) {
    Range pages{s.to & ~(kPage - 1), round_up(s.to + s.memory_bytes)};
    rest.claim(pages);
    if (entry.rip >= s.to && entry.rip - s.to < s.memory_bytes) allow_to_run(pages);
  }
  lend(rest.free_ranges());
  enter_kernel(entry.rip, entry.eax, entry.rbx);
}

/// The firmware verifies what it loads; what we load ourselves it cannot.
bool is_secure_boot_on() {
  uint8_t on = 0;
  uint64_t bytes = sizeof on;
  efi::Code code =
      runtime().get_variable(u"SecureBoot", &efi::guid::kGlobalVariable, nullptr, &bytes, &on);
  return !failed(code) && bytes == sizeof on && on == 1;
}

}  // namespace

Status check_plan(const LoadPlan& plan, const MemoryMap& memory) {
  if (is_secure_boot_on())
    return Error{Errc::Access,
                 "Secure Boot is on, and the firmware cannot verify kernels of this kind"};
  if (std::holds_alternative<RealModeEntry>(plan.entry))
    return Error{Errc::Unsupported, "it starts in real mode, which needs a BIOS"};
  if (std::holds_alternative<EfiEntry>(plan.entry)) {
    for (const Segment& s : plan.segments)
      if (s.memory_bytes && !memory.is_free({s.to, s.to + s.memory_bytes}))
        return Error{Errc::Range,
                     cat(s.what, " at 0x", hex(s.to), " lies in memory that the firmware uses")};
    TRY(moves::schedule_moves(placements_of(plan), memory.free_ranges()));
    return moves::check_destinations(plan, memory, {});
  }
  // What the firmware has is free when it is gone; what it keeps for good may have grown.
  TRY(moves::check_destinations(plan, MemoryMap(for_kernel(TRY(read_map()))), {}));
  TRY(plan_departure(plan, memory));
  return ok_status();
}

void carry_out(const LoadPlan& plan, const MemoryMap& memory) {
  console::leave();
  if (const auto* entry = std::get_if<EfiEntry>(&plan.entry))
    enter_beside_firmware(plan, *entry, memory);
  leave_firmware(plan, memory);
}

}  // namespace hawser::uefi
