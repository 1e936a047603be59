// md5sum and its like.
#include <gtest/gtest.h>

#include "tests/fakes/fake_agent.h"

namespace hawser {
namespace {
using fakes::FakeAgent;

struct DigestCommands : testing::Test {
  FakeAgent agent;
  void run(std::string_view lines) { (void)agent.run("#!ipxe\n" + std::string(lines)); }
};
#define EXPECT_PRINTED(text) EXPECT_TRUE(agent.printed(text)) << agent.platform.screen()

TEST_F(DigestCommands, PrintDigestsOfEachImage) {  // RFC 1321 §A.5, FIPS 180-4 examples
  agent.file("http://h/abc", "abc");
  agent.file("http://h/empty", "");
  run("imgfetch --name kept http://h/abc\nmd5sum kept http://h/empty\nsha1sum kept\n"
      "sha224sum kept\nsha256sum kept\nsha384sum kept\nsha512sum kept\nimgstat\n");
  EXPECT_PRINTED("\n900150983cd24fb0d6963f7d28e17f72  kept\n");
  EXPECT_PRINTED("\nd41d8cd98f00b204e9800998ecf8427e  empty\n");
  EXPECT_PRINTED("\na9993e364706816aba3e25717850c26c9cd0d89d  kept\n");
  EXPECT_PRINTED("\n23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7  kept\n");
  EXPECT_PRINTED("\nba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  kept\n");
  EXPECT_PRINTED("\ncb00753f45a35e8bb5a03d699ac65007272c32ab0eded163");
  EXPECT_PRINTED("\nddaf35a193617abacc417349ae20413112e6fa4e89a97ea2");
  EXPECT_PRINTED("\nkept : 3 bytes\nempty : 0 bytes\n") << "images stay";
}

TEST_F(DigestCommands, StoreADigest) {
  agent.file("http://h/abc", "abc");
  run("sha1sum --set sum http://h/abc\necho [${sum}] [${sum:hex}]\n"
      "sha1sum --set other:base64 abc\necho [${other}]\nmd5sum --set sum abc\necho ${sum}\n");
  EXPECT_PRINTED("\n[a9993e364706816aba3e25717850c26c9cd0d89d] [a9:99:3e:36:");
  EXPECT_PRINTED("\n[qZk+NkcGgWq6PiVxeFDCbJzQ2J0=]");
  EXPECT_PRINTED("\n900150983cd24fb0d6963f7d28e17f72\n");
  EXPECT_FALSE(agent.printed("  abc\n"));
}

TEST_F(DigestCommands, WhatIsMissingFails) {
  run("md5sum http://h/nosuch && echo never\n");
  EXPECT_FALSE(agent.printed("never"));
}

}  // namespace
}  // namespace hawser
