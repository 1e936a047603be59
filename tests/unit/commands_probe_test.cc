// Commands that ask the machine and other hosts, parameter lists, and the local disk.
#include <gtest/gtest.h>

#include "net/http/request.h"
#include "net/stack/query.h"
#include "src/script/command.h"
#include "tests/fakes/fake_agent.h"

namespace hawser {
namespace {
using fakes::FakeAgent;
using Way = FakeAgent::Way;

struct ProbeCommands : testing::Test {
  FakeAgent agent;
  std::string screen() { return agent.platform.screen(); }
  void run(std::string_view lines) { way = agent.run("#!ipxe\n" + std::string(lines)); }
  std::optional<Way> way;
};
#define EXPECT_PRINTED(text) EXPECT_TRUE(agent.printed(text)) << screen()

TEST_F(ProbeCommands, CpuidTestsOneBit) {
  agent.platform.cpuid_leaves = {{0, {1, 0x756e6547, 0x6c65746e, 0x49656e69}},
                                 {1, {0, 0, 1u << 31, 1u << 5}},
                                 {0x80000000, {0x80000001, 0, 0, 0}},
                                 {0x80000001, {0, 0, 0, 1u << 29}}};
  run("cpuid --ext 29 && echo long mode || echo no\ncpuid -a 28 || echo status ${errno}\n"
      "cpuid 5 && echo five\ncpuid --ecx 31 && echo hypervisor\ncpuid 32 || echo range ${errno}\n"
      "echo [${cpuvendor}] [${cpuid/cpuvendor}] [${cpumodel}]\n");
  EXPECT_PRINTED("\nlong mode\n");
  EXPECT_PRINTED("\nstatus 0x2d");
  EXPECT_PRINTED("\nfive\nhypervisor\n");
  EXPECT_PRINTED("\nrange 0x46");
  EXPECT_PRINTED("[GenuineIntel] [GenuineIntel] []");
}

TEST_F(ProbeCommands, PciscanVisitsEachFunction) {
  std::vector<uint8_t> space(256);
  space[0] = 0x86;
  space[1] = 0x80;
  space[2] = 0x0e;
  space[3] = 0x10;
  agent.platform.pci_functions = {{0x09, space}, {0x10, space}, {0x12, space}, {0x18, space}};
  agent.platform.pci_functions[0x18][0x0e] = 0x80;
  agent.platform.pci_functions[0x1a] = space;
  run(":l\npciscan dev || goto end\necho ${dev} ${pci/${dev}.0.2} ${pci/${dev}.0.4}\ngoto l\n"
      ":end\necho at ${dev:busdevfn} ${errno}\necho [${pci/5.0.2}] [${pci/0x10.255.2}]\n");
  EXPECT_PRINTED(
      "\n0x10 8086 100e8086\n0x18 8086 100e8086\n0x1a 8086 100e8086\nat 0000:00:03.2 "
      "0x2c")
      << "functions behind a missing or single function are not there";
  EXPECT_PRINTED("\n[] []\n");
}

TEST_F(ProbeCommands, ImgsetStoresAFile) {
  agent.file("http://h/id", "abc");
  run("imgset x http://h/id\necho [${x}] [${x:hexraw}]\nimgstat\n"
      "imgset --keep y:hex http://h/id\necho ${y}\nimgstat id\n");
  EXPECT_PRINTED("\n[abc] [616263]\nhttp") << "and the image is gone";
  EXPECT_PRINTED("\n61:62:63\nid : 3 bytes\n");
}

TEST_F(ProbeCommands, ParametersGoIntoOneRequest) {
  agent.file("http://h/r", "x");
  run("params\nparam mac 52:54 a&b\nparam empty\nparam --header X-Id 7\nimgfetch "
      "http://h/r##params\n");
  EXPECT_EQ(agent.network.fetch_options.http.method, "POST") << screen();
  EXPECT_EQ(agent.network.fetch_options.http.body, "mac=52%3A54%20a%26b&empty=");
  EXPECT_EQ(agent.network.fetch_options.http.headers, "X-Id: 7\r\n");
  run("params\nparam a b\nimgfetch --retry 1 --mirror http://m/r http://h/none##params || echo no\n"
      "imgfetch http://h/none##params || echo gone\n");
  EXPECT_EQ(agent.network.fetch_options.http.method, "GET") << "one list for one command";
  run("params --name two --method PUT\nimgfetch http://h/r##params=two\n");
  EXPECT_EQ(agent.network.fetch_options.http.method, "PUT");
  run("params\nparam --header A b\nimgfetch http://h/r##params\n");
  EXPECT_EQ(agent.network.fetch_options.http.method, "GET");
  EXPECT_EQ(agent.network.fetch_options.http.headers, "A: b\r\n");
  run("params\nparam a b\nimgfetch http://h/r##params\nimgfetch http://h/r##params\n");
  EXPECT_EQ(agent.network.fetch_options.http.method, "GET") << "a list serves one request";
}

TEST_F(ProbeCommands, ParametersThatCannotBe) {
  run("param a b || echo none ${errno}\nparam --params x a b || echo no x\n"
      "params --method BREW || echo method ${errno}\nset nl:hex 0d:0a\nparams\n"
      "param --header A b${nl:string}C || echo header ${errno}\nparams --delete\n"
      "param a b || echo deleted\n");
  EXPECT_PRINTED("No default parameter list");
  EXPECT_PRINTED("none 0x2d");
  EXPECT_PRINTED("\"x\": no such parameter list");
  EXPECT_PRINTED("method 0x3c");
  EXPECT_PRINTED("header 0x1c");
  EXPECT_PRINTED("\ndeleted\n");
}

TEST_F(ProbeCommands, RequestsCarryMethodHeadersAndBody) {
  Uri uri = parse_uri("http://h/x##params").value();
  std::string text = http::get_request(uri, "", {}, {"POST", "X-Id: 7\r\n", "a=b"});
  EXPECT_TRUE(text.starts_with("POST /x HTTP/1.1\r\n")) << text;
  EXPECT_TRUE(
      text.ends_with("X-Id: 7\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                     "Content-Length: 3\r\n\r\na=b"))
      << text;
}

TEST_F(ProbeCommands, OtherHostsAreAsked) {
  agent.network.hosts["srv"] = {{{10, 0, 2, 2}}, 1'800'000'000};
  agent.network.hosts["10.0.2.2"] = {{{10, 0, 2, 2}}, 0};
  run("nslookup a srv\necho ${a} ${a:hexraw}\nnslookup a nobody || echo no ${errno}\n"
      "ntp srv\necho ${unixtime:int32}\nntp nobody || echo no time\n"
      "ping -c 2 srv\nping -c 1 nobody || echo no ping\nsync\ntime sleep 1\n"
      "time nosuch || echo still ${errno}\n");
  EXPECT_PRINTED("\n10.0.2.2 0a000202\n");
  EXPECT_PRINTED("no 0x4c");
  EXPECT_PRINTED("\n1800000000\n");
  EXPECT_PRINTED("Could not get time and date: no answer");
  EXPECT_PRINTED("\n64 bytes from 10.0.2.2: seq=1\n64 bytes from 10.0.2.2: seq=2\n");
  EXPECT_PRINTED("Could not start ping: no answer");
  EXPECT_PRINTED("\ntime: 1.0s\n");
  EXPECT_PRINTED("still 0x2e");
}

TEST_F(ProbeCommands, TheTimeSinceStartIsToldApart) {
  agent.network.add_interface();
  agent.platform.heap_use = {48 << 20, 3 << 19};
  run("sleep 2\nprofstat\n");
  EXPECT_PRINTED("Memory: at most 1.5 MiB of 48.0 MiB used\n");
  EXPECT_PRINTED("Running for 2.");
  EXPECT_PRINTED("waiting for 2.");
  EXPECT_PRINTED(" (1 waits), idle for 2.");
  EXPECT_PRINTED("net0: 0 frames received, 0 sent, 0 missed\n");
}

TEST_F(ProbeCommands, SanbootBootsALocalDisk) {
  agent.with_dhcp("x");
  std::vector<uint8_t> sector(512);
  sector[510] = 0x55;
  sector[511] = 0xaa;
  agent.platform.boot_sectors[0x81] = sector;
  agent.platform.boot_sectors[0x82] = std::vector<uint8_t>(512);
  run("sanboot --no-describe --drive 0x80 || echo x ${errno}\nsanboot --drive 0x82 || echo y\n"
      "sanboot iscsi:h::::iqn || echo z ${errno}\nsanboot --drive 0x81\n");
  EXPECT_PRINTED("\nBooting from SAN device 0x80\n");
  EXPECT_PRINTED("Boot from SAN device 0x80 failed: no such disk");
  EXPECT_PRINTED("x 0x1d");
  EXPECT_PRINTED("failed: its first sector is not bootable");
  EXPECT_PRINTED("z 0x3c");
  ASSERT_EQ(way, Way::HandedOver) << screen();
  auto entry = std::get<RealModeEntry>(*agent.platform.entry);
  EXPECT_EQ(entry.ip, 0x7c00);
  EXPECT_EQ(entry.edx, 0x81u);
  EXPECT_TRUE(agent.network.shut);
}

TEST_F(ProbeCommands, StartpxeGivesWhatFollowsAPxeApi) {
  agent.with_dhcp("x");
  std::vector<uint8_t> sector(512);
  sector[510] = 0x55;
  sector[511] = 0xaa;
  agent.platform.boot_sectors[0x81] = sector;
  std::vector<std::pair<size_t, int>> ran;  // size and drive
  agent.platform.on_nbp = [&](Bytes program, ProgramServer&, std::optional<uint8_t> drive) {
    ran.push_back({program.size(), drive ? *drive : -1});
    return uint16_t{0};
  };
  agent.context.artifact = "rom";
  run("startpxe net7 || echo none ${pxe-api}\nstartpxe && echo on ${pxe-api}\n"
      "sanboot --drive 0x81 || echo returned\nstoppxe\nstartpxe net0\nexit\n");
  EXPECT_PRINTED("\"net7\": no such network device");
  EXPECT_PRINTED("\nnone\n");
  EXPECT_PRINTED("\non net0\n");
  EXPECT_PRINTED("Boot from SAN device 0x81 failed: its boot program returned");
  using Runs = std::vector<std::pair<size_t, int>>;
  EXPECT_EQ(ran, (Runs{{512, 0x81}, {3, -1}})) << screen();
}

TEST_F(ProbeCommands, WithoutStartpxeOrABiosThereIsNoPxeApi) {
  agent.with_dhcp("x");
  agent.context.artifact = "rom";
  run("startpxe || echo x ${errno}\n");
  EXPECT_PRINTED("startpxe: no PC BIOS");
  EXPECT_PRINTED("x 0x3c");
}

TEST_F(ProbeCommands, StoppxeTakesItAway) {
  agent.with_dhcp("x");
  int runs = 0;
  agent.platform.on_nbp = [&](Bytes, ProgramServer&, std::optional<uint8_t>) {
    return uint16_t(++runs);
  };
  agent.context.artifact = "rom";
  run("startpxe\nstoppxe\nexit\n");
  EXPECT_EQ(runs, 0);
}

TEST_F(ProbeCommands, AbsentCommandsFailAndSayWhy) {
  run("imgdecrypt a b || echo x ${errno}\nsha256sum http://h/a || echo y\nshim x && echo "
      "z\n");
  EXPECT_PRINTED("imgdecrypt: not in this version: signatures and certificates");
  EXPECT_PRINTED("x 0x3c");
  EXPECT_PRINTED("\nz\n");
}

TEST(Sntp, ReadsOnlyAnswersToItsQuestion) {
  std::vector<uint8_t> cookie{1, 2, 3, 4, 5, 6, 7, 8}, answer(48);
  answer[0] = 0x24;
  answer[1] = 2;
  std::copy(cookie.begin(), cookie.end(), answer.begin() + 24);
  answer[40] = 0x83;
  answer[41] = 0xaa;
  answer[42] = 0x7e;
  answer[43] = 0x81;  // one second after 1970
  EXPECT_EQ(stack::time_of(answer, cookie).value(), 1);
  for (size_t n = 0; n < answer.size(); ++n)
    EXPECT_FALSE(stack::time_of(Bytes(answer).first(n), cookie).ok()) << n;
  answer[40] = 0;  // the era after 2036
  EXPECT_GT(stack::time_of(answer, cookie).value(), 2'085'978'495);
  answer[1] = 0;
  EXPECT_EQ(stack::time_of(answer, cookie).error().code, Errc::Io);
  answer[24] ^= 1;
  EXPECT_EQ(stack::time_of(answer, cookie).error().code, Errc::Protocol);
}

}  // namespace
}  // namespace hawser
