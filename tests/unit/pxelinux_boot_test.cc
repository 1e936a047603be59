// A PXELINUX configuration from the DHCP answer to the kernel.
#include <gtest/gtest.h>

#include "src/base/text.h"
#include "tests/fakes/fake_agent.h"

namespace hawser {
namespace {
using fakes::FakeAgent;
using Way = FakeAgent::Way;

struct PxelinuxBoot : testing::Test {
  FakeAgent agent;

  PxelinuxBoot() {
    agent.file("tftp://10.0.2.2/vmlinuz", fakes::bzimage());
    agent.file("tftp://10.0.2.2/initrd.img", "the initrd");
  }
  fakes::FakeInterface& with_config(std::string text, std::string name = "default") {
    agent.file("tftp://10.0.2.2/pxelinux.cfg/" + name, std::move(text));
    return agent.with_dhcp("pxelinux.0");
  }
};

constexpr char kLinux[] = "LABEL linux\nKERNEL vmlinuz\nAPPEND initrd=initrd.img quiet\n";

TEST_F(PxelinuxBoot, TheDefaultBootsAtOnce) {
  with_config(std::string("DEFAULT linux\nIPAPPEND 2\n") + kLinux);
  ASSERT_EQ(agent.run(), Way::HandedOver) << agent.platform.screen();
  EXPECT_TRUE(agent.printed("PXELINUX configuration tftp://10.0.2.2/pxelinux.cfg/default\n"));
  EXPECT_TRUE(
      agent.handed("BOOT_IMAGE=vmlinuz initrd=initrd.img quiet BOOTIF=01-52-54-00-12-34-56"));
  EXPECT_TRUE(agent.handed("the initrd"));
  EXPECT_FALSE(agent.network.files.contains("tftp://10.0.2.2/pxelinux.0")) << "not needed";
}

TEST_F(PxelinuxBoot, TheMostSpecificFileWins) {
  with_config("DEFAULT wrong\n");
  with_config(std::string("DEFAULT linux\n") + kLinux, "01-52-54-00-12-34-56");
  ASSERT_EQ(agent.run(), Way::HandedOver) << agent.platform.screen();
}

TEST_F(PxelinuxBoot, FilesAreRelativeToTheBootFile) {
  agent.file("tftp://10.0.2.2/linux/pxelinux.cfg/default", "DEFAULT x\nLABEL x\nKERNEL /vmlinuz\n");
  agent.with_dhcp("linux/pxelinux.0");
  ASSERT_EQ(agent.run(), Way::HandedOver) << agent.platform.screen();
}

TEST_F(PxelinuxBoot, DhcpOptionsNameConfigurationAndFolder) {
  fakes::FakeInterface& interface = agent.with_dhcp("");
  interface.answer->options.push_back({209, {'c', 'f', 'g'}});
  interface.answer->options.push_back({210, {'/', 'p', 'r', 'e', '/'}});
  agent.file("tftp://10.0.2.2/pre/cfg", "DEFAULT x\nLABEL x\nKERNEL ::vmlinuz\n");
  ASSERT_EQ(agent.run(), Way::HandedOver) << agent.platform.screen();
}

TEST_F(PxelinuxBoot, NothingFoundSaysWhatWasTried) {
  agent.with_dhcp("pxelinux.0");
  agent.run();
  EXPECT_TRUE(
      agent.printed("no PXELINUX configuration in tftp://10.0.2.2/: tried "
                    "pxelinux.cfg/01-52-54-00-12-34-56, pxelinux.cfg/0A00020F, "))
      << agent.platform.screen();
  EXPECT_TRUE(agent.printed(" and pxelinux.cfg/default"));
}

TEST_F(PxelinuxBoot, WithoutAnAnswerItStartsAgainAsOption211Says) {
  fakes::FakeInterface& interface = agent.with_dhcp("pxelinux.0");
  interface.answer->options.push_back({211, {0, 0, 0, 30}});
  EXPECT_EQ(agent.run(), Way::Rebooted) << agent.platform.screen();
  EXPECT_TRUE(agent.printed("Rebooting in 30 s"));
}

TEST_F(PxelinuxBoot, ASettingTurnsItOff) {
  with_config(std::string("DEFAULT linux\n") + kLinux);
  agent.run("#!ipxe\nset pxelinux 0\nautoboot ||\nexit\n");
  EXPECT_FALSE(agent.printed("PXELINUX configuration"));
}

TEST_F(PxelinuxBoot, LocalbootGoesToTheNextDevice) {
  with_config("DEFAULT local\nLABEL local\nLOCALBOOT 0\n");
  EXPECT_EQ(agent.run(), std::nullopt);
  EXPECT_EQ(agent.status, 0) << agent.platform.screen();
}

TEST_F(PxelinuxBoot, AKeyChoosesInTheMenu) {
  with_config(std::string("UI menu.c32\nTIMEOUT 100\nLABEL local\nMENU DEFAULT\nLOCALBOOT 0\n") +
              "LABEL linux\nMENU LABEL Install ^Linux\nKERNEL vmlinuz\n");
  agent.platform.type_at(Millis{2000}, "l");
  ASSERT_EQ(agent.run(), Way::HandedOver) << agent.platform.screen();
}

TEST_F(PxelinuxBoot, TimeChoosesTheDefaultOrOntimeout) {
  with_config(std::string("UI menu.c32\nTIMEOUT 50\nONTIMEOUT linux\nLABEL other\nLOCALBOOT 0\n") +
              kLinux);
  ASSERT_EQ(agent.run(), Way::HandedOver) << agent.platform.screen();
  EXPECT_GE(agent.platform.now(), Millis{5000});
}

TEST_F(PxelinuxBoot, SubmenusGoThereAndBack) {
  with_config(
      "UI menu.c32\nLABEL nothing\nLOCALBOOT 0\n"
      "MENU BEGIN tools\nMENU TITLE Tools\nLABEL back\nMENU EXIT\n"
      "LABEL linux\nKERNEL vmlinuz\nMENU END\n");
  //                     into it,      back out,  in again,       its second line
  agent.platform.type_at(Millis{1000},
                         "\x1b[B\r"
                         "\r"
                         "\x1b[B\r"
                         "\x1b[B\r");
  ASSERT_EQ(agent.run(), Way::HandedOver) << agent.platform.screen();
}

TEST_F(PxelinuxBoot, APasswordIsAskedFor) {
  with_config("UI menu.c32\nLABEL linux\nMENU PASSWD sesame\nKERNEL vmlinuz\n");
  agent.platform.type_at(Millis{1000}, "\rwrong\r");
  agent.platform.type_at(Millis{3000}, " ");
  agent.platform.type_at(Millis{4000}, "\rsesame\r");
  ASSERT_EQ(agent.run(), Way::HandedOver) << agent.platform.screen();
  EXPECT_TRUE(agent.printed("wrong password"));
}

TEST_F(PxelinuxBoot, ALockedMenuIsNotLeftByEscape) {
  with_config("UI menu.c32\nNOESCAPE 1\nMENU MASTER PASSWD x\nLABEL linux\nKERNEL vmlinuz\n");
  agent.platform.type_at(Millis{1000}, "\x03");
  agent.platform.type_at(Millis{2000}, "\x03");
  agent.platform.type_at(Millis{3000}, "\r");
  ASSERT_EQ(agent.run(), Way::HandedOver) << agent.platform.screen();
}

TEST_F(PxelinuxBoot, ThePromptTakesLabelsAndWords) {
  with_config(std::string("PROMPT 1\nSAY Hello there\nDISPLAY boot.msg\n") + kLinux);
  agent.file("tftp://10.0.2.2/boot.msg", "Type linux\x0c!\r\n");
  agent.platform.type_at(Millis{1000}, "nonsense\r");
  agent.platform.type_at(Millis{3000}, " ");
  agent.platform.type_at(Millis{4000}, "linux single\r");
  ASSERT_EQ(agent.run(), Way::HandedOver) << agent.platform.screen();
  EXPECT_TRUE(agent.printed("Hello there\n"));
  EXPECT_TRUE(agent.printed("Type linux"));
  EXPECT_TRUE(agent.handed("quiet single"));
}

TEST_F(PxelinuxBoot, ABrokenKernelSendsItToOnerror) {
  with_config(std::string("DEFAULT gone\nONERROR linux\nLABEL gone\nKERNEL none\n") + kLinux);
  ASSERT_EQ(agent.run(), Way::HandedOver) << agent.platform.screen();
  EXPECT_TRUE(agent.handed("quiet gone")) << "with the line that failed";
}

TEST_F(PxelinuxBoot, AConfigurationThatLeadsToItselfEnds) {
  with_config("DEFAULT again\nLABEL again\nCONFIG pxelinux.cfg/default\n");
  agent.run();
  EXPECT_TRUE(agent.printed("refer to one another more than 64 times")) << agent.platform.screen();
}

TEST_F(PxelinuxBoot, LabelsThatLeadToOneAnotherEnd) {
  with_config(
      "DEFAULT a\nLABEL a\nKERNEL ifcpu64.c32\nAPPEND b\nLABEL b\nKERNEL ifcpu64.c32\nAPPEND a\n");
  agent.run();
  EXPECT_TRUE(agent.printed("refer to one another more than 64 times")) << agent.platform.screen();
}

TEST_F(PxelinuxBoot, AMenuProgramWithItselfAsArgumentEnds) {
  with_config("UI menu.c32 pxelinux.cfg/default\n");
  agent.run();
  EXPECT_FALSE(agent.platform.screen().empty());
}

TEST_F(PxelinuxBoot, ScriptsChainToIt) {
  agent.with_dhcp("boot.ipxe");
  agent.file("tftp://10.0.2.2/boot.ipxe", "#!ipxe\nchain pxelinux:http://h/x/\n");
  agent.file("http://h/x/pxelinux.cfg/default", "DEFAULT a\nLABEL a\nKERNEL k\n");
  agent.file("http://h/x/k", fakes::bzimage());
  ASSERT_EQ(agent.run(), Way::HandedOver) << agent.platform.screen();
}

TEST_F(PxelinuxBoot, OneConfigurationCanBeNamed) {
  agent.with_dhcp("boot.ipxe");
  agent.file("tftp://10.0.2.2/boot.ipxe", "#!ipxe\nchain pxelinux:pxelinux.cfg/special\n");
  agent.file("tftp://10.0.2.2/pxelinux.cfg/special", "DEFAULT vmlinuz a=b\n");
  ASSERT_EQ(agent.run(), Way::HandedOver) << agent.platform.screen();
  EXPECT_TRUE(agent.handed("BOOT_IMAGE=vmlinuz a=b"));
}

TEST_F(PxelinuxBoot, AScriptEndsWhenTheConfigurationGoesOn) {
  agent.with_dhcp("boot.ipxe");
  agent.file("tftp://10.0.2.2/boot.ipxe", "#!ipxe\nchain pxelinux:\necho not here\n");
  agent.file("tftp://10.0.2.2/pxelinux.cfg/default", "DEFAULT l\nLABEL l\nLOCALBOOT -1\n");
  EXPECT_EQ(agent.run(), std::nullopt);
  EXPECT_EQ(agent.status, 0);
  EXPECT_FALSE(agent.printed("not here"));
}

}  // namespace
}  // namespace hawser
