#include <gtest/gtest.h>

#include "src/autoboot.h"
#include "src/base/format.h"
#include "src/base/text.h"
#include "tests/fakes/fake_agent.h"

namespace hawser {
namespace {
using fakes::FakeAgent;
using Way = FakeAgent::Way;

const std::string kScript =
    "#!ipxe\n"
    "kernel http://10.0.2.2/vmlinuz console=ttyS0 root=/dev/ram0\n"
    "initrd http://10.0.2.2/initrd.img\n"
    "boot\n";

TEST(Autoboot, FromTheLeaseToTheKernel) {
  FakeAgent agent;
  agent.with_dhcp("boot.ipxe");
  agent.file("tftp://10.0.2.2/boot.ipxe", kScript);
  agent.file("http://10.0.2.2/vmlinuz", fakes::bzimage());
  agent.file("http://10.0.2.2/initrd.img", "the initrd");
  agent.platform.on_leave = [&] { EXPECT_TRUE(agent.network.shut) << "cards still on"; };

  ASSERT_EQ(agent.run(), Way::HandedOver) << agent.platform.screen();
  EXPECT_TRUE(std::holds_alternative<RealModeEntry>(*agent.platform.entry));
  const auto* kernel = agent.handed(std::string(4096, 'K'));
  ASSERT_TRUE(kernel);
  EXPECT_EQ(kernel->to, 0x100000u);
  EXPECT_TRUE(agent.handed("the initrd"));
  EXPECT_TRUE(agent.handed("console=ttyS0 root=/dev/ram0"));
  EXPECT_FALSE(agent.handed("#!ipxe")) << "the running script is no initrd";
  EXPECT_TRUE(agent.printed("Booting vmlinuz (bzImage, 5.0 KiB) with 1 initrd, 10 B\n"));
  EXPECT_TRUE(agent.printed("Configuring (net0 52:54:00:12:34:56)... ok\n"));
  EXPECT_TRUE(agent.printed("net0: 10.0.2.15/255.255.255.0 gw 10.0.2.2\n"));
  EXPECT_TRUE(agent.printed("Next server: 10.0.2.2\nFilename: boot.ipxe\n"));
  EXPECT_TRUE(agent.printed("tftp://10.0.2.2/boot.ipxe... ok "));
  EXPECT_TRUE(agent.printed("http://10.0.2.2/vmlinuz... ok 5.0 KiB in "));
}

TEST(Autoboot, TheServerLearnsWhoAsks) {
  FakeAgent agent;
  agent.with_dhcp("none");
  agent.run();
  ASSERT_TRUE(agent.network.dhcp_settings);
  EXPECT_EQ(agent.network.dhcp_settings->user_class, "iPXE");
  EXPECT_TRUE(agent.network.dhcp_settings->send_identity);
  EXPECT_EQ(agent.network.dhcp_settings->architecture, 0);
}

TEST(Autoboot, AScriptChainedFromTheFirstRunsRelativeToItself) {
  FakeAgent agent;
  agent.with_dhcp("boot.ipxe");
  agent.file("tftp://10.0.2.2/boot.ipxe",
             "#!ipxe\nset scheduler 10.0.2.3\nset port 3000\n"
             "chain http://${scheduler}:${port}/boot.ipxe/mac/${mac:hexhyp}\nexit\n");
  agent.file("http://10.0.2.3:3000/boot.ipxe/mac/52-54-00-12-34-56",
             "#!ipxe\ninitrd one.cgz\ninitrd /two.cgz\nkernel vmlinuz a \\\n  b\nboot\n");
  agent.file("http://10.0.2.3:3000/boot.ipxe/mac/one.cgz", "first archive");
  agent.file("http://10.0.2.3:3000/two.cgz", "second archive");
  agent.file("http://10.0.2.3:3000/boot.ipxe/mac/vmlinuz", fakes::bzimage());
  ASSERT_EQ(agent.run(), Way::HandedOver) << agent.platform.screen();
  EXPECT_TRUE(agent.handed("first archive"));
  EXPECT_TRUE(agent.handed("second archive"));
  EXPECT_TRUE(agent.handed("a b"));
}

TEST(Autoboot, AScriptThatEndsIsTheEnd) {
  FakeAgent agent;
  agent.with_dhcp("boot.ipxe");
  agent.file("tftp://10.0.2.2/boot.ipxe", "#!ipxe\necho all done\nexit\n");
  EXPECT_EQ(agent.run(), std::nullopt);
  EXPECT_EQ(agent.status, 0);
  EXPECT_TRUE(agent.printed("\nall done\n"));
  EXPECT_FALSE(agent.printed("Press Ctrl-B"));
  EXPECT_TRUE(agent.network.shut);
}

TEST(Autoboot, NoCardIsSaid) {
  FakeAgent agent;
  agent.context.artifact = "rom";
  EXPECT_EQ(agent.run(), std::nullopt);
  EXPECT_NE(agent.status, 0);
  EXPECT_TRUE(agent.printed("No network card with a driver was found.\n"));
  EXPECT_TRUE(agent.printed("Press Ctrl-B for the shell; next boot device in 10 s\n"));
}

TEST(Autoboot, NoLinkEndsAfterFifteenSeconds) {
  FakeAgent agent;
  agent.with_dhcp("boot.ipxe").card.link_up_at = kNever;
  EXPECT_EQ(agent.run(), std::nullopt);
  EXPECT_TRUE(agent.printed("Waiting for link-up on net0... timed out\n"));
  EXPECT_TRUE(agent.printed("Could not boot from net0: no link (82540em); check the cable"))
      << agent.platform.screen();
  EXPECT_TRUE(agent.printed("No more network devices.\n"));
  EXPECT_GE(agent.loop.now(), Millis{25'000});
  EXPECT_LT(agent.loop.now(), Millis{26'000});
}

TEST(Autoboot, ALinkThatComesLateIsWaitedFor) {
  FakeAgent agent;
  agent.with_dhcp("boot.ipxe").card.link_up_at = Millis{4000};
  agent.file("tftp://10.0.2.2/boot.ipxe", "#!ipxe\necho it works\n");
  agent.run();
  EXPECT_TRUE(agent.printed("Waiting for link-up on net0... ok\n"));
  EXPECT_TRUE(agent.printed("it works\n"));
}

TEST(Autoboot, LinksAreWaitedForTogether) {
  FakeAgent agent;
  for (int i = 0; i < 4; ++i) agent.network.add_interface(0x10 + i).card.link_up_at = kNever;
  agent.run();
  EXPECT_TRUE(agent.printed("Could not boot from net3: no link"));
  EXPECT_LT(agent.loop.now(), Millis{26'000}) << "15 s for all links, 10 s for the shell";
}

TEST(Autoboot, NoDhcpAnswerIsSaidAndTheNextCardTried) {
  FakeAgent agent;
  agent.network.add_interface(0x10);  // link, and no DHCP server
  agent.network.add_interface(0x18).answer = fakes::FakeNetwork::dhcp_answer("boot.ipxe");
  agent.file("tftp://10.0.2.2/boot.ipxe", "#!ipxe\necho running from ${netX/ifname}\n");
  agent.run();
  EXPECT_TRUE(agent.printed("Configuring (net0 52:54:00:12:34:56)... failed: another card has an "
                            "answer already\n"));
  EXPECT_TRUE(agent.printed("running from net1\n")) << agent.platform.screen();
  EXPECT_LT(agent.loop.now(), Millis{3000});
}

TEST(Autoboot, ThePreferredCardHasAHeadStart) {
  FakeAgent agent;
  for (uint32_t location : {0x10u, 0x18u})
    agent.network.add_interface(location).answer = fakes::FakeNetwork::dhcp_answer("boot.ipxe");
  static_cast<fakes::FakeInterface*>(agent.network.find("net0"))->dhcp_takes = Millis{1900};
  agent.file("tftp://10.0.2.2/boot.ipxe", "#!ipxe\necho [${net0/ip}] [${net1/ip}]\n");
  agent.run();
  EXPECT_TRUE(agent.printed("\n[10.0.2.15] []\n")) << agent.platform.screen();
}

TEST(Autoboot, AnAnswerWithoutABootFileIsNoReasonToHurry) {
  FakeAgent agent;
  agent.with_dhcp("boot.ipxe").dhcp_takes = Millis{5000};
  agent.network.add_interface(0x18).answer = fakes::FakeNetwork::dhcp_answer("");
  agent.file("tftp://10.0.2.2/boot.ipxe", "#!ipxe\necho [${net0/ip}] [${net1/ip}]\n");
  agent.run();
  EXPECT_TRUE(agent.printed("\n[10.0.2.15] []\n")) << agent.platform.screen();
}

TEST(Autoboot, ACardThatGaveWayIsTriedAgain) {
  FakeAgent agent;
  agent.with_dhcp("boot.ipxe").dhcp_takes = Millis{5000};
  agent.network.add_interface(0x18).answer = fakes::FakeNetwork::dhcp_answer("missing");
  agent.file("tftp://10.0.2.2/boot.ipxe", "#!ipxe\necho [${net0/ip}] [${net1/ip}]\n");
  agent.run();
  EXPECT_TRUE(agent.printed("Could not boot from net1: tftp://10.0.2.2/missing"));
  EXPECT_TRUE(agent.printed("\n[10.0.2.15] []\n")) << agent.platform.screen();
}

TEST(Autoboot, ACardWithALinkDoesNotWaitForOneWithout) {
  FakeAgent agent;
  agent.network.add_interface(0x10).card.link_up_at = kNever;
  agent.network.add_interface(0x18).answer = fakes::FakeNetwork::dhcp_answer("boot.ipxe");
  agent.file("tftp://10.0.2.2/boot.ipxe", "#!ipxe\necho from ${netX/ifname}\n");
  agent.run();
  EXPECT_TRUE(agent.printed("Could not boot from net0: no link")) << agent.platform.screen();
  EXPECT_TRUE(agent.printed("\nfrom net1\n")) << agent.platform.screen();
  EXPECT_LT(agent.loop.now(), Millis{3000});
}

TEST(Autoboot, AllAskAtOnce) {
  FakeAgent agent;
  for (int i = 0; i < 4; ++i) agent.network.add_interface(0x10 + i);
  agent.run();
  EXPECT_TRUE(agent.printed("Could not boot from net0: no DHCP answer in 15 s\n"));
  EXPECT_TRUE(agent.printed("Could not boot from net3: no DHCP answer in 15 s\n"));
  EXPECT_LT(agent.loop.now(), Millis{27'000}) << "15 s for all leases, 10 s for the shell";
}

TEST(Autoboot, TheCardWhoseRomStartedUsIsFirst) {
  FakeAgent agent;
  for (uint32_t location : {0x10u, 0x18u})
    agent.network.add_interface(location).answer = fakes::FakeNetwork::dhcp_answer("boot.ipxe");
  agent.file("tftp://10.0.2.2/boot.ipxe", "#!ipxe\necho [${net0/ip}] [${net1/ip}]\n");
  agent.context.boot_nic = 0x18;
  agent.run();
  EXPECT_TRUE(agent.printed("\n[] [10.0.2.15]\n")) << agent.platform.screen();
}

TEST(Autoboot, ARomBootsOnlyItsOwnCard) {
  FakeAgent agent;
  agent.with_dhcp("boot.ipxe").answer.reset();
  auto& other = agent.network.add_interface(0x18);
  other.answer = fakes::FakeNetwork::dhcp_answer("boot.ipxe");
  agent.context.artifact = "rom";
  agent.context.boot_nic = 0x10;
  agent.run();
  EXPECT_EQ(other.dhcp_runs, 0);
  FakeAgent unknown;  // a ROM whose card has no driver tries what there is
  unknown.with_dhcp("");
  unknown.context.artifact = "rom";
  unknown.context.boot_nic = 0x77;
  unknown.run();
  EXPECT_TRUE(unknown.printed("nothing to boot"));
}

TEST(Autoboot, SettingsInTheFilenameAreExpanded) {
  FakeAgent agent;
  agent.with_dhcp("http://10.0.2.2/${net0/mac:hexhyp}.ipxe");
  agent.file("http://10.0.2.2/52-54-00-12-34-56.ipxe", "#!ipxe\necho mine\n");
  agent.run();
  EXPECT_TRUE(agent.printed("\nmine\n")) << agent.platform.screen();
}

TEST(Autoboot, AScriptletServesWithoutABootFile) {
  FakeAgent agent;
  agent.with_dhcp("").answer->options.push_back(
      {175, {0x51, 8, 'e', 'c', 'h', 'o', ' ', 'h', 'i', '!'}});
  EXPECT_EQ(agent.run(), std::nullopt);
  EXPECT_EQ(agent.status, 0);
  EXPECT_TRUE(agent.printed("\nhi!\n")) << agent.platform.screen();
}

TEST(Autoboot, TheProxysFileIsNamedWhenTheServersOwnWins) {
  FakeAgent agent;
  agent.with_dhcp("boot.ipxe").proxy_answer = fakes::FakeNetwork::dhcp_answer("other.0");
  agent.file("tftp://10.0.2.2/boot.ipxe", "#!ipxe\necho ours\n");
  agent.run();
  EXPECT_TRUE(agent.printed("boot file from it too; ProxyDHCP server 10.0.2.2 names \"other.0\", "
                            "which counts only without it\n"))
      << agent.platform.screen();
  EXPECT_TRUE(agent.printed("\nours\n"));
}

struct RootPath : testing::Test {
  FakeAgent agent;
  void boot(std::string filename, std::string_view path, int skip = 0) {
    auto& options = agent.with_dhcp(std::move(filename)).answer->options;
    options.push_back({17, {path.begin(), path.end()}});
    options.push_back({175, {9, 1, uint8_t(skip)}});
    agent.file("tftp://10.0.2.2/boot.ipxe", "#!ipxe\necho script ran\n");
    agent.run();
  }
};

TEST_F(RootPath, ADiskAloneCannotBoot) {
  boot("", "iscsi:10.0.2.2::::iqn.x");
  EXPECT_TRUE(agent.printed("Root path: iscsi:10.0.2.2::::iqn.x\n")) << agent.platform.screen();
  EXPECT_TRUE(agent.printed("Could not boot from net0: cannot boot from iscsi:10.0.2.2::::iqn.x: "
                            "this version has no disks on the network"));
}

TEST_F(RootPath, TheFileComesFirstThenTheDisk) {
  boot("boot.ipxe", "iscsi:10.0.2.2::::iqn.x");
  EXPECT_TRUE(agent.printed("Filename: boot.ipxe\nRoot path: iscsi:10.0.2.2::::iqn.x\n"));
  std::string screen = agent.platform.screen();
  size_t ran = screen.find("\nscript ran\n"), disk = screen.find("cannot boot from iscsi:");
  ASSERT_NE(ran, screen.npos) << screen;
  ASSERT_NE(disk, screen.npos) << screen;
  EXPECT_LT(ran, disk);
  EXPECT_NE(agent.status, 0);
}

TEST_F(RootPath, TheDiskMayBeSkipped) {
  boot("boot.ipxe", "aoe:e1.0", 1);
  EXPECT_TRUE(agent.printed("script ran\nSkipping boot from aoe:e1.0, as skip-san-boot says\n"))
      << agent.platform.screen();
  EXPECT_EQ(agent.status, 0);
}

TEST_F(RootPath, AnNfsFolderIsNoDisk) {
  boot("boot.ipxe", "10.0.2.2:/srv/root");
  EXPECT_TRUE(agent.printed("Root path: 10.0.2.2:/srv/root (no disk on the network"))
      << agent.platform.screen();
  EXPECT_TRUE(agent.printed("script ran\n"));
  EXPECT_EQ(agent.status, 0);
}

TEST_F(RootPath, AnNfsFolderAloneIsNothingToBoot) {
  boot("", "10.0.2.2:/srv/root");
  EXPECT_TRUE(agent.printed("nothing to boot")) << agent.platform.screen();
}

TEST(Autoboot, ALeaseWithoutABootFileIsExplained) {
  FakeAgent agent;
  agent.with_dhcp("");
  agent.run();
  EXPECT_TRUE(agent.printed("nothing to boot: the DHCP server gave an address but no file name"));
}

TEST(Autoboot, AMissingBootFileIsExplained) {
  FakeAgent agent;
  agent.with_dhcp("boot.ipxe");
  EXPECT_EQ(agent.run(), std::nullopt);
  EXPECT_TRUE(agent.printed("tftp://10.0.2.2/boot.ipxe... failed\n"));
  EXPECT_TRUE(
      agent.printed("Could not boot from net0: tftp://10.0.2.2/boot.ipxe: HTTP 404 Not Found\n"));
}

TEST(Autoboot, ABootFileThatIsAWebPageIsRecognised) {
  FakeAgent agent;
  agent.with_dhcp("http://10.0.2.2/boot.php");
  agent.file("http://10.0.2.2/boot.php", "<!DOCTYPE html><html>Not here");
  EXPECT_EQ(agent.run(), std::nullopt);
  EXPECT_TRUE(agent.printed("neither a script nor a kernel: it looks like a web page"))
      << agent.platform.screen();
}

TEST(Autoboot, CtrlBWhileWaitingOpensTheShell) {
  for (bool has_link : {true, false}) {
    FakeAgent agent;
    auto& interface = agent.network.add_interface();
    if (!has_link) interface.card.link_up_at = kNever;
    agent.platform.type_at({700}, "\x02");
    agent.platform.type_at({1500}, "echo from the shell\rexit\r");
    EXPECT_EQ(agent.run(), std::nullopt);
    EXPECT_TRUE(agent.printed("hawser> echo from the shell\nfrom the shell\nhawser> exit\n"))
        << agent.platform.screen();
    EXPECT_LT(agent.loop.now(), Millis{3000});
  }
}

TEST(Autoboot, CtrlCWhileWaitingGivesUp) {
  FakeAgent agent;
  agent.network.add_interface().card.link_up_at = kNever;
  agent.network.add_interface(0x18);
  agent.platform.type_at({700}, "\x03");
  EXPECT_EQ(agent.run(), std::nullopt);
  EXPECT_TRUE(agent.printed("Waiting for link-up on net0... cancelled\n"));
  EXPECT_FALSE(agent.printed("Configuring")) << "Ctrl-C does not just go on to the next card";
}

TEST(Autoboot, CtrlBAtTheEndOpensTheShell) {
  FakeAgent agent;
  agent.with_dhcp("");
  agent.platform.type_at({3000},
                         "\x02"
                         "route\rexit\r");
  agent.run();
  EXPECT_TRUE(agent.printed("hawser> route\nnet0: 10.0.2.15/255.255.255.0 gw 10.0.2.2\n"))
      << "the last interface stays configured\n"
      << agent.platform.screen();
}

// --- which file ----------------------------------------------------------------------------------

struct BootFileTest : testing::Test {
  fakes::FakePlatform platform;
  fakes::FakeNetwork network{platform};
  fakes::FakeInterface& interface = network.add_interface();
  Settings settings{platform, network, "1.0"};

  void lease(DhcpReply reply) {
    interface.answer = std::move(reply);
    interface.lease();
  }
  std::string uri() {
    auto file = boot_file(settings, interface);
    if (!file) return "(no file)";
    auto uri = boot_uri(settings, *file);
    return uri.ok() ? to_string(*uri) : uri.error().text;
  }
};

TEST_F(BootFileTest, FilenameBecomesAUri) {
  struct Case {
    std::string_view filename, uri;
  };
  const Case cases[] = {
      {"boot.ipxe", "tftp://10.0.2.2/boot.ipxe"},
      {"/boot.ipxe", "tftp://10.0.2.2//boot.ipxe"},
      {"a/b c.ipxe", "tftp://10.0.2.2/a/b%20c.ipxe"},
      {"50%?#", "tftp://10.0.2.2/50%25%3f%23"},
      {"c:\\x", "tftp://10.0.2.2/c:\\x"},
      {"http://h.example/s?mac=1&x=%20", "http://h.example/s?mac=1&x=%20"},
      {"tftp://10.9.9.9/x", "tftp://10.9.9.9/x"},
  };
  for (const Case& c : cases) {
    lease(fakes::FakeNetwork::dhcp_answer(std::string(c.filename)));
    std::string got = uri();
    EXPECT_TRUE(equal_ignoring_case(got, c.uri)) << c.filename << " gave " << got;
  }
}

TEST_F(BootFileTest, Option67WinsOverTheHeaderAndLosesItsNul) {
  DhcpReply reply = fakes::FakeNetwork::dhcp_answer("from-header");
  reply.options.push_back({67, {'o', 'p', 't', 0}});
  lease(reply);
  EXPECT_EQ(uri(), "tftp://10.0.2.2/opt");
}

TEST_F(BootFileTest, Option66ServesWhenThereIsNoNextServer) {
  DhcpReply reply = fakes::FakeNetwork::dhcp_answer("boot.ipxe");
  reply.siaddr = {};
  reply.options.push_back({66, {'s', 'r', 'v', '.', 'x'}});
  lease(reply);
  EXPECT_EQ(uri(), "tftp://srv.x/boot.ipxe");
}

TEST_F(BootFileTest, TheProxysServerGoesWithTheProxysFile) {
  lease(fakes::FakeNetwork::dhcp_answer(""));
  DhcpReply proxy = fakes::FakeNetwork::dhcp_answer("from-proxy");
  proxy.siaddr = {{10, 0, 2, 9}};
  interface.proxy_answer = proxy;
  interface.lease();
  EXPECT_EQ(uri(), "tftp://10.0.2.9/from-proxy");
}

TEST_F(BootFileTest, WithoutAnyServerTheFileIsRelative) {
  DhcpReply reply = fakes::FakeNetwork::dhcp_answer("boot.ipxe");
  reply.siaddr = {};
  lease(reply);
  settings.builtin().working_uri = *parse_uri("http://h/dir/agent");
  EXPECT_EQ(uri(), "http://h/dir/boot.ipxe");
}

}  // namespace
}  // namespace hawser
