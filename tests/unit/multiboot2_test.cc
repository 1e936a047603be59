// Multiboot2 kernels: header tags, relocation, the two entries, and what the information says.
#include "src/image/multiboot2.h"

#include <gtest/gtest.h>

#include "src/image/multiboot.h"
#include "tests/fakes/kernel_files.h"

namespace hawser {
namespace {

using namespace fakes;

constexpr uint64_t kMiB = 1 << 20;
constexpr uint16_t kDemanded = 0, kOptional = 1;

MemoryMap pc_memory() {
  MemoryMap map({{{0, 0x9fc00}, MemoryType::Ram},
                 {{0x9fc00, 0x100000}, MemoryType::Reserved},
                 {{0x100000, 512 * kMiB}, MemoryType::Ram}});
  map.claim({504 * kMiB, 512 * kMiB});  // the agent
  return map;
}

struct HeaderTag {
  uint16_t type, flags;
  std::vector<uint32_t> words;
};

/// A header of these tags, which occupies its size at `at`.
void put_header(FileBytes& file, size_t at, const std::vector<HeaderTag>& tags) {
  size_t next = at + 16;
  auto put_tag = [&](const HeaderTag& tag) {
    uint32_t size = uint32_t(8 + 4 * tag.words.size());
    put16(file, next, tag.type);
    put16(file, next + 2, tag.flags);
    put32(file, next + 4, size);
    for (size_t i = 0; i < tag.words.size(); ++i) put32(file, next + 8 + 4 * i, tag.words[i]);
    next += (size + 7) / 8 * 8;
  };
  for (const HeaderTag& tag : tags) put_tag(tag);
  put_tag({0, 0, {}});
  uint32_t bytes = uint32_t(next - at);
  put32(file, at, 0xe85250d6);
  put32(file, at + 4, 0);
  put32(file, at + 8, bytes);
  put32(file, at + 12, 0u - 0xe85250d6 - bytes);
}

FileBytes elf_kernel(const std::vector<HeaderTag>& tags, bool wide = false,
                     uint64_t base = 0x200000) {
  FileBytes text(0x1000, 0x90);
  put_header(text, 0x40, tags);
  return make_elf(wide, base + 0x100, {{base, base, 0x3000, text}});
}

HeaderTag relocatable(uint32_t min, uint32_t max, uint32_t align, uint32_t preference) {
  return {10, kDemanded, {min, max, align, preference}};
}

LoadPlan load(const FileBytes& file, const Machine& machine,
              const std::vector<const Image*>& modules = {}) {
  Image image = make_image(file, "k", "a b");
  auto plan = multiboot2::load(image, modules, machine);
  if (!plan.ok()) {
    ADD_FAILURE() << plan.error().text;
    return {};
  }
  return std::move(plan).value();
}

void expect_error(const FileBytes& file, std::string_view part) {
  Image image = make_image(file, "k");
  auto plan = multiboot2::load(image, {}, pc_memory());
  std::string text = plan.ok() ? "" : plan.error().text;
  EXPECT_NE(text.find(part), std::string::npos) << "'" << text << "' lacks '" << part << "'";
}

/// The bodies of the information's tags of one type, or of all, in order.
std::vector<Bytes> tags(const LoadPlan& plan, std::optional<uint32_t> type) {
  uint64_t at = std::holds_alternative<EfiEntry>(plan.entry)
                    ? std::get<EfiEntry>(plan.entry).rbx
                    : std::get<ProtectedModeEntry>(plan.entry).ebx;
  EXPECT_EQ(at % 8, 0u);
  std::vector<Bytes> found;
  for (const Segment& segment : plan.segments) {
    if (segment.to != at) continue;
    Bytes info = segment.from;
    uint32_t used = *read_le<uint32_t>(info, 0);
    if (plan.final_map) EXPECT_LE(used, info.size());
    else EXPECT_EQ(used, info.size());
    size_t next = 8;
    while (true) {
      uint32_t this_type = *read_le<uint32_t>(info, next),
               size = *read_le<uint32_t>(info, next + 4);
      if (!type || this_type == *type) found.push_back(info.subspan(next + 8, size - 8));
      next += (size + 7) / 8 * 8;
      if (this_type == 0) break;
    }
    EXPECT_EQ(next, used);
  }
  return found;
}
std::string text(Bytes body, size_t at = 0) {
  return reinterpret_cast<const char*>(body.data() + at);
}

TEST(Multiboot2, Elf32IsEnteredWithMagicAndInformation) {
  FileBytes file = elf_kernel({{1, kDemanded, {4, 6}}, {6, kDemanded, {}}});
  EXPECT_EQ(detect_format(file)->name, "Multiboot2");
  LoadPlan plan = load(file, pc_memory());
  EXPECT_EQ(plan.segments[0].to, 0x200000u);
  EXPECT_EQ(plan.segments[0].memory_bytes, 0x3000u);
  auto entry = std::get<ProtectedModeEntry>(plan.entry);
  EXPECT_EQ(entry.eip, 0x200100u);
  EXPECT_EQ(entry.eax, 0x36d76289u);
  EXPECT_LT(entry.ebx, 0xa0000u);
  EXPECT_EQ(text(tags(plan, 1).at(0)), "k a b");
  EXPECT_TRUE(text(tags(plan, 2).at(0)).starts_with("Hawser"));
  EXPECT_TRUE(tags(plan, 3).empty());
  EXPECT_EQ(*read_le<uint32_t>(tags(plan, 4).at(0), 0), 639u);
  EXPECT_EQ(*read_le<uint32_t>(tags(plan, 4).at(0), 4), 511 * 1024u);
  Bytes map = tags(plan, 6).at(0);
  EXPECT_EQ(map.size(), 8 + 3 * 24u);
  EXPECT_EQ(*read_le<uint32_t>(map, 0), 24u);
  EXPECT_EQ(*read_le<uint64_t>(map, 8 + 48), 0x100000u);
  EXPECT_EQ(*read_le<uint64_t>(map, 8 + 56), 511 * kMiB);
  EXPECT_EQ(*read_le<uint32_t>(map, 8 + 64), 1u);
  EXPECT_TRUE(tags(plan, 21).empty()) << "only for kernels that can be relocated";
  EXPECT_TRUE(tags(plan, 14).empty());
}

TEST(Multiboot2, AddressFieldsWinOverElf64) {
  constexpr uint64_t kHigh = 0xffff800000000000;
  FileBytes text(0x1000, 0x90);
  put_header(text, 0x10, {{2, 0, {0x300010, 0x300000, 0x301000, 0x308000}}, {3, 0, {0x300040}}});
  FileBytes file = make_elf(true, kHigh, {{kHigh, kHigh, 0x1000, text}});
  LoadPlan plan = load(file, pc_memory());
  EXPECT_EQ(plan.segments[0].to, 0x300000u);
  EXPECT_EQ(plan.segments[0].from.data(), file.data() + 0x1000);
  EXPECT_EQ(plan.segments[0].memory_bytes, 0x8000u);
  EXPECT_EQ(std::get<ProtectedModeEntry>(plan.entry).eip, 0x300040u);
}

TEST(Multiboot2, LoadAddressOfMinusOneMeansTheWholeFile) {
  FileBytes file(0x2000, 0x90);
  put_header(file, 0x20, {{2, 0, {0x400020, 0xffffffff, 0, 0}}, {3, 0, {0x400100}}});
  LoadPlan plan = load(file, pc_memory());
  EXPECT_EQ(plan.segments[0].to, 0x400000u);
  EXPECT_EQ(plan.segments[0].from.size(), 0x2000u);
}

TEST(Multiboot2, RelocatesAsTheHeaderPrefers) {
  Phys high = 504 * kMiB - 2 * kMiB;
  struct {
    uint32_t min, max, align, preference;
    Phys base;
  } cases[] = {
      {0x100000, 0xffffffff, 0x200000, 0, 0x200000},  // stays
      {0x100000, 0xffffffff, 0x200000, 1, 0x200000},  // lowest
      {0x100000, 0xffffffff, 0x1000, 1, 0x100000},
      {0x100000, 0xffffffff, 0x200000, 2, high},
      {0x4000000, 0xffffffff, 0, 0, 0x4000000},  // linked below what it can bear
      {0x100000, 0x7ffffff, 0x1000, 2, 0x8000000 - 0x3000},
  };
  for (const auto& c : cases) {
    LoadPlan plan =
        load(elf_kernel({relocatable(c.min, c.max, c.align, c.preference)}), pc_memory());
    EXPECT_EQ(plan.segments[0].to, c.base);
    EXPECT_EQ(std::get<ProtectedModeEntry>(plan.entry).eip, c.base + 0x100);
    EXPECT_EQ(*read_le<uint32_t>(tags(plan, 21).at(0), 0), c.base);
  }
}

TEST(Multiboot2, RelocationLeavesModulesWhereTheyAre) {
  FileBytes data(5000, 'm');
  Image module = make_image(data, "m", {}, 0x200000);
  LoadPlan plan =
      load(elf_kernel({relocatable(0x100000, 0xffffffff, 0x200000, 0)}), pc_memory(), {&module});
  EXPECT_EQ(plan.segments[0].to, 0x400000u);
  EXPECT_EQ(*read_le<uint32_t>(tags(plan, 3).at(0), 0), 0x200000u);
}

TEST(Multiboot2, NoRoomWithinTheLimits) {
  expect_error(elf_kernel({relocatable(0x30000000, 0x3fffffff, 0x1000, 2)}),
               "no room for the kernel of 12.0 KiB between 0x30000000 and 0x3fffffff");
  expect_error(elf_kernel({relocatable(0x30000000, 0x2fffffff, 0x1000, 2)}), "contradict");
  expect_error(elf_kernel({relocatable(0, 0xffffffff, 0x1001, 2)}), "contradict");
}

TEST(Multiboot2, UnderUefiBootServicesGoOnIfTheKernelAllows) {
  FileBytes file = elf_kernel({{7, kOptional, {}}, {9, kOptional, {0x200200}}});
  MemoryMap memory = pc_memory();
  Machine machine(memory);
  EXPECT_TRUE(std::holds_alternative<ProtectedModeEntry>(load(file, machine).entry));
  machine.firmware.efi = Firmware::Efi{.system_table = 0x123456789a, .image_handle = 0x55};
  LoadPlan plan = load(file, machine);
  auto entry = std::get<EfiEntry>(plan.entry);
  EXPECT_EQ(entry.rip, 0x200200u);
  EXPECT_EQ(entry.eax, 0x36d76289u);
  EXPECT_GE(entry.rbx, 0x100000u) << "low memory is the firmware's and the kernel's";
  EXPECT_EQ(tags(plan, 18).size(), 1u);
  EXPECT_EQ(*read_le<uint64_t>(tags(plan, 12).at(0), 0), 0x123456789au);
  EXPECT_EQ(*read_le<uint64_t>(tags(plan, 20).at(0), 0), 0x55u);
  EXPECT_TRUE(tags(plan, 4).empty() && tags(plan, 6).empty()) << "memory is the firmware's to tell";

  plan = load(elf_kernel({{9, kOptional, {0x200200}}}), machine);  // cannot do with boot services
  EXPECT_TRUE(std::holds_alternative<ProtectedModeEntry>(plan.entry));
  EXPECT_TRUE(tags(plan, 18).empty() && tags(plan, 20).empty());
  EXPECT_EQ(tags(plan, 12).size(), 1u);
  EXPECT_EQ(tags(plan, 6).size(), 1u);
}

TEST(Multiboot2, TheFirmwaresLastMapComesLast) {
  MemoryMap memory = pc_memory();
  Machine machine(memory);
  machine.firmware.efi = Firmware::Efi{.map_bytes = 96};
  LoadPlan plan = load(elf_kernel({{1, kDemanded, {17}}}), machine);
  ASSERT_TRUE(plan.final_map);
  size_t tags_before = tags(plan, {}).size();
  FileBytes map(3 * 48, 0x11);
  put64(map, 2 * 48 + 8, 0x12345000);
  plan.final_map->put(plan.final_map->data, {map, 48, 1, memory});
  Bytes told = tags(plan, 17).at(0);
  ASSERT_EQ(told.size(), 8 + map.size()) << "a little more than there was at first";
  EXPECT_EQ(*read_le<uint32_t>(told, 0), 48u);
  EXPECT_EQ(*read_le<uint32_t>(told, 4), 1u);
  EXPECT_EQ(*read_le<uint64_t>(told, 8 + 2 * 48 + 8), 0x12345000u);
  EXPECT_EQ(tags(plan, {}).size(), tags_before) << "the end is behind it";

  FileBytes long_map(48 * 200, 0x22);
  plan.final_map->put(plan.final_map->data, {long_map, 48, 1, memory});
  EXPECT_EQ(tags(plan, 17).at(0).size() % 48, 8u) << "as many rows as there is room for";
  EXPECT_LT(tags(plan, 17).at(0).size(), long_map.size());
  plan.final_map->put(plan.final_map->data, {long_map, 0, 1, memory});  // of strange firmware

  EXPECT_FALSE(load(elf_kernel({}), memory).final_map) << "a BIOS has none";
}

TEST(Multiboot2, WithoutBootServicesAKernelMayLieOverTheirMemory) {
  MemoryMap memory = pc_memory();
  memory.claim({0, 0x400000});  // the firmware's
  Machine machine(memory);
  machine.firmware.efi = Firmware::Efi{};
  LoadPlan plan = load(elf_kernel({}), machine);
  EXPECT_EQ(plan.segments[0].to, 0x200000u);
  EXPECT_LT(std::get<ProtectedModeEntry>(plan.entry).ebx, 0xa0000u);
  FileBytes first(0x1000, 0x90),
      both = elf_kernel({{7, kDemanded, {}}, {9, kDemanded, {0x200100}}});
  Image image = make_image(both, "k");
  EXPECT_FALSE(multiboot2::load(image, {}, machine).ok()) << "with them it may not";
  put_multiboot_header(first, 0, 3);
  FileBytes old = make_elf(false, 0x200000, {{0x200000, 0x200000, 0x1000, first}});
  Image old_image = make_image(old, "k");
  auto old_plan = multiboot::load(old_image, {}, machine);
  ASSERT_TRUE(old_plan.ok());
  EXPECT_LT(std::get<ProtectedModeEntry>(old_plan->entry).ebx, 0xa0000u);
  EXPECT_FALSE(multiboot::load(old_image, {}, memory).ok()) << "nor under a BIOS";
}

TEST(Multiboot2, RootPointersAreTold) {
  FileBytes rsdp(36, 'r');
  FileBytes file = elf_kernel({{1, kDemanded, {14, 15}}});
  MemoryMap memory = pc_memory();
  LoadPlan plan = load(file, {memory, {.rsdp = rsdp, .efi = {}}});
  EXPECT_EQ(tags(plan, 14).at(0).size(), 20u);
  EXPECT_EQ(tags(plan, 15).at(0).size(), 36u);
  plan = load(file, {memory, {.rsdp = Bytes(rsdp).first(20), .efi = {}}});
  EXPECT_EQ(tags(plan, 14).size(), 1u);
  EXPECT_TRUE(tags(plan, 15).empty());
}

TEST(Multiboot2, SeventyModules) {
  FileBytes data(100, 'm');
  std::vector<Image> images;
  for (size_t i = 0; i < 70; ++i)
    images.push_back(
        make_image(data, "m" + std::to_string(i), std::string(500, 'x'), 100 * kMiB + i * 4096));
  std::vector<const Image*> modules;
  for (const Image& image : images) modules.push_back(&image);
  LoadPlan plan = load(elf_kernel({}), pc_memory(), modules);
  auto told = tags(plan, 3);
  ASSERT_EQ(told.size(), 70u);
  EXPECT_EQ(*read_le<uint32_t>(told[69], 0), 100 * kMiB + 69 * 4096);
  EXPECT_EQ(*read_le<uint32_t>(told[69], 4), 100 * kMiB + 69 * 4096 + 100);
  EXPECT_EQ(text(told[69], 8), "m69 " + std::string(500, 'x'));
}

TEST(Multiboot2, SymbolsAreLoadedForKernelsThatAsk) {
  for (bool wide : {false, true}) {
    FileBytes file = elf_kernel({{1, kOptional, {9}}}, wide);
    size_t strings = file.size(), row_bytes = wide ? 64 : 40;
    file.resize(strings + 16, 's');
    size_t table = file.size();
    file.resize(table + 3 * row_bytes);
    auto put = [&](size_t row, size_t at32, size_t at64, uint64_t value) {
      size_t at = table + row * row_bytes + (wide ? at64 : at32);
      if (wide) put64(file, at, value);
      else put32(file, at, uint32_t(value));
    };
    put32(file, table + row_bytes + 4, 1);  // PROGBITS: its segment loads it
    put(1, 12, 16, 0x200000);
    put32(file, table + 2 * row_bytes + 4, 3);  // STRTAB
    put(2, 16, 24, strings);
    put(2, 20, 32, 16);
    if (wide) put64(file, 40, table);
    else put32(file, 32, uint32_t(table));
    put16(file, wide ? 58 : 46, uint16_t(row_bytes));
    put16(file, wide ? 60 : 48, 3);
    put16(file, wide ? 62 : 50, 2);
    LoadPlan plan = load(file, pc_memory());
    Bytes tag = tags(plan, 9).at(0);
    EXPECT_EQ(*read_le<uint32_t>(tag, 0), 3u);
    EXPECT_EQ(*read_le<uint32_t>(tag, 4), row_bytes);
    EXPECT_EQ(*read_le<uint32_t>(tag, 8), 2u);
    Bytes rows = tag.subspan(12);
    uint32_t loaded = *read_le<uint32_t>(rows, row_bytes + (wide ? 16 : 12));
    EXPECT_EQ(loaded, 0x200000u);
    uint32_t at = *read_le<uint32_t>(rows, 2 * row_bytes + (wide ? 16 : 12));
    auto segment = std::find_if(plan.segments.begin(), plan.segments.end(),
                                [&](const Segment& s) { return s.to == at; });
    ASSERT_NE(segment, plan.segments.end());
    EXPECT_EQ(text_of(segment->from), std::string(16, 's'));
    put16(file, wide ? 60 : 48, 4);  // the table runs past the end of the file
    EXPECT_TRUE(tags(load(file, pc_memory()), 9).empty());
  }
}

TEST(Multiboot2, RefusesWhatItCannotGive) {
  expect_error(elf_kernel({{5, kDemanded, {800, 600, 32}}}), "framebuffer");
  load(elf_kernel({{5, kOptional, {800, 600, 32}}}), pc_memory());
  expect_error(elf_kernel({{1, kDemanded, {6, 7}}}), "information of type 7");
  load(elf_kernel({{1, kOptional, {6, 7}}}), pc_memory());
  expect_error(elf_kernel({{77, kDemanded, {}}}), "header tag 77");
  load(elf_kernel({{77, kOptional, {}}}), pc_memory());
  FileBytes file = elf_kernel({});
  put32(file, 0x1040 + 4, 4);  // MIPS
  put32(file, 0x1040 + 12, *read_le<uint32_t>(file, 0x1040 + 12) - 4);
  expect_error(file, "another processor (architecture 4)");
}

TEST(Multiboot2, MalformedHeaders) {
  FileBytes file = elf_kernel({{3, kDemanded, {0x200000}}});
  put32(file, 0x1050 + 4, 400);
  expect_error(file, "longer than the header");
  put32(file, 0x1050 + 4, 4);
  expect_error(file, "longer than the header");
  expect_error(elf_kernel({{3, kDemanded, {}}}), "header tag 3 is too short");
  expect_error(elf_kernel({{2, kDemanded, {1, 2, 3, 4}}}), "no entry address");
  expect_error(elf_kernel({{3, kDemanded, {0x203000}}}), "entry address 0x203000 lies outside");
  FileBytes flat(8192);
  put_header(flat, 0, {});
  expect_error(flat, "no ELF file");
}

TEST(Multiboot2, HeaderMustBeAlignedAndWithin32Kib) {
  for (auto [at, found] : {std::pair{0, true}, {32752, true}, {32760, false}, {12, false}}) {
    FileBytes file(40'000);
    put_header(file, size_t(at), {});
    EXPECT_EQ(multiboot2::probe(file), found) << at;
  }
}

TEST(Multiboot2, KernelWithBothHeaders) {
  auto with_both = [](uint64_t base) {
    FileBytes text(0x1000, 0x90);
    put_multiboot_header(text, 0, 3);
    put_header(text, 0x40, {relocatable(0x100000, 0xffffffff, 0x1000, 0)});
    return make_elf(false, base, {{base, base, 0x1000, text}});
  };
  auto eax = [](const FileBytes& file, const Machine& machine) {
    Image image = make_image(file, "k");
    EXPECT_EQ(detect_format(file)->name, "Multiboot");
    auto plan = multiboot::load(image, {}, machine);
    return plan.ok() ? std::get<ProtectedModeEntry>(plan->entry).eax : 0;
  };
  MemoryMap memory = pc_memory();
  EXPECT_EQ(eax(with_both(0x200000), memory), 0x2badb002u);
  EXPECT_EQ(eax(with_both(505 * kMiB), memory), 0x36d76289u) << "only the second can be moved";
  Machine uefi(memory);
  uefi.firmware.efi = Firmware::Efi{};
  EXPECT_EQ(eax(with_both(0x200000), uefi), 0x36d76289u);
}

TEST(Multiboot2, EveryPrefixIsRefused) {
  FileBytes file = elf_kernel({{1, kDemanded, {4, 6}}, relocatable(0, 0xffffffff, 0x1000, 1)});
  MemoryMap memory = pc_memory();
  for (size_t size = 0; size < 0x2000; size += size < 0x1100 ? 1 : 37) {
    FileBytes prefix(file.begin(), file.begin() + long(size));
    Image image = make_image(prefix, "k");
    ASSERT_FALSE(multiboot2::load(image, {}, memory).ok()) << size;
  }
}

}  // namespace
}  // namespace hawser
