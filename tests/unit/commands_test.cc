// Commands about images, the network and the system, run as scripts by the whole agent.
#include <gtest/gtest.h>

#include "src/base/text.h"
#include "src/script/command.h"
#include "tests/fakes/fake_agent.h"

namespace hawser {
namespace {
using fakes::FakeAgent;
using Way = FakeAgent::Way;

struct Commands : testing::Test {
  FakeAgent agent;
  std::string screen() { return agent.platform.screen(); }
  /// The lines below the banner that a script prints.
  void run(std::string_view lines) {
    way = agent.run(std::string("#!ipxe\n") + std::string(lines));
  }
  std::optional<Way> way;

  void SetUp() override {
    agent.file("http://h/vmlinuz", fakes::bzimage());
    agent.file("http://h/a.img", "archive a");
    agent.file("http://h/b.img", "archive b");
    agent.file("http://h/sub.ipxe", "#!ipxe\necho in ${cwuri}\n");
  }
};
#define EXPECT_PRINTED(text) EXPECT_TRUE(agent.printed(text)) << screen()
#define EXPECT_NOT_PRINTED(text) EXPECT_FALSE(agent.printed(text)) << screen()

TEST_F(Commands, ImgstatShowsWhatIsKnown) {
  run("imgfetch --name foo http://h/a.img x y\nimgstat\nkernel http://h/vmlinuz\nimgstat vmlinuz\n"
      "imgfetch -a http://h/b.img\nimgstat b.img\n");
  EXPECT_PRINTED("\nfoo : 9 bytes \"x y\"\n");
  EXPECT_PRINTED("\nvmlinuz : 5120 bytes [bzImage] [SELECTED]\n");
  EXPECT_PRINTED("\nb.img : 9 bytes [AUTOFREE]\n");
  EXPECT_NOT_PRINTED("test.ipxe :");
}

TEST_F(Commands, NamesCannotMoveTheCursor) {
  agent.file("http://h/%1b%5b2J%0a", "x");
  run("imgfetch http://h/%1b%5b2J%0a a b\nimgstat\n");
  EXPECT_EQ(agent.platform.output().find('\x1b'), std::string::npos);
  EXPECT_PRINTED("\n?[2J? : 1 bytes \"a b\"\n");
}

TEST_F(Commands, KernelTakesARegisteredImageByName) {
  run("imgfetch --name k http://h/vmlinuz one\nkernel k\nimgstat\nkernel k two\nimgstat\nboot\n");
  EXPECT_EQ(way, Way::HandedOver) << screen();
  EXPECT_EQ(agent.network.asked.size(), 1u) << "no second download";
  EXPECT_PRINTED("k : 5120 bytes [bzImage] [SELECTED] \"one\"\n");
  EXPECT_PRINTED("k : 5120 bytes [bzImage] [SELECTED] \"two\"\n");
  EXPECT_TRUE(agent.handed("two"));
}

TEST_F(Commands, ImgfetchAlwaysDownloads) {
  run("imgfetch http://h/a.img\nset a http://h/a.img\nimgfetch ${a}\nimgstat\n");
  EXPECT_EQ(agent.network.asked.size(), 2u);
}

TEST_F(Commands, SourcesAreTriedInOrderAndAgain) {
  run("initrd --mirror http://m/a --mirror b.img --retry 2 http://h/none args || imgstat\n"
      "initrd --mirror http://h/b.img --retry 2 http://h/none two\nimgstat\n");
  std::vector<std::string> asked{"http://h/none", "http://m/a"};  // b.img: relative to nothing
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 2; ++i) asked.push_back(asked[size_t(i)]);
  asked.insert(asked.end(), {"http://h/none", "http://h/b.img"});
  EXPECT_EQ(agent.network.asked, asked);
  EXPECT_PRINTED("Trying again in 1 s (1 of 2)\n");
  EXPECT_PRINTED("Trying again in 2 s (2 of 2)\n");
  EXPECT_PRINTED("\nnone : 9 bytes \"two\"\n") << "the name does not tell the server";
}

TEST_F(Commands, BootChecksTheSelectedImage) {
  std::string zeros(64, '0');
  run("kernel http://h/vmlinuz\nboot --sha256 " + zeros +
      " || imgstat\nboot || echo none ${errno}\n");
  EXPECT_FALSE(way) << screen();
  EXPECT_PRINTED("is wanted: not the file that was meant; it is dropped\n");
  EXPECT_PRINTED("none 0x2d000000") << "the kernel is gone";
}

TEST_F(Commands, CtrlCEndsAllTries) {
  agent.platform.type_at({1200}, "\x03");
  run("imgfetch --retry 1000 http://h/none || echo status ${errno}\n");
  EXPECT_PRINTED("status 0xb000000");
  EXPECT_EQ(agent.network.asked.size(), 2u);
}

TEST_F(Commands, WhatDoesNotFitIsTriedOnce) {
  agent.file("http://h/huge", "x").says = uint64_t{1} << 40;
  run("imgfetch --retry 5 --mirror http://h/a.img http://h/huge || echo status ${errno}\n");
  EXPECT_PRINTED("status 0x34000000");
  EXPECT_EQ(agent.network.asked.size(), 1u);
}

/// The least that counts as an EFI program before it is looked at closely.
std::string efi_program() {
  std::string file(0x200, '\0');
  auto put = [&](size_t at, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) file[at + size_t(i)] = char(value >> 8 * i);
  };
  file.replace(0, 2, "MZ");
  put(0x3c, 0x80, 4);
  file.replace(0x80, 4, std::string("PE\0\0", 4));
  put(0x84, 0x8664, 2);
  put(0x94, 240, 2);
  put(0x98, 0x20b, 2);
  put(0x98 + 60, 0x200, 4);
  put(0x98 + 68, 10, 2);
  return file;
}

