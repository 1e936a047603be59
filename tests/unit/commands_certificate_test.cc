// certstat, certstore, certfree, and the settings about certificates.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/fake_agent.h"

namespace hawser {
namespace {
using fakes::FakeAgent;
using testing::ElementsAre;

struct CertificateCommands : testing::Test {
  FakeAgent agent;
  void run(std::string_view lines) { (void)agent.run("#!ipxe\n" + std::string(lines)); }
};
#define EXPECT_PRINTED(text) EXPECT_TRUE(agent.printed(text)) << agent.platform.screen()

TEST_F(CertificateCommands, ListThem) {
  agent.network.known = {{"Root\n", {0xab, 0xcd}, true, false, true}, {"Mine", {1, 2}, false, true, false}};
  run("certstat\ncertstat --subject Mine\ncertstat --subject Other || echo x ${errno}\n");
  EXPECT_PRINTED("Root? : abcd [PERMANENT] [VALIDATED]\nMine : 0102 [EXPLICIT]\nMine : 0102 [EXPL");
  EXPECT_PRINTED("\"Other\" : no such certificate");
  EXPECT_PRINTED("x 0x2d");
}

TEST_F(CertificateCommands, StoreAFileWhichIsThenFreed) {
  agent.file("http://h/ca.pem", "PEM");
  agent.file("http://h/bad", "bad");
  run("certstore http://h/ca.pem\ncertstore --keep -s Some http://h/ca.pem\n"
      "certstore\nimgstat\ncertstore http://h/bad || echo refused\ncertstore || echo nothing\n");
  EXPECT_THAT(agent.network.certificate_calls,
              ElementsAre("store PEM|", "store PEM|Some", "store PEM|", "store bad|"));
  EXPECT_FALSE(agent.printed("ca.pem : 3 bytes"));
  EXPECT_PRINTED("bad: no certificate in it");
  EXPECT_PRINTED("refused");
  EXPECT_PRINTED("there is no image");
  EXPECT_PRINTED("nothing");
}

TEST_F(CertificateCommands, ForgetThem) {
  agent.network.known.resize(1);
  run("certfree\ncertfree --subject nobody || echo none\n");
  EXPECT_THAT(agent.network.certificate_calls, ElementsAre("forget ", "forget nobody"));
  EXPECT_PRINTED("none");
}

TEST_F(CertificateCommands, SettingsReachTheNetwork) {
  run("set crosscert http://h/auto\nset cert 41:42\n");
  EXPECT_EQ(agent.network.crosscert, "http://h/auto");
  EXPECT_EQ(agent.network.identity.first, "") << "half of it is nothing";
  run("set privkey 43\nset cert 41:42\n");
  EXPECT_EQ(agent.network.identity, (std::pair<std::string, std::string>("AB", "C")));
  run("set crosscert http://h/\nset cert 41\nset privkey 42\nclear cert\nclear privkey\nclear crosscert\n");
  EXPECT_EQ(agent.network.identity, (std::pair<std::string, std::string>("", "")));
  EXPECT_EQ(agent.network.crosscert, "");
}

}  // namespace
}  // namespace hawser
