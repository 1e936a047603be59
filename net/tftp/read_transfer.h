// Reading one file by TFTP: RFC 1350 with options (RFC 2347), blksize (2348), timeout and tsize
// (2349) and windowsize (7440). Pure: packets and time in, packets and file bytes out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/tftp/packet.h"
#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/base/time.h"
#include "src/fetch.h"

namespace hawser::tftp {

/// Where the transfer's packets go; implemented over UDP by the carrier and by tests.
class Wire {
 public:
  virtual ~Wire() = default;
  /// Takes a new random local port (RFC 1350 §4: a transfer has its own); packets still on their
  /// way to the earlier one are lost.
  virtual void renew() = 0;
  /// Sends to a port of the server. `packet` is borrowed. Losing it is no error.
  virtual void send(uint16_t port, Bytes packet) = 0;
};

struct Limits {
  uint16_t port = 69;
  uint16_t block_bytes = 1468;  ///< 8 to 65464: what fits the MTU with 32 bytes of headers
  uint16_t window = 64;         ///< blocks in flight to ask for; 1: lock step
  Millis idle{20'000};          ///< without progress for this long the transfer fails
};

/// One file read.
///   Requesting --OACK or DATA 1--> Receiving --short block--> Done
///        \---- ERROR, or Limits::idle without progress --> Failed
/// A server that refuses options is asked again with fewer of them and at last with none. Windows
/// that never arrive whole, or that stall, make the transfer start again with smaller ones.
class ReadTransfer {
 public:
  enum class State : uint8_t { Requesting, Receiving, Done, Failed };

  /// Borrows both.
  ReadTransfer(Wire& wire, Sink& file, Limits limits)
      : wire_(wire), file_(file), limits_(limits), ask_window_(limits.window) {}

  /// `path` as the server is to see it. Fails at once (Invalid) if it can't be put in a request.
  void start(std::string_view path, Millis now);
  /// A packet from port `port` of the server. Malformed ones are ignored.
  void on_packet(uint16_t port, Bytes packet, Millis now);
  /// Call at deadline() or later; earlier calls do nothing.
  void on_deadline(Millis now);
  /// Tells the server that nobody is listening any more. Harmless when finished.
  void cancel();

  State state() const { return state_; }
  bool finished() const { return state_ == State::Done || state_ == State::Failed; }
  /// Only when Failed.
  const Error& error() const { return error_; }
  Millis deadline() const { return finished() ? kNever : deadline_; }

  uint64_t received() const { return received_; }
  std::optional<uint64_t> total() const { return total_; }
  /// The last answer from the server is older than one retransmission.
  bool waiting() const { return silent_deadlines_ > 1; }
  uint16_t window() const { return window_; }
  uint16_t block_bytes() const { return block_bytes_; }

 private:
  /// How much the request dares to ask for, from most to least.
  enum class Ask : uint8_t { Everything, Sizes, Nothing };

  void request(Millis now);
  void send_request(Millis now);
  void on_oack(uint16_t port, Bytes packet, Millis now);
  void on_data(uint16_t port, uint16_t number, Bytes payload, Millis now);
  void on_error(Bytes packet, Millis now);
  void on_gap(Millis now);
  void report_loss(Millis now);
  void accept(Bytes payload, Millis now);
  void finish(Millis now);
  Status apply(const GrantedOptions& granted);
  bool begin(std::optional<uint64_t> total);
  void acknowledge(Millis now);
  void acknowledge_repeat(Millis now);
  void start_again(uint16_t window, Millis now);
  void measure(Millis round_trip);
  void arm(Millis now);
  Error silence() const;
  uint16_t wire_number(uint64_t block) const;
  void send_error(uint16_t port, ErrorCode code, std::string_view message);
  void refuse(ErrorCode code, Error error);
  void fail(Error error);

  Wire& wire_;
  Sink& file_;
  Limits limits_;
  std::string path_;
  State state_ = State::Requesting;
  Error error_{Errc::Cancelled, "not started"};

  Ask ask_ = Ask::Everything;
  uint16_t ask_window_;
  uint16_t peer_port_ = 0;      ///< the server's transfer ID; 0 until it answered
  uint16_t block_bytes_ = 512;  ///< RFC 1350 §2 without blksize
  uint16_t window_ = 1;
  bool wraps_to_one_ = false;             ///< this server numbers 65534, 65535, 1
  uint64_t block_ = 0;                    ///< last block written, counted without wrapping
  uint16_t in_window_ = 0;                ///< blocks written since the last ACK
  std::optional<uint64_t> gap_reported_;  ///< block_ for which a gap was told already
  unsigned lossy_windows_ = 0;            ///< in a row
  uint64_t received_ = 0;
  uint64_t thrown_away_ = 0;  ///< bytes received before the last start_again()
  std::optional<uint64_t> total_;

  Millis acknowledged_at_{0};
  Millis progress_at_{0};
  Millis smoothed_rtt_{-1};  ///< negative: not measured yet
  Millis retry_after_{0};
  Millis deadline_{kNever};
  unsigned silent_deadlines_ = 0;
  unsigned requests_ = 0;
};

}  // namespace hawser::tftp