TEST_F(Commands, ProgramsRunUnderUefiAndReturn) {
  agent.file("http://h/tool.efi", efi_program());
  std::vector<std::string> seen;
  uint64_t spare = 0;
  agent.platform.on_program = [&](Program& program) -> Status {
    seen.push_back(program.arguments);
    for (const ProgramFile& file : program.files) seen.push_back(file.name);
    spare = program.spare.size();
    program.spare.clear();
    if (seen.size() > 5) return Error{Errc::Io, "the program ended with: Aborted"};
    return ok_status();
  };
  run("initrd http://h/a.img\nchain http://h/tool.efi one two && echo back\n"
      "chain tool.efi || echo status ${errno}\nchain http://h/a.img || echo net works\n"
      "iseq ${feature/efi} 1 && echo can\n");
  EXPECT_EQ(seen, (std::vector<std::string>{"tool.efi one two", "tool.efi", "a.img",
                                            "tool.efi one two", "tool.efi", "a.img"}));
  EXPECT_GT(spare, 0u);
  EXPECT_PRINTED("Booting tool.efi (EFI, 512 B) with 1 file, 9 B\nback\n");
  EXPECT_PRINTED("tool.efi: the program ended with: Aborted");
  EXPECT_PRINTED("status 0x1d");
  EXPECT_PRINTED("can\n");
}

TEST_F(Commands, ShimGoesAlongWithProgramsUnderUefi) {
  agent.file("http://h/tool.efi", efi_program());
  agent.file("http://h/shimx64.efi", efi_program());
  std::vector<std::string> seen;
  agent.platform.on_program = [&](Program& program) -> Status {
    seen.push_back(program.shim ? program.shim->arguments : "no shim");
    if (program.shim && program.shim->allow_pxe) seen.push_back("pxe");
    for (const ProgramFile& file : program.files) seen.push_back(file.name);
    return ok_status();
  };
  run("shim http://h/shimx64.efi\nimgstat\nchain http://h/tool.efi one two\n"
      "imgargs shimx64.efi own words\nshim --allow-pxe shimx64.efi\nchain tool.efi\n"
      "shim && chain tool.efi\nimgfree\n"
      "shim http://h/a.img && chain http://h/tool.efi || echo status ${errno}\n");
  EXPECT_EQ(seen, (std::vector<std::string>{"shimx64.efi tool.efi one two", "tool.efi",
                                            "shimx64.efi", "grubx64.efi", "shimx64.efi own words",
                                            "pxe", "tool.efi", "shimx64.efi", "grubx64.efi",
                                            "no shim", "tool.efi", "shimx64.efi"}));
  EXPECT_PRINTED("shimx64.efi : 512 bytes [EFI] [SHIM]");
  EXPECT_PRINTED("shim: EFI program: the file has no PE header");
}

