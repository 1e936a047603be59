// Linux kernels: what the load plan says, field by field of the boot protocol.
#include "src/image/bzimage.h"

#include <gtest/gtest.h>

#include "tests/fakes/kernel_files.h"

namespace hawser {
namespace {

using namespace fakes;

constexpr uint64_t kMiB = 1 << 20, kPage = 4096;

MemoryMap pc_memory(uint64_t ram = 512 * kMiB) {
  MemoryMap map({{{0, 0x9fc00}, MemoryType::Ram},
                 {{0x9fc00, 0x100000}, MemoryType::Reserved},
                 {{0x100000, ram}, MemoryType::Ram}});
  map.claim({ram - 8 * kMiB, ram});  // the agent
  return map;
}

Result<LoadPlan> load(const BzImage& kernel, std::string cmdline = "",
                      const std::vector<const Image*>& modules = {},
                      const MemoryMap& memory = pc_memory()) {
  static std::vector<std::unique_ptr<FileBytes>> kept;  // plans borrow from the file
  kept.push_back(std::make_unique<FileBytes>(kernel.file()));
  Image image = make_image(*kept.back(), "vmlinuz", std::move(cmdline), 96 * kMiB);
  return bzimage::load(image, modules, memory);
}

const Segment& segment(const LoadPlan& plan, std::string_view what) {
  for (const Segment& segment : plan.segments)
    if (segment.what == what) return segment;
  ADD_FAILURE() << "no segment " << what;
  return plan.segments.front();
}
std::vector<Segment> initrds(const LoadPlan& plan) {
  std::vector<Segment> found;
  for (const Segment& segment : plan.segments)
    if (segment.what == "initrd") found.push_back(segment);
  return found;
}
template <class T>
T setup_field(const LoadPlan& plan, uint64_t at) {
  return read_le<T>(segment(plan, "kernel setup").from, at).value();
}

TEST(BzImage, ModernKernel) {
  LoadPlan plan = load({}, "console=ttyS0 quiet").value();
  const Segment& kernel = segment(plan, "kernel");
  EXPECT_EQ(kernel.to, 0x100000u);
  EXPECT_EQ(kernel.from.size(), 0x8000u);
  EXPECT_EQ(kernel.from[0], 0x4b);
  const Segment& setup = segment(plan, "kernel setup");
  EXPECT_EQ(setup.to, 0x10000u);
  EXPECT_EQ(setup.from.size(), 0x10000u);
  EXPECT_EQ(setup.from[0], 0x5e);
  EXPECT_EQ(setup_field<uint8_t>(plan, 0x210), 0xff);
  EXPECT_EQ(setup_field<uint8_t>(plan, 0x211), 0x81);
  uint32_t cmdline = setup_field<uint32_t>(plan, 0x228) - 0x10000;
  EXPECT_STREQ(reinterpret_cast<const char*>(setup.from.data()) + cmdline, "console=ttyS0 quiet");
  EXPECT_EQ(setup_field<uint16_t>(plan, 0x224), cmdline - 0x200);
  EXPECT_EQ(setup_field<uint32_t>(plan, 0x218), 0u);
  EXPECT_EQ(setup_field<uint32_t>(plan, 0x21c), 0u);
  auto entry = std::get<RealModeEntry>(plan.entry);
  EXPECT_EQ(entry.segment, 0x1000);
  EXPECT_EQ(entry.code_segment, 0x1020);
  EXPECT_EQ(entry.ip, 0);
  EXPECT_EQ(entry.sp, cmdline);
}

TEST(BzImage, OldProtocolPutsTheCommandLineAtItsOldPlace) {
  LoadPlan plan = load({.version = 0x201}, "root=/dev/hda1").value();
  const Segment& setup = segment(plan, "kernel setup");
  EXPECT_EQ(setup.to, 0x90000u);
  EXPECT_EQ(setup_field<uint16_t>(plan, 0x20), 0xa33f);
  uint16_t offset = setup_field<uint16_t>(plan, 0x22);
  EXPECT_STREQ(reinterpret_cast<const char*>(setup.from.data()) + offset, "root=/dev/hda1");
  EXPECT_EQ(setup_field<uint16_t>(plan, 0x212), 0x9800);
  EXPECT_LE(setup.to + setup.from.size(), 0x9a000u);
  EXPECT_EQ(segment(plan, "kernel").to, 0x100000u);
}

TEST(BzImage, VersionTwoZeroHasNoHeap) {
  LoadPlan plan = load({.version = 0x200}).value();
  EXPECT_EQ(setup_field<uint8_t>(plan, 0x211), 1);
  EXPECT_EQ(setup_field<uint16_t>(plan, 0x224), 0x5000);
}

TEST(BzImage, ZImageGoesLow) {
  LoadPlan plan = load({.loadflags = 0}).value();
  EXPECT_EQ(segment(plan, "kernel").to, 0x10000u);
  EXPECT_EQ(segment(plan, "kernel setup").to, 0x90000u);
  EXPECT_EQ(std::get<RealModeEntry>(plan.entry).segment, 0x9000);
  EXPECT_EQ(std::get<RealModeEntry>(plan.entry).code_segment, 0x9020);
  EXPECT_FALSE(load({.loadflags = 0, .kernel_bytes = 0x80010}).ok());
}

TEST(BzImage, SetupSectorsZeroMeansFour) {
  FileBytes file = BzImage{}.file();
  file[0x1f1] = 0;
  Image image = make_image(file, "k");
  auto plan = bzimage::load(image, {}, pc_memory());
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(segment(*plan, "kernel").from.size(), 0x8000u);
}

TEST(BzImage, CommandLineLimitIsToldWithNumbers) {
  EXPECT_TRUE(load({.cmdline_size = 100}, std::string(100, 'x')).ok());
  auto plan = load({.cmdline_size = 100}, std::string(101, 'x'));
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().code, Errc::Range);
  EXPECT_NE(plan.error().text.find("101 bytes"), std::string::npos) << plan.error().text;
  EXPECT_NE(plan.error().text.find("at most 100"), std::string::npos) << plan.error().text;
  // Before 2.06 the limit is 255, whatever lies at the field's place.
  EXPECT_FALSE(load({.version = 0x205, .cmdline_size = 9999}, std::string(256, 'x')).ok());
  EXPECT_TRUE(load({.version = 0x205, .cmdline_size = 9999}, std::string(255, 'x')).ok());
  // And never more than the segment holds.
  EXPECT_FALSE(load({.cmdline_size = 0xffffffff}, std::string(0xf000, 'x')).ok());
}

TEST(BzImage, VideoModes) {
  EXPECT_EQ(setup_field<uint16_t>(load({}, "vga=ask").value(), 0x1fa), 0xfffd);
  EXPECT_EQ(setup_field<uint16_t>(load({}, "a vga=ext b").value(), 0x1fa), 0xfffe);
  EXPECT_EQ(setup_field<uint16_t>(load({}, "vga=normal").value(), 0x1fa), 0xffff);
  EXPECT_EQ(setup_field<uint16_t>(load({}, "vga=0x317").value(), 0x1fa), 0x317);
  EXPECT_EQ(setup_field<uint16_t>(load({}, "vga=791").value(), 0x1fa), 791);
  EXPECT_EQ(setup_field<uint16_t>(load({}, "vga=gaudy").value(), 0x1fa), 0xffff);
  EXPECT_EQ(setup_field<uint16_t>(load({}, "xvga=1").value(), 0x1fa), 0xffff);
}

TEST(BzImage, NeighbouringInitrdsStayWhereTheyAre) {
  FileBytes first(5000, 'a'), second(100, 'b');
  Image a = make_image(first, "a", {}, 100 * kMiB);
  Image b = make_image(second, "b", {}, 100 * kMiB + 2 * kPage);
  LoadPlan plan = load({}, "", {&a, &b}).value();
  EXPECT_EQ(setup_field<uint32_t>(plan, 0x218), 100 * kMiB);
  EXPECT_EQ(setup_field<uint32_t>(plan, 0x21c), 2 * kPage + 100);
  auto parts = initrds(plan);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].to, a.phys);
  EXPECT_EQ(parts[0].from.data(), first.data());
  EXPECT_EQ(parts[0].memory_bytes, 2 * kPage);  // the gap is zeroed
  EXPECT_EQ(parts[1].to, b.phys);
  EXPECT_EQ(parts[1].memory_bytes, 100u);
}

