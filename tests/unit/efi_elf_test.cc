// ELF kernels as EFI programs: the PE file that the firmware gets to load.
#include "src/image/efi_elf.h"

#include <gtest/gtest.h>

#include "src/image/efi_program.h"
#include "tests/fakes/kernel_files.h"

namespace hawser {
namespace {

using namespace fakes;

constexpr uint64_t kHigh = 0xffff800000000000;

/// Two segments, linked to the upper half, with AxVisor's entry in the first.
FileBytes kernel(bool can_move = true, Phys first = 0x200000) {
  FileBytes file = make_elf(true, kHigh + 0x200000,
                            {{kHigh + 0x200000, first, 0x1800, FileBytes(0x1234, 1)},
                             {kHigh + 0x202000, first + 0x2000, 0x9000, FileBytes(0x10, 2)}});
  put16(file, 16, can_move ? 3 : 2);
  add_symbols(file, {{"__x86_64_efi_pe_entry", kHigh + 0x200040}});
  return file;
}

/// What the firmware loads; the fields are where the PE Format specification has them.
struct Pe {
  explicit Pe(const FileBytes& file) {
    Image image = make_image(file, "axvisor", "a b");
    program = efi_elf::prepare(image, {}).value();
    bytes = program.head;
    bytes.insert(bytes.end(), program.image.begin(), program.image.end());
    optional = word(0x3c) + 24;
  }
  uint32_t word(size_t at) const { return *read_le<uint32_t>(bytes, at); }
  uint32_t row(size_t index, size_t at) const { return word(optional + 240 + 40 * index + at); }
  uint64_t base() const { return *read_le<uint64_t>(bytes, optional + 24); }
  bool is_fixed() const { return *read_le<uint16_t>(bytes, optional - 2) & 1; }
  Program program;
  FileBytes bytes;
  size_t optional = 0;
};

std::string error_of(const FileBytes& file) {
  Image image = make_image(file, "k");
  auto program = efi_elf::prepare(image, {});
  return program.ok() ? "" : program.error().text;
}

TEST(EfiElf, SegmentsAreSectionsBehindAPageOfHeaders) {
  FileBytes file = kernel();
  EXPECT_EQ(detect_format(file)->name, "EFI-ELF");
  Pe pe(file);
  ASSERT_TRUE(efi_program::check(pe.bytes).ok());
  EXPECT_EQ(pe.program.arguments, "axvisor a b");
  EXPECT_EQ(pe.program.files.at(0).bytes, file.size());
  EXPECT_EQ(pe.base(), 0x1ff000u) << "so that the first segment lies at its p_paddr";
  EXPECT_FALSE(pe.is_fixed());
  EXPECT_EQ(pe.word(pe.optional + 16), 0x1040u) << "the entry";
  EXPECT_EQ(pe.word(pe.optional + 56), 0xc000u) << "bytes in memory";
  EXPECT_EQ(pe.row(0, 12), 0x1000u);
  EXPECT_EQ(pe.row(0, 8), 0x1800u);
  EXPECT_EQ(pe.row(0, 16), 0x1234u);
  EXPECT_EQ(pe.bytes[pe.row(0, 20)], 1);
  EXPECT_EQ(pe.row(1, 12), 0x3000u);
  EXPECT_EQ(pe.row(1, 8), 0x9000u);
  EXPECT_EQ(pe.row(1, 16), 0x10u);
  EXPECT_EQ(pe.bytes[pe.row(1, 20)], 2);
}

TEST(EfiElf, WhereItMayLie) {
  EXPECT_TRUE(Pe(kernel(false)).is_fixed());
  for (bool can_move : {false, true}) {
    Pe pe(kernel(can_move, kHigh + 0x200000));
    EXPECT_EQ(pe.base(), 0u) << "there is no memory at such an address";
    EXPECT_FALSE(pe.is_fixed());
  }
  FileBytes file = kernel(false);
  size_t table = *read_le<uint64_t>(file, 40);
  put32(file, table + 4, 4);  // section 0: relocations, loaded, of some size
  put64(file, table + 8, 2);
  put64(file, table + 32, 24);
  EXPECT_FALSE(Pe(file).is_fixed()) << "it relocates itself";
}

TEST(EfiElf, OtherFilesAreNoSuchKernels) {
  EXPECT_FALSE(efi_elf::probe(FileBytes(100)));
  FileBytes file = make_elf(true, 0, {{0, 0x200000, 0x1000, {}}});
  EXPECT_EQ(detect_format(file), nullptr);
  EXPECT_NE(error_of(file).find("no symbol"), std::string::npos);
}

TEST(EfiElf, WhatAPeFileCannotSayIsRefused) {
  constexpr size_t kSecond = 64 + 56, kAddress = 24, kMemory = 40;
  struct {
    size_t at;
    uint64_t value;
    const char* said;
  } cases[] = {{kSecond + kAddress, 0x202010, "not the start of a page"},
               {kSecond + kAddress, 0x201000, "overlap"},
               {kSecond + kAddress, 0x200000 + (1u << 30) + 0x1000, "more than 1 GiB"},
               {kSecond + kMemory, 1u << 31, "more than 1 GiB"},
               {kSecond + kAddress, ~uint64_t{0xffff}, "more than 1 GiB"}};
  for (const auto& c : cases) {
    FileBytes file = kernel();
    put64(file, c.at, c.value);
    EXPECT_NE(error_of(file).find(c.said), std::string::npos) << error_of(file);
  }
  std::vector<ElfSegment> many;
  for (uint64_t i = 0; i < 65; ++i) many.push_back({i * 4096, i * 4096, 1, {}});
  FileBytes file = make_elf(true, 0, many);
  add_symbols(file, {{"__x86_64_efi_pe_entry", 0}});
  EXPECT_NE(error_of(file).find("more than 64"), std::string::npos);
  file = kernel();
  add_symbols(file, {{"__x86_64_efi_pe_entry", 0x200000}});
  EXPECT_NE(error_of(file).find("lies in no segment"), std::string::npos);
}

}  // namespace
}  // namespace hawser
