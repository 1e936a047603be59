// The conformance table (tests/script/README.md) on a fake machine: each case is a script that is
// chained from the shell, with one interface that has a lease, 10.0.2.15 from 10.0.2.2.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "src/base/format.h"
#include "src/console/console.h"
#include "src/image/image.h"
#include "src/loop.h"
#include "src/script/interpreter.h"
#include "src/settings/settings.h"
#include "tests/fakes/fake_network.h"
#include "tests/fakes/fake_platform.h"

namespace hawser {
namespace {

constexpr std::string_view kFolder = "tests/script";
constexpr std::string_view kServer = "tftp://10.0.2.2/";

/// What must be printed: a whole line, part of a line, any lines, or the failure that ends it.
struct Expected {
  enum class Kind { Line, Part, Any, Failure } kind;
  std::string text;
  uint32_t status = 0;  ///< of Failure
};

struct Case {
  std::string place;  ///< "1-grammar.cases:12"
  std::string section;
  std::vector<std::pair<std::string, std::string>> files;  ///< the first is the script itself
  std::vector<Expected> expected;
  std::string keys;  ///< typed one second after its start

  friend void PrintTo(const Case& c, std::ostream* out) {
    *out << c.place << " [" << c.section << "]";
  }
};

std::string unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    char c = text[++i];
    if (c == 'x') {
      out += char(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
    }
  }
  return out;
}

/// "=> text", "=~ text", "=*", "=! 2d text".
Expected parse_expected(std::string_view text) {
  char kind = text.at(1);
  std::string rest{text.substr(std::min<size_t>(3, text.size()))};
  if (kind == '*') return {Expected::Kind::Any, ""};
  if (kind == '~') return {Expected::Kind::Part, rest};
  if (kind == '>') return {Expected::Kind::Line, rest};
  size_t blank = std::min(rest.find(' '), rest.size());
  auto status = uint32_t(std::stoul(rest.substr(0, blank), nullptr, 16));
  if (!rest.starts_with("0x")) status <<= 24;
  return {Expected::Kind::Failure, rest.substr(std::min(blank + 1, rest.size())), status};
}

/// "[5] set x 1 => text => text": the script, then what is expected.
void parse_row(std::string_view row, Case& to) {
  auto next_mark = [&](size_t from) {
    size_t at = std::string_view::npos;
    for (std::string_view mark : {" =>", " =~", " =*", " =!"})
      at = std::min(at, row.find(mark, from));
    return at;
  };
  size_t at = next_mark(0);
  to.files = {{"case.ipxe", cat("#!ipxe\n", row.substr(0, at), "\n")}};
  while (at != std::string_view::npos) {
    size_t end = next_mark(at + 3);
    to.expected.push_back(
        parse_expected(row.substr(at + 1, end == std::string_view::npos ? end : end - at - 1)));
    at = end;
  }
}

/// A line below "[section]: title".
void parse_block_line(std::string_view line, Case& to) {
  std::string_view text = line.substr(std::min<size_t>(2, line.size()));
  switch (line.at(0)) {
    case '|':
      to.files.back().second += cat(text, "\n");
      break;
    case '%':
      to.files.back().second += unescape(text);
      break;
    case '<':
      to.keys += unescape(text);
      break;
    case '+':
      to.files.emplace_back(text, "");
      break;
    default:
      to.expected.push_back(parse_expected(line));
  }
}

std::vector<Case> load_cases() {
  std::vector<std::filesystem::path> tables;
  if (std::filesystem::is_directory(kFolder))
    for (const auto& entry : std::filesystem::directory_iterator(kFolder))
      if (entry.path().extension() == ".cases") tables.push_back(entry.path());
  std::sort(tables.begin(), tables.end());
  std::vector<Case> cases;
  for (const auto& table : tables) {
    std::ifstream in(table);
    unsigned number = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      if (line.empty() || line[0] == '#') continue;
      if (line.starts_with("  ")) {
        parse_block_line(std::string_view(line).substr(2), cases.back());
        continue;
      }
      size_t close = line.find(']');
      Case& added = cases.emplace_back();
      added.place = cat(table.filename().string(), ":", number);
      added.section = line.substr(1, close - 1);
      if (line[close + 1] == ':') added.files = {{"case.ipxe", "#!ipxe\n"}};
      else parse_row(std::string_view(line).substr(close + 2), added);
    }
  }
  std::erase_if(cases, [](const Case& c) { return c.section.ends_with(" qemu"); });
  return cases;
}

