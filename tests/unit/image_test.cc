// The image list, its memory, and initrds made of several images.
#include "src/image/image.h"

#include <gtest/gtest.h>

#include "src/image/initrd.h"
#include "src/image/placement.h"
#include "tests/fakes/fake_platform.h"

namespace hawser {
namespace {

using fakes::FakePlatform;

constexpr uint64_t kMiB = 1 << 20, kPage = 4096;

std::vector<uint8_t> bytes(size_t count, uint8_t value) {
  return std::vector<uint8_t>(count, value);
}

Image& must_add(ImageList& list, std::string name, Bytes data) {
  auto image = list.add(std::move(name), data, std::nullopt);
  EXPECT_TRUE(image.ok());
  return **image;
}

TEST(ImageList, LaterImagesFollowOnPageBoundariesWithZeroedGaps) {
  FakePlatform platform;
  std::memset(platform.ram(64 * kMiB), 0xee, 8 * kMiB);
  ImageList list(platform);
  Image& first = must_add(list, "a", bytes(5000, 'a'));
  Image& second = must_add(list, "b", bytes(1, 'b'));
  Image& third = must_add(list, "c", bytes(kPage, 'c'));
  EXPECT_EQ(first.phys % kPage, 0u);
  EXPECT_EQ(second.phys, first.phys + 2 * kPage);
  EXPECT_EQ(third.phys, second.phys + kPage);
  EXPECT_EQ(platform.ram(first.phys), first.data.data());
  for (uint64_t at = 5000; at < 2 * kPage; ++at) EXPECT_EQ(platform.ram(first.phys)[at], 0);
  for (uint64_t at = 1; at < kPage; ++at) EXPECT_EQ(platform.ram(second.phys)[at], 0);
}

TEST(ImageList, StartsAboveWhereKernelsUnpack) {
  FakePlatform large(1024 * kMiB), small(64 * kMiB);
  ImageList in_large(large), in_small(small);
  EXPECT_EQ(must_add(in_large, "a", bytes(10, 1)).phys, 96 * kMiB);
  EXPECT_EQ(must_add(in_small, "a", bytes(10, 1)).phys,
            (1 * kMiB + 63 * kMiB / 4 + kPage - 1) / kPage * kPage);
}

TEST(ImageList, DroppedImagesGiveTheirMemoryBack) {
  FakePlatform platform;
  ImageList list(platform);
  uint64_t before = list.memory().free_bytes();
  Image& image = must_add(list, "a", bytes(100'000, 1));
  EXPECT_LT(list.memory().free_bytes(), before);
  std::unique_ptr<Image> taken = list.take(image);
  EXPECT_TRUE(list.all().empty());
  EXPECT_LT(list.memory().free_bytes(), before);
  list.put_back(std::move(taken));
  EXPECT_EQ(list.all().size(), 1u);
  list.remove(*list.all().front());
  EXPECT_EQ(list.memory().free_bytes(), before);
  must_add(list, "b", bytes(10, 1));
  list.take(*list.all().front()).reset();
  EXPECT_EQ(list.memory().free_bytes(), before);
}

TEST(ImageList, FindAndSelect) {
  FakePlatform platform;
  ImageList list(platform);
  Image& first = must_add(list, "same", bytes(1, 1));
  Image& second = must_add(list, "other", bytes(1, 1));
  must_add(list, "same", bytes(2, 1));
  EXPECT_EQ(list.find("same"), &first);
  EXPECT_EQ(list.find("none"), nullptr);
  EXPECT_EQ(list.selected(), nullptr);
  list.select(first);
  list.select(second);
  EXPECT_EQ(list.selected(), &second);
  EXPECT_FALSE(first.selected);
}

TEST(Download, UnknownSizeGrowsInPlaceAndIsTrimmed) {
  FakePlatform platform;
  ImageList list(platform);
  ImageList::Download download(list);
  ASSERT_TRUE(download.begin(std::nullopt).ok());
  std::vector<uint8_t> chunk(1460);
  for (int i = 0; i < 1000; ++i) {
    std::fill(chunk.begin(), chunk.end(), uint8_t(i));
    ASSERT_TRUE(download.write(chunk).ok());
  }
  Image& image = download.finish("x", std::nullopt);
  ASSERT_EQ(image.data.size(), 1'460'000u);
  for (size_t i = 0; i < 1000; ++i) EXPECT_EQ(image.data[i * 1460 + 7], uint8_t(i));
  EXPECT_EQ(image.block->capacity, (1'460'000 + kPage - 1) / kPage * kPage);
  EXPECT_EQ(must_add(list, "y", bytes(1, 1)).phys, image.phys + image.block->capacity);
}

TEST(Download, TakesBytesInAnyOrderOnceItKnowsTheSize) {
  FakePlatform platform;
  ImageList list(platform);
  ImageList::Download download(list);
  EXPECT_TRUE(download.memory().empty());
  ASSERT_TRUE(download.begin(std::nullopt).ok());
  EXPECT_TRUE(download.memory().empty());
  ASSERT_TRUE(download.begin(10).ok());
  MutBytes memory = download.memory();
  ASSERT_EQ(memory.size(), 10u);
  std::memcpy(&memory[4], "456789", 6);
  ASSERT_TRUE(download.write(bytes_of("0123")).ok());
  ASSERT_TRUE(download.write(memory.subspan(4)).ok());
  Image& image = download.finish("f", std::nullopt);
  EXPECT_EQ(text_of(image.data), "0123456789");
  EXPECT_EQ(image.data.data(), memory.data());
}

TEST(Download, MovesWhenTheNextBlockIsTaken) {
  FakePlatform platform;
  ImageList list(platform);
  ImageList::Download first(list), second(list);
  ASSERT_TRUE(first.begin(10).ok());
  ASSERT_TRUE(first.write(bytes(10, 'f')).ok());
  ASSERT_TRUE(second.begin(10).ok());
  ASSERT_TRUE(first.write(bytes(10'000, 'g')).ok());
  Image& image = first.finish("f", std::nullopt);
  EXPECT_EQ(image.data[9], 'f');
  EXPECT_EQ(image.data[10'009], 'g');
}

TEST(Download, RestartForgetsWhatCame) {
  FakePlatform platform;
  ImageList list(platform);
  ImageList::Download download(list);
  ASSERT_TRUE(download.begin(100).ok());
  ASSERT_TRUE(download.write(bytes(50, 'o')).ok());
  download.restart();
  ASSERT_TRUE(download.begin(60).ok());
  ASSERT_TRUE(download.write(bytes(60, 'n')).ok());
  Image& image = download.finish("x", std::nullopt);
  ASSERT_EQ(image.data.size(), 60u);
  EXPECT_EQ(image.data[0], 'n');
}

TEST(Download, TooLargeIsSaidBeforeTheFirstByte) {
  FakePlatform platform(256 * kMiB);
  ImageList list(platform);
  ImageList::Download download(list);
  Status begun = download.begin(10ull << 30);
  ASSERT_FALSE(begun.ok());
  EXPECT_EQ(begun.error().code, Errc::NoSpace);
  EXPECT_NE(begun.error().text.find("needs 10.0 GiB"), std::string::npos) << begun.error().text;
  EXPECT_NE(begun.error().text.find("largest hole"), std::string::npos);
  EXPECT_FALSE(download.begin(~uint64_t{0}).ok());
}

TEST(Download, AbandonedDownloadsGiveTheirMemoryBack) {
  FakePlatform platform;
  ImageList list(platform);
  uint64_t before = list.memory().free_bytes();
  {
    ImageList::Download download(list);
    ASSERT_TRUE(download.write(bytes(1000, 1)).ok());
  }
  EXPECT_EQ(list.memory().free_bytes(), before);
}

TEST(Download, UnknownSizeUsesAllMemoryThenFails) {
  FakePlatform platform(32 * kMiB);
  ImageList list(platform);
  ImageList::Download download(list);
  std::vector<uint8_t> chunk(kMiB, 1);
  uint64_t written = 0;
  Status status = ok_status();
  while ((status = download.write(chunk)).ok()) written += chunk.size();
  EXPECT_EQ(status.error().code, Errc::NoSpace);
  EXPECT_GE(written, 15 * kMiB);
  EXPECT_EQ(download.size(), written);
}

TEST(ImageMemory, UsesEveryPlaceBeforeItGivesUp) {
  FakePlatform platform(64 * kMiB);
  platform.memory() = MemoryMap({{{0x100000, 64 * kMiB}, MemoryType::Ram}});
  platform.memory().claim({60 * kMiB, 64 * kMiB});
  ImageMemory memory(platform);
  EXPECT_EQ(memory.free_bytes(), 59 * kMiB);
  uint64_t taken = 0;
  while (memory.allocate(kMiB).ok()) taken += kMiB;
  EXPECT_GE(taken, 56 * kMiB);
}

TEST(ImageMemory, AboveFourGigabytesComesLast) {
  FakePlatform platform;
  constexpr uint64_t kGiB = 1ull << 30;
  platform.memory() =
      MemoryMap({{{0x100000, 3 * kGiB}, MemoryType::Ram}, {{4 * kGiB, 8 * kGiB}, MemoryType::Ram}});
  ImageMemory memory(platform);
  EXPECT_EQ(memory.allocate(2 * kGiB).value().start, 96 * kMiB);
  EXPECT_EQ(memory.allocate(3 * kGiB).value().start, 4 * kGiB);
}

TEST(ImageFormats, ScriptsAreKnownByTheirFirstLine) {
  auto format = [](std::string_view text) {
    const ImageFormat* found = detect_format(bytes_of(text));
    return found ? found->name : "none";
  };
  EXPECT_EQ(format("#!ipxe\n"), "script");
  EXPECT_EQ(format("#!ipxe \nboot"), "script");
  EXPECT_EQ(format("#!gpxe\r\n"), "script");
  EXPECT_EQ(format("#!ipxe"), "none");
  EXPECT_EQ(format("#!ipxex\n"), "none");
  EXPECT_EQ(format("# !ipxe\n"), "none");
  EXPECT_EQ(format("<html>"), "none");
  EXPECT_EQ(format(""), "none");
}

TEST(Placement, TakesAreAvoided) {
  Placement placement(MemoryMap({{{0, 100 * kPage}, MemoryType::Ram}}));
  placement.take({40 * kPage, 50 * kPage + 1});
  EXPECT_EQ(placement.highest(kPage, {0, 1000 * kPage}), 99 * kPage);
  EXPECT_EQ(placement.highest(45 * kPage, {0, 1000 * kPage}), 55 * kPage);
  EXPECT_EQ(placement.highest(kPage, {0, 50 * kPage}), 39 * kPage);
  EXPECT_EQ(placement.lowest(41 * kPage, {0, 1000 * kPage}), 51 * kPage);
  EXPECT_EQ(placement.lowest(50 * kPage, {0, 1000 * kPage}), std::nullopt);
  EXPECT_FALSE(placement.is_free({50 * kPage, 51 * kPage}));
  EXPECT_EQ(placement.largest({0, 1000 * kPage}), 49 * kPage);
}

// --- CPIO headers --------------------------------------------------------------------------------

std::string headers(std::string_view arguments, uint64_t size) {
  auto made = cpio_headers(arguments, size);
  EXPECT_TRUE(made.ok());
  return std::string(text_of(*made));
}

TEST(Cpio, OneFile) {
  using namespace std::string_literals;
  EXPECT_EQ(headers("etc/x.conf", 0x1234),
            "070701"
            "00000000"
            "000081a4"
            "00000000"
            "00000000"
            "00000001"
            "00000000"
            "00001234"
            "00000000"
            "00000000"
            "00000000"
            "00000000"
            "0000000b"
            "00000000"
            "etc/x.conf\0\0\0\0"s);
}

TEST(Cpio, OneToFourNuls) {
  for (size_t length = 1; length < 9; ++length) {
    std::string made = headers(std::string(length, 'n'), 0);
    EXPECT_EQ(made.size() % 4, 0u);
    size_t nuls = made.size() - 110 - length;
    EXPECT_GE(nuls, 1u);
    EXPECT_LE(nuls, 4u);
  }
}

TEST(Cpio, ModeAndParentFolders) {
  std::string made = headers("/a/bb/c mode=0755 mkdir=-1", 1);
  size_t a = made.find("000041ed"), c = made.find("000081ed");
  ASSERT_NE(a, std::string::npos);
  ASSERT_NE(c, std::string::npos);
  EXPECT_NE(made.find(std::string("/a\0", 3)), std::string::npos);
  EXPECT_NE(made.find(std::string("/a/bb\0", 6)), std::string::npos);
  EXPECT_LT(made.find(std::string("/a\0", 3)), made.find(std::string("/a/bb\0", 6)));
  made = headers("/a/bb/c mkdir=1", 1);
  EXPECT_EQ(made.find(std::string("/a\0", 3)), std::string::npos);
  EXPECT_NE(made.find(std::string("/a/bb\0", 6)), std::string::npos);
}

TEST(Cpio, BadOptionsAndSizes) {
  EXPECT_FALSE(cpio_headers("a mode=9", 1).ok());
  EXPECT_FALSE(cpio_headers("a mode=", 1).ok());
  EXPECT_FALSE(cpio_headers("a mode=77777777", 1).ok());
  EXPECT_FALSE(cpio_headers("a mkdir=x", 1).ok());
  EXPECT_FALSE(cpio_headers("a", 1ull << 32).ok());
  EXPECT_TRUE(headers("", 5).empty());
  EXPECT_FALSE(headers("a other=1", 5).empty());
}

}  // namespace
}  // namespace hawser
