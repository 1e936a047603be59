// ELF kernels with httpboot_entry: what goes where, and the block that tells of memory.
#include "src/image/httpboot.h"

#include <gtest/gtest.h>

#include "tests/fakes/kernel_files.h"

namespace hawser {
namespace {

using namespace fakes;

constexpr uint64_t kHigh = 0xffff800000000000, kMiB = 1 << 20;

/// AxVisor's layout: the data of each processor, linked to address 0, lies in the zeros of the
/// rest.
FileBytes kernel() {
  FileBytes file = make_elf(true, kHigh + 0x200000,
                            {{kHigh + 0x200000, 0x200000, 0x9000, FileBytes(0x1234, 1)},
                             {0, 0x203000, 0x2000, FileBytes(0x10, 2)}});
  add_symbols(file, {{"httpboot_entry", kHigh + 0x200040}});
  return file;
}

MemoryMap pc_memory() {
  MemoryMap map({{{0, 0x9fc00}, MemoryType::Ram},
                 {{0x9fc00, 0x100000}, MemoryType::Reserved},
                 {{0x100000, 64 * kMiB}, MemoryType::Ram}});
  map.claim({0x200000, 64 * kMiB});  // the firmware and ourselves: gone by then
  return map;
}

Machine uefi(const MemoryMap& memory) {
  Machine machine(memory);
  machine.firmware.efi = Firmware::Efi{};
  return machine;
}

Result<LoadPlan> load(const FileBytes& file, std::optional<std::string> cmdline = {},
                      const std::vector<const Image*>& modules = {}) {
  MemoryMap memory = pc_memory();
  return httpboot::load(make_image(file, "axvisor", cmdline), modules, uefi(memory));
}

std::string error_of(const FileBytes& file) {
  auto plan = load(file);
  return plan.ok() ? "" : plan.error().text;
}

std::vector<Range> regions(Bytes block) {
  EXPECT_EQ(*read_le<uint64_t>(block, 0), 0x4f53544f4f4c4249u);
  EXPECT_EQ(*read_le<uint32_t>(block, 8), 1u);
  std::vector<Range> found;
  for (size_t i = 0; i < *read_le<uint32_t>(block, 12); ++i) {
    Phys start = *read_le<uint64_t>(block, 16 + i * 16);
    found.push_back({start, start + *read_le<uint64_t>(block, 24 + i * 16)});
  }
  return found;
}

TEST(HttpBoot, SegmentsMayLieInTheZerosOfOthers) {
  FileBytes file = kernel();
  EXPECT_EQ(detect_format(file)->name, "httpboot");
  LoadPlan plan = load(file).value();
  ASSERT_EQ(plan.segments.size(), 3u);
  const Segment &first = plan.segments[0], &inner = plan.segments[1], &block = plan.segments[2];
  EXPECT_EQ(first.to, 0x200000u);
  EXPECT_EQ(first.from.size(), 0x1234u);
  EXPECT_EQ(first.memory_bytes, 0x3000u);
  EXPECT_EQ(inner.to, 0x203000u);
  EXPECT_EQ(inner.from[0], 2);
  EXPECT_EQ(inner.memory_bytes, 0x6000u) << "the zeros of the first go on behind it";
  auto entry = std::get<LongModeEntry>(plan.entry);
  EXPECT_EQ(entry.rip, 0x200040u);
  EXPECT_EQ(entry.rdi, block.to);
  EXPECT_EQ(block.memory_bytes, 16u + 32 * 16);
}

TEST(HttpBoot, FreeMemoryIsToldWithoutWhatIsInUse) {
  LoadPlan plan = load(kernel()).value();
  Phys block = plan.segments.back().to;
  EXPECT_EQ(block, 64 * kMiB - 0x1000);
  MemoryMap left({{{0x1000, 0x9f000}, MemoryType::Ram}, {{0x100000, 64 * kMiB}, MemoryType::Ram}});
  left.claim({0x1000000, 0x1020000});  // the stack
  plan.final_map->put(plan.final_map->data, {{}, 0, 0, left});
  std::vector<Range> free{
      {0x1000, 0x9f000}, {0x100000, 0x200000}, {0x209000, 0x1000000}, {0x1020000, block}};
  auto told = regions(plan.final_map->data);
  ASSERT_EQ(told.size(), free.size());
  for (size_t i = 0; i < free.size(); ++i) {
    EXPECT_EQ(told[i].start, free[i].start);
    EXPECT_EQ(told[i].end, free[i].end);
  }
}

TEST(HttpBoot, OfManyRegionsTheLargestAreTold) {
  LoadPlan plan = load(kernel()).value();
  std::vector<MemoryRegion> many;
  for (uint64_t i = 0; i < 40; ++i)
    many.push_back(
        {{0x10000000 * i + kMiB, 0x10000000 * i + kMiB + 0x1000 * (40 - i)}, MemoryType::Ram});
  MemoryMap left(many);
  plan.final_map->put(plan.final_map->data, {{}, 0, 0, left});
  auto told = regions(plan.final_map->data);
  ASSERT_EQ(told.size(), 16u);
  for (size_t i = 0; i < told.size(); ++i) EXPECT_EQ(told[i].start, 0x10000000 * i + kMiB);
}

TEST(HttpBoot, WhatTheKernelCouldNotSeeIsRefused) {
  FileBytes file = kernel();
  Image other = make_image(file, "initrd");
  EXPECT_NE(load(file, "", {&other}).error().text.find("imgfree initrd"), std::string::npos);
  EXPECT_NE(load(file, "quiet").error().text.find("arguments"), std::string::npos);
  MemoryMap memory = pc_memory();
  auto bios = httpboot::load(make_image(file, "axvisor"), {}, memory);
  EXPECT_EQ(bios.error().code, Errc::Unsupported);
}

TEST(HttpBoot, BadFilesAreRefused) {
  constexpr size_t kFirst = 64, kSecond = 64 + 56, kAddress = 24, kMemory = 40;
  struct {
    size_t at;
    uint64_t value;
    const char* said;
  } cases[] = {{kSecond + kAddress, 0x201000, "overlaps another"},
               {kSecond + kAddress, 0x200000, "overlaps another"},
               {kFirst + kAddress, kHigh + 0x200000, "not all RAM"},
               {kFirst + kMemory, 65 * kMiB, "not all RAM"},
               {kSecond + kAddress, ~uint64_t{0x2fff}, "not all RAM"}};
  for (const auto& c : cases) {
    FileBytes file = kernel();
    put64(file, c.at, c.value);
    EXPECT_NE(error_of(file).find(c.said), std::string::npos) << error_of(file);
  }
  FileBytes file = make_elf(true, 0, {{0, 0x200000, 0x1000, {}}});
  EXPECT_NE(error_of(file).find("no symbol"), std::string::npos);
  add_symbols(file, {{"httpboot_entry", 0x1000}});
  EXPECT_NE(error_of(file).find("lies in no segment"), std::string::npos);
  file = kernel();
  for (size_t bytes = 0; bytes < file.size(); bytes += bytes < 256 ? 1 : 97) {
    FileBytes part(file.begin(), file.begin() + long(bytes));
    EXPECT_NE(error_of(part), "") << bytes;
  }
}

TEST(HttpBoot, KernelsThatCanBeToldMoreStartOtherwise) {
  FileBytes file = kernel();
  put_multiboot_header(file, 0x1000, 2);
  EXPECT_EQ(detect_format(file)->name, "Multiboot");
  file = kernel();
  add_symbols(file,
              {{"httpboot_entry", kHigh + 0x200040}, {"__x86_64_efi_pe_entry", kHigh + 0x200080}});
  EXPECT_EQ(detect_format(file)->name, "EFI-ELF");
}

}  // namespace
}  // namespace hawser