/// The machine of spec §15.
struct Rig {
  Rig() {
    loop.add(network);
    fakes::FakeInterface& net0 = network.add_interface();
    DhcpReply reply = fakes::FakeNetwork::dhcp_answer("boot.ipxe");
    reply.options = {{53, {5}},
                     {54, {10, 0, 2, 2}},
                     {1, {255, 255, 255, 0}},
                     {3, {10, 0, 2, 2}},
                     {6, {10, 0, 2, 3}}};
    net0.answer = reply;
    (void)net0.open();
    net0.lease();
  }
  /// Its screen is elsewhere: what is printed is a log.
  struct Machine : fakes::FakePlatform {
    using FakePlatform::FakePlatform;
    void put_screen(std::string_view) override {}
    void put_log(std::string_view text) override { put(text); }
  };
  Machine platform{64u << 20};
  Loop loop{platform};
  Console console{loop};
  fakes::FakeNetwork network{platform};
  Settings settings{platform, network, "1.2"};
  ImageList images{platform};
  Interpreter interpreter{platform, loop, console, settings, network, images, all_commands()};
};

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool holds(const std::string& line, const std::string& part) {
  return line.find(part) != std::string::npos;
}

/// True when lines[at...] is what expected[next...] asks for.
bool fits(const std::vector<std::string>& lines, size_t at, const std::vector<Expected>& expected,
          size_t next) {
  if (next == expected.size()) return at == lines.size();
  const Expected& now = expected[next];
  switch (now.kind) {
    case Expected::Kind::Any:
      for (size_t skip = at; skip <= lines.size(); ++skip)
        if (fits(lines, skip, expected, next + 1)) return true;
      return false;
    case Expected::Kind::Failure:
      if (now.text.empty()) return true;
      return std::any_of(lines.begin() + ptrdiff_t(at), lines.end(),
                         [&](const std::string& line) { return holds(line, now.text); });
    case Expected::Kind::Line:
    case Expected::Kind::Part:
      if (at == lines.size()) return false;
      if (now.kind == Expected::Kind::Line ? lines[at] != now.text : !holds(lines[at], now.text))
        return false;
      return fits(lines, at + 1, expected, next + 1);
  }
  return false;
}

struct ScriptConformance : testing::TestWithParam<Case> {};

TEST_P(ScriptConformance, Holds) {
  const Case& c = GetParam();
  Rig rig;
  for (const auto& [name, body] : c.files) rig.network.files[cat(kServer, "c/", name)].body = body;
  if (!c.keys.empty()) rig.platform.type_at({1000}, c.keys);
  auto end = rig.interpreter.run_line(cat("chain -q ", kServer, "c/case.ipxe"));
  std::string screen = rig.platform.screen();
  std::vector<std::string> lines = lines_of(screen);
  uint32_t status = end.status.ok() ? 0 : rig.settings.builtin().last_error;
  if (status && !lines.empty()) lines.pop_back();  // what the outer chain says about it

  std::vector<Expected> expected = c.expected;
  uint32_t expected_status = 0;
  for (Expected& e : expected) {
    if (e.kind == Expected::Kind::Failure) expected_status = e.status;
    for (size_t at; (at = e.text.find("{dir}")) != std::string::npos;)
      e.text.replace(at, 5, cat(kServer, "c/"));
  }
  EXPECT_TRUE(fits(lines, 0, expected, 0)) << c.files[0].second << "printed:\n" << screen;
  EXPECT_EQ(hex(status), hex(expected_status)) << c.files[0].second << "printed:\n" << screen;
}

std::string case_name(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.place;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(uint8_t(c)); }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Table, ScriptConformance, testing::ValuesIn(load_cases()), case_name);

TEST(ScriptConformanceTable, IsThere) { EXPECT_GE(load_cases().size(), 400u); }

}  // namespace
}  // namespace hawser
