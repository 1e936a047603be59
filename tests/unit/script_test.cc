// The script language: lines, labels, operators, expansion, jumps, nesting, messages.
#include "tests/unit/script_fixture.h"

#include <gmock/gmock.h>

#include "src/script/expand.h"
#include "src/script/parser.h"

namespace hawser {

Status run_sample(Context& context, const SampleOptions& options, Args args) {
  std::string text = "name=" + options.name + " timeout=" + std::to_string(options.timeout.ms);
  if (options.key) text += " key=" + std::to_string(options.key->code);
  if (options.number) text += " number=" + std::to_string(*options.number);
  if (options.quiet) text += " quiet";
  if (options.all) text += " all";
  context.console.print(text + " [" + join(args) + "]\n");
  return ok_status();
}

namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Case {
  std::string_view script, output;
};

TEST_F(ScriptTest, GoesToEachOfManyLabels) {
  std::string script = "goto n120000\n";
  for (int i = 0; i <= 120'000; ++i)
    script += ":n" + std::to_string(i) + (i == 60'000 ? "\necho half\ngoto n119999\n" : "\n");
  // From behind the labels that are kept to one of those, and back.
  script += "isset ${once} && goto end ||\nset once 1\ngoto n60000\n:end echo ${once}";
  EXPECT_EQ(run(script), "half\n1\n");
}

TEST_F(ScriptTest, RunsAsMeasured) {
  for (Case c : {
           Case{"iseq a b || echo A && echo B", "A\nB\n"},
           {"iseq a a || echo A && echo B", "B\n"},
           {"iseq a b ; echo A", "A\n"},
           {"# comment \\\necho swallowed\necho shown", "shown\n"},
           {"echo one \\\n  two", "one two\n"},
           {"echo on\\\ne", "one\n"},
           {"echo a\\\r\nb\r\necho c", "ab\nc\n"},
           {"set v a${nothing}b  c   d\necho [${v}]", "[ab c d]\n"},
           {"set v ab c d\necho [${v:uristring}]", "[ab%20c%20d]\n"},
           {"set sp:hex 20\necho a${sp:string}${sp:string}b", "a  b\n"},
           {"set w \"two words\"\necho ${w}", "\"two words\"\n"},
           {"echo ${${nothing}}-${undefined/x}-${ip:nosuchtype}", "--\n"},
           {"set e\nisset ${e} || echo E", "E\n"},
           {"set u:uuid 4c4c454400301031804ab4c04f4a4d32\necho ${u} ${u:guid}",
            "4c4c4544-0030-1031-804a-b4c04f4a4d32 44454c4c-3000-3110-804a-b4c04f4a4d32\n"},
           {"set n:int16 -2\necho ${n} ${n:hexraw} ${n:uint16} ${n:int32} ${n:uint32}\n"
            "inc n 5\necho ${n}",
            "-2 fffe 0xfffe -2 0xfffe\n3\n"},
           {"set c:uint32 0xffffffff\ninc c\necho ${c}", "0x0\n"},
           {"set a.b/c 5\nshow a.b/c", "a.b/c:string = 5\n"},
           {"clear neverset\necho ok", "ok\n"},
           {"set 67 fromtag\necho ${filename}\nclear 67\necho ${filename}", "fromtag\nboot.ipxe\n"},
           {"echo ${ip:hexraw} ${netmask:uint32}", "0a00020f 0xffffff00\n"},
           {"set b:base64 AQID\necho ${b:hexraw}", "010203\n"},
           {"echo ${netX/busloc:busdevfn}", "0000:00:02.0\n"},
           {"set net0/foo bar\necho ${foo} ${netX/foo}\nset foo root\necho ${foo} ${net0/foo}",
            "bar bar\nroot bar\n"},
           {"echo ${54} ${net0/54:ipv4} ${net0.dhcp/53:uint8}", "10.0.2.2 10.0.2.2 0x5\n"},
           {"echo -n a\necho b", "ab\n"},
           {"echo", "\n"},
           {"iseq a b || iseq c c && echo yes", "yes\n"},
           {"iseq a a && goto yes ||\necho no\n:yes\necho done", "done\n"},
           {"iseq a b && goto yes || goto no\n:yes\necho y\n:no\necho n", "n\n"},
           {"goto a ; echo never\n:a", ""},
           {":x echo labelled", "labelled\n"},
           {"goto twice\n:twice echo first\nexit\n:twice echo second", "first\n"},
           {"  :indented echo i", "i\n"},
           {"set t b\ngoto ${t}\necho no\n:b echo yes", "yes\n"},
           {"goto lab\\\nel\n:label echo yes", "yes\n"},
           // labels that were passed on the way to another are known, and the first of two counts
           {"goto c\n:a echo a1\ngoto b\n:a echo a2\n:b echo b\nexit\n:c goto a", "a1\nb\n"},
           {"goto x\n# \\\n:x echo hidden by the comment\n:x echo seen", "seen\n"},
           {"echo a;b a||b a#b http://x/#y # gone", "a;b a||b a#b http://x/#y\n"},
           {"set op ;\nset hash #\nset op:hex 3b\necho a ${op:string} b", "a ; b\n"},
           {"set a 1 ; echo ${a} ; set a 2 ; echo ${a}", "1\n2\n"},
           {"echo a ${nothing} b", "a  b\n"},
           {"iseq ${nothing} 1 || echo differs", "differs\n"},
           {"set x a b\niseq ${x} ${x} && echo same", "same\n"},
           {"set one two\nset two three\necho ${${one}} ${${${nothing}one}}", "three three\n"},
           {"set v ${${\necho ${v} } ${", "${${ } ${\n"},
           {"set i:int32 0\n:again\ninc i\niseq ${i} 3 || goto again\necho ${i}", "3\n"},
           {"inc fresh\necho ${fresh} ${fresh:hexraw}", "1 00000001\n"},
           {"set k:int8 127\ninc k\necho ${k}", "-128\n"},
           {"inc k -2\necho ${k}", "-2\n"},
           {"fail || echo ${errno}", "t.ipxe:1: fail: it broke\n0x1d000000\n"},
           {"fail ||\necho ${errno}", "t.ipxe:1: fail: it broke\n0x1d000000\n"},
           {"\n\n   \t\r\necho four # x", "four\n"},
           {"echo \xc3\xa9", "\xc3\xa9\n"},
           {"echo last without line end\\x", "last without line end\\x\n"},
           {"show -q ip && show ip\nshow mac\nset s 1\nshow s",
            "net0.dhcp/ip:ipv4 = 10.0.2.15\nnet0/mac:hex = 52:54:00:12:34:56\ns:string = 1\n"},
           {"show netX/mac:hexhyp\nshow netX.dhcp/54",
            "net0/mac:hexhyp = 52-54-00-12-34-56\nnet0.dhcp/54:ipv4 = 10.0.2.2\n"},
           {"exit\necho never", ""},
           {"sub inner ; echo back", "back\n"},
       }) {
    for (auto setting : {"v", "e", "n", "c", "a.b/c", "net0/foo", "foo", "i", "fresh", "k", "x",
                         "s", "a", "t", "op", "hash", "one", "two", "filename"})
      ASSERT_TRUE(settings.clear(setting).ok());
    EXPECT_EQ(run(c.script), c.output) << c.script;
    EXPECT_TRUE(end.status.ok()) << c.script << ": " << end.status.error().text;
  }
}

struct Failing {
  std::string_view script;
  Errc code;
  std::string_view says;  ///< in the output
};

TEST_F(ScriptTest, FailsAsMeasured) {
  for (Failing c : {
           Failing{"goto ${nolabel}", Errc::NotFound, "t.ipxe:1: goto: there is no label \"\"\n"},
           {"${nothing}", Errc::Format, "t.ipxe:1: : command not found\n"},
           {"\nnosuchcmd arg", Errc::Format, "t.ipxe:2: nosuchcmd: command not found\n"},
           {"\x01\x1b[31m", Errc::Format, "??[31m: command not found"},
           {"isset", Errc::Range, "Usage:\n\n  isset <value>\n"},
           {"iseq a", Errc::Range, "needs at least 2 operands, has 1"},
           {"iseq a b c", Errc::Range, "needs at most 2 operands, has 3"},
           {"set h:hex 1:2", Errc::Invalid, "set: Could not store \"h\": "},
           {"set h:hex 0102", Errc::Invalid, "Could not store \"h\": "},
           {"set s 12\ninc s", Errc::Unsupported, "t.ipxe:2: inc: Could not store \"s\": "},
           {"set x:busdevfn 5", Errc::Unsupported, "Could not store \"x\""},
           {"set i:int8 abc", Errc::Invalid, "Could not store \"i\""},
           {"set i:ipv4 1.2.3", Errc::Invalid, "Could not store \"i\""},
           {"set i:ipv4 host.name", Errc::Invalid, "Could not store \"i\""},
           {"set i:nosuchtype 1", Errc::Invalid, "there is no setting type of that name"},
           {"set smbios/x 1", Errc::Unsupported, "read-only"},
           {"set net0/busloc 1", Errc::Unsupported, "cannot be changed"},
           {"set a.b/c 5\nclear a.b/c\nshow a.b/c", Errc::NotFound, "Could not find \"c\""},
           {"show nosuch/x", Errc::NotFound, "Could not find \"x\""},
           {"set s abc\nshow s:ipv4", Errc::Invalid, "too short"},
           {"inc n 5x", Errc::Invalid, "\"5x\": invalid integer value"},
           {"iseq a b", Errc::Range, "t.ipxe:1: the script ends here: a command failed"},
           {"echo a\\", Errc::Invalid, "t.ipxe:1: the script ends where its last line"},
           {"echo a\\\n", Errc::Invalid, "t.ipxe:1: "},
           {"exit 5", Errc::Invalid, ""},
           {"exit ${errno}x", Errc::Invalid, "invalid integer value"},
           {"fail ; iseq a b", Errc::Range, "it broke"},
           {"iseq a a && fail", Errc::Io, "t.ipxe:1: fail: it broke\n"},
           {"goto missing || fail", Errc::Io, "there is no label \"missing\""},
           {"goto MISSING\n:missing", Errc::NotFound, "MISSING"},
       }) {
    std::string output = run(c.script);
    ASSERT_FALSE(end.status.ok()) << c.script << ": " << output;
    EXPECT_EQ(end.status.error().code, c.code) << c.script << ": " << output;
    EXPECT_THAT(output, HasSubstr(std::string(c.says))) << c.script;
  }
}

TEST_F(ScriptTest, SelfMentioningValueEndsInAnError) {
  ASSERT_TRUE(
      settings.store("loop", {'$', '{', 'l', 'o', 'o', 'p', '}'}, SettingType::String).ok());
  auto text = expand(settings, "a${loop}");
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().code, Errc::Invalid);
  std::string big(40000, 'x');
  ASSERT_TRUE(settings.set("big", big).ok());
  EXPECT_FALSE(expand(settings, "${big}${big}").ok());
  EXPECT_THAT(run("echo ${big} ${big} ${big} ${big} ${big} ${big} ${big}"),
              HasSubstr("echo: expands to more than 256 KiB"));
  EXPECT_THAT(run("echo ${loop} || echo caught ${errno}"), HasSubstr("caught 0x1c000000"));
}

TEST_F(ScriptTest, OverlongAndBinaryLinesAreToldApart) {
  std::string output = run("echo before\n" + std::string(1 << 20, 'x'));
  EXPECT_EQ(output, "before\nt.ipxe:2: a line of more than 64 KiB: is this a script?\n");
  EXPECT_EQ(end.status.error().code, Errc::Invalid);

  std::string joined = "echo ";
  for (int i = 0; i < 3000; ++i) joined += "some words and a continuation \\\n";
  EXPECT_THAT(run(joined + "end"), HasSubstr("t.ipxe:1: a line of more than 64 KiB"));

  EXPECT_THAT(run(std::string_view("#!ipxe\n\x7f"
                                   "ELF\0\0\0",
                                   14)),
              HasSubstr("t.ipxe:2: the line holds NUL bytes"));
  EXPECT_THAT(run(std::string_view("goto x\n\0", 8)), HasSubstr("goto: the line holds NUL bytes"));
}

TEST_F(ScriptTest, EndlessLoopEndsWithCtrlC) {
  platform.type_at({200}, "ab\x03");
  std::string output = run("set n:int32 0\n:top\ninc n\ngoto top\n");
  EXPECT_EQ(end.status.error().code, Errc::Cancelled);
  EXPECT_THAT(output, testing::MatchesRegex("t.ipxe:[0-9]: cancelled \\(Ctrl-C\\)\n"));
  EXPECT_GE(platform.now().ms, 200);
  EXPECT_EQ(loop.key(), 'a');  // typed ahead keys are not lost
  EXPECT_EQ(settings.text("errno"), "0xb000000");
}

TEST_F(ScriptTest, NestedScriptsReportWhereTheyStopped) {
  sub_scripts["inner"] = "echo in\nfail\necho never";
  EXPECT_EQ(run("sub inner || echo ${errno}\nsub inner\necho never"),
            "in\ninner:2: fail: it broke\n"
            "t.ipxe:1: sub: inner ended with an error at line 2\n0x1d000000\n"
            "in\ninner:2: fail: it broke\n"
            "t.ipxe:2: sub: inner ended with an error at line 2\n");
}

TEST_F(ScriptTest, ExitStatusReachesTheCaller) {
  sub_scripts["five"] = "exit 5\necho never";
  EXPECT_EQ(run("sub five || echo ${errno}"),
            "t.ipxe:1: sub: five exited with status 0x5 at line 1\n0x5\n");
  sub_scripts["pass"] = "fail || exit ${errno}";
  EXPECT_THAT(run("sub pass || echo ${errno}\nfail || echo ${errno}"),
              HasSubstr("0x1d000000\nt.ipxe:2: fail: it broke\n0x1d000000\n"));
  sub_scripts["zero"] = "exit 0 ; echo never";
  EXPECT_EQ(run("sub zero && echo fine"), "fine\n");
}

TEST_F(ScriptTest, NestingIsBounded) {
  sub_scripts["again"] = "sub again";
  std::string output = run("sub again || echo still here");
  EXPECT_THAT(output, HasSubstr("again:1: sub: scripts are nested more than 64 deep"));
  EXPECT_THAT(output, testing::EndsWith("still here\n"));
}

TEST_F(ScriptTest, ReplacementEndsTheScript) {
  EXPECT_EQ(run("echo a\nreplace ; echo never\necho never"), "a\n");
  EXPECT_TRUE(end.status.ok());
  EXPECT_EQ(end.replacement, &replacement_image);
}

TEST_F(ScriptTest, ShellLinesAreNotInAScript) {
  EXPECT_EQ(shell("echo hello"), "hello\n");
  EXPECT_EQ(shell("nosuch"), "nosuch: command not found\n");
  EXPECT_EQ(shell("goto x"), "goto: not in a script\n");
  EXPECT_EQ(line_end.status.error().code, Errc::NotInScript);
  EXPECT_THAT(shell("replace"), StartsWith("replace: not in a script"));
  EXPECT_EQ(shell("iseq a b"), "");
  EXPECT_FALSE(line_end.left);
  EXPECT_EQ(shell("iseq a b || exit ; echo never"), "");
  EXPECT_TRUE(line_end.left);
}

TEST_F(ScriptTest, ReadsOptions) {
  for (Case c : {
           Case{"sample u", "name= timeout=7 [u]\n"},
           {"sample --name x --timeout 100 u a b", "name=x timeout=100 [u a b]\n"},
           {"sample --name=x --timeout=0x10 u", "name=x timeout=16 [u]\n"},
           {"sample -nx -t5 u", "name=x timeout=5 [u]\n"},
           {"sample -qan x u", "name=x timeout=7 quiet all [u]\n"},
           {"sample -qanx u", "name=x timeout=7 quiet all [u]\n"},
           {"sample u --name x", "name= timeout=7 [u --name x]\n"},
           {"sample -q -- -a b", "name= timeout=7 quiet [-a b]\n"},
           {"sample - b", "name= timeout=7 [- b]\n"},
           {"sample --name= u", "name= timeout=7 [u]\n"},
           {"sample -k 1 u", "name= timeout=7 key=49 [u]\n"},
           {"sample --key 0x107e u", "name= timeout=7 key=4222 [u]\n"},
           {"sample --number=-5 u", "name= timeout=7 number=-5 [u]\n"},
           {"sample -x-5 u", "name= timeout=7 number=-5 [u]\n"},
       })
    EXPECT_EQ(shell(c.script), c.output) << c.script;
}

TEST_F(ScriptTest, RefusesBadOptions) {
  for (Failing c : {
           Failing{"sample --bogus u", Errc::Invalid,
                   "Unrecognised option \"--bogus\"\nUsage:\n\n"},
           {"sample --nam x u", Errc::Invalid, "Unrecognised option \"--nam\""},
           {"sample -z u", Errc::Invalid, "Unrecognised option \"-z\""},
           {"sample -qz u", Errc::Invalid, "Unrecognised option \"-z\""},
           {"sample --name", Errc::Invalid, "Option \"name\" requires an argument"},
           {"sample -n -q u", Errc::Invalid, "Option \"name\" requires an argument"},
           {"sample --quiet=1 u", Errc::Invalid, "Option \"quiet\" takes no argument"},
           {"sample --timeout 5s u", Errc::Invalid, "\"5s\": invalid integer value"},
           {"sample -t-1 u", Errc::Invalid, "a time in milliseconds cannot be that"},
           {"sample --key ab u", Errc::Invalid, "\"ab\": invalid key"},
           {"sample", Errc::Range, "needs at least 1 operand, has 0"},
           {"sample a b c d", Errc::Range, "needs at most 3 operands, has 4"},
           {"sample --help", Errc::Cancelled,
            "Usage:\n\n  sample [-n|--name <name>] [-t|--timeout <ms>]"},
           {"sample -h u", Errc::Cancelled, "-q, --quiet"},
       }) {
    std::string output = shell(c.script);
    ASSERT_FALSE(line_end.status.ok()) << c.script;
    EXPECT_EQ(line_end.status.error().code, c.code) << c.script;
    EXPECT_THAT(output, HasSubstr(std::string(c.says)));
  }
}

TEST_F(ScriptTest, ResolvesUriArguments) {
  auto resolved = [&](std::string_view text) {
    auto uri = uri_argument(settings, text);
    return uri.ok() ? to_string(*uri) : uri.error().text;
  };
  EXPECT_THAT(resolved("vmlinuz"), HasSubstr("is relative, but there is no ${cwuri}"));
  EXPECT_THAT(resolved(""), HasSubstr("the URI is empty"));
  EXPECT_THAT(resolved("http:///x"), HasSubstr("no host"));
  {
    WorkingUri outer{settings.builtin(), *parse_uri("http://u:p@h/a/boot.ipxe?x=1#f")};
    EXPECT_EQ(resolved("vm linuz"), "http://u:p@h/a/vm%20linuz");
    EXPECT_EQ(settings.text("cwuri"), "http://u:p@h/a/boot.ipxe?x=1");
    EXPECT_EQ(settings.text("cwduri"), "http://u:p@h/a/");
    {
      WorkingUri inner{settings.builtin(), *parse_uri("tftp://t")};
      EXPECT_EQ(resolved("x"), "tftp://t/x");
      EXPECT_EQ(settings.text("cwduri"), "tftp://t/");
      WorkingUri unchanged{settings.builtin(), std::nullopt};
      EXPECT_EQ(settings.text("cwuri"), "tftp://t");
    }
    EXPECT_EQ(resolved("/x"), "http://u:p@h/x");
  }
  EXPECT_EQ(settings.text("cwuri"), "");
}

TEST(ScriptParser, KnowsScripts) {
  for (std::string_view text : {"#!ipxe\n", "#!ipxe\r\n", "#!gpxe x", "#!ipxe\t", "#!ipxe\v"})
    EXPECT_TRUE(is_script(bytes_of(text))) << text;
  for (std::string_view text : {"", "#!ipxe", "#! ipxe\n", "#!ipxel\n", "\n#!ipxe\n", "#!IPXE\n"})
    EXPECT_FALSE(is_script(bytes_of(text))) << text;
}

TEST(ScriptParser, NumbersLinesByTheirFirst) {
  std::string_view script = "a\nb \\\n c\\\nd\n\ne";
  LineReader reader{bytes_of(script)};
  std::vector<std::pair<unsigned, std::string>> lines;
  while (auto line = *reader.next()) lines.emplace_back(line->number, line->text);
  EXPECT_EQ(lines, (std::vector<std::pair<unsigned, std::string>>{
                       {1, "a"}, {2, "b  cd"}, {5, ""}, {6, "e"}}));
}

}  // namespace
}  // namespace hawser