TEST_F(Commands, ProgramsNeedUefi) {
  agent.file("http://h/tool.efi", efi_program());
  run("chain http://h/tool.efi || echo status ${errno}\niseq ${feature/efi} 1 || echo cannot\n");
  EXPECT_PRINTED("tool.efi: it is an EFI image, which needs UEFI firmware");
  EXPECT_PRINTED("status 0x3c");
  EXPECT_PRINTED("cannot\n");
}

TEST_F(Commands, MemoryThatAProgramKeepsIsNotUsedAgain) {
  agent.file("http://h/tool.efi", efi_program());
  Range kept;
  bool offered_again = false;
  agent.platform.on_program = [&](Program& program) -> Status {
    for (const Range& range : program.spare) offered_again |= range.overlaps(kept);
    if (kept.size() == 0) kept = program.spare.front();
    program.spare = {kept};
    return ok_status();
  };
  run("chain http://h/tool.efi && imgfetch http://h/a.img && chain tool.efi\n");
  EXPECT_NE(kept.size(), 0u);
  EXPECT_FALSE(offered_again);
}

TEST_F(Commands, KernelRefusesWhatItCannotBoot) {
  run("kernel http://h/a.img || echo status ${errno}\nchain http://h/b.img || echo B\n"
      "imgstat\ninitrd --name i http://h/a.img\nchain i || imgstat\n");
  EXPECT_PRINTED("a.img (9 bytes) is neither a script nor a kernel: it starts with 61 72 63 68");
  EXPECT_PRINTED("status 0x2e");
  EXPECT_PRINTED("\nB\nhttp://h/a.img... ok") << "what was just downloaded is forgotten";
  EXPECT_PRINTED("\ni : 9 bytes\n");
}

TEST_F(Commands, BootWithNothingSelectedFails) {
  run("boot || echo failed ${errno}\n");
  EXPECT_PRINTED("no image selected");
  EXPECT_PRINTED("failed 0x2d");
}

TEST_F(Commands, AllOtherImagesGoAlongInOrder) {
  run("initrd http://h/b.img\nmodule http://h/a.img\nkernel http://h/vmlinuz\nboot\n");
  EXPECT_EQ(way, Way::HandedOver) << screen();
  EXPECT_PRINTED("with 2 initrds, 18 B\n");
  ASSERT_TRUE(agent.handed("archive a"));
  ASSERT_TRUE(agent.handed("archive b"));
  EXPECT_LT(agent.handed("archive b")->to, agent.handed("archive a")->to + 4096);
}

TEST_F(Commands, AnOldKernelGoesAlongAndThatIsSaid) {
  run("kernel http://h/vmlinuz\nkernel --name second http://h/vmlinuz\nboot\n");
  EXPECT_EQ(way, Way::HandedOver) << screen();
  EXPECT_PRINTED("Note: vmlinuz (bzImage) is still registered and goes along as an initrd");
  EXPECT_PRINTED("Booting second (bzImage, 5.0 KiB) with 1 initrd, 5.0 KiB\n");
}

TEST_F(Commands, AReturnedScriptGoesAlongAndThatIsSaid) {
  run("chain http://h/sub.ipxe\nkernel http://h/vmlinuz\nboot\n");
  EXPECT_EQ(way, Way::HandedOver) << screen();
  EXPECT_PRINTED("Note: sub.ipxe (script) is still registered");
}

TEST_F(Commands, AutofreeDropsAnImageThatHasRun) {
  run("chain --autofree http://h/sub.ipxe\nimgstat\necho end\n");
  EXPECT_PRINTED("in http://h/sub.ipxe\nend\n");
}

TEST_F(Commands, ImgfreeForgets) {
  run("imgfetch http://h/a.img\nimgfetch http://h/b.img\nimgfree a.img\nimgstat\nimgfree\n"
      "echo now\nimgstat\nimgfree a.img || echo ${errno}\nimgfree test.ipxe || echo running\n");
  EXPECT_PRINTED("\nb.img : 9 bytes\nnow\n");
  EXPECT_PRINTED("\"a.img\": no such image");
  EXPECT_PRINTED("\n0x2d");
  EXPECT_PRINTED("\nrunning\n");
}

TEST_F(Commands, ImgargsSetsAndClears) {
  run("imgfetch http://h/a.img old\nimgargs a.img new  words\nimgstat\nimgargs a.img\nimgstat\n");
  EXPECT_PRINTED("a.img : 9 bytes \"new words\"\na.img : 9 bytes\n");
}

