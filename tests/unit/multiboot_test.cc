// Multiboot kernels: header search, both forms, modules, and what the information structure says.
#include "src/image/multiboot.h"

#include <gtest/gtest.h>

#include "src/image/multiboot_info.h"
#include "tests/fakes/kernel_files.h"

namespace hawser {
namespace {

using namespace fakes;

constexpr uint64_t kMiB = 1 << 20, kPage = 4096;
constexpr uint64_t kHighHalf = 0xffff800000000000;

MemoryMap pc_memory(uint64_t ram = 512 * kMiB) {
  MemoryMap map({{{0, 0x9fc00}, MemoryType::Ram},
                 {{0x9fc00, 0x100000}, MemoryType::Reserved},
                 {{0x100000, ram}, MemoryType::Ram}});
  map.claim({ram - 8 * kMiB, ram});  // the agent
  return map;
}

void put_addresses(FileBytes& file, size_t at, std::array<uint32_t, 5> fields) {
  for (size_t i = 0; i < fields.size(); ++i) put32(file, at + 12 + 4 * i, fields[i]);
}

/// AxVisor's form: ELF64 with high-half addresses, of which only the header's address fields are
/// right. The header lies 12 bytes into the first page of the image, which is at 4096 in the file.
FileBytes axvisor() {
  FileBytes text(0x3000, 0x90);
  FileBytes file = make_elf(true, kHighHalf + 0x200000,
                            {{kHighHalf + 0x200000, kHighHalf + 0x200000, 0x8000, text}});
  put_multiboot_header(file, 0x100c, 0x00010002);
  put_addresses(file, 0x100c, {0x20000c, 0x200000, 0x203000, 0x208000, 0x200000});
  return file;
}

FileBytes elf32() {
  FileBytes text(0x1000, 0x90);
  put_multiboot_header(text, 0x40, 3);
  return make_elf(
      false, 0x100100,
      {{0x100000, 0x100000, 0x1800, text}, {0x200000, 0x200000, 0x1000, FileBytes(0x200, 0xda)}});
}

std::string error_of(const FileBytes& file, const MemoryMap& memory = pc_memory(),
                     const std::vector<const Image*>& modules = {}) {
  Image image = make_image(file, "k");
  auto plan = multiboot::load(image, modules, memory);
  return plan.ok() ? "" : plan.error().text;
}
void expect_error(const FileBytes& file, std::string_view part) {
  std::string text = error_of(file);
  EXPECT_NE(text.find(part), std::string::npos) << "'" << text << "' lacks '" << part << "'";
}

/// What a kernel sees through EBX.
struct Info {
  const LoadPlan& plan;
  Phys at;
  explicit Info(const LoadPlan& plan)
      : plan(plan), at(std::get<ProtectedModeEntry>(plan.entry).ebx) {}
  Bytes memory(Phys address) const {
    for (const Segment& segment : plan.segments)
      if (address >= segment.to && address < segment.to + segment.from.size())
        return segment.from.subspan(address - segment.to);
    ADD_FAILURE() << "nothing at " << address;
    return {};
  }
  uint32_t field(size_t offset) const { return *read_le<uint32_t>(memory(at), offset); }
  std::string text(Phys address) const {
    return reinterpret_cast<const char*>(memory(address).data());
  }
};

TEST(Multiboot, AddressFieldsWinOverElf64) {
  FileBytes file = axvisor();
  ASSERT_TRUE(multiboot::probe(file));
  EXPECT_EQ(detect_format(file)->name, "Multiboot");
  Image image = make_image(file, "axvisor");
  LoadPlan plan = multiboot::load(image, {}, pc_memory()).value();
  const Segment& kernel = plan.segments.front();
  EXPECT_EQ(kernel.to, 0x200000u);
  EXPECT_EQ(kernel.from.data(), file.data() + 0x1000);
  EXPECT_EQ(kernel.from.size(), 0x3000u);
  EXPECT_EQ(kernel.memory_bytes, 0x8000u);
  auto entry = std::get<ProtectedModeEntry>(plan.entry);
  EXPECT_EQ(entry.eip, 0x200000u);
  EXPECT_EQ(entry.eax, 0x2badb002u);
  EXPECT_EQ(entry.ebx % 4, 0u);
  EXPECT_GE(entry.ebx, 0x10000u);
  EXPECT_LT(entry.ebx, 0x9fc00u);
}

TEST(Multiboot, AddressFieldsWithoutLoadEndTakeTheWholeFile) {
  FileBytes file(0x1234, 0x90);
  put_multiboot_header(file, 0x20, 0x00010000);
  put_addresses(file, 0x20, {0x100010, 0x100000, 0, 0, 0x100000});
  Image image = make_image(file, "k");
  LoadPlan plan = multiboot::load(image, {}, pc_memory()).value();
  EXPECT_EQ(plan.segments.front().from.size(), 0x1234u - 0x10);
  EXPECT_EQ(plan.segments.front().memory_bytes, 0x1234u - 0x10);
}

TEST(Multiboot, Elf32WithBss) {
  FileBytes file = elf32();
  Image image = make_image(file, "k");
  LoadPlan plan = multiboot::load(image, {}, pc_memory()).value();
  EXPECT_EQ(plan.segments[0].to, 0x100000u);
  EXPECT_EQ(plan.segments[0].from.size(), 0x1000u);
  EXPECT_EQ(plan.segments[0].memory_bytes, 0x1800u);
  EXPECT_EQ(plan.segments[1].to, 0x200000u);
  EXPECT_EQ(plan.segments[1].from[0], 0xda);
  EXPECT_EQ(std::get<ProtectedModeEntry>(plan.entry).eip, 0x100100u);
}

TEST(Multiboot, Elf64EntryIsTranslatedFromVirtual) {
  FileBytes text(0x1000, 0x90);
  put_multiboot_header(text, 0, 0);
  FileBytes file =
      make_elf(true, kHighHalf + 0x300040, {{kHighHalf + 0x300000, 0x300000, 0x1000, text}});
  Image image = make_image(file, "k");
  EXPECT_EQ(std::get<ProtectedModeEntry>(multiboot::load(image, {}, pc_memory())->entry).eip,
            0x300040u);
  file = make_elf(true, 0x300040, {{kHighHalf + 0x300000, 0x300000, 0x1000, text}});
  image.data = file;
  EXPECT_EQ(std::get<ProtectedModeEntry>(multiboot::load(image, {}, pc_memory())->entry).eip,
            0x300040u);
}

TEST(Multiboot, ThreeModulesWithStrings) {
  FileBytes file = elf32();
  FileBytes data(5000, 'm');
  Image kernel = make_image(file, "xen", "console=com1");
  kernel.uri = Uri{};
  kernel.uri->scheme = "http";
  kernel.uri->host = "h";
  kernel.uri->user = "joe";
  kernel.uri->password = "secret";
  kernel.uri->path = "/xen";
  Image a = make_image(data, "vmlinuz", "root=/dev/sda1 ro", 100 * kMiB);
  Image b = make_image(data, "initrd", {}, 101 * kMiB);
  Image c = make_image(data, "low", "", 0x100000);  // where the kernel goes
  LoadPlan plan = multiboot::load(kernel, {&a, &b, &c}, pc_memory()).value();
  Info info(plan);
  EXPECT_EQ(info.field(0), 0x24du);  // memory, command line, modules, memory map, loader name
  EXPECT_EQ(info.text(info.field(16)), "http://h/xen console=com1");
  EXPECT_TRUE(info.text(info.field(64)).starts_with("Hawser"));
  ASSERT_EQ(info.field(20), 3u);
  Bytes rows = info.memory(info.field(24));
  auto row = [&](size_t i, size_t field) { return *read_le<uint32_t>(rows, 16 * i + 4 * field); };
  EXPECT_EQ(row(0, 0), 100 * kMiB);
  EXPECT_EQ(row(0, 1), 100 * kMiB + 5000);
  EXPECT_EQ(info.text(row(0, 2)), "vmlinuz root=/dev/sda1 ro");
  EXPECT_EQ(row(0, 3), 0u);
  EXPECT_EQ(row(1, 0), 101 * kMiB);
  EXPECT_EQ(info.text(row(1, 2)), "initrd");
  EXPECT_EQ(row(2, 0) % kPage, 0u);
  EXPECT_GE(row(2, 0), 0x201000u);  // moved out of the way
  EXPECT_EQ(row(2, 1), row(2, 0) + 5000);
  EXPECT_EQ(info.text(row(2, 2)), "low");
  EXPECT_EQ(info.memory(row(2, 0))[0], 'm');
}

TEST(Multiboot, ManyModulesAndLongStrings) {
  FileBytes file = elf32(), data(100, 'm');
  Image kernel = make_image(file, "k", std::string(3000, 'c'));
  std::vector<Image> images;
  for (size_t i = 0; i < 200; ++i)
    images.push_back(
        make_image(data, "m" + std::to_string(i), std::string(500, 'x'), 100 * kMiB + i * kPage));
  std::vector<const Image*> modules;
  for (const Image& image : images) modules.push_back(&image);
  LoadPlan plan = multiboot::load(kernel, modules, pc_memory()).value();
  Info info(plan);
  EXPECT_EQ(info.field(20), 200u);
  EXPECT_EQ(info.text(*read_le<uint32_t>(info.memory(info.field(24)), 16 * 199 + 8)),
            "m199 " + std::string(500, 'x'));
  // More than base memory holds: the structure goes high.
  for (Image& image : images) image.cmdline = std::string(5000, 'y');
  plan = multiboot::load(kernel, modules, pc_memory()).value();
  EXPECT_GE(std::get<ProtectedModeEntry>(plan.entry).ebx, 0x100000u);
}

TEST(Multiboot, MemoryFields) {
  FileBytes file = elf32();
  Image image = make_image(file, "k");
  LoadPlan plan = multiboot::load(image, {}, pc_memory()).value();
  Info info(plan);
  EXPECT_EQ(info.field(4), 639u);
  EXPECT_EQ(info.field(8), (512 * kMiB - kMiB) / 1024);
  EXPECT_EQ(info.field(44), 3 * 24u);
  Bytes map = info.memory(info.field(48));
  EXPECT_EQ(*read_le<uint32_t>(map, 0), 20u);
  EXPECT_EQ(*read_le<uint64_t>(map, 4), 0u);
  EXPECT_EQ(*read_le<uint64_t>(map, 12), 0x9fc00u);
  EXPECT_EQ(*read_le<uint32_t>(map, 20), 1u);
  EXPECT_EQ(*read_le<uint32_t>(map, 24 + 20), 2u);
  EXPECT_EQ(*read_le<uint64_t>(map, 48 + 12), 511 * kMiB);  // the agent's claim is not told
}

TEST(Multiboot, TheSixteenLargestRamEntriesAreTold) {
  std::vector<MemoryRegion> regions;
  for (uint64_t i = 0; i < 40; ++i) {
    uint64_t pages = i % 20 + 1;
    regions.push_back({{i * kMiB, i * kMiB + pages * kPage}, MemoryType::Ram});
    regions.push_back({{i * kMiB + 512 * 1024, i * kMiB + 513 * 1024}, MemoryType::Reserved});
  }
  auto told = multiboot::regions_to_tell(MemoryMap(regions));
  size_t ram = 0, reserved = 0;
  for (const MemoryRegion& region : told) {
    if (region.type == MemoryType::Ram) {
      ++ram;
      EXPECT_GE(region.range.size(), 13 * kPage);
    } else {
      ++reserved;
    }
  }
  EXPECT_EQ(ram, 16u);
  EXPECT_EQ(reserved, 40u);
  std::vector<MemoryRegion> equal;
  for (uint64_t i = 0; i < 30; ++i)
    equal.push_back({{i * kMiB, i * kMiB + kPage}, MemoryType::Ram});
  EXPECT_EQ(multiboot::regions_to_tell(MemoryMap(equal)).size(), 16u);
}

TEST(Multiboot, HeaderMustBeAlignedAndWithinEightKib) {
  for (auto [at, found] :
       {std::pair{0, true}, {8180, true}, {8184, false}, {8192, false}, {102, false}}) {
    FileBytes file(20'000);
    put_multiboot_header(file, size_t(at), 0);
    EXPECT_EQ(multiboot::probe(file), found) << at;
  }
  FileBytes file(20'000);
  put_multiboot_header(file, 0, 0);
  file[8] ^= 1;
  EXPECT_FALSE(multiboot::probe(file));
}

TEST(Multiboot, RefusesWhatItCannotGive) {
  FileBytes file = axvisor();
  put_multiboot_header(file, 0x100c, 0x00010006);
  expect_error(file, "video mode");
  put_multiboot_header(file, 0x100c, 0x00010102);
  expect_error(file, "unknown features (flags 0x100)");
  FileBytes flat(8192);
  put_multiboot_header(flat, 0, 0);
  expect_error(flat, "no ELF file");
}

TEST(Multiboot, ContradictingAddressFields) {
  auto with = [](std::array<uint32_t, 5> fields) {
    FileBytes file = axvisor();
    put_addresses(file, 0x100c, fields);
    return file;
  };
  expect_error(with({0x1ffffc, 0x200000, 0x203000, 0x208000, 0x200000}), "before the start");
  expect_error(with({0x202000, 0x200000, 0x203000, 0x208000, 0x200000}), "before the start");
  expect_error(with({0x20000c, 0x200000, 0x1ff000, 0x208000, 0x200000}), "below load_addr");
  expect_error(with({0x20000c, 0x200000, 0x20a000, 0x20b000, 0x200000}), "truncated");
  expect_error(with({0x20000c, 0x200000, 0x203000, 0x202000, 0x200000}), "bss_end_addr");
  expect_error(with({0x20000c, 0x200000, 0x203000, 0x208000, 0x208000}), "entry_addr");
  expect_error(with({0x20000c, 0x200000, 0x203000, 0x208000, 0x1fffff}), "entry_addr");
}

TEST(Multiboot, AddressesOutsideRamOrInTheAgent) {
  auto at = [](uint32_t load, uint32_t bss_end) {
    FileBytes file = axvisor();
    put_addresses(file, 0x100c, {load + 0xc, load, load + 0x3000, bss_end, load});
    return file;
  };
  expect_error(at(0x40000000, 0x40008000), "0x40000000 to 0x40008000 is not all RAM");
  expect_error(at(0x9e000, 0xa8000), "not all RAM");
  expect_error(at(0x200000, 0xfffffff0), "not all RAM");
  expect_error(at(505 * kMiB, 505 * kMiB + 0x8000), "Hawser itself");
  FileBytes file = axvisor();  // no load_end_addr: up to the end of the file
  put_addresses(file, 0x100c, {0xfffff00c, 0xfffff000, 0, 0, 0xfffff000});
  expect_error(file, "above 4 GiB");
}

TEST(Multiboot, OverlappingElfSegments) {
  FileBytes text(0x1000, 0x90);
  put_multiboot_header(text, 0x40, 0);
  expect_error(
      make_elf(false, 0x100000,
               {{0x100000, 0x100000, 0x1000, text}, {0x100fff, 0x100fff, 0x1000, FileBytes(1)}}),
      "overlaps another segment");
}

TEST(Multiboot, NoRoomForAModule) {
  FileBytes file = elf32(), data(16, 'm');
  Image huge = make_image(data, "disk", {}, 8ull << 30);  // above 4 GiB: must move
  huge.data = Bytes(data.data(), data.size());
  MemoryMap memory(
      {{{0x100000, 0x202000}, MemoryType::Ram}, {{8ull << 30, 9ull << 30}, MemoryType::Ram}});
  memory.claim({0x101800, 0x200000});
  memory.claim({0x201000, 0x202000});
  std::string text = error_of(file, memory, {&huge});
  EXPECT_NE(text.find("no room for module disk"), std::string::npos) << text;
}

TEST(Multiboot, EveryPrefixIsRefused) {
  for (const FileBytes& file : {axvisor(), elf32()}) {
    MemoryMap memory = pc_memory();
    size_t whole = file.size();
    while (file[whole - 1] == 0) --whole;  // padding behind the last segment does not matter
    for (size_t size = 0; size < whole; size += size < 0x1100 ? 1 : 37) {
      FileBytes prefix(file.begin(), file.begin() + long(size));
      Image image = make_image(prefix, "k");
      auto plan = multiboot::load(image, {}, memory);
      ASSERT_FALSE(plan.ok()) << size;
    }
  }
}

}  // namespace
}  // namespace hawser
