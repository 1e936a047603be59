// What scripts/hawser-pack adds to an artifact, taken apart and used.
#include "src/pack.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/fakes/fake_agent.h"

namespace hawser {
namespace {

using Kind = PackEntry::Kind;

std::string word(uint32_t value) {
  std::string text(4, '\0');
  write_le(reinterpret_cast<uint8_t*>(text.data()), value);
  return text;
}

std::string entry(Kind kind, std::string_view name, std::string_view data) {
  std::string text = word(uint32_t(kind)) + word(uint32_t(name.size())) +
                     word(uint32_t(data.size())) + std::string(name) + std::string(data);
  return text + std::string(-text.size() % 4, '\0');
}

std::string pack_of(std::initializer_list<std::string> entries) {
  std::string pack = word(1);
  for (const std::string& each : entries) pack += each;
  return pack;
}

TEST(Pack, EntriesComeInOrder) {
  std::string pack = pack_of({entry(Kind::Setting, "a", "1"), entry(Kind::Script, "", "#!ipxe\n"),
                              entry(Kind::Setting, "empty", "")});
  auto entries = parse_pack(bytes_of(pack));
  ASSERT_TRUE(entries.ok());
  ASSERT_EQ(entries->size(), 3u);
  EXPECT_EQ((*entries)[0].kind, Kind::Setting);
  EXPECT_EQ((*entries)[0].name, "a");
  EXPECT_EQ(text_of((*entries)[0].data), "1");
  EXPECT_EQ(text_of((*entries)[1].data), "#!ipxe\n");
  EXPECT_EQ((*entries)[2].name, "empty");
  EXPECT_TRUE((*entries)[2].data.empty());
}

TEST(Pack, NothingIsAnEmptyPack) {
  EXPECT_TRUE(parse_pack({})->empty());
  EXPECT_TRUE(parse_pack(bytes_of(word(1)))->empty());
}

TEST(Pack, CutAnywhereItIsDamagedOrShorter) {
  std::string first = entry(Kind::Setting, "name", "value"), second = entry(Kind::Script, "", "abc");
  std::string pack = pack_of({first, second});
  for (size_t size = 1; size < pack.size(); ++size) {
    auto entries = parse_pack(bytes_of(pack).first(size));
    bool whole = size == 4 || size == 4 + first.size();
    EXPECT_EQ(entries.ok(), whole) << size;
  }
}

TEST(Pack, LengthsThatLieAndLaterFormatsAreRefused) {
  for (size_t at : {8, 12})
    for (uint32_t length : {100u, 0x7fffffffu, 0xffffffffu, 0xfffffffcu}) {
      std::string pack = pack_of({entry(Kind::Setting, "n", "v")});
      pack.replace(at, 4, word(length));
      EXPECT_EQ(parse_pack(bytes_of(pack)).error().code, Errc::Invalid) << at << ' ' << length;
    }
  EXPECT_EQ(parse_pack(bytes_of(word(2))).error().code, Errc::Unsupported);
  for (uint32_t kind : {0u, 6u, 0xffffffffu})
    EXPECT_EQ(parse_pack(bytes_of(pack_of({entry(Kind(kind), "", "")}))).error().code,
              Errc::Unsupported);
}

TEST(Pack, TheScriptRunsFirstAndSeesTheSettings) {
  fakes::FakeAgent agent;
  std::string pack =
      pack_of({entry(Kind::Setting, "site:int32", "7"),
               entry(Kind::Script, "", "#!ipxe\necho embedded ${site} ${site:hexraw}\nimgstat\n")});
  agent.context.pack = bytes_of(pack);
  agent.context.command_line = "echo from the command line";
  agent.run();
  EXPECT_EQ(agent.status, 0);
  EXPECT_TRUE(agent.printed("embedded 7 00000007\n"));
  EXPECT_TRUE(agent.printed("<CMDLINE>"));
  EXPECT_FALSE(agent.printed("\nfrom the command line"));
}

TEST(Pack, CertificatesAndKeyGoToTheNetwork) {
  fakes::FakeAgent agent;
  std::string pack = pack_of({entry(Kind::Key, "k", "key"), entry(Kind::Roots, "r", "roots"),
                              entry(Kind::Certificate, "c", "certificate")});
  agent.context.pack = bytes_of(pack);
  agent.run("#!ipxe\n");
  EXPECT_EQ(agent.network.roots, "roots");
  EXPECT_EQ(agent.network.identity, (std::pair<std::string, std::string>{"certificate", "key"}));
}

TEST(Pack, ADamagedPackIsReportedAndTheAgentGoesOn) {
  fakes::FakeAgent agent;
  agent.context.pack = bytes_of("\1\0\0\0\1");
  agent.run("#!ipxe\necho goes on\n");
  EXPECT_TRUE(agent.printed("Could not use what hawser-pack added: "));
  EXPECT_TRUE(agent.printed("\ngoes on\n"));
}

}  // namespace
}  // namespace hawser