TEST_F(Commands, ChainReplaceTakesOver) {
  agent.file("http://h/outer.ipxe",
             "#!ipxe\nchain --replace http://h/sub.ipxe ; echo not here\necho nor here\n");
  run("chain http://h/outer.ipxe\necho back in ${cwuri}\nimgstat\n");
  EXPECT_PRINTED("in http://h/sub.ipxe\n");
  EXPECT_NOT_PRINTED("here\n");
  EXPECT_PRINTED("\nback in\n");
  EXPECT_NOT_PRINTED("outer.ipxe : ");
}

TEST_F(Commands, AScriptCanReplaceItselfForever) {
  agent.file("http://h/loop.ipxe",
             "#!ipxe\ninc n\niseq ${n} 300 && exit ||\nchain --replace http://h/loop.ipxe\n");
  run("set n:int32 0\nchain http://h/loop.ipxe\necho n is ${n}\n");
  EXPECT_PRINTED("\nn is 300\n");
}

TEST_F(Commands, ScriptsThatNestForeverEndWithAnError) {
  agent.file("http://h/loop.ipxe", "#!ipxe\nchain http://h/loop.ipxe\n");
  run("chain http://h/loop.ipxe || echo ended\n");
  EXPECT_PRINTED("\nended\n");
}

TEST_F(Commands, ExitStatusOfAChainedScriptIsSeen) {
  agent.file("http://h/five.ipxe", "#!ipxe\nexit 5\n");
  run("chain http://h/five.ipxe || echo it failed\nimgstat\n");
  EXPECT_PRINTED("\nit failed\n");
  EXPECT_PRINTED("\nfive.ipxe : ");
}

TEST_F(Commands, DownloadsThatFailSayWhy) {
  agent.file("http://h/broken.img", "12345").error = Error{Errc::Reset, "connection reset"};
  agent.network.files["http://h/broken.img"].error_at = 3;
  run("imgfetch http://h/none || echo A\nimgfetch ftp://h/x || echo B\n"
      "imgfetch http://h/broken.img || echo C\nimgfetch relative || echo D\nimgstat\necho end\n");
  EXPECT_PRINTED("http://h/none... failed\n");
  EXPECT_PRINTED("imgfetch: http://h/none: HTTP 404 Not Found\n");
  EXPECT_PRINTED("unknown URI scheme");
  EXPECT_PRINTED("imgfetch: http://h/broken.img: connection reset\n");
  EXPECT_PRINTED("http://h/broken.img... failed\n");
  for (std::string_view each : {"\nA\n", "\nB\n", "\nC\n", "\nD\nend\n"}) EXPECT_PRINTED(each);
}

TEST_F(Commands, AFileLargerThanMemoryIsRefusedBeforeItIsRead) {
  agent.file("http://h/huge.img", "x").says = 10'000'000'000;
  run("initrd http://h/huge.img || echo refused ${errno}\n");
  EXPECT_PRINTED("http://h/huge.img... failed\n");
  EXPECT_PRINTED("free");
  EXPECT_PRINTED("refused 0x34");
}

TEST_F(Commands, CtrlCCancelsADownload) {
  agent.file("http://h/slow.img", "x").stalls = true;
  agent.platform.type_at({2000}, "\x03");
  run("imgfetch http://h/slow.img || echo ${errno}\n");
  EXPECT_PRINTED("http://h/slow.img... cancelled\n");
  EXPECT_PRINTED("\n0xb000000");
}

TEST_F(Commands, QuietAndTimeoutReachTheDownload) {
  run("imgfetch --quiet --timeout 5000 http://h/a.img\n");
  EXPECT_NOT_PRINTED("a.img...");
  EXPECT_EQ(agent.network.fetch_options.idle_timeout, Millis{5000});
}

// --- network -------------------------------------------------------------------------------------

TEST_F(Commands, DhcpStopsAtTheFirstSuccess) {
  agent.network.add_interface(0x10);  // no DHCP server
  agent.network.add_interface(0x18).answer = fakes::FakeNetwork::dhcp_answer("");
  auto& third = agent.network.add_interface(0x20);
  third.answer = fakes::FakeNetwork::dhcp_answer("");
  run("dhcp && echo configured ${net1/ip}\nroute\n");
  EXPECT_PRINTED("Configuring (net0 52:54:00:12:34:56)... failed: no DHCP answer");
  EXPECT_PRINTED("\nconfigured 10.0.2.15\n");
  EXPECT_PRINTED(
      "net0: (inaccessible)\nnet1: 10.0.2.15/255.255.255.0 gw 10.0.2.2\n"
      "net2: (inaccessible)\n");
  EXPECT_EQ(third.dhcp_runs, 0);
}

