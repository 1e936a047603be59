// Text console: see console.h. ANSI sequences: ECMA-48.
#include "arch/x86_64/uefi/console.h"

#include <algorithm>
#include <utility>

#include "arch/x86_64/ansi.h"
#include "arch/x86_64/serial.h"
#include "arch/x86_64/uefi/call_watch.h"
#include "arch/x86_64/uefi/firmware.h"

namespace hawser::uefi::console {
namespace {

efi::TextOutput* output = nullptr;
efi::TextInput* input = nullptr;
efi::TextInputEx* input_ex = nullptr;
efi::TextInputEx* line_in = nullptr;  ///< the firmware's keyboard at the end of a serial line
bool direct_serial = false;
bool in_firmware = false;  ///< in a call of its consoles

uint8_t attribute = ControlSequence::kPlain;  // §12.4.3: the same as a PC's
ControlSequence sequence;
int columns = 80;

// Characters on their way to the screen: one call for many, as each call is slow.
constexpr size_t kMostPending = 128;
char16_t pending[kMostPending + 1];
size_t pending_count = 0;

uint32_t utf8_value = 0;
int utf8_more = 0;

// What stands in the cursor's row before it, unless something else than text has moved it there.
constexpr int kMostColumns = 256;
char16_t before[kMostColumns];
int before_count = 0;
bool before_known = false;
int steps_back = 0;  ///< that are still to be made

void send() {
  if (!pending_count) return;
  pending[pending_count] = 0;
  pending_count = 0;
  output->output(output, pending);
}

void push(char16_t c) {
  if (pending_count == kMostPending) send();
  pending[pending_count++] = c;
}

/// Firmware's screens erase what a backspace goes over (edk2's GraphicsConsoleDxe), and positions
/// are wrong on a serial terminal with more rows than firmware thinks. The start of the row again
/// leaves the cursor in the right place on both.
void step_back() {
  int steps = std::exchange(steps_back, 0);
  if (!steps) return;
  if (before_known) {
    push(u'\r');
    for (int i = 0; i < before_count; ++i) push(before[i]);
    return;
  }
  send();
  output->set_cursor(output, uint64_t(std::max(output->mode->cursor_column - steps, 0)),
                     uint64_t(output->mode->cursor_row));
}

void flush() {
  step_back();
  send();
}

void add(char16_t c) {
  if (c == u'\b') {
    ++steps_back;
    before_count = std::max(before_count - 1, 0);
    return;
  }
  if (c == u'\r') steps_back = 0;
  step_back();
  push(c);
  if (c == u'\r') {
    before_count = 0;
    before_known = true;
  } else if (c != u'\n') {
    if (before_known) before[before_count] = c;
    if (++before_count >= columns) before_count = 0;  // the next row
    if (before_count >= kMostColumns) before_known = false;
  }
}

void add(std::u16string_view text) {
  for (char16_t c : text) add(c);
}

void move_to(int column, int row) {
  flush();
  before_known = false;
  output->set_cursor(output, uint64_t(std::max(column, 0)), uint64_t(std::max(row, 0)));
}

int column() {
  flush();
  return output->mode->cursor_column;
}
int row() {
  flush();
  return output->mode->cursor_row;
}

/// Overwrites the rest of the line. Its last place stays: writing there may scroll.
void clear_line_from(int from) {
  int line = row();
  move_to(from, line);
  for (int i = from; i < columns - 1; ++i) add(u' ');
  move_to(from, line);
}

void carry_out_sequence() {
  bool whole = sequence.parameter(0) != 0;
  int steps = sequence.count_or_place(0);
  switch (sequence.final()) {
    case 'H':
      move_to(sequence.count_or_place(1) - 1, steps - 1);
      break;
    case 'J': {
      flush();
      int at_column = column(), at_row = row();
      output->clear(output);
      move_to(at_column, at_row);
      break;
    }
    case 'K':
      clear_line_from(whole ? 0 : column());
      break;
    case 'C':
      move_to(std::min(column() + steps, columns - 1), row());
      break;
    case 'D':
      move_to(column() - steps, row());
      break;
    case 'm':
      flush();
      attribute = sequence.colour(attribute);
      output->set_attribute(output, attribute);
      break;
    default:
      break;
  }
}

/// Of a character in several bytes of UTF-8.
void put_utf8(uint8_t byte) {
  if ((byte & 0xc0) == 0x80 && utf8_more > 0) {
    utf8_value = utf8_value << 6 | (byte & 0x3f);
    if (--utf8_more > 0) return;
    bool fits_ucs2 = utf8_value >= 0x80 && utf8_value < 0xd800;
    return add(fits_ucs2 ? char16_t(utf8_value) : u'?');
  }
  utf8_more = byte >= 0xc2 && byte < 0xe0 ? 1 : (byte & 0xf0) == 0xe0 ? 2 : byte >= 0xf0 ? 3 : 0;
  utf8_value = byte & (0x3fu >> utf8_more);
  if (!utf8_more) add(u'?');
}

void put_char(char c) {
  auto step = sequence.take(c);
  if (step == ControlSequence::Step::Complete) carry_out_sequence();
  if (step != ControlSequence::Step::Text) return;
  if (uint8_t(c) >= 0x80) return put_utf8(uint8_t(c));
  utf8_more = 0;
  switch (c) {
    case '\n':
      return add(u"\r\n");
    case '\t':
      return add(u"        ");
    default:
      if (uint8_t(c) >= ' ' || c == '\r' || c == '\b') add(char16_t(c));
  }
}

void put_firmware(std::string_view text) {
  if (!output) return;
  FirmwareCall watched("the console's output");
  in_firmware = true;
  for (char c : text) put_char(c);
  flush();
  in_firmware = false;
}

/// Handles of consoles that are in use carry this (edk2's ConSplitter; others keep to ConOut
/// alone).
constexpr efi::Guid kConsoleOutDevice{
    0xd3b36f2c, 0xd551, 0x11d4, {0x9a, 0x46, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};
constexpr efi::Guid kConsoleInDevice{
    0xd3b36f2b, 0xd551, 0x11d4, {0x9a, 0x46, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};

bool leads_over_serial_line(efi::Handle handle) {
  constexpr uint8_t kUart = 14;  // §10.3.4.15
  auto* path = static_cast<const efi::DevicePath*>(find_protocol(handle, efi::guid::kDevicePath));
  return find_node(path, efi::DevicePath::kMessaging, kUart);
}

/// What is printed also comes out of a serial line.
bool firmware_mirrors() {
  if (leads_over_serial_line(system_table->console_out_handle)) return true;
  auto consoles = handles_with(kConsoleOutDevice);
  return std::ranges::any_of(consoles, leads_over_serial_line);
}

/// The firmware's logo would be left behind our text. A serial line keeps what was on it, and the
/// firmware's shell what its user reads.
void clear_screens() {
  constexpr efi::Guid kShellParameters{
      0x752f3136, 0x4e16, 0x4fdc, {0xa2, 0x2a, 0xe5, 0xf4, 0x68, 0x12, 0xf4, 0xca}};
  if (find_protocol(our_image, kShellParameters)) return;
  for (efi::Handle handle : handles_with(kConsoleOutDevice)) {
    auto* screen = static_cast<efi::TextOutput*>(find_protocol(handle, efi::guid::kTextOutput));
    if (screen && !leads_over_serial_line(handle)) screen->clear(screen);
  }
}

// --- keys
// -------------------------------------------------------------------------------------------

struct Row {
  uint16_t scan_code;
  std::string_view sequence;
};
constexpr Row kKeys[] = {
    // §12.1.2, table 12.1
    {0x01, "\x1b[A"},   {0x02, "\x1b[B"},   {0x03, "\x1b[C"},   {0x04, "\x1b[D"},
    {0x05, "\x1b[H"},   {0x06, "\x1b[F"},   {0x07, "\x1b[2~"},  {0x08, "\x1b[3~"},
    {0x09, "\x1b[5~"},  {0x0a, "\x1b[6~"},  {0x0b, "\x1b[11~"}, {0x0c, "\x1b[12~"},
    {0x0d, "\x1b[13~"}, {0x0e, "\x1b[14~"}, {0x0f, "\x1b[15~"}, {0x10, "\x1b[17~"},
    {0x11, "\x1b[18~"}, {0x12, "\x1b[19~"}, {0x13, "\x1b[20~"}, {0x14, "\x1b[21~"},
    {0x15, "\x1b[23~"}, {0x16, "\x1b[24~"}, {0x17, "\x1b"},
};
std::string_view rest_of_key;

std::optional<char> take_rest() {
  if (rest_of_key.empty()) return std::nullopt;
  char c = rest_of_key.front();
  rest_of_key.remove_prefix(1);
  return c;
}

efi::TextInputEx* find_line_in() {
  for (efi::Handle handle : handles_with(kConsoleInDevice))
    if (leads_over_serial_line(handle))
      return static_cast<efi::TextInputEx*>(find_protocol(handle, efi::guid::kTextInputEx));
  return nullptr;
}

std::optional<efi::KeyData> read_key() {
  FirmwareCall watched("the console's ReadKeyStroke()");
  efi::KeyData data{};
  if (line_in && !failed(line_in->read_key(line_in, &data))) {
    // Terminals send DEL for their backspace key, which edk2 takes for the key Delete.
    constexpr uint16_t kDelete = 8;
    if (data.key.scan_code == kDelete) data.key = {0, u'\b'};
    return data;
  }
  efi::Code code = input_ex ? input_ex->read_key(input_ex, &data)
                   : input  ? input->read_key(input, &data.key)
                            : efi::Code::NotReady;
  return failed(code) ? std::nullopt : std::optional(data);
}

std::optional<char> firmware_key() {
  if (auto c = take_rest()) return c;
  auto data = read_key();
  if (!data) return std::nullopt;
  char16_t c = data->key.unicode;
  bool control = (data->state.shift & efi::kShiftValid) &&
                 (data->state.shift & (efi::kLeftControl | efi::kRightControl));
  if (control && (c | 0x20) >= u'a' && (c | 0x20) <= u'z') return char(c & 0x1f);
  if (c == 0x7f) return '\b';
  if (c != 0 && c < 0x80) return char(c);
  for (const Row& row : kKeys)
    if (c == 0 && row.scan_code == data->key.scan_code) rest_of_key = row.sequence;
  return take_rest();
}

}  // namespace

void init() {
  output = system_table->console_out;
  input = system_table->console_in;
  input_ex = static_cast<efi::TextInputEx*>(
      find_protocol(system_table->console_in_handle, efi::guid::kTextInputEx));
  line_in = find_line_in();
  direct_serial = !firmware_mirrors();
  if (direct_serial) serial::init();
  if (!output || !output->mode) {
    output = nullptr;
    return;
  }
  uint64_t wide = 0, high = 0;
  if (!failed(output->query_mode(output, uint64_t(output->mode->mode), &wide, &high)) && wide > 0)
    columns = int(std::min<uint64_t>(wide, 1000));
  clear_screens();
  before_count = 0;
  before_known = output->mode->cursor_column == 0;
  attribute = ControlSequence::kPlain;
  output->set_attribute(output, attribute);
  output->enable_cursor(output, true);
}

void put(std::string_view text) {
  if (direct_serial) serial::put(text);
  put_firmware(text);
}

void interrupt_with(const char* text) {
  if (direct_serial || in_firmware) serial::put(text);
  if (!in_firmware) put_firmware(text);
}

void put_screen(std::string_view text) {
  if (direct_serial && serial::has_answered()) serial::put(text);
  put_firmware(text);
}

void put_log(std::string_view text) {
  if (direct_serial && !serial::has_answered()) serial::put(text);
}

unsigned screens() { return 1u + (direct_serial && serial::has_answered()); }

std::optional<char> key() {
  if (direct_serial)
    if (auto c = serial::get()) return c;
  return firmware_key();
}

void leave() {
  if (direct_serial) serial::flush();
  if (!output) return;
  flush();
  output->set_attribute(output, ControlSequence::kPlain);
}

}  // namespace hawser::uefi::console