TEST(BzImage, ScatteredInitrdsAreJoinedAsHighAsPossible) {
  FileBytes first(5000, 'a'), second(100, 'b');
  Image a = make_image(first, "a", {}, 200 * kMiB);
  Image b = make_image(second, "b", {}, 100 * kMiB);
  LoadPlan plan = load({}, "", {&a, &b}).value();
  Phys end = 504 * kMiB;  // where the agent starts
  EXPECT_EQ(setup_field<uint32_t>(plan, 0x218), end - 3 * kPage);
  auto parts = initrds(plan);
  EXPECT_EQ(parts[1].to, parts[0].to + 2 * kPage);
}

TEST(BzImage, InitrdAddressLimits) {
  FileBytes file(5000, 'a');
  Image image = make_image(file, "a", {}, 300 * kMiB);
  auto start = [&](const BzImage& kernel, std::string cmdline) {
    return setup_field<uint32_t>(load(kernel, std::move(cmdline), {&image}).value(), 0x218);
  };
  EXPECT_EQ(start({}, ""), 300 * kMiB);
  EXPECT_EQ(start({.initrd_addr_max = 200 * kMiB - 1}, ""), 200 * kMiB - 2 * kPage);
  EXPECT_EQ(start({}, "quiet mem=128M"), 128 * kMiB - 2 * kPage);
  EXPECT_EQ(start({}, "mem=131072k"), 128 * kMiB - 2 * kPage);
  EXPECT_EQ(start({}, "mem=1G"), 300 * kMiB);
  EXPECT_EQ(start({}, "mem=nopentium"), 300 * kMiB);
}

