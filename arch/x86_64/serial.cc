// COM1: see serial.h. Register names as in the PC16550D datasheet, table II.
#include "arch/x86_64/serial.h"

#include "arch/x86_64/clock.h"
#include "arch/x86_64/io.h"

namespace hawser::serial {
namespace {

constexpr uint16_t kBase = 0x3f8;
constexpr uint16_t kData = kBase, kInterruptEnable = kBase + 1, kFifoControl = kBase + 2,
                   kLineControl = kBase + 3, kModemControl = kBase + 4, kLineStatus = kBase + 5,
                   kScratch = kBase + 7;
constexpr uint8_t kDataReady = 1, kHoldingEmpty = 0x20, kAllSent = 0x40;
constexpr uint8_t kDivisorAccess = 0x80, kEightBits = 3;
constexpr int kFifoBytes = 16;
constexpr uint64_t kStuckUs = 50'000;

bool present = false, answered = false;
int room = 0;  // bytes the transmit FIFO takes without asking again

bool wait_for(uint8_t bit, uint64_t limit_us) {
  for (uint64_t end = clock::now_us() + limit_us;;) {
    if (in8(kLineStatus) & bit) return true;
    if (clock::now_us() > end) return false;
  }
}

void send(char byte) {
  if (!room) {
    present = wait_for(kHoldingEmpty, kStuckUs);
    if (!present) return;
    room = kFifoBytes;
  }
  out8(kData, uint8_t(byte));
  --room;
}

}  // namespace

void init() {
  present = false;
  for (uint8_t probe : {0x5a, 0xa5}) {
    out8(kScratch, probe);
    if (in8(kScratch) != probe) return;
  }
  if (in8(kLineStatus) == 0xff) return;
  out8(kInterruptEnable, 0);
  out8(kLineControl, kDivisorAccess);
  out8(kData, 1);  // divisor 1: 115200 baud
  out8(kInterruptEnable, 0);
  out8(kLineControl, kEightBits);
  out8(kFifoControl, 1);   // FIFOs on; what has arrived stays
  out8(kModemControl, 3);  // DTR, RTS
  present = true;
  room = 0;
}

void put(std::string_view text) {
  for (char c : text) {
    if (!present) return;
    if (c == '\n') send('\r');
    if (present) send(c);
  }
}

std::optional<char> get() {
  if (!present || !(in8(kLineStatus) & kDataReady)) return std::nullopt;
  answered = true;
  return char(in8(kData));
}

bool has_answered() { return answered; }

void flush() {
  if (present) wait_for(kAllSent, 20'000);
}

}  // namespace hawser::serial
