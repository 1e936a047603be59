#include <gtest/gtest.h>

#include <algorithm>

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
                     "set target retry\n"
                     "isset ${command} || set command echo\n"
                     ":retry echo again # comment\n"
                     "dhcp --timeout 100 net0 && goto ${target} ||\n"
                     "kernel -n vmlinuz http://h/vmlinuz --foo -x\n"
                     "initrd \\\n  http://h/${uuid}\n"
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
      {"gdbstub x --y", "2!gdbstub: not in this version: debugging aids\n"},
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

TEST(HostCheck, LinesThatAreNeverReached) {
  struct Case {
    std::string_view lines, problems;
  };
  const Case cases[] = {
      {"goto b\necho x\n:b", "3?never reached: the lines above it always go elsewhere\n"},
      {"exit\n\n# comment\necho x\necho y", "5?never reached: the lines above it always go else"},
      {"exit 1\n:a\necho x\necho y",
       "4?never reached: no goto leads to \":a\", and the lines above"},
      {"goto a ; echo x\n:a", "2?\"echo\" never runs: what stands before it leaves the line\n"},
      {"exit || echo x", "2?\"echo\" never runs: what stands before it leaves the line\n"},
      {":a goto a\necho x", "3?never reached"},
      {"iseq 1 2 && goto a || goto b\necho x\n:a\n:b", "3?never reached"},
      // What may be reached is not called unreachable.
      {"iseq 1 2 && goto a ||\necho x\n:a", ""},
      {"iseq 1 2 && exit ||\necho x", ""},
      {"goto a\n:b\necho b\nexit\n:a\ngoto b", ""},
      {"set x b\ngoto ${x}\n:b\necho x", ""},
      {"set x 1\ngoto b${x}\n:b1 exit\n:b2 echo x", ""},
      {"set x 1\ngoto b${x}\n:b1 exit\n:c2 echo x", "5?never reached: no goto leads to \":c2\""},
      {"goto b${net0/mac:hexhyp} ||\nexit",
       "2?goto: there is no label like \":b${net0/mac:hexhyp}"},
      {"goto a ||\necho x", "2?goto: there is no label \":a\"\n"},
      {"set c exit\n${c}\necho x", ""},
      {"exit ${errno} ||\necho x", ""},
      {"goto a\n:b\n:c\n:a", ""},
      {"goto a\n:a exit\n:a echo x",
       "4?label \"a\" is there already, in line 3; goto goes to that"},
      {"boot || goto bad\nexit\n:bad\nshell\nreboot", ""},
      {"goto a \\\n && echo x\n:a", "2?\"echo\" never runs"},
  };
  for (const Case& c : cases) {
    std::string got = problems(cat("#!ipxe\n", c.lines, "\n"));
    if (c.problems.empty()) EXPECT_EQ(got, "") << c.lines;
    else EXPECT_TRUE(got.starts_with(c.problems)) << c.lines << ": " << got;
  }
}

TEST(HostCheck, SettingsThatNothingSets) {
  struct Case {
    std::string_view lines, problems;
  };
  const Case cases[] = {
      {"echo ${x}", "2?\"${x}\" is read, but nothing sets it; \"isset ${x}\" tells"},
      {"echo ${x} ${x}\necho ${x}",
       "2?\"${x}\" is read, but nothing sets it; \"isset ${x}\" tells"},
      {"echo ${x:hexhyp}", "2?\"${x:hexhyp}\" is read"},
      {"set y ${x${net0/mac}}", ""},
      {"set x:int32 1\necho ${x} ${x:hex}", ""},
      {"goto a\n:b\necho ${x}\nexit\n:a\nread x\ngoto b", ""},
      {"inc n\nchoose c\nnslookup ip1 host\nlet l length a\necho ${n}${c}${ip1}${l}", ""},
      {"set x${net0/mac} 1\necho ${x1} ${xy}", ""},
      {"set x${net0/mac} 1\necho ${y1}", "3?\"${y1}\""},
      {"isset ${x} && echo ${x} ||", ""},
      {"echo ${mac}${67}${43.9}${175.0xb0}${cpuvendor}${errno}${net0/any}${a/b}", ""},
      {"chain sub.ipxe\necho ${x}", ""},
      {"echo ${menu-timeout:-3000}",
       "2?\"${menu-timeout:-3000}\" is always empty: there is no setti"},
      {"iseq ${net0/ip} ${}", ""},
      {"echo ${x y}", "2?\"${x\": a \"${\" without its \"}\""},
  };
  for (const Case& c : cases) {
    std::string got = problems(cat("#!ipxe\n", c.lines, "\n"));
    if (c.problems.empty()) EXPECT_EQ(got, "") << c.lines;
    else EXPECT_TRUE(got.starts_with(c.problems)) << c.lines << ": " << got;
    EXPECT_EQ(std::count(got.begin(), got.end(), '!'), 0) << c.lines;
  }
  std::vector<std::string> elsewhere = settings_written(bytes_of("set x 1\nread net0/y:int8\n"));
  EXPECT_EQ(elsewhere, (std::vector<std::string>{"x", "y"}));
  EXPECT_TRUE(check_script(bytes_of("#!ipxe\necho ${x}${y}\n"), elsewhere).empty());
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
