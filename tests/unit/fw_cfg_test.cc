// QEMU's configuration device against a model of it.
#include "arch/x86_64/fw_cfg.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace hawser::fw_cfg {
namespace {

/// Keys with their bytes; past the end of one there are zeros.
struct Model {
  std::map<uint16_t, std::string> keys{{kSignatureKey, "QEMU"}};
  uint16_t key = 0;
  size_t at = 0;

  void select(uint16_t to) {
    key = to;
    at = 0;
  }
  void read(MutBytes out) {
    for (uint8_t& byte : out) {
      byte = at < keys[key].size() ? uint8_t(keys[key][at]) : 0;
      ++at;
    }
  }
  void set_directory(uint32_t count) { keys[kDirectoryKey] = be32(count); }
  void add(const std::string& name, uint32_t size, uint16_t to) {
    std::string entry = be32(size) + be32(uint32_t{to} << 16) + name;
    entry.resize(sizeof(DirectoryEntry));
    keys[kDirectoryKey] += entry;
  }
  static std::string be32(uint32_t value) {
    std::string text(4, '\0');
    write_be(reinterpret_cast<uint8_t*>(text.data()), value);
    return text;
  }
};

std::string read(Model& model, std::string_view name) {
  auto file = read_file(model, name);
  return file ? std::string(file->begin(), file->end()) : "(none)";
}

Model two_files() {
  Model model;
  model.set_directory(2);
  model.add("etc/e820", 3, 0x20);
  model.add("opt/org.example/name", 5, 0x21);
  model.keys[0x20] = "abc";
  model.keys[0x21] = "value";
  return model;
}

TEST(FwCfg, FindsFilesByName) {
  Model model = two_files();
  EXPECT_EQ(read(model, "opt/org.example/name"), "value");
  EXPECT_EQ(read(model, "etc/e820"), "abc");
  EXPECT_EQ(read(model, "etc/e82"), "(none)");
  EXPECT_EQ(read(model, "etc/e8200"), "(none)");
  EXPECT_EQ(read(model, ""), "(none)");
  EXPECT_EQ(read(model, std::string(56, 'x')), "(none)");
}

TEST(FwCfg, OnlyBehindTheSignature) {
  Model model = two_files();
  model.keys[kSignatureKey] = "QEMX";
  EXPECT_EQ(read(model, "etc/e820"), "(none)");
}

TEST(FwCfg, ClaimsOfTheDeviceAreBounded) {
  Model model = two_files();
  model.keys[kDirectoryKey].replace(0, 4, "\xff\xff\xff\xff");
  EXPECT_EQ(read(model, "nosuch"), "(none)");
  EXPECT_LE(model.at, 4 + kMostFiles * sizeof(DirectoryEntry));
  model.keys[kDirectoryKey].replace(4, 4, "\xff\xff\xff\xff");
  EXPECT_EQ(read(model, "etc/e820").size(), kMostBytes);
}

TEST(FwCfg, NamesThatFillTheirField) {
  Model model;
  model.set_directory(1);
  model.add(std::string(56, 'n'), 1, 0x20);
  EXPECT_EQ(read(model, std::string(55, 'n')), "(none)");
}

}  // namespace
}  // namespace hawser::fw_cfg
