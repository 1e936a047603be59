// EFI programs: what is refused, and what a program is given to start with.
#include "src/image/efi_program.h"

#include <gtest/gtest.h>

#include "tests/fakes/kernel_files.h"

namespace hawser {
namespace {

using namespace fakes;

constexpr size_t kSignature = 0x80, kOptional = kSignature + 24, kRows = kOptional + 240;

/// One section of 512 bytes at 1024.
FileBytes pe_file(FileBytes file = {}) {
  file.resize(std::max<size_t>(file.size(), 1536));
  put16(file, 0, 0x5a4d);
  put32(file, 0x3c, kSignature);
  put32(file, kSignature, 0x4550);
  put16(file, kSignature + 4, 0x8664);
  put16(file, kSignature + 6, 1);
  put16(file, kSignature + 20, 240);
  put16(file, kOptional, 0x20b);
  put32(file, kOptional + 60, 1024);
  put16(file, kOptional + 68, 10);
  put32(file, kRows + 16, 512);
  put32(file, kRows + 20, 1024);
  return file;
}

std::string error_of(const FileBytes& file) {
  Image image = make_image(file, "p");
  auto program = efi_program::prepare(image, {});
  return program.ok() ? "" : program.error().text;
}
void expect_error(const FileBytes& file, std::string_view part) {
  std::string text = error_of(file);
  EXPECT_NE(text.find(part), std::string::npos) << "'" << text << "' lacks '" << part << "'";
}

std::string contents(const ProgramFile& file) {
  std::string text(file.bytes, '.');
  for (const ProgramFile::Piece& piece : file.pieces)
    text.replace(piece.at, piece.data.size(), text_of(piece.data));
  return text;
}

TEST(EfiProgram, FindsTheOthersBesideIt) {
  FileBytes file = pe_file(), config(10, 'c');
  EXPECT_EQ(detect_format(file)->name, "EFI");
  Image image = make_image(file, "xen.efi", "-cfg=xen.cfg"), other = make_image(config, "xen.cfg");
  Program program = efi_program::prepare(image, {&other}).value();
  EXPECT_EQ(program.name, "xen.efi");
  EXPECT_EQ(program.arguments, "xen.efi -cfg=xen.cfg");
  EXPECT_EQ(program.image.data(), file.data());
  ASSERT_EQ(program.files.size(), 2u);
  EXPECT_EQ(program.files[0].name, "xen.efi");
  EXPECT_EQ(program.files[1].name, "xen.cfg");
  EXPECT_EQ(contents(program.files[1]), "cccccccccc");
  EXPECT_FALSE(program.initrd);
}

TEST(EfiProgram, RefusesWhatIsNotForThisMachine) {
  FileBytes file = pe_file();
  put16(file, kSignature + 4, 0xaa64);
  expect_error(file, "64-bit ARM (machine 0xaa64)");
  file = pe_file();
  put16(file, kSignature + 4, 0x14c);
  expect_error(file, "32-bit x86");
  file = pe_file();
  put16(file, kOptional, 0x10b);
  expect_error(file, "PE32+");
  for (uint16_t subsystem : {3, 9, 13}) {
    file = pe_file();
    put16(file, kOptional + 68, subsystem);
    expect_error(file, "not for UEFI");
  }
  file = pe_file();
  put32(file, kRows + 20, 0xffffffff);
  expect_error(file, "truncated");
  file = pe_file();
  put32(file, kOptional + 60, 4000);
  expect_error(file, "at least 4000");
}

TEST(EfiProgram, EveryPrefixIsRefused) {
  FileBytes file = pe_file();
  for (size_t size = 0; size < file.size(); ++size)
    EXPECT_NE(error_of(FileBytes(file.begin(), file.begin() + long(size))), "") << size;
  EXPECT_EQ(error_of(file), "");
  expect_error(FileBytes(file.begin(), file.begin() + 1535), "should have at least 1536 bytes");
}

FileBytes linux_with_stub() {
  BzImage kernel;
  FileBytes file = kernel.file();
  put16(file, 0, 0x5a4d);
  put32(file, 0x3c, 0x280);
  FileBytes pe = pe_file();
  std::copy(pe.begin() + kSignature, pe.begin() + kRows + 40, file.begin() + 0x280);
  return file;
}

TEST(EfiProgram, LinuxGetsItsInitrdInOnePiece) {
  FileBytes file = linux_with_stub(), a(5, 'a'), b(3, 'b');
  EXPECT_EQ(detect_format(file)->name, "bzImage");
  Image kernel = make_image(file, "vmlinuz", "console=ttyS0"), first = make_image(a, "one"),
        second = make_image(b, "two", "etc/b");
  Program program = efi_program::prepare_linux(kernel, {&first, &second}).value();
  EXPECT_EQ(program.arguments, "console=ttyS0") << "as the kernel is to show it";
  ASSERT_TRUE(program.initrd);
  std::string text = contents(*program.initrd);
  EXPECT_EQ(text.substr(0, 6), "aaaaa.");
  EXPECT_EQ(text.substr(4096, 6), "070701") << "the second is put into an archive";
  EXPECT_EQ(text.substr(text.size() - 3), "bbb");
  ASSERT_EQ(program.files.size(), 4u);
  EXPECT_EQ(program.files[3].name, "initrd.magic");
  Program moved = std::move(program);
  EXPECT_EQ(contents(*moved.initrd), text);
  EXPECT_FALSE(efi_program::prepare_linux(kernel, {})->initrd);
}

TEST(EfiProgram, LinuxWithoutStubIsExplained) {
  FileBytes file = BzImage{}.file();
  Image kernel = make_image(file, "vmlinuz");
  auto program = efi_program::prepare_linux(kernel, {});
  ASSERT_FALSE(program.ok());
  EXPECT_NE(program.error().text.find("CONFIG_EFI_STUB"), std::string::npos);
}

}  // namespace
}  // namespace hawser
