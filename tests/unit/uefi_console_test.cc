// The console of the UEFI platform, over a firmware's that is played.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "arch/x86_64/uefi/call_watch.h"
#include "arch/x86_64/uefi/console.h"
#include "arch/x86_64/uefi/firmware.h"

namespace hawser::uefi {
namespace {

using efi::Code;

/// A screen that keeps what is written, and keys to read.
struct FakeConsole {
  static constexpr int kColumns = 20, kRows = 5;
  efi::TextOutput out{};
  efi::TextMode mode{};
  efi::TextInput in{};
  efi::SystemTable table{};
  efi::BootServices services{};
  std::vector<std::u16string> rows{kRows, std::u16string(kColumns, u' ')};
  std::vector<uint64_t> attributes;
  std::vector<efi::InputKey> keys;
  int calls = 0;
  static FakeConsole* self;
  // A console over a serial line, so that no port is touched: Uart, then the end.
  static constexpr uint8_t kPath[] = {3, 14, 4, 0, 0x7f, 0xff, 4, 0};

  FakeConsole() {
    self = this;
    mode = {1, 0, 7, 0, 0, 1};
    out.mode = &mode;
    out.output = [](efi::TextOutput*, const char16_t* text) EFIAPI {
      ++self->calls;
      for (; *text; ++text) self->put(*text);
      return Code::Success;
    };
    out.query_mode = [](efi::TextOutput*, uint64_t, uint64_t* columns, uint64_t* rows) EFIAPI {
      *columns = kColumns;
      *rows = kRows;
      return Code::Success;
    };
    out.set_attribute = [](efi::TextOutput*, uint64_t attribute) EFIAPI {
      self->attributes.push_back(attribute);
      return Code::Success;
    };
    out.clear = [](efi::TextOutput*) EFIAPI {
      for (auto& row : self->rows) row.assign(kColumns, u' ');
      self->mode.cursor_column = self->mode.cursor_row = 0;
      return Code::Success;
    };
    out.set_cursor = [](efi::TextOutput*, uint64_t column, uint64_t row) EFIAPI {
      if (column >= kColumns || row >= kRows) return Code::Unsupported;
      self->mode.cursor_column = int(column);
      self->mode.cursor_row = int(row);
      return Code::Success;
    };
    out.enable_cursor = [](efi::TextOutput*, efi::Bool) EFIAPI { return Code::Success; };
    in.read_key = [](efi::TextInput*, efi::InputKey* key) EFIAPI {
      if (self->keys.empty()) return Code::NotReady;
      *key = self->keys.front();
      self->keys.erase(self->keys.begin());
      return Code::Success;
    };
    services.open_protocol = [](efi::Handle, const efi::Guid* guid, void** interface, efi::Handle,
                                efi::Handle, uint32_t) EFIAPI {
      if (!(*guid == efi::guid::kDevicePath)) return Code::Unsupported;
      *interface = const_cast<uint8_t*>(kPath);
      return Code::Success;
    };
    services.locate_handle_buffer = [](efi::SearchType, const efi::Guid*, void*, uint64_t*,
                                       efi::Handle**) EFIAPI { return Code::NotFound; };
    table.boot = &services;
    table.console_out_handle = table.console_in_handle = this;
    table.console_out = &out;
    table.console_in = &in;
    system_table = &table;
    console::init();
    calls = 0;
    attributes.clear();
  }
  ~FakeConsole() { system_table = nullptr; }

