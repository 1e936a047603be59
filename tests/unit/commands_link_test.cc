// vcreate, vdestroy, nstat, lotest on two cards that are joined by a wire; imgmem.
#include <gtest/gtest.h>

#include "src/console/console.h"
#include "src/image/image.h"
#include "src/script/families.h"
#include "src/script/interpreter.h"
#include "src/settings/settings.h"
#include "tests/fakes/stack_fixture.h"

namespace hawser::stack {
namespace {

struct LinkCommands : StackTest {
  Console console{loop};
  Settings settings{platform, *network, "1"};
  ImageList images{platform};
  CommandTable tables[3] = {language_commands(), link_commands(), archive_commands()};
  Interpreter interpreter{platform, loop, console, settings, *network, images, tables};

  void SetUp() override {
    nic->peer = other;
    other->peer = nic;
  }
  std::string shell(std::string_view line) {
    size_t before = platform.output().size();
    interpreter.run_line(line);
    return platform.output().substr(before);
  }
  bool says(std::string_view line, std::string_view text) {
    return shell(line).find(text) != std::string::npos;
  }
};

TEST_F(LinkCommands, VlansComeAndGo) {
  EXPECT_EQ(shell("vcreate --tag 5 net0 && echo ${net0-5/ifname} ${net0-5/mac}"),
            "net0-5 52:54:00:12:34:56\n");
  EXPECT_EQ(shell("vdestroy net0-5 && echo [${net0-5/ifname}]"), "[]\n");
  EXPECT_TRUE(says("vcreate net0", "--tag"));
  EXPECT_TRUE(says("vcreate --tag 4095 net0", "1 to 4094"));
  EXPECT_TRUE(says("vcreate --tag -1 net0", "1 to 4094"));
  EXPECT_TRUE(says("vcreate --tag 1 --priority 8 net0", "0 to 7"));
  EXPECT_TRUE(says("vcreate --tag 1 net9", "\"net9\": no such network device"));
  EXPECT_TRUE(says("vdestroy net0", "no interface for a VLAN"));
  EXPECT_EQ(network->interfaces().size(), 2u);
}

TEST_F(LinkCommands, LotestSendsFramesBothWays) {
  EXPECT_TRUE(says("lotest net0 net1", "1000 frames of up to 1500 bytes, none lost\n"));
  EXPECT_EQ(nic->counters().tx_frames, 500u);
  EXPECT_EQ(other->counters().tx_frames, 500u);
  EXPECT_TRUE(says("lotest --mtu 60 --broadcast net1 net0", "1000 frames of up to 60 bytes"));
}

TEST_F(LinkCommands, LotestTellsWhatWentWrong) {
  EXPECT_TRUE(says("lotest net0 net0", "two interfaces"));
  EXPECT_TRUE(says("lotest net0 net7", "no such network device"));
  EXPECT_TRUE(says("lotest --mtu 45 net0 net1", "46 to 1500"));
  EXPECT_TRUE(says("lotest --mtu 1501 net0 net1", "46 to 1500"));
  size_t left = 20;
  other->lose = [&](const fakes::Frame&) { return left-- == 0; };
  EXPECT_TRUE(says("lotest net0 net1", "after 40 frames: a frame of "));
  other->lose = {};
  nic->peer = nullptr;
  EXPECT_TRUE(says("lotest net0 net1 || echo ${errno}", "0x4c"));
}

TEST_F(LinkCommands, NstatListsNeighbours) {
  ASSERT_TRUE(net0().open().ok());
  ASSERT_TRUE(net0().configure({fakes::kLeased, {{255, 255, 255, 0}}, {}, {}, "", {}}).ok());
  EXPECT_EQ(shell("nstat"), "");
  nic->arrive(fakes::arp_frame(1, {kPeerMac, fakes::kServer}, {{}, fakes::kLeased}));
  run(5);
  EXPECT_EQ(shell("nstat"), "net0: " + to_string(fakes::kServer) + " is 02:00:00:00:00:09\n");
}

TEST_F(LinkCommands, ImgmemCopiesMemory) {
  std::copy_n("some bytes", 10, platform.ram(0x200000));
  shell("imgmem 0x200000 10 ; imgmem --name low 0xf0000 0x10000");
  ASSERT_TRUE(images.find("0x200000"));
  EXPECT_EQ(text_of(images.find("0x200000")->data), "some bytes");
  ASSERT_TRUE(images.find("low"));
  EXPECT_EQ(images.find("low")->data.size(), 0x10000u);
  for (std::string_view bad : {"0x200000 0", "-1 5", "0x7fffffffffffffff 2", "0xfee00000 4",
                               "0x0ffffff0 0x20", "x 4", "4 x"})
    EXPECT_FALSE(says("imgmem " + std::string(bad) + " && echo never", "never")) << bad;
  EXPECT_EQ(images.all().size(), 2u);
}

}  // namespace
}  // namespace hawser::stack
