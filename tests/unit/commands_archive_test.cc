// imgextract: names, flags, memory, and what it says.
#include <gtest/gtest.h>

#include "src/console/console.h"
#include "src/image/image.h"
#include "src/script/families.h"
#include "src/script/interpreter.h"
#include "src/settings/settings.h"
#include "tests/fakes/fake_agent.h"
#include "tests/unit/archive_samples.h"

namespace hawser {
namespace {
using fakes::FakeAgent;

constexpr size_t kContentBytes = 2390;

struct Imgextract : testing::Test {
  FakeAgent agent;
  void run(std::string_view lines) { (void)agent.run("#!ipxe\n" + std::string(lines)); }
  void serve(const std::string& name, Bytes body) {
    agent.file("http://h/" + name, std::string(text_of(body)));
  }
  void SetUp() override {
    serve("sample.txt.gz", samples::kGzip);
    serve("plain", samples::kXzX86);
    serve("a.zst", samples::kZstd);
    agent.file("http://h/text", "hello");
  }
};
#define EXPECT_PRINTED(text) EXPECT_TRUE(agent.printed(text)) << agent.platform.screen()
#define EXPECT_NOT_PRINTED(text) EXPECT_FALSE(agent.printed(text)) << agent.platform.screen()

TEST_F(Imgextract, NamesAndFreesAsAsked) {
  run("imgextract http://h/sample.txt.gz\nimgstat\necho --\nimgextract --name x http://h/plain\n"
      "imgextract --keep http://h/a.zst\nimgstat\nsha256sum x a\n");
  EXPECT_PRINTED("\nsample.txt : 2390 bytes\n--\n");
  EXPECT_PRINTED("\nsample.txt : 2390 bytes\nx : 2390 bytes\na.zst : 235 bytes\na : 2390 bytes\n");
  const std::string sum = "b05e79c25bc968ac5e00c8d0f03f1a5aa20c6ea8103e3d9e4c541e579379b6de";
  EXPECT_PRINTED("\n" + sum + "  x\n" + sum + "  a\n");
}

TEST_F(Imgextract, TakesARegisteredImage) {
  run("imgfetch --name kernel http://h/plain\nimgextract --name vmlinux kernel\nimgstat\n");
  EXPECT_PRINTED("\nvmlinux : 2390 bytes\n");
  EXPECT_NOT_PRINTED("\nkernel :");
  EXPECT_EQ(agent.network.asked.size(), 1u);
}

TEST_F(Imgextract, FailuresLeaveNothingBehind) {
  std::string cut(text_of(samples::kXzX86));
  agent.file("http://h/cut.xz", cut.substr(0, 100));
  run("imgextract http://h/text || echo status ${errno}\nimgextract http://h/cut.xz || echo "
      "${errno}\nimgfetch http://h/text\nimgextract text || imgstat\n");
  EXPECT_PRINTED("Could not extract image: \"text\" is not compressed with gzip, zlib, zstd or xz");
  EXPECT_PRINTED("\nstatus 0x3c");
  EXPECT_PRINTED("Could not extract image: xz: the file is damaged: it ends early");
  EXPECT_PRINTED("\n0x1c");
  EXPECT_PRINTED("\ntext : 5 bytes\n") << "what was there before stays";
  EXPECT_NOT_PRINTED("\ncut : ");
}

TEST_F(Imgextract, ABootOfACompressedKernelTellsWhatToDo) {
  run("chain http://h/sample.txt.gz || echo over\n");
  EXPECT_PRINTED("it is compressed with gzip; unpack it with imgextract");
  EXPECT_PRINTED("\nover\n");
}

TEST_F(Imgextract, TrustGoesFromTheArchiveToItsContent) {
  Console console(agent.loop);
  Settings settings(agent.platform, agent.network, "1");
  ImageList images(agent.platform);
  const CommandTable tables[] = {archive_commands()};
  Interpreter interpreter(agent.platform, agent.loop, console, settings, agent.network, images,
                          tables);
  auto add = [&](const char* name) { return images.add(name, samples::kGzip, {}).value(); };
  add("plain.gz");
  add("trusted.gz")->trusted = true;
  uint64_t free_before = images.memory().free_bytes();
  interpreter.run_line("imgextract plain.gz ; imgextract trusted.gz");
  ASSERT_EQ(images.all().size(), 2u);
  EXPECT_FALSE(images.find("plain")->trusted);
  EXPECT_TRUE(images.find("trusted")->trusted);
  EXPECT_EQ(images.find("plain")->data.size(), kContentBytes);
  EXPECT_EQ(images.memory().free_bytes(), free_before) << "a page each, before and after";
}

}  // namespace
}  // namespace hawser
