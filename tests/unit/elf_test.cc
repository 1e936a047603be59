#include "src/image/elf.h"

#include <gtest/gtest.h>

#include "tests/fakes/kernel_files.h"

namespace hawser {
namespace {

using namespace fakes;

FileBytes sample(bool wide) {
  return make_elf(wide, 0x100010, {{0x100000, 0x100000, 0x3000, FileBytes(0x2000, 1)}});
}
std::string error_of(const FileBytes& file) {
  auto program = elf::read(file);
  return program.ok() ? "" : program.error().text;
}

TEST(Elf, BothClasses) {
  for (bool wide : {false, true}) {
    FileBytes file = sample(wide);
    auto program = elf::read(file);
    ASSERT_TRUE(program.ok());
    ASSERT_EQ(program->segments.size(), 1u);
    EXPECT_EQ(program->segments[0].to, 0x100000u);
    EXPECT_EQ(program->segments[0].from.data(), file.data() + 4096);
    EXPECT_EQ(program->segments[0].from.size(), 0x2000u);
    EXPECT_EQ(program->segments[0].memory_bytes, 0x3000u);
    EXPECT_EQ(program->entry, 0x100010u);
  }
}

TEST(Elf, OtherMachines) {
  FileBytes file = sample(true);
  put16(file, 18, 183);
  EXPECT_NE(error_of(file).find("machine 183"), std::string::npos);
  file = sample(false);
  put16(file, 18, 62);  // x32
  EXPECT_NE(error_of(file).find("class 1"), std::string::npos);
  file = sample(true);
  file[5] = 2;
  EXPECT_NE(error_of(file).find("big-endian"), std::string::npos);
}

TEST(Elf, NothingToLoad) {
  EXPECT_NE(error_of(make_elf(true, 0, {})).find("nothing to load"), std::string::npos);
  EXPECT_NE(error_of(make_elf(true, 0, {{0, 0, 0, {}}})).find("nothing to load"),
            std::string::npos);
}

TEST(Elf, EntryOutsideEverySegment) {
  EXPECT_NE(error_of(make_elf(true, 0x103000, {{0x100000, 0x100000, 0x3000, {}}}))
                .find("entry point 0x103000"),
            std::string::npos);
}

TEST(Elf, HostileSegments) {
  FileBytes file = sample(true);
  put64(file, 64 + 32, ~uint64_t{0});  // p_filesz
  EXPECT_NE(error_of(file).find("larger in the file"), std::string::npos);
  put64(file, 64 + 40, ~uint64_t{0});  // p_memsz as well
  EXPECT_NE(error_of(file).find("truncated"), std::string::npos);
  file = sample(true);
  put64(file, 64 + 8, ~uint64_t{0} - 8);  // p_offset
  EXPECT_NE(error_of(file).find("truncated"), std::string::npos);
  file = sample(true);
  put64(file, 64 + 24, ~uint64_t{0} - 0x2000);  // p_paddr
  EXPECT_NE(error_of(file).find("wraps"), std::string::npos);
}

TEST(Elf, HostileTables) {
  FileBytes file = sample(true);
  put64(file, 32, ~uint64_t{0});  // e_phoff
  EXPECT_NE(error_of(file).find("program headers are missing"), std::string::npos);
  file = sample(true);
  put16(file, 54, 8);  // e_phentsize
  EXPECT_NE(error_of(file).find("too short"), std::string::npos);
  file = sample(true);
  put16(file, 56, 0xffff);
  EXPECT_NE(error_of(file).find("too many"), std::string::npos);
  file = sample(true);
  put16(file, 56, 0xfffe);
  EXPECT_NE(error_of(file).find("missing"), std::string::npos);
}

TEST(Elf, Symbols) {
  FileBytes file = sample(true);
  add_symbols(file, {{"start", 0x100010}, {"starting", 0x100020}, {"gone", 5, 0}});
  EXPECT_EQ(elf::symbol(file, "starting"), 0x100020u);
  EXPECT_EQ(elf::symbol(file, "start"), 0x100010u);
  EXPECT_FALSE(elf::symbol(file, "star"));
  EXPECT_FALSE(elf::symbol(file, "gone")) << "another file would have to define it";
  EXPECT_FALSE(elf::symbol(file, "nowhere"));
  EXPECT_FALSE(elf::symbol(sample(true), "start"));
  EXPECT_EQ(*elf::physical(elf::read(file).value(), 0x100020), 0x100020u);
  EXPECT_FALSE(elf::physical(elf::read(file).value(), 0x103000).ok());
}

TEST(Elf, DamagedSymbols) {
  FileBytes good = sample(true);
  size_t table = add_symbols(good, {{"start", 0x100010}});
  for (size_t field : {24, 32, 40, 64 + 24, 64 + 32}) {  // of both sections: place, size; link
    FileBytes file = good;
    put64(file, table + 64 + field, ~uint64_t{0} - 7);
    EXPECT_FALSE(elf::symbol(file, "start")) << field;
  }
  for (size_t size = 0; size < good.size(); size += size < 200 ? 1 : 31)
    EXPECT_FALSE(elf::symbol(Bytes(good).first(size), "start")) << size;
}

TEST(Elf, EveryPrefixIsRefused) {
  for (bool wide : {false, true}) {
    FileBytes file = sample(wide);
    for (size_t size = 0; size < file.size(); size += size < 200 ? 1 : 31) {
      FileBytes prefix(file.begin(), file.begin() + long(size));
      ASSERT_FALSE(elf::read(prefix).ok()) << size;
    }
  }
}

}  // namespace
}  // namespace hawser
