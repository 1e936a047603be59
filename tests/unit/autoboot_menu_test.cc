// PXE boot menus: reading them, and what is chosen.
#include "src/autoboot_menu.h"

#include <gtest/gtest.h>

#include "src/autoboot.h"
#include "tests/unit/script_fixture.h"

namespace hawser {
namespace {

using std::string_literals::operator""s;

std::optional<PxeMenu> parse(const std::string& menu, const std::string& prompt) {
  return parse_pxe_menu(bytes_of(menu), bytes_of(prompt));
}

TEST(PxeMenuParse, ItemsAndPrompt) {
  auto menu = parse("\0\0\x05Local\x80\x01\x07Install"s, "\x0aPick one"s);
  ASSERT_TRUE(menu);
  ASSERT_EQ(menu->items.size(), 2u);
  EXPECT_EQ(menu->items[0].type, 0);
  EXPECT_EQ(menu->items[1].type, 0x8001);
  EXPECT_EQ(menu->items[1].text, "Install");
  EXPECT_EQ(menu->prompt, "Pick one");
  EXPECT_EQ(menu->timeout_s, 10);
}

TEST(PxeMenuParse, BrokenOnes) {
  const std::string whole = "\0\x01\x05Local\x80\x01\x07Install"s;
  for (size_t length = 0; length < whole.size(); ++length) {
    auto menu = parse(whole.substr(0, length), "");
    EXPECT_EQ(menu.has_value(), length >= 8) << length;
    if (menu) { EXPECT_EQ(menu->items.size(), 1u); }
  }
  EXPECT_EQ(parse("\0\x01\x02\x1b["s, "")->items[0].text.find('\x1b'), std::string::npos);
}

class PxeMenuTest : public ScriptTest {
 protected:
  void offer(const std::string& pxe, const std::string& vendor = "PXEClient") {
    DhcpReply reply = fakes::FakeNetwork::dhcp_answer("");
    reply.options = {{54, {10, 0, 2, 2}},
                     {60, {vendor.begin(), vendor.end()}},
                     {43, {pxe.begin(), pxe.end()}}};
    net0().answer = reply;
    net0().lease();
  }
  std::optional<PxeMenu> found() { return pxe_menu(settings, net0()); }
  uint16_t chosen(std::string_view keys) {
    platform.type(keys);
    auto item = choose_item(console, *found());
    return item.ok() ? item->type : 0xffff;
  }
  static inline const std::string kItems = "\x09\x0b\0\x01\x02Ye\x80\x01\x03No\xff"s;
};

TEST_F(PxeMenuTest, TimeTakesTheFirst) {
  offer("\x0a\x05\x03Menu\x09\x0a\0\x01\x02Ye\0\x02\x02No\xff"s);
  EXPECT_EQ(chosen(""), 1);
  EXPECT_TRUE(platform.printed("Menu (F8: menu; 3 s)"));
}

TEST_F(PxeMenuTest, KeysAtThePrompt) {
  offer("\x0a\x05\x03Menu\x09\x0a\0\x01\x02Ye\0\x02\x02No\xff"s);
  EXPECT_EQ(chosen(" "), 1);
  EXPECT_EQ(chosen("\x03"), 0xffff);
  EXPECT_EQ(chosen("\x1b[19~\x1b[B\r"), 2);
}

TEST_F(PxeMenuTest, WithoutPromptTheMenuIsShown) {
  offer("\x09\x0a\0\x01\x02Ye\0\x02\x02No\xff"s);
  EXPECT_EQ(chosen("\x1b[B\r"), 2);
}

TEST_F(PxeMenuTest, WhenThereIsNone) {
  const std::string menu = "\x09\x05\0\x01\x02Ye"s;
  offer(menu + "\xff");
  EXPECT_TRUE(found());
  ASSERT_TRUE(settings.set("pxe-menu", "0").ok());
  EXPECT_FALSE(found());
  ASSERT_TRUE(settings.clear("pxe-menu").ok());
  offer(menu + "\x0a\x01\0\xff"s);
  EXPECT_FALSE(found()) << "the client has followed it";
  offer(menu + "\xff", "PXEClient:Arch:00000");
  EXPECT_FALSE(found());
  offer(menu + "\x06\x01\x08\xff"s);
  EXPECT_TRUE(found()) << "a preferred file that is not there";
  ASSERT_TRUE(settings.set("net0/filename", "boot.ipxe").ok());
  EXPECT_FALSE(found());
  offer("\x09\x05\0\x01\x09Ye\xff"s);
  EXPECT_FALSE(found());
}

TEST_F(PxeMenuTest, LocalDiskEndsAutomaticBoot) {
  offer("\x0a\x02\x01M\x09\x08\0\0\x05Local\xff"s);
  net0().answer = *net0().dhcp_reply();
  net0().close();
  EXPECT_EQ(autoboot(interpreter.context(), network.interfaces()), AutobootEnd::Ended);
  EXPECT_TRUE(platform.printed("Chosen: the local disk"));
}

}  // namespace
}  // namespace hawser