TEST_F(Commands, DhcpWithoutLinkOrAnswerFails) {
  agent.network.add_interface().card.link_up_at = kNever;
  run("dhcp --timeout 2000 net0 || echo ${errno}\nifstat net0\ndhcp net9 || echo none\n"
      "ifconf --configurator ipv6 || echo no ipv6\n");
  EXPECT_PRINTED("Waiting for link-up on net0... timed out\n");
  EXPECT_PRINTED("\n0x4c");
  EXPECT_PRINTED("(Ethernet) [closed]\n");
  EXPECT_PRINTED("\"net9\": no such network device");
  EXPECT_PRINTED("\nnone\n");
  EXPECT_PRINTED("\nno ipv6\n");
}

TEST_F(Commands, DhcpTellsWhatScriptsSet) {
  agent.network.add_interface().answer = fakes::FakeNetwork::dhcp_answer("");
  run("set user-class lab\nset hawser-identity 0\ndhcp\n");
  EXPECT_EQ(agent.network.dhcp_settings->user_class, "lab");
  EXPECT_FALSE(agent.network.dhcp_settings->send_identity);
}

TEST_F(Commands, DhcpDoesNotSendBackWhatAServerSent) {
  auto& interface = agent.network.add_interface();
  interface.answer = fakes::FakeNetwork::dhcp_answer("");
  interface.answer->options.push_back({60, {'P', 'X', 'E'}});
  run("dhcp\necho ${vendor-class}\ndhcp\n");
  EXPECT_PRINTED("\nPXE\n");
  EXPECT_EQ(agent.network.dhcp_settings->vendor_class, "");
}

TEST_F(Commands, TheFirstServerLearnedIsTheWorkingUri) {
  agent.network.add_interface().answer = fakes::FakeNetwork::dhcp_answer("");
  agent.file("tftp://10.0.2.2/x.img", "x");
  run("dhcp\nimgfetch x.img\nimgstat\n");
  EXPECT_PRINTED("x.img... ok ");
  EXPECT_PRINTED("\nx.img : 1 bytes\n");
}

TEST_F(Commands, InterfacesOpenAndClose) {
  agent.network.add_interface(0x18);
  run("ifopen net0\nifstat\nifclose\nifstat net0\niflinkwait\nifstat net9 || echo x\n");
  EXPECT_PRINTED(
      "net0: 52:54:00:12:34:56 using 82540em on 0000:00:03.0 (Ethernet) [open]\n"
      "  [Link:up, TX:0 TXE:0 RX:0 RXE:0]\n");
  EXPECT_PRINTED("(Ethernet) [closed]\n  [Link:down");
  EXPECT_PRINTED("\"net9\": no such network device");
  EXPECT_PRINTED("\nx\n");
}

TEST_F(Commands, ACardThatDoesNotOpenIsReported) {
  agent.network.add_interface().open_error = "CTRL.RST does not clear";
  run("ifopen || echo next\n");
  EXPECT_PRINTED("could not open net0: CTRL.RST does not clear");
  EXPECT_PRINTED("\nnext\n");
}

// --- system --------------------------------------------------------------------------------------

TEST_F(Commands, SleepTakesItsTimeAndCtrlCEndsIt) {
  run("sleep 3\n");
  EXPECT_GE(agent.loop.now(), Millis{3000});
  FakeAgent second;
  second.platform.type_at({1000}, "\x03");
  second.run(
      "#!ipxe\nsleep 100 || echo woken ${errno}\nsleep x || echo bad\nsleep -- -1 || echo neg\n");
  EXPECT_TRUE(second.printed("\nwoken 0xb0")) << second.platform.screen();
  EXPECT_TRUE(second.printed("\nbad\n"));
  EXPECT_TRUE(second.printed("\nneg\n"));
  EXPECT_LT(second.loop.now(), Millis{2000});
}

TEST_F(Commands, PromptWaitsForItsKeyAndErasesItself) {
  agent.platform.type_at({1000}, "x");
  agent.platform.type_at({2000}, "y");
  agent.platform.type_at({3000}, "n");
  agent.platform.type_at({4000}, "\x1b[A");
  run("prompt Press any key\necho one\n"
      "prompt --key y Press y && echo two\n"
      "prompt --key 0x79 Press y || echo three\n"
      "prompt --key 0x0141 Press Up && echo four\n"
      "prompt --timeout 700 Hello || echo five ${errno}\n");
  EXPECT_PRINTED("\none\ntwo\nthree\nfour\nfive 0x4c");
  EXPECT_NOT_PRINTED("Press y");
}

