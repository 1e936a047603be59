// imgverify and imgtrust: what is not verified does not run, whoever wants to run it.
#include <gtest/gtest.h>

#include "tests/fakes/fake_agent.h"

namespace hawser {
namespace {
using fakes::FakeAgent;
using Way = FakeAgent::Way;

const std::string kScript = "#!ipxe\necho it runs\n";

struct TrustCommands : testing::Test {
  FakeAgent agent;
  std::optional<Way> way;
  void SetUp() override {
    agent.file("http://h/s", kScript);
    agent.file("http://h/s.sig", "Ann signed " + kScript);
    agent.file("http://h/bad.sig", "Ann signed something else");
  }
  void run(std::string_view lines) { way = agent.run("#!ipxe\n" + std::string(lines)); }
};
#define EXPECT_PRINTED(text) EXPECT_TRUE(agent.printed(text)) << agent.platform.screen()
#define EXPECT_NOT_PRINTED(text) EXPECT_FALSE(agent.printed(text)) << agent.platform.screen()

TEST_F(TrustCommands, AVerifiedImageIsTrustedAndRuns) {
  run("imgtrust\nimgfetch http://h/s\nimgverify s http://h/s.sig\nimgstat\nchain s\n");
  EXPECT_PRINTED("s : 20 bytes [script] [TRUSTED]");
  EXPECT_NOT_PRINTED("s.sig : ") << "the signature is freed";
  EXPECT_PRINTED("\nit runs\n");
}

TEST_F(TrustCommands, WhatIsNotVerifiedDoesNotRunByAnyCommand) {
  agent.file("http://h/k", fakes::bzimage());
  run("imgtrust\nchain http://h/s || echo a ${errno}\nimgexec --replace http://h/s || echo b\n"
      "kernel http://h/k\nboot || echo c\n"
      "imgfetch --name ram http://h/s\nimgverify ram http://h/bad.sig || echo d\nchain ram || echo e\n"
      "chain --autofree http://h/s.sig || echo f\n");
  EXPECT_PRINTED("s is not verified, and imgtrust lets only verified images run; use: imgverify s "
                 "SIGNATURE");
  EXPECT_PRINTED("\na 0x2000000");
  for (std::string_view letter : {"\nb\n", "\nc\n", "\nd\n", "\ne\n", "\nf\n"})
    EXPECT_PRINTED(letter);
  EXPECT_NOT_PRINTED("it runs");
  EXPECT_FALSE(way) << "nothing was booted";
}

TEST_F(TrustCommands, AVerifiedKernelBootsAndUnverifiedInitrdsAreNamed) {
  std::string kernel = fakes::bzimage();
  agent.file("http://h/k", kernel);
  agent.file("http://h/k.sig", "Ann signed " + kernel);
  run("imgtrust --permanent\nkernel http://h/k\nimgverify --signer Ann k http://h/k.sig\n"
      "initrd http://h/bad.sig\nboot\n");
  EXPECT_EQ(way, Way::HandedOver) << agent.platform.screen();
  EXPECT_PRINTED("Note: bad.sig goes along unverified");
}

TEST_F(TrustCommands, AutobootAndScriptletsAreHeldToItToo) {
  agent.with_dhcp("s");
  agent.file("tftp://10.0.2.2/s", kScript);
  run("imgtrust\nautoboot\nset net0/filename\nclear net0/filename\n");
  EXPECT_PRINTED("s is not verified");
  EXPECT_NOT_PRINTED("it runs");
}

TEST_F(TrustCommands, AScriptletIsNotVerified) {
  agent.with_dhcp("");
  run("imgtrust\nset net0/scriptlet echo it runs\nautoboot\n");
  EXPECT_PRINTED("the setting scriptlet is not run");
  EXPECT_NOT_PRINTED("\nit runs");
}

TEST_F(TrustCommands, TheSignerIsChecked) {
  run("imgfetch http://h/s\nimgverify --signer Bob s http://h/s.sig || echo no ${errno}\nimgstat\n"
      "imgverify --keep --signer Ann s http://h/s.sig && imgstat\n");
  EXPECT_PRINTED("Could not verify s: another signer");
  EXPECT_PRINTED("no 0x2000000");
  EXPECT_PRINTED("\ns : 20 bytes [script]\n");
  EXPECT_PRINTED("[TRUSTED]");
  EXPECT_PRINTED("s.sig : ");
}

TEST_F(TrustCommands, AFileDownloadedToBeVerifiedIsForgottenWhenItIsNot) {
  run("imgverify http://h/s http://h/bad.sig || echo no\nimgverify http://h/s http://h/none || "
      "echo neither\nimgstat\necho end\n");
  EXPECT_PRINTED("\nno\n");
  EXPECT_PRINTED("\nneither\nend\n");
}

TEST_F(TrustCommands, PermanentIsPermanent) {
  run("imgtrust --permanent\nimgtrust --allow || echo refused ${errno}\nimgtrust && echo same\n"
      "chain http://h/s || echo still\n");
  EXPECT_PRINTED("refused 0x2000000");
  EXPECT_PRINTED("\nsame\n");
  EXPECT_PRINTED("\nstill\n");
}

TEST_F(TrustCommands, AllowLetsEverythingRunAgain) {
  run("imgtrust\nimgtrust --allow --permanent\nimgtrust || echo refused\nchain http://h/s\n");
  EXPECT_PRINTED("\nrefused\n");
  EXPECT_PRINTED("\nit runs\n");
}

}  // namespace
}  // namespace hawser