  void put(char16_t c) {
    if (c == u'\r') mode.cursor_column = 0;
    else if (c == u'\b') rows[mode.cursor_row][mode.cursor_column -= mode.cursor_column > 0] = u' ';
    else if (c == u'\n') mode.cursor_row = std::min(mode.cursor_row + 1, kRows - 1);
    else rows[mode.cursor_row][mode.cursor_column++] = c;
    if (mode.cursor_column < kColumns) return;
    mode.cursor_column = 0;
    mode.cursor_row = std::min(mode.cursor_row + 1, kRows - 1);
  }
  std::string row(int number) const { return utf8(rows[number].c_str(), kColumns); }
  std::string read() {
    std::string text;
    while (auto c = console::key()) text += *c;
    return text;
  }
};
FakeConsole* FakeConsole::self = nullptr;

TEST(UefiCallWatch, TellsOnTheConsole) {
  static efi::Notify notify;
  static int events;
  FakeConsole firmware;
  events = 0;
  firmware.services.create_event = [](uint32_t type, uint64_t tpl, efi::Notify function, void*,
                                      efi::Event* event) EFIAPI {
    EXPECT_EQ(type, efi::kEventTimer | efi::kEventNotifySignal);
    EXPECT_EQ(tpl, efi::kTplNotify);
    notify = function;
    *event = &events;
    ++events;
    return Code::Success;
  };
  firmware.services.set_timer = [](efi::Event, efi::TimerDelay delay, uint64_t) EFIAPI {
    EXPECT_EQ(delay, efi::TimerDelay::Periodic);
    return Code::Success;
  };
  firmware.services.close_event = [](efi::Event) EFIAPI {
    --events;
    return Code::Success;
  };
  start_call_watch();
  {
    FirmwareCall stuck("Stop()");
    for (int second = 0; second < 11; ++second) notify(&events, nullptr);
  }
  EXPECT_GT(firmware.calls, 0);
  EXPECT_EQ(firmware.row(1), "Hawser: the firmware") << "the rest does not fit";
  int calls = firmware.calls;
  for (int second = 0; second < 11; ++second) notify(&events, nullptr);
  EXPECT_EQ(firmware.calls, calls);
  stop_call_watch();
  EXPECT_EQ(events, 0);
}

TEST(UefiConsole, WritesALineWithOneCall) {
  FakeConsole firmware;
  console::put("caf\xc3\xa9 \xf0\x9f\x98\x80\nnext\rN");
  EXPECT_EQ(firmware.row(0), "caf\xc3\xa9 ?              ");
  EXPECT_EQ(firmware.row(1), "Next                ");
  EXPECT_EQ(firmware.calls, 1);
}

TEST(UefiConsole, ClearsScreensOfALogo) {
  FakeConsole firmware;
  static int screen, line;
  static efi::TextOutput of_line;
  of_line.clear = [](efi::TextOutput*) EFIAPI {
    ADD_FAILURE() << "a serial line keeps what is on it";
    return Code::Success;
  };
  firmware.services.locate_handle_buffer = [](efi::SearchType, const efi::Guid*, void*,
                                              uint64_t* count, efi::Handle** handles) EFIAPI {
    static efi::Handle found[] = {&screen, &line};
    *handles = found;
    *count = 2;
    return Code::Success;
  };
  firmware.services.free_pool = [](void*) EFIAPI { return Code::Success; };
  firmware.services.open_protocol = [](efi::Handle handle, const efi::Guid* guid, void** interface,
                                       efi::Handle, efi::Handle, uint32_t) EFIAPI {
    if (*guid == efi::guid::kTextOutput)
      *interface = handle == &screen ? &FakeConsole::self->out : &of_line;
    else if (*guid == efi::guid::kDevicePath && handle != &screen)
      *interface = const_cast<uint8_t*>(FakeConsole::kPath);
    else return Code::Unsupported;
    return Code::Success;
  };
  firmware.rows[1] = u"       logo         ";
  console::init();
  EXPECT_EQ(firmware.row(1), std::string(20, ' '));
}

TEST(UefiConsole, ABackspaceErasesNothing) {
  FakeConsole firmware;
  console::put("> abcde\b\b\b");
  EXPECT_EQ(firmware.row(0), "> abcde             ");
  EXPECT_EQ(firmware.mode.cursor_column, 4);
  console::put("C");
  console::put("\bX\b\n12\b\b\b34\b");
  EXPECT_EQ(firmware.row(0), "> abXde             ");
  EXPECT_EQ(firmware.row(1), "34                  ");
  EXPECT_EQ(firmware.mode.cursor_column, 1);
  console::put("\x1b[3;5Hxyz\b\b!\b\b?");
  EXPECT_EQ(firmware.row(2), "    ?!z             ") << "without the row's start being known";
  console::put("\r" + std::string(21, 'a') + "bc\b\bd");
  EXPECT_EQ(firmware.mode.cursor_column, 2) << "in the next row";
}

TEST(UefiConsole, CarriesOutSequences) {
  FakeConsole firmware;
  console::put("abcdef\rgh\x1b[K");
  EXPECT_EQ(firmware.row(0), "gh                  ");
  console::put("\x1b[3;5HX\x1b[2CY\x1b[4DZ");
  EXPECT_EQ(firmware.row(2), "    Z  Y            ") << "X is under Z";
  console::put("\x1b[1;33;44m!\x1b[0m");
  ASSERT_EQ(firmware.attributes.size(), 2u);
  EXPECT_EQ(firmware.attributes[0], 0x1eu);  // yellow on blue
  EXPECT_EQ(firmware.attributes[1], 0x07u);
  console::put("\x1b[2J");
  EXPECT_EQ(firmware.row(2), std::string(20, ' '));
  console::put("\x1b[999;999H");  // the firmware refuses; nothing else happens
  console::put("\x1b[1;1H\x1b[;;;;;;m\x1b[12");
  console::put("Hok");
  EXPECT_EQ(firmware.row(0), "ok                  ");
}

TEST(UefiConsole, KeysArriveAsASerialLineWouldSendThem) {
  FakeConsole firmware;
  firmware.keys = {{0, u'a'}, {1, 0}, {0x0b, 0}, {0, u'\r'}, {0x17, 0}, {0, 0x20ac}, {0, 3}};
  EXPECT_EQ(firmware.read(), "a\x1b[A\x1b[11~\r\x1b");
  EXPECT_EQ(firmware.read(), "\x03");  // the euro sign before it is dropped
}

TEST(UefiConsole, TheBackspaceOfATerminalIsNotDelete) {
  FakeConsole firmware;
  static int line;
  static std::vector<efi::InputKey> typed;
  static efi::TextInputEx in;
  typed = {{0, u'x'}, {8, 0}};
  in.read_key = [](efi::TextInputEx*, efi::KeyData* data) EFIAPI {
    if (typed.empty()) return Code::NotReady;
    data->key = typed.front();
    typed.erase(typed.begin());
    return Code::Success;
  };
  firmware.services.locate_handle_buffer = [](efi::SearchType, const efi::Guid*, void*,
                                              uint64_t* count, efi::Handle** handles) EFIAPI {
    static efi::Handle found[] = {&line};
    *handles = found;
    *count = 1;
    return Code::Success;
  };
  firmware.services.free_pool = [](void*) EFIAPI { return Code::Success; };
  firmware.services.open_protocol = [](efi::Handle handle, const efi::Guid* guid, void** interface,
                                       efi::Handle, efi::Handle, uint32_t) EFIAPI {
    if (*guid == efi::guid::kTextInputEx && handle == &line) *interface = &in;
    else if (*guid == efi::guid::kDevicePath) *interface = const_cast<uint8_t*>(FakeConsole::kPath);
    else return Code::Unsupported;
    return Code::Success;
  };
  console::init();
  firmware.keys = {{8, 0}};
  EXPECT_EQ(firmware.read(), "x\b\x1b[3~") << "the last one is a keyboard's";
}

}  // namespace
}  // namespace hawser::uefi