TEST_F(Commands, ReadEditsASetting) {
  agent.platform.type_at({100}, "\x7fx\r");
  agent.platform.type_at({3000}, "abc\x03");
  run("set who me\nread who\necho hello ${who}\nread who || echo still ${who}\n"
      "read --timeout 500 other || echo ${errno}\n");
  EXPECT_PRINTED("\nhello mx\n");
  EXPECT_PRINTED("\nstill mx\n");
  EXPECT_PRINTED("\n0x4c");
}

TEST_F(Commands, TheShellRunsLinesUntilExit) {
  agent.platform.type_at({100}, "set x 1\recho x is ${x}\rnosuch\rexit\r");
  run("shell\necho after\n");
  EXPECT_PRINTED("hawser> echo x is ${x}\nx is 1\nhawser> nosuch\nnosuch: command not found");
  EXPECT_PRINTED("hawser> exit\nafter\n");
}

TEST_F(Commands, HelpListsEveryCommandAndEachHasUsage) {
  run("help\ndhcp --help || echo status ${errno}\nsleep || echo usage\nkernel --nope x || echo "
      "opt\n");
  for (CommandTable table : all_commands())
    for (const Command& command : table) EXPECT_PRINTED(std::string(command.name));
  EXPECT_PRINTED("--configurator");
  EXPECT_PRINTED("\nstatus 0xb0");
  EXPECT_PRINTED("\nusage\n");
  EXPECT_PRINTED("\nopt\n");
}

TEST_F(Commands, RebootAndPoweroffLeaveWithTheCardsClosed) {
  run("reboot --warm\n");
  EXPECT_EQ(way, Way::Rebooted);
  EXPECT_EQ(agent.platform.rebooted_warm, true);
  EXPECT_TRUE(agent.network.shut);
  FakeAgent off;
  EXPECT_EQ(off.run("#!ipxe\npoweroff\n"), Way::PoweredOff);
  FakeAgent stuck;
  stuck.platform.can_power_off = false;
  EXPECT_EQ(stuck.run("#!ipxe\npoweroff || echo still here\n"), std::nullopt);
  EXPECT_TRUE(stuck.printed("could not power off: no ACPI")) << stuck.platform.screen();
  EXPECT_TRUE(stuck.printed("\nstill here\n"));
}

// --- what a first loader brings ------------------------------------------------------------------

TEST(FirstImage, ACommandLineIsAScript) {
  FakeAgent agent;
  agent.context.command_line = "BOOT_IMAGE=/hawser.lkrn echo hello && echo there initrd=x";
  EXPECT_EQ(agent.run(), std::nullopt);
  EXPECT_TRUE(agent.printed("\nhello\nthere\n")) << agent.platform.screen();
  EXPECT_EQ(agent.status, 0);
}

TEST(FirstImage, ACommandLineRunsAndTheInitrdIsThere) {
  FakeAgent agent;
  std::string script = "#!ipxe\necho from the initrd\n";
  agent.context.initrd = bytes_of(script);
  agent.context.command_line = "chain <INITRD>";
  agent.run();
  EXPECT_TRUE(agent.printed("\nfrom the initrd\n")) << agent.platform.screen();
}

TEST(FirstImage, AScriptThatFailsOffersTheShell) {
  FakeAgent agent;
  agent.platform.type_at({2000},
                         "\x02"
                         "exit\r");
  EXPECT_EQ(agent.run("#!ipxe\nnosuch\n"), std::nullopt);
  EXPECT_NE(agent.status, 0);
  EXPECT_TRUE(agent.printed("nosuch: command not found"));
  EXPECT_TRUE(agent.printed("Press Ctrl-B for the shell")) << agent.platform.screen();
  EXPECT_TRUE(agent.printed("hawser> exit\n"));
}

TEST(FirstImage, AnInitrdThatIsNoScriptIsExplained) {
  FakeAgent agent;
  EXPECT_EQ(agent.run("MZ\x90"), std::nullopt);
  EXPECT_TRUE(agent.printed("it starts as EFI programs do")) << agent.platform.screen();
}

}  // namespace
}  // namespace hawser
