// The file system and the initrd that programs under UEFI see.
#include "arch/x86_64/uefi/files.h"

#include <gtest/gtest.h>

#include <string>

namespace hawser::uefi {
namespace {

using efi::Code;
using efi::File;

class EfiFiles : public testing::Test {
 protected:
  std::vector<ProgramFile> files{
      ProgramFile::of("xen.efi", bytes_of("XEN")),
      ProgramFile::of("Xen.cfg", bytes_of("[global]\ndefault=x\n")),
      ProgramFile::of("conf/grub.cfg", bytes_of("deep")),
      {"initrd.magic", {{0, bytes_of("head")}, {8, bytes_of("tail")}}, 14}};
  FileSystem system{files};
  File* root = nullptr;

  void SetUp() override { ASSERT_EQ(system.open_volume(&system, &root), Code::Success); }

  File* open(const char16_t* name, File* from = nullptr) {
    File* file = nullptr;
    from = from ? from : root;
    return from->open(from, &file, name, File::kRead, 0) == Code::Success ? file : nullptr;
  }
  std::string read(File* file, size_t most = 1000) {
    std::string text(most, '?');
    uint64_t bytes = most;
    EXPECT_EQ(file->read(file, &bytes, text.data()), Code::Success);
    text.resize(bytes);
    return text;
  }
};

struct Info {
  efi::FileInfo header;
  char16_t name[64];
};

TEST_F(EfiFiles, FilesAreFoundAsProgramsNameThem) {
  for (const char16_t* name : {u"xen.cfg", u"\\XEN.CFG", u".\\xen.cfg", u"\\EFI\\BOOT\\xen.cfg",
                               u"EFI/debian/../xen.cfg"}) {
    File* file = open(name);
    ASSERT_TRUE(file);
    EXPECT_EQ(read(file), "[global]\ndefault=x\n");
    file->close(file);
  }
  EXPECT_EQ(read(open(u"\\conf\\grub.cfg")), "deep");
  EXPECT_FALSE(open(u"grub.cfg")) << "its name has a folder";
  EXPECT_FALSE(open(u"\\loader\\entries"));
  EXPECT_FALSE(open(u"xen"));
}

TEST_F(EfiFiles, ReadsInPiecesAndSeeks) {
  File* file = open(u"initrd.magic");
  EXPECT_EQ(read(file, 6), std::string("head\0\0", 6));
  EXPECT_EQ(read(file, 4), std::string("\0\0ta", 4));
  uint64_t position = 0;
  EXPECT_EQ(file->get_position(file, &position), Code::Success);
  EXPECT_EQ(position, 10u);
  EXPECT_EQ(read(file), std::string("il\0\0", 4));
  EXPECT_EQ(read(file), "") << "the end";
  EXPECT_EQ(file->set_position(file, 9), Code::Success);
  EXPECT_EQ(read(file, 2), "ai");
  EXPECT_EQ(file->set_position(file, ~uint64_t{0}), Code::Success);
  EXPECT_EQ(read(file), "");
  EXPECT_EQ(file->set_position(file, 15), Code::Success);
  uint64_t bytes = 4;
  char buffer[4];
  EXPECT_EQ(file->read(file, &bytes, buffer), Code::DeviceError) << "§13.5: beyond the end";
}

TEST_F(EfiFiles, TheFolderIsListed) {
  std::vector<std::string> names;
  for (;;) {
    Info info{};
    uint64_t bytes = 10;
    Code code = root->read(root, &bytes, &info);
    if (code == Code::Success && bytes == 0) break;
    ASSERT_EQ(code, Code::BufferTooSmall);
    ASSERT_LE(bytes, sizeof info);
    ASSERT_EQ(root->read(root, &bytes, &info), Code::Success);
    EXPECT_EQ(info.header.bytes, bytes);
    EXPECT_EQ(info.header.attributes, File::kReadOnly);
    names.push_back(std::string(info.name, info.name + std::u16string(info.name).size()));
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{"xen.efi", "Xen.cfg", "conf/grub.cfg", "initrd.magic"}));
  EXPECT_EQ(root->set_position(root, 0), Code::Success);
  Info info{};
  uint64_t bytes = sizeof info;
  EXPECT_EQ(root->read(root, &bytes, &info), Code::Success) << "from the start";
  EXPECT_EQ(root->set_position(root, 5), Code::Unsupported);
}

TEST_F(EfiFiles, FoldersInNamesCanBeOpened) {
  File* folder = open(u"\\CONF");
  ASSERT_TRUE(folder);
  Info info{};
  uint64_t bytes = sizeof info;
  ASSERT_EQ(folder->get_info(folder, &efi::guid::kFileInfo, &bytes, &info), Code::Success);
  EXPECT_TRUE(info.header.attributes & File::kDirectory);
  bytes = sizeof info;
  ASSERT_EQ(folder->read(folder, &bytes, &info), Code::Success);
  EXPECT_EQ(std::u16string(info.name), u"grub.cfg");
  EXPECT_EQ(info.header.file_bytes, 4u);
  bytes = sizeof info;
  ASSERT_EQ(folder->read(folder, &bytes, &info), Code::Success);
  EXPECT_EQ(bytes, 0u) << "that is all";
  EXPECT_EQ(read(open(u"grub.cfg", folder)), "deep");
  EXPECT_EQ(read(open(u"\\xen.efi", folder)), "XEN") << "from the top";
  EXPECT_TRUE(open(u"", folder));
  EXPECT_FALSE(open(u"other", folder));
  EXPECT_FALSE(open(u"con"));
}

TEST_F(EfiFiles, InformationOnFilesFolderAndVolume) {
  Info info{};
  uint64_t bytes = sizeof info;
  File* file = open(u"initrd.magic");
  ASSERT_EQ(file->get_info(file, &efi::guid::kFileInfo, &bytes, &info), Code::Success);
  EXPECT_EQ(bytes, 80 + 13 * 2u);
  EXPECT_EQ(info.header.file_bytes, 14u);
  EXPECT_EQ(std::u16string(info.name), u"initrd.magic");
  bytes = 80;
  EXPECT_EQ(file->get_info(file, &efi::guid::kFileInfo, &bytes, &info), Code::BufferTooSmall);
  EXPECT_EQ(bytes, 80 + 13 * 2u);
  bytes = sizeof info;
  ASSERT_EQ(root->get_info(root, &efi::guid::kFileInfo, &bytes, &info), Code::Success);
  EXPECT_TRUE(info.header.attributes & File::kDirectory);
  efi::FileSystemInfo volume[4];
  bytes = sizeof volume;
  ASSERT_EQ(root->get_info(root, &efi::guid::kFileSystemInfo, &bytes, volume), Code::Success);
  EXPECT_EQ(volume[0].volume_bytes, 3 + 19 + 4 + 14u);
  EXPECT_TRUE(volume[0].read_only);
  EXPECT_EQ(root->get_info(root, &efi::guid::kBlockIo, &bytes, volume), Code::Unsupported);
}

TEST_F(EfiFiles, NothingCanBeChanged) {
  File* file = nullptr;
  EXPECT_EQ(root->open(root, &file, u"new", File::kRead | File::kWrite | File::kCreate, 0),
            Code::WriteProtected);
  file = open(u"xen.cfg");
  uint64_t bytes = 1;
  EXPECT_EQ(file->write(file, &bytes, "x"), Code::WriteProtected);
  EXPECT_EQ(file->set_info(file, &efi::guid::kFileInfo, 0, nullptr), Code::WriteProtected);
  EXPECT_EQ(uint64_t(file->remove(file)), 2u) << "EFI_WARN_DELETE_FAILURE, and it is closed";
  EXPECT_TRUE(open(u"xen.cfg"));  // and left open: the file system sees to it
}

TEST_F(EfiFiles, TheInitrdIsLoadedWhole) {
  InitrdSource source(files[3]);
  uint64_t bytes = 0;
  EXPECT_EQ(source.load_file(&source, nullptr, false, &bytes, nullptr), Code::BufferTooSmall);
  EXPECT_EQ(bytes, 14u);
  std::string text(14, '?');
  EXPECT_EQ(source.load_file(&source, nullptr, false, &bytes, text.data()), Code::Success);
  EXPECT_EQ(text, std::string("head\0\0\0\0tail\0\0", 14));
  EXPECT_EQ(source.load_file(&source, nullptr, true, &bytes, text.data()), Code::Unsupported);
}

TEST(EfiRead, AnyPartOfAnyFile) {
  std::string whole = std::string("ab\0\0cd\0\0\0ef", 11);
  ProgramFile file{
      "f", {{0, bytes_of("ab")}, {4, bytes_of("cd")}, {9, bytes_of("ef")}}, whole.size()};
  for (size_t at = 0; at <= whole.size(); ++at)
    for (size_t bytes = 0; bytes <= whole.size() - at; ++bytes) {
      std::string part(bytes, '?');
      read_file(file, at, {reinterpret_cast<uint8_t*>(part.data()), bytes});
      EXPECT_EQ(part, whole.substr(at, bytes)) << at << ' ' << bytes;
    }
}

}  // namespace
}  // namespace hawser::uefi
