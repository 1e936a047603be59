// Unpacking: files of the usual programs, damaged and cut ones, and bounds.
#include "src/archive/archive.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "tests/unit/archive_samples.h"

namespace hawser {
namespace {

/// Counts what is out, and can run dry.
struct TestMemory : ArchiveMemory {
  size_t pieces = 0, largest = 0, limit = SIZE_MAX;
  void* allocate(size_t bytes) override {
    if (bytes > limit) return nullptr;
    largest = std::max(largest, bytes);
    ++pieces;
    return std::malloc(bytes);
  }
  void release(void* memory) override {
    --pieces;
    std::free(memory);
  }
};

struct TestSink : Sink {
  std::string text;
  size_t most = SIZE_MAX;
  Status begin(std::optional<uint64_t>) override { return ok_status(); }
  Status write(Bytes bytes) override {
    if (bytes.size() > most - text.size()) return Error{Errc::NoSpace, "full"};
    text.append(text_of(bytes));
    return ok_status();
  }
  void restart() override { text.clear(); }
};

std::string sample_content() {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "line " + std::to_string(i) + " of the sample\n";
  for (uint32_t i = 0; i < 40; ++i) {  // calls of one function, for the x86 filter
    uint8_t call[5] = {0xe8};
    write_le(call + 1, 0x1000 - 5 * i);
    text.append(text_of(call));
  }
  return text;
}

using File = std::vector<uint8_t>;
template <size_t kCount>
File file_of(const uint8_t (&bytes)[kCount]) {
  return File(bytes, bytes + kCount);
}
File operator+(File a, const File& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

struct Unpacked {
  Status status = ok_status();
  std::string text;
  TestMemory memory;
};
Unpacked unpack_file(const File& file, size_t memory_limit = SIZE_MAX, size_t most = SIZE_MAX) {
  Unpacked result;
  result.memory.limit = memory_limit;
  TestSink sink;
  sink.most = most;
  auto kind = archive_kind(file);
  if (!kind) {
    result.status = Error{Errc::Format, "no archive"};
    return result;
  }
  result.status = unpack(*kind, file, result.memory, sink, [] { return false; });
  result.text = std::move(sink.text);
  EXPECT_EQ(result.memory.pieces, 0u) << "memory is given back";
  return result;
}
std::string why(const Unpacked& result) {
  return result.status.ok() ? "" : result.status.error().text;
}

struct Sample {
  const char* name;
  ArchiveKind kind;
  File file;
};
std::vector<Sample> all_samples() {
  return {{"gzip", ArchiveKind::Gzip, file_of(samples::kGzip)},
          {"zlib", ArchiveKind::Zlib, file_of(samples::kZlib)},
          {"zstd", ArchiveKind::Zstd, file_of(samples::kZstd)},
          {"xz", ArchiveKind::Xz, file_of(samples::kXz)},
          {"xz, x86", ArchiveKind::Xz, file_of(samples::kXzX86)},
          {"xz, SHA-256", ArchiveKind::Xz, file_of(samples::kXzSha256)}};
}

TEST(Archive, UnpacksWhatTheUsualProgramsMake) {
  for (const Sample& sample : all_samples()) {
    EXPECT_EQ(archive_kind(sample.file), sample.kind) << sample.name;
    Unpacked result = unpack_file(sample.file);
    EXPECT_TRUE(result.status.ok()) << sample.name << ": " << why(result);
    EXPECT_EQ(result.text, sample_content()) << sample.name;
  }
}

TEST(Archive, OtherFilesAreNoArchives) {
  for (std::string_view text : {"", "\x1f", "\x1f\x8b", "#!ipxe\n", "MZ", "\x7f""ELF", "BZh9",
                                "\xfd""7zXY", "x\x9d", "x\xbb"})
    EXPECT_FALSE(archive_kind(bytes_of(text))) << text;
}

TEST(Archive, CutFilesSaySo) {
  for (const Sample& sample : all_samples())
    for (size_t n = 0; n < sample.file.size(); ++n) {
      File cut(sample.file.begin(), sample.file.begin() + n);
      if (!archive_kind(cut)) continue;
      Unpacked result = unpack_file(cut);
      ASSERT_FALSE(result.status.ok()) << sample.name << " cut at " << n;
      EXPECT_EQ(result.status.error().code, Errc::Invalid);
      EXPECT_NE(why(result).find("ends early"), std::string::npos) << n << ": " << why(result);
      EXPECT_EQ(sample_content().find(result.text), 0u);
    }
}

TEST(Archive, AChangedBitNeverChangesTheContent) {
  for (const Sample& sample : all_samples()) {
    size_t unnoticed = 0;
    for (size_t at = 0; at < sample.file.size(); ++at) {
      File damaged = sample.file;
      damaged[at] ^= 0x10;
      Unpacked result = unpack_file(damaged);
      if (!result.status.ok()) continue;
      ++unnoticed;  // gzip's time and name, bits of tables that are not used
      EXPECT_EQ(result.text, sample_content()) << sample.name << " at " << at;
    }
    EXPECT_LT(unnoticed, 25u) << sample.name;
  }
}

TEST(Archive, MembersFollowOneAnother) {
  for (const Sample& sample : all_samples()) {
    Unpacked twice = unpack_file(sample.file + sample.file);
    EXPECT_EQ(twice.text, sample_content() + sample_content()) << why(twice);
    Unpacked padded = unpack_file(sample.file + File(512, 0));
    EXPECT_TRUE(padded.status.ok()) << sample.name;
    EXPECT_EQ(padded.text, sample_content());
    Unpacked trailed = unpack_file(sample.file + File{'M', 'Z'});
    ASSERT_FALSE(trailed.status.ok());
    EXPECT_NE(why(trailed).find("2 bytes of something else"), std::string::npos) << why(trailed);
  }
  const File note = {0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 'a', 'b', 'c'};
  File zstd = file_of(samples::kZstd);
  EXPECT_EQ(unpack_file(note + zstd + note + zstd).text, sample_content() + sample_content());
}

TEST(Archive, NothingButABigWindowIsRefused) {
  // RFC 8878 §3.1.1.1.2: exponent 18 is a window of 256 MiB.
  Unpacked zstd = unpack_file({0x28, 0xb5, 0x2f, 0xfd, 0x00, 18 << 3, 1, 0, 0});
  ASSERT_FALSE(zstd.status.ok());
  EXPECT_EQ(zstd.status.error().code, Errc::NoSpace);
  EXPECT_NE(why(zstd).find("128.0 MiB"), std::string::npos) << why(zstd);
  EXPECT_LE(zstd.memory.largest, 256u << 10);
  Unpacked delta = unpack_file(file_of(samples::kXzDelta));
  ASSERT_FALSE(delta.status.ok());
  EXPECT_EQ(delta.status.error().code, Errc::Unsupported);
}

TEST(Archive, WithoutMemoryItFails) {
  for (const Sample& sample : all_samples())
    for (size_t limit : {size_t{0}, size_t{5000}}) {
      Unpacked result = unpack_file(sample.file, limit);
      ASSERT_FALSE(result.status.ok()) << sample.name;
      EXPECT_EQ(result.status.error().code, Errc::NoMemory) << why(result);
    }
}

TEST(Archive, StopsWhenTheSinkIsFullOrSomebodyStopsIt) {
  for (const Sample& sample : all_samples()) {
    Unpacked full = unpack_file(sample.file, SIZE_MAX, 100);
    ASSERT_FALSE(full.status.ok());
    EXPECT_EQ(full.status.error().code, Errc::NoSpace);
    TestMemory memory;
    TestSink sink;
    Status stopped = unpack(sample.kind, sample.file, memory, sink, [] { return true; });
    ASSERT_FALSE(stopped.ok());
    EXPECT_EQ(stopped.error().code, Errc::Cancelled);
    EXPECT_EQ(sink.text, "");
  }
}

}  // namespace
}  // namespace hawser
