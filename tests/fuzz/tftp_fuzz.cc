// Arbitrary packets at arbitrary times to a TFTP transfer. Whatever comes, the file only grows by
// blocks in order, nothing is written after the end, and silence ends the transfer.
#include <cstdlib>
#include <string>

#include "net/tftp/read_transfer.h"
#include "tests/fuzz/counting_file.h"

namespace {

using namespace hawser;
using fuzz::check;
using fuzz::CountingFile;
using tftp::ReadTransfer;

struct CountingWire : tftp::Wire {
  void renew() override {}
  void send(uint16_t port, Bytes packet) override {
    check(port != 0 && packet.size() >= 4 && packet.size() <= 512);
    ++sent;
  }
  size_t sent = 0;
};

}  // namespace

/// Input: records of { port, milliseconds / 8, length high, length low, packet }. A length with its
/// top bit set means that only time passes. The first byte picks the window to ask for.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Bytes rest{data, size};
  CountingWire wire;
  CountingFile file;
  tftp::Limits limits;
  limits.window = uint16_t(rest.empty() ? 64 : 1 + rest[0] % 64);
  if (!rest.empty()) rest = rest.subspan(1);
  ReadTransfer transfer{wire, file, limits};
  Millis now{0};
  transfer.start("file", now);
  size_t events = 1;
  while (rest.size() >= 4 && !transfer.finished()) {
    uint16_t port = uint16_t(rest[0] % 4);
    now.ms += rest[1] * 8;
    uint16_t length = uint16_t(rest[2] << 8 | rest[3]);
    rest = rest.subspan(4);
    ++events;
    if (length & 0x8000) {
      transfer.on_deadline(now);
    } else {
      size_t taken = length < rest.size() ? length : rest.size();
      std::string exact(text_of(rest.first(taken)));  // so that reading past the end is seen
      transfer.on_packet(port, bytes_of(exact), now);
      rest = rest.subspan(taken);
    }
    check(transfer.received() == file.bytes);
    check(wire.sent <= 2 * events);
  }
  if (transfer.state() == ReadTransfer::State::Done && transfer.total())
    check(*transfer.total() == file.bytes);
  uint64_t bytes = file.bytes;
  for (int i = 0; i < 1000 && !transfer.finished(); ++i) transfer.on_deadline(transfer.deadline());
  check(transfer.finished());
  check(file.bytes == bytes || file.bytes == 0);
  if (transfer.state() == ReadTransfer::State::Failed) check(!transfer.error().text.empty());
  return 0;
}
