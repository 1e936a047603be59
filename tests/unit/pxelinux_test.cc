// PXELINUX configurations: what they say, and what becomes of an entry.
#include <gtest/gtest.h>

#include "src/base/format.h"
#include "src/pxelinux/config.h"
#include "src/pxelinux/entry.h"
#include "src/pxelinux/menu.h"
#include "src/pxelinux/search.h"

namespace hawser::pxelinux {
namespace {

using Words = std::vector<std::string>;

Result<std::string> no_files(std::string_view file) {
  return Error{Errc::NotFound, cat(file, ": no such file")};
}

Config config_of(std::string_view text) {
  auto config = read_config(text, "default", no_files);
  EXPECT_TRUE(config.ok()) << (config.ok() ? "" : config.error().text);
  return config.ok() ? std::move(*config) : Config{};
}

TEST(PxelinuxSearch, NamesInOrder) {
  Identity identity{.uuid = "b8945908-d6a6-41a9-611d-74a6ab80b83d",
                    .mac = "88-99-aa-bb-cc-dd",
                    .address = {{192, 0, 2, 91}}};
  EXPECT_EQ(
      config_names(identity, ""),
      (Words{"pxelinux.cfg/b8945908-d6a6-41a9-611d-74a6ab80b83d",
             "pxelinux.cfg/01-88-99-aa-bb-cc-dd", "pxelinux.cfg/C000025B", "pxelinux.cfg/C000025",
             "pxelinux.cfg/C00002", "pxelinux.cfg/C0000", "pxelinux.cfg/C000", "pxelinux.cfg/C00",
             "pxelinux.cfg/C0", "pxelinux.cfg/C", "pxelinux.cfg/default"}));
  EXPECT_EQ(config_names({}, "configs/common"), (Words{"configs/common", "pxelinux.cfg/default"}));
}

TEST(PxelinuxSearch, FilesAreSeenFromTheFolder) {
  Uri base = *parse_uri("tftp://10.0.2.2/boot/");
  auto where = [&](std::string_view file) {
    auto uri = file_uri(base, file);
    return uri.ok() ? to_string(*uri) : uri.error().text;
  };
  EXPECT_EQ(where("vmlinuz"), "tftp://10.0.2.2/boot/vmlinuz");
  EXPECT_EQ(where("images/my kernel"), "tftp://10.0.2.2/boot/images/my%20kernel");
  EXPECT_EQ(where("/images/vmlinuz"), "tftp://10.0.2.2/images/vmlinuz");
  EXPECT_EQ(where("::other/vmlinuz"), "tftp://10.0.2.2/other/vmlinuz");
  EXPECT_EQ(where("192.0.2.1::a/b"), "tftp://192.0.2.1/a/b");
  EXPECT_EQ(where("http://h:8080/x?y=1"), "http://h:8080/x?y=1");
}

TEST(PxelinuxSearch, ItsOwnPrograms) {
  for (auto file : {"pxelinux.0", "/a/lpxelinux.0", "gPXELINUX.0", "x\\pxelinux.0", "syslinux.efi"})
    EXPECT_TRUE(is_pxelinux_program(file)) << file;
  for (auto file : {"undionly.kpxe", "pxelinux.cfg/default", "boot.ipxe", "", "grub.0"})
    EXPECT_FALSE(is_pxelinux_program(file)) << file;
}

TEST(PxelinuxConfig, LabelsAndGlobals) {
  Config config = config_of(
      "DEFAULT linux\r\n"
      "# a comment\n"
      "PROMPT 0\nTIMEOUT 50\nTOTALTIMEOUT 9000\nONTIMEOUT local\n"
      "APPEND global\n"
      "SERIAL 0 115200\n"
      "LABEL linux\n"
      "  KERNEL vmlinuz\n"
      "  APPEND initrd=initrd.img  root=/dev/ram0 \n"
      "  IPAPPEND 0x3\n"
      "label Local\n\tLOCALBOOT 0\n"
      "F1 help.txt\n"
      "frobnicate 7\n");
  EXPECT_EQ(config.default_command, "linux");
  EXPECT_EQ(config.timeout, Millis{5000});
  EXPECT_EQ(config.total_timeout, Millis{900'000});
  EXPECT_EQ(config.append, "global");
  ASSERT_EQ(config.entries.size(), 2u);
  EXPECT_EQ(config.entries[0].target, "vmlinuz");
  EXPECT_EQ(config.entries[0].append, "initrd=initrd.img  root=/dev/ram0");
  EXPECT_EQ(config.entries[0].sysappend, 3u);
  EXPECT_EQ(config.find("LOCAL"), &config.entries[1]);
  EXPECT_EQ(config.notes, (Words{"default:16: unknown keyword \"frobnicate\"; ignored"}));
}

TEST(PxelinuxConfig, Menus) {
  Config config = config_of(
      "UI vesamenu.c32\nMENU TITLE Top\n"
      "LABEL a\n MENU LABEL ^First\n TEXT HELP\n One line\n and two\n ENDTEXT\n KERNEL k\n"
      "MENU SEPARATOR\n"
      "MENU BEGIN sub\n MENU TITLE Below\n"
      "  LABEL b\n  MENU LABEL Second\n  MENU INDENT 2\n  MENU PASSWD secret\n  KERNEL k2\n"
      "  LABEL back\n  MENU EXIT\n"
      "MENU END\n"
      "LABEL c\n MENU GOTO sub\n"
      "LABEL head\n MENU DISABLE\n"
      "MENU MASTER PASSWD boss\n"
      "DEFAULT b\n");
  EXPECT_TRUE(config.wants_menu);
  ASSERT_EQ(config.menus.size(), 2u);
  EXPECT_EQ(config.menus[0].title, "Top");
  EXPECT_EQ(config.menus[0].master_password, "boss");
  EXPECT_EQ(config.menus[1].title, "Below");
  EXPECT_EQ(config.menus[1].entries.size(), 2u);
  EXPECT_EQ(config.start_menu, 1u) << "DEFAULT lies in it";
  const Entry* first = config.find("a");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->text, "First");
  EXPECT_EQ(first->key, uint32_t('f'));
  EXPECT_EQ(first->help, "One line\nand two\n");
  EXPECT_TRUE(config.find("b")->is_default);
  EXPECT_EQ(config.find("b")->password, "secret");
  EXPECT_EQ(config.find("back")->target, ".top");
  EXPECT_EQ(config.find("c")->kind, Entry::Kind::Menu);
  EXPECT_TRUE(config.find("head")->disabled);
}

TEST(PxelinuxConfig, IncludesAreReadInPlace) {
  auto include = [](std::string_view file) -> Result<std::string> {
    if (file == "common") return std::string("LABEL x\nKERNEL kx\n");
    if (file == "tools") return std::string("MENU TITLE Tools\nLABEL y\nKERNEL ky\n");
    return Error{Errc::NotFound, "gone"};
  };
  auto config =
      read_config("INCLUDE common\nMENU INCLUDE tools sub\nLABEL z\nKERNEL kz\n", "d", include);
  ASSERT_TRUE(config.ok());
  ASSERT_EQ(config->menus.size(), 2u);
  EXPECT_EQ(config->menus[1].title, "Tools");
  EXPECT_EQ(config->menus[0].entries.size(), 3u) << "x, the way into the menu, z";
  auto missing = read_config("\nINCLUDE other\n", "d", include);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().text, "d:2: gone");
}

TEST(PxelinuxConfig, LoopsAndFloodsAreRefused) {
  auto itself = [](std::string_view) -> Result<std::string> { return std::string("INCLUDE me\n"); };
  auto loop = read_config("INCLUDE me\n", "me", itself);
  ASSERT_FALSE(loop.ok());
  EXPECT_NE(loop.error().text.find("does one include itself?"), std::string::npos);

  auto empty = [](std::string_view) -> Result<std::string> { return std::string(); };
  std::string many;
  for (int i = 0; i < 100; ++i) many += "INCLUDE x\n";
  EXPECT_FALSE(read_config(many, "d", empty).ok());

  std::string labels, menus;
  for (size_t i = 0; i <= kMaxEntries; ++i) labels += "LABEL l\n";
  for (size_t i = 0; i <= kMaxMenus; ++i) menus += "MENU BEGIN\n";
  EXPECT_FALSE(read_config(labels, "d", empty).ok());
  EXPECT_FALSE(read_config(menus, "d", empty).ok());
  EXPECT_FALSE(read_config("MENU END\n", "d", empty).ok());
  EXPECT_FALSE(read_config(std::string(kMaxConfigBytes + 1, 'x'), "d", empty).ok());
}

struct PxelinuxEntry : testing::Test {
  Uri base = *parse_uri("tftp://h/");
  Facts facts = [](std::string_view setting) -> std::string {
    if (setting == "ip") return "10.0.2.15";
    if (setting == "next-server") return "10.0.2.2";
    if (setting == "gateway") return "10.0.2.1";
    if (setting == "netmask") return "255.255.255.0";
    if (setting == "mac:hexhyp") return "52-54-00-12-34-56";
    if (setting == "uuid") return "0123";
    if (setting == "smbios/1.4.0") return "A Vendor";
    return {};
  };
  Result<Action> act(const Config& config, std::string_view label, std::string_view extra = "") {
    const Entry* entry = config.find(label);
    if (!entry) return Error{Errc::NotFound, "no such label"};
    return action_for(config, *entry, extra, base, facts);
  }
  /// Commands, a line each.
  std::string lines(const Config& config, std::string_view label, std::string_view extra = "") {
    auto action = act(config, label, extra);
    if (!action.ok()) return action.error().text;
    std::string text;
    for (const Words& words : action->commands) {
      for (size_t i = 0; i < words.size(); ++i) text += cat(i ? " " : "", words[i]);
      text += "\n";
    }
    return text;
  }
};

TEST_F(PxelinuxEntry, LinuxWithInitrds) {
  Config config = config_of(
      "APPEND quiet\nSYSAPPEND 2\n"
      "LABEL a\nKERNEL vmlinuz\n"
      "LABEL b\nLINUX vmlinuz\nINITRD one,two\nAPPEND -\n"
      "LABEL c\nKERNEL k\nAPPEND initrd=a.img,b.img ks=http://h/ks\nIPAPPEND 5\n"
      "LABEL vmlinux\n");
  EXPECT_EQ(lines(config, "a", "single"),
            "imgfree\n"
            "kernel tftp://h/vmlinuz BOOT_IMAGE=vmlinuz quiet single BOOTIF=01-52-54-00-12-34-56\n"
            "boot\n");
  EXPECT_EQ(lines(config, "b"),
            "imgfree\n"
            "kernel tftp://h/vmlinuz BOOT_IMAGE=vmlinuz initrd=one,two "
            "BOOTIF=01-52-54-00-12-34-56\n"
            "initrd tftp://h/one\ninitrd tftp://h/two\nboot\n");
  EXPECT_EQ(lines(config, "c"),
            "imgfree\n"
            "kernel tftp://h/k BOOT_IMAGE=k initrd=a.img,b.img ks=http://h/ks "
            "ip=10.0.2.15:10.0.2.2:10.0.2.1:255.255.255.0 SYSUUID=0123\n"
            "initrd tftp://h/a.img\ninitrd tftp://h/b.img\nboot\n");
  EXPECT_EQ(lines(config, "vmlinux").substr(0, 46),
            "imgfree\nkernel tftp://h/vmlinux BOOT_IMAGE=vml");
}

TEST_F(PxelinuxEntry, ProgramsOfSyslinux) {
  Config config = config_of(
      "LABEL xen\nKERNEL mboot.c32\nAPPEND xen.gz dom0_mem=512M --- vmlinuz a b --- initrd\n"
      "LABEL disk\nCOM32 chain.c32\nAPPEND hd1 2\n"
      "LABEL floppy\nKERNEL /bin/chain.c32\nAPPEND fd0\n"
      "LABEL off\nKERNEL poweroff.c32\n"
      "LABEL hdt\nKERNEL hdt.c32\n"
      "LABEL cpu\nKERNEL ifcpu64.c32\nAPPEND off -- disk\n"
      "LABEL menu\nKERNEL vesamenu.c32\nAPPEND other.cfg\n"
      "LABEL again\nPXE sub/pxelinux.0\n"
      "LABEL bad\nKERNEL mboot.c32\nAPPEND a --- --- b\n");
  EXPECT_EQ(lines(config, "xen"),
            "imgfree\nkernel tftp://h/xen.gz dom0_mem=512M\nmodule tftp://h/vmlinuz a b\n"
            "module tftp://h/initrd\nboot\n");
  EXPECT_EQ(lines(config, "floppy"), "chain.c32 fd0: only whole disks (hd0, hd1 …) can be started");
  EXPECT_EQ(lines(config, "off"), "poweroff\n");
  EXPECT_EQ(lines(config, "hdt"), "hdt.c32 is a program for SYSLINUX, which only SYSLINUX can run");
  EXPECT_EQ(lines(config, "bad"), "mboot.c32: no file before \"---\" in APPEND");
  auto cpu = act(config, "cpu");
  ASSERT_TRUE(cpu.ok());
  EXPECT_EQ(cpu->kind, Action::Kind::Label);
  EXPECT_EQ(cpu->file, "off");
  auto menu = act(config, "menu");
  ASSERT_TRUE(menu.ok());
  EXPECT_EQ(menu->kind, Action::Kind::Config);
  EXPECT_EQ(menu->file, "other.cfg");
  auto again = act(config, "again");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->kind, Action::Kind::Search);
}

TEST_F(PxelinuxEntry, LocalBoot) {
  Config config = config_of(
      "LABEL next\nLOCALBOOT -1\nLABEL normal\nLOCALBOOT 0\nLABEL disk\nLOCALBOOT 0x81\n");
  EXPECT_EQ(act(config, "next")->kind, Action::Kind::Leave);
  EXPECT_EQ(act(config, "normal")->kind, Action::Kind::Leave);
  EXPECT_EQ(lines(config, "disk"), "sanboot --drive 0x81\n");
}

TEST_F(PxelinuxEntry, StringsOfTheMachineHaveNoBlanks) {
  EXPECT_EQ(sysappend_words(0x10 | 0x20, facts), (Words{"SYSVENDOR=A_Vendor"}));
  EXPECT_EQ(sysappend_words(0, facts), Words{});
  Facts processor = [](std::string_view setting) -> std::string {
    if (setting == "cpuid/1.0.3") return "0783fbff";
    if (setting == "cpuid/1.0.2") return "00000020";
    if (setting == "cpuid/0x80000001.0.3") return "20100800";
    return {};
  };
  EXPECT_EQ(sysappend_words(8, processor), Words{"CPU=6PVXL"});
}

TEST(PxelinuxPassword, ClearOrSha1) {
  EXPECT_TRUE(*is_password("open sesame", "open sesame"));
  EXPECT_FALSE(*is_password("open sesame", "open"));
  // printf abcdsecret | openssl dgst -sha1 -binary | base64
  constexpr std::string_view kStored = "$4$abcd$7olcT80A8CUHg14OlVREG9iIg4g";
  EXPECT_FALSE(*is_password("$4$abcd", "secret"));
  EXPECT_FALSE(*is_password("$4$abcd$%%%", "secret"));
  EXPECT_FALSE(*is_password(kStored, "Secret"));
  EXPECT_TRUE(*is_password(kStored, "secret"));
  EXPECT_TRUE(*is_password(cat(kStored, "$"), "secret"));
}

TEST(PxelinuxPassword, Crypt) {
  const std::string hundred(100, 'a');
  struct Case {
    std::string_view stored, password;
  };
  // Of openssl passwd -1, -5 and -6.
  const Case cases[] = {
      {"$1$saltstri$YMyguxXMBpd2TEZ.vS/3q1", "Hello world!"},
      {"$1$12345678$xek.CpjQUVgdf/P2N9KQf/", ""},
      {"$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5", "Hello world!"},
      {"$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA",
       "Hello world!"},
      {"$5$x$2Bj4hxpwCYDap2E9mUKBUy1vwLSpfX./wV5XElIIsm.", hundred},
      {"$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCo"
       "EOfaS35inz1",
       "Hello world!"},
  };
  for (const Case& c : cases) {
    EXPECT_TRUE(*is_password(c.stored, c.password)) << c.stored;
    EXPECT_FALSE(*is_password(c.stored, "hello world!")) << c.stored;
    EXPECT_FALSE(*is_password(c.stored.substr(0, c.stored.size() - 1), c.password)) << c.stored;
  }
  for (auto broken : {"$1$", "$5$abc", "$5$rounds=5$", "$6$rounds=$x$y", "$6$rounds=1x$s$y"})
    EXPECT_FALSE(*is_password(broken, "")) << broken;
  auto slow = is_password("$6$rounds=999999999$salt$digest", "x");
  ASSERT_FALSE(slow.ok());
  EXPECT_EQ(slow.error().code, Errc::Unsupported);
}

}  // namespace
}  // namespace hawser::pxelinux
