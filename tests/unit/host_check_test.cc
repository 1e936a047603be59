#include <gtest/gtest.h>

#include "arch/host/check.h"
#include "arch/host/host_platform.h"
#include "src/base/format.h"

namespace hawser::host {
namespace {

/// "3!text" for an error in line 3, "3?text" for a warning.
std::string problems(std::string_view script) {
  std::string all;
  for (const Problem& problem : check_script(bytes_of(script)))
    all += cat(problem.line, problem.warning ? '?' : '!', problem.text, '\n');
  return all;
}

TEST(HostCheck, AGoodScriptHasNoProblems) {
  EXPECT_EQ(problems("#!ipxe\n"
                     ":retry echo again # comment\n"
                     "dhcp --timeout 100 net0 && goto ${target} || goto retry\n"
                     "kernel -n vmlinuz http://h/vmlinuz --foo -x\n"
                     "initrd \\\n  http://h/${x}\n"
                     "${command} x\n"
                     "boot || shell\n"),
            "");
}

TEST(HostCheck, ProblemsAreToldByLine) {
  struct Case {
    std::string_view line, problem;
  };
  const Case cases[] = {
      {"nosuch x", "2!nosuch: command not found\n"},
      {"nosuch x ||", "2?nosuch: command not found; the script goes on\n"},
      {"nosuch && echo x", "2!nosuch: command not found\n"},
      {"goto nowhere", "2!goto: there is no label \":nowhere\"\n"},
      {"sleep", "2!sleep: 0 operands; it takes \"<seconds>\"\n"},
      {"iseq a", "2!iseq: 1 operands; it takes"},
      {"dhcp --nope", "2!dhcp: Unrecognised option \"--nope\"\n"},
      {"dhcp --timeout", "2!dhcp: Option \"timeout\" requires an argument\n"},
      {"boot --help", "2!boot: only prints its usage, and fails\n"},
      {"kernel http://", "2!URI"},
      {"echo x \\", "2!"},
      {":a echo\n:a echo", "3?label \"a\" is there already, in line 2; goto goes to that one\n"},
  };
  for (const Case& c : cases) {
    std::string got = problems(cat("#!ipxe\n", c.line, "\n"));
    EXPECT_TRUE(got.starts_with(c.problem)) << c.line << ": " << got;
  }
  EXPECT_EQ(problems("#! ipxe\n").substr(0, 2), "0!");
  EXPECT_EQ(problems(std::string("#!ipxe\necho \0\n", 14)).substr(0, 2), "2!");
}

TEST(HostPlatform, RefusesPlansThatDoNotFit) {
  HostPlatform platform(16 << 20);
  std::vector<uint8_t> data(8192);
  auto plan = [&](std::initializer_list<Phys> places) {
    LoadPlan plan;
    plan.entry = ProtectedModeEntry{};
    for (Phys at : places) plan.segments.push_back({at, data, data.size(), cat("part ", at)});
    return plan;
  };
  EXPECT_TRUE(platform.check(plan({0x100000, 0x102000, 0x10000})).ok());
  EXPECT_EQ(platform.check(plan({0x9f000})).error().code, Errc::Range) << "the BIOS data area";
  EXPECT_EQ(platform.check(plan({16 << 20})).error().code, Errc::Range);
  EXPECT_EQ(platform.check(plan({UINT64_MAX - 100})).error().code, Errc::Range);
  Status overlap = platform.check(plan({0x100000, 0x101fff}));
  ASSERT_FALSE(overlap.ok());
  EXPECT_NE(overlap.error().text.find("overlaps"), std::string::npos);
}

TEST(HostPlatform, APlanIsOneLineForEachPart) {
  LoadPlan plan;
  plan.entry = RealModeEntry{0x1000, 0xfff0, 0x1020, 0};
  plan.place(0x10000, std::vector<uint8_t>(1024), "setup");
  EXPECT_EQ(describe(plan),
            "Load plan: real mode at 1020:0000, data at 1000:0000, stack at 1000:fff0\n"
            "  0x000010000-0x000010400 setup, 1.0 KiB of data\n");
}

}  // namespace
}  // namespace hawser::host