TEST(BzImage, InitrdsKeepClearOfWhereTheKernelUnpacks) {
  FileBytes file(5000, 'a');
  Image image = make_image(file, "a", {}, 20 * kMiB);
  BzImage kernel{.init_size = 64 * kMiB};  // 16 to 80 MiB
  LoadPlan plan = load(kernel, "", {&image}).value();
  EXPECT_GE(setup_field<uint32_t>(plan, 0x218), 80 * kMiB);
  image.phys = 80 * kMiB;
  EXPECT_EQ(setup_field<uint32_t>(load(kernel, "", {&image}).value(), 0x218), 80 * kMiB);
}

TEST(BzImage, FilesWithArgumentsGetCpioHeaders) {
  FileBytes archive(100, 'a'), extra(10, 'e');
  Image a = make_image(archive, "a", {}, 100 * kMiB);
  Image e = make_image(extra, "e", "etc/extra mode=0600", 100 * kMiB + kPage);
  LoadPlan plan = load({}, "", {&a, &e}).value();
  auto parts = initrds(plan);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[1].to % kPage, 0u);
  EXPECT_EQ(text_of(parts[1].from.first(6)), "070701");
  EXPECT_EQ(parts[2].to, parts[1].to + parts[1].from.size());
  EXPECT_EQ(parts[2].from.data(), extra.data());
  EXPECT_EQ(setup_field<uint32_t>(plan, 0x21c), kPage + parts[1].from.size() + 10);
}

TEST(BzImage, NoRoomForInitrds) {
  FileBytes file(40 * kMiB, 'a');
  Image image = make_image(file, "a", {}, 20 * kMiB);
  auto plan = load({.init_size = 32 * kMiB}, "", {&image}, pc_memory(64 * kMiB));
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().code, Errc::NoSpace);
  EXPECT_NE(plan.error().text.find("40.0 MiB"), std::string::npos) << plan.error().text;
}

TEST(BzImage, MachineTooSmallForTheKernel) {
  auto plan = load({.init_size = 64 * kMiB}, "", {}, pc_memory(64 * kMiB));
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().code, Errc::NoSpace);
  EXPECT_NE(plan.error().text.find("0x1000000 to 0x5000000"), std::string::npos)
      << plan.error().text;
}

TEST(BzImage, EveryPrefixIsRefusedOrUnknown) {
  FileBytes file = BzImage{.kernel_bytes = 0x400}.file();
  MemoryMap memory = pc_memory();
  for (size_t size = 0; size < file.size(); ++size) {
    FileBytes prefix(file.begin(), file.begin() + long(size));
    Image image = make_image(prefix, "k");
    EXPECT_EQ(bzimage::probe(prefix), size >= 0x206) << size;
    auto plan = bzimage::load(image, {}, memory);
    // The last paragraph may be incomplete: the size in the header is rounded up.
    ASSERT_EQ(plan.ok(), size + 16 > file.size()) << size;
  }
}

TEST(BzImage, TruncationIsToldWithNumbers) {
  FileBytes file = BzImage{}.file();
  file.resize(20'000);
  Image image = make_image(file, "k");
  auto plan = bzimage::load(image, {}, pc_memory());
  ASSERT_FALSE(plan.ok());
  EXPECT_NE(plan.error().text.find("truncated"), std::string::npos);
  EXPECT_NE(plan.error().text.find("the file has 20000"), std::string::npos) << plan.error().text;
}

TEST(BzImage, ProbeWantsBothMagics) {
  FileBytes file = BzImage{}.file();
  EXPECT_TRUE(bzimage::probe(file));
  EXPECT_EQ(detect_format(file)->name, "bzImage");
  FileBytes other = file;
  other[0x1fe] = 0;
  EXPECT_FALSE(bzimage::probe(other));
  other = file;
  other[0x202] = 'X';
  EXPECT_FALSE(bzimage::probe(other));
}

}  // namespace
}  // namespace hawser
