// Completion at the command line, and help.
#include <gtest/gtest.h>

#include "src/console/console.h"
#include "src/image/image.h"
#include "src/script/completion.h"
#include "src/script/interpreter.h"
#include "src/script/shell.h"
#include "src/settings/settings.h"
#include "tests/fakes/fake_network.h"
#include "tests/fakes/fake_platform.h"

namespace hawser {
namespace {

struct ShellTest : testing::Test {
  fakes::FakePlatform platform{64u << 20};
  Loop loop{platform};
  Console console{loop};
  fakes::FakeNetwork network{platform};
  Settings settings{platform, network, "1.2"};
  ImageList images{platform};
  Interpreter interpreter{platform, loop, console, settings, network, images, all_commands()};

  ShellTest() {
    fakes::FakeInterface& net0 = network.add_interface();
    net0.answer = fakes::FakeNetwork::dhcp_answer("boot.ipxe");
    net0.answer->options = {{1, {255, 255, 255, 0}}};
    (void)net0.open();
    net0.lease();
    EXPECT_TRUE(settings.set("menu-url", "http://h/").ok());
    EXPECT_TRUE(settings.set("menu-time", "7").ok());
  }
  /// What can follow, with blanks between.
  std::string words(std::string_view line) {
    std::string text;
    for (const std::string& word : complete(interpreter.context(), line).words)
      text += (text.empty() ? "" : " ") + word;
    return text;
  }
  /// What is on the screen after keys typed in the shell.
  std::string typed(std::string_view keys) {
    platform.type(std::string(keys) + "\x03" + "exit\r");
    run_shell(interpreter.context());
    return platform.screen();
  }
};

TEST_F(ShellTest, WordsThatCanFollow) {
  EXPECT_EQ(words("imga"), "imgargs");
  EXPECT_EQ(words("echo a || imga"), "imgargs");
  EXPECT_EQ(words("isset x && ise"), "iseq");
  EXPECT_EQ(words("set x 1 ; imga"), "imgargs");
  EXPECT_EQ(words("kernel --au"), "--autofree");
  EXPECT_EQ(words("set menu"), "menu-time menu-url");
  EXPECT_EQ(words("echo ${menu-u"), "menu-url}");
  EXPECT_EQ(words("echo ${net0/ma"), "net0/mac}");
  EXPECT_EQ(words("echo ${menu-url} ${menu-t"), "menu-time}");
  EXPECT_EQ(words("echo ${net0.dhcp/net"), "net0.dhcp/netmask}");
  EXPECT_EQ(words("echo ${net0/net"), "net0/netmask}") << "found in the block below as well";
  EXPECT_EQ(words("ifstat ne"), "net0");
  EXPECT_EQ(words("help imga"), "imgargs");
  EXPECT_EQ(words("time ifst"), "ifstat");
  EXPECT_EQ(words("isset "), "${");
  EXPECT_EQ(words("iseq a $"), "${");
  EXPECT_EQ(words("show -q menu-u"), "menu-url");
  EXPECT_EQ(words("set hostn"), "hostname") << "well known, though it has no value";
  EXPECT_EQ(words("set net0/netm"), "net0/netmask");
  EXPECT_EQ(words("set x menu-u"), "") << "a value is anything";
  EXPECT_EQ(words("choose --timeout 5 menu-u"), "menu-url");
  EXPECT_EQ(words("choose --timeout=5 -k menu-u"), "menu-url");
  EXPECT_EQ(words("prompt --"), "--help --key --timeout");
  EXPECT_EQ(words("kernel x --au"), "") << "behind an operand it is one as well";
  EXPECT_EQ(words("echo ${x} ${"), words("echo ${"));
  EXPECT_EQ(words(""), words("echo a ; "));
  EXPECT_EQ(words("nosuch x"), "");
  EXPECT_EQ(words("echo a"), "");
}

TEST_F(ShellTest, ImagesThatCanFollow) {
  for (std::string name : {"vmlinuz", "vm\rlinux", "initrd.img"})
    ASSERT_TRUE(images.add(name, bytes_of("x"), std::nullopt).ok());
  EXPECT_EQ(words("imgstat v"), "vmlinuz") << "no name that would be taken for keys";
  EXPECT_EQ(words("boot v"), "vmlinuz");
  EXPECT_EQ(words("imgfree vmlinuz in"), "initrd.img");
  EXPECT_EQ(words("boot vmlinuz in"), "");
}

TEST_F(ShellTest, TabCompletes) {
  EXPECT_NE(typed("imga\t--x\t").find("hawser> imgargs --x\n"), std::string::npos);
}

TEST_F(ShellTest, TabAddsWhatIsCommonAndThenLists) {
  std::string screen = typed("set men\t\tu\tvalue");
  EXPECT_NE(screen.find("hawser> set menu-\nmenu-time  menu-url\nhawser> set menu-url value\n"),
            std::string::npos)
      << screen;
}

TEST_F(ShellTest, TheFirstTabListsNothing) {
  EXPECT_NE(typed("set menu-\tx\t").find("hawser> set menu-x\n"), std::string::npos);
  EXPECT_EQ(platform.screen().find("menu-time"), std::string::npos);
}

TEST_F(ShellTest, TabInTheMiddleKeepsTheRest) {
  EXPECT_NE(typed("echo ${menu-u end\x1b[D\x1b[D\x1b[D\x1b[D\t").find("echo ${menu-url} end\n"),
            std::string::npos);
}

TEST_F(ShellTest, HelpFitsTheScreen) {
  interpreter.run_line("help");
  std::string screen = platform.screen();
  EXPECT_LT(std::count(screen.begin(), screen.end(), '\n'), 24);
  size_t longest = 0;
  for (size_t at = 0, end; (end = screen.find('\n', at)) != screen.npos; at = end + 1)
    longest = std::max(longest, end - at);
  EXPECT_LT(longest, 80u);
  for (CommandTable table : all_commands())
    for (const Command& command : table) EXPECT_TRUE(platform.printed(command.name));
}

TEST_F(ShellTest, ColumnsLineUp) {
  console.print_columns({"a", "bb", std::string(30, 'c'), "d", "e"});
  EXPECT_EQ(platform.screen(), "a                               bb\n" + std::string(30, 'c') +
                                   "  d\n"
                                   "e\n");
  console.print_columns({std::string(100, 'x'), "y"});
  EXPECT_TRUE(platform.printed(std::string(100, 'x') + "\ny\n"));
}

TEST_F(ShellTest, HelpExplainsACommand) {
  interpreter.run_line("help choose");
  EXPECT_TRUE(platform.printed("choose [-m|--menu <menu>]"));
  EXPECT_EQ(interpreter.run_line("help nosuch").status.error().code, Errc::NotFound);
}

TEST_F(ShellTest, LongPastedLinesArrive) {
  std::string text(60'000, 'x');
  platform.type("set pasted " + text + "\rexit\r");
  run_shell(interpreter.context());
  EXPECT_EQ(settings.text("pasted"), text);
}

TEST_F(ShellTest, LinesThatAreTooLongAreNotRun) {
  std::string screen = typed("set pasted " + std::string(70'000, 'x') + "\recho next\r");
  EXPECT_EQ(settings.text("pasted"), "");
  EXPECT_NE(screen.find("The line has more than 64 KiB; it is not taken.\nhawser> echo next\nnext"),
            std::string::npos);
}

TEST_F(ShellTest, LinesPastedWhileACommandRunsArrive) {
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += "inc counter\r";
  platform.type("set counter:int32 0\rsleep 1\r");
  platform.type_at({500}, lines + "exit\r");
  run_shell(interpreter.context());
  EXPECT_EQ(settings.text("counter"), "100");
}

TEST_F(ShellTest, ThePromptFollowsEachFailure) {
  EXPECT_NE(typed("nosuch\rclear\rimgfree x\r")
                .find("hawser> nosuch\nnosuch: command not found\n"
                      "hawser> clear\nclear: needs at least 1"),
            std::string::npos);
  EXPECT_NE(platform.screen().find("no such image"), std::string::npos) << platform.screen();
}

}  // namespace
}  // namespace hawser
