#include "net/tftp/read_transfer.h"

#include <algorithm>

#include "src/base/format.h"

namespace hawser::tftp {
namespace {
constexpr Millis kFirstRetry{250};
constexpr Millis kShortestRetry{100};
constexpr Millis kLongestRetry{4'000};
/// A repeated block is answered only this long after the last ACK, so that a duplicate never breeds
/// another (the "Sorcerer's Apprentice", RFC 1123 §4.2.3.1).
constexpr Millis kRepeatGap{50};
constexpr uint8_t kServerTimeout_s = 1;       ///< asked of the server: its retransmission interval
constexpr unsigned kLossyWindows = 6;         ///< in a row before the window is made smaller
constexpr uint64_t kCheapRestart = 4u << 20;  ///< bytes that may be thrown away for that

Errc class_of(uint16_t code) {
  switch (ErrorCode(code)) {
    case ErrorCode::NotFound:
      return Errc::NotFound;
    case ErrorCode::Access:
      return Errc::Access;
    case ErrorCode::IllegalOperation:
      return Errc::Protocol;
    case ErrorCode::UnknownTransfer:
      return Errc::Reset;
    case ErrorCode::BadOptions:
      return Errc::Unsupported;
    default:
      return Errc::Io;
  }
}
}  // namespace

void ReadTransfer::start(std::string_view path, Millis now) {
  if (path.empty()) return fail({Errc::Invalid, "the TFTP path is empty"});
  if (path.size() > kMaxPath)
    return fail({Errc::Invalid,
                 cat("the TFTP path has ", path.size(), " bytes; a request holds ", kMaxPath)});
  if (path.find('\0') != path.npos) return fail({Errc::Invalid, "the TFTP path holds a NUL byte"});
  path_ = path;
  progress_at_ = now;
  request(now);
}

/// A new transfer from the server's point of view.
void ReadTransfer::request(Millis now) {
  state_ = State::Requesting;
  peer_port_ = 0;
  block_bytes_ = 512;
  window_ = 1;
  wraps_to_one_ = false;
  block_ = 0;
  in_window_ = 0;
  gap_reported_.reset();
  lossy_windows_ = 0;
  received_ = 0;
  total_.reset();
  retry_after_ = kFirstRetry;
  silent_deadlines_ = 0;
  wire_.renew();
  send_request(now);
}

void ReadTransfer::send_request(Millis now) {
  RequestOptions options;
  if (ask_ != Ask::Nothing) {
    options.block_bytes = limits_.block_bytes;
    options.transfer_size = true;
  }
  if (ask_ == Ask::Everything) {
    options.timeout_s = kServerTimeout_s;
    if (ask_window_ > 1) options.window = ask_window_;
  }
  ++requests_;
  acknowledged_at_ = now;
  wire_.send(limits_.port, read_request(path_, options));
  arm(now);
}

void ReadTransfer::on_packet(uint16_t port, Bytes packet, Millis now) {
  if (finished() || port == 0) return;
  auto opcode = read_be<uint16_t>(packet, 0);
  if (!opcode) return;
  bool is_error = Opcode{*opcode} == Opcode::Error;
  if (peer_port_ != 0 && port != peer_port_) {  // RFC 1350 §4: disturb no one, change nothing
    if (!is_error) send_error(port, ErrorCode::UnknownTransfer, "unknown transfer ID");
    return;
  }
  if (is_error) return on_error(packet, now);
  if (Opcode{*opcode} == Opcode::OptionAcknowledgement) return on_oack(port, packet, now);
  if (Opcode{*opcode} != Opcode::Data) return;
  auto number = read_be<uint16_t>(packet, 2);
  if (number) on_data(port, *number, packet.subspan(4), now);
}

void ReadTransfer::on_error(Bytes packet, Millis now) {
  auto code = read_be<uint16_t>(packet, 2);
  if (!code) return;
  // Servers older than RFC 2347 say 4 or 0 where 8 is meant.
  bool dislikes_options = ErrorCode{*code} == ErrorCode::BadOptions ||
                          ErrorCode{*code} == ErrorCode::IllegalOperation ||
                          ErrorCode{*code} == ErrorCode::Undefined;
  if (state_ == State::Requesting && dislikes_options && ask_ != Ask::Nothing) {
    ask_ = Ask(uint8_t(ask_) + 1);
    return request(now);
  }
  std::string_view words = text_of(packet.subspan(4));
  words = words.substr(0, words.find('\0'));
  if (words.empty()) return fail({class_of(*code), cat("TFTP server reports error ", *code)});
  fail({class_of(*code), cat("TFTP server says \"", printable(words), "\" (error ", *code, ")")});
}

void ReadTransfer::on_oack(uint16_t port, Bytes packet, Millis now) {
  if (state_ == State::Receiving) {
    if (block_ == 0) acknowledge_repeat(now);
    return;
  }
  if (ask_ == Ask::Nothing) return;
  auto granted = granted_options(packet);
  peer_port_ = port;
  if (!granted.ok()) return refuse(ErrorCode::BadOptions, std::move(granted).error());
  if (Status applied = apply(*granted); !applied.ok())
    return refuse(ErrorCode::BadOptions, std::move(applied).error());
  measure(now - acknowledged_at_);
  progress_at_ = now;
  if (!begin(granted->transfer_size)) return;
  acknowledge(now);  // of block 0 (RFC 2347)
}

/// RFC 2348, RFC 7440 §3: the server may grant less than was asked, never more.
Status ReadTransfer::apply(const GrantedOptions& granted) {
  if (granted.block_bytes) {
    if (*granted.block_bytes < 8 || *granted.block_bytes > limits_.block_bytes)
      return Error{Errc::Protocol, cat("TFTP server chose blksize ", *granted.block_bytes,
                                       " where 8 to ", limits_.block_bytes, " were allowed")};
    block_bytes_ = uint16_t(*granted.block_bytes);
  }
  if (granted.window) {
    uint16_t most = ask_ == Ask::Everything ? ask_window_ : uint16_t{1};
    if (*granted.window < 1 || *granted.window > most)
      return Error{Errc::Protocol, cat("TFTP server chose windowsize ", *granted.window,
                                       " where 1 to ", most, " were allowed")};
    window_ = uint16_t(*granted.window);
  }
  return ok_status();
}

bool ReadTransfer::begin(std::optional<uint64_t> total) {
  total_ = total;
  state_ = State::Receiving;
  Status begun = file_.begin(total);
  if (begun.ok()) return true;
  refuse(ErrorCode::DiskFull, std::move(begun).error());
  return false;
}

void ReadTransfer::on_data(uint16_t port, uint16_t number, Bytes payload, Millis now) {
  if (state_ == State::Requesting) {
    if (number != 1) return;
    peer_port_ = port;  // a server without options sends the file at once (RFC 2347)
    measure(now - acknowledged_at_);
    if (!begin(std::nullopt)) return;
  }
  if (payload.size() > block_bytes_)
    return refuse(ErrorCode::IllegalOperation,
                  {Errc::Protocol, cat("TFTP server sent a block of ", payload.size(),
                                       " bytes where ", block_bytes_, " were agreed")});
  // In lock step, block 1 after 65535 cannot be a lost block 0: the server counts past zero.
  if (window_ == 1 && block_ == 65535 && number == 1) wraps_to_one_ = true;
  if (number == wire_number(block_ + 1)) return accept(payload, now);
  bool ahead = uint16_t(number - wire_number(block_)) < 0x8000;
  if (ahead && number != wire_number(block_)) return on_gap(now);
  acknowledge_repeat(now);
}

void ReadTransfer::accept(Bytes payload, Millis now) {
  if (Status wrote = file_.write(payload); !wrote.ok())
    return refuse(ErrorCode::DiskFull, std::move(wrote).error());
  if (in_window_ == 0 && silent_deadlines_ == 0 && block_ > 0) measure(now - acknowledged_at_);
  received_ += payload.size();
  ++block_;
  ++in_window_;
  progress_at_ = now;
  silent_deadlines_ = 0;
  if (smoothed_rtt_.ms >= 0) measure(smoothed_rtt_);      // undoes the back-off
  if (payload.size() < block_bytes_) return finish(now);  // RFC 1350 §6
  if (in_window_ < window_) return arm(now);
  lossy_windows_ = 0;
  acknowledge(now);
}

void ReadTransfer::finish(Millis now) {
  acknowledge(now);
  if (total_ && *total_ != received_)
    return fail({Errc::Protocol, cat("TFTP server announced ", *total_, " bytes but sent ",
                                     received_, "; is the file being written?")});
  state_ = State::Done;
}

/// A block was lost: tell the server at once where we are, once (RFC 7440 §4).
void ReadTransfer::on_gap(Millis now) {
  if (gap_reported_ == block_ && !reached(acknowledged_at_ + retry_after_, now)) return;
  gap_reported_ = block_;
  report_loss(now);
}

/// Says where we are. A window that is lost in part each time is too large for this network.
void ReadTransfer::report_loss(Millis now) {
  if (++lossy_windows_ >= kLossyWindows && window_ > 4 && received_ < kCheapRestart)
    return start_again(uint16_t(window_ / 4), now);
  acknowledge(now);
}

void ReadTransfer::acknowledge(Millis now) {
  uint8_t packet[4];
  write_be(packet, uint16_t(Opcode::Acknowledgement));
  write_be(packet + 2, wire_number(block_));
  in_window_ = 0;  // the server goes on after this block, with a whole window
  acknowledged_at_ = now;
  wire_.send(peer_port_, packet);
  arm(now);
}

void ReadTransfer::acknowledge_repeat(Millis now) {
  if (reached(acknowledged_at_ + kRepeatGap, now)) acknowledge(now);
}

void ReadTransfer::start_again(uint16_t window, Millis now) {
  send_error(peer_port_, ErrorCode::Undefined, "starting again with a smaller window");
  if (received_ > 0) file_.restart();
  thrown_away_ = received_;
  ask_window_ = window;
  request(now);
}

void ReadTransfer::on_deadline(Millis now) {
  if (finished() || !reached(deadline_, now)) return;
  Millis silent = now - progress_at_;
  if (silent >= limits_.idle) return refuse(ErrorCode::Undefined, silence());
  ++silent_deadlines_;
  retry_after_.ms = std::min(retry_after_.ms * 2, kLongestRetry.ms);
  if (state_ == State::Requesting) return send_request(now);
  if (window_ > 1 && silent.ms >= limits_.idle.ms / 2) return start_again(1, now);
  if (in_window_ > 0) return report_loss(now);  // the rest of a window is missing
  acknowledge(now);                             // silence: no window is too large for that
}

Error ReadTransfer::silence() const {
  int64_t seconds = limits_.idle.ms / 1000;
  uint64_t furthest = std::max(received_, thrown_away_);
  if (state_ == State::Receiving || furthest > 0)
    return {Errc::TimedOut,
            cat("TFTP server went silent for ", seconds, " s after ", human_size(furthest))};
  return {Errc::TimedOut, cat("no answer from TFTP port ", limits_.port, " in ", seconds, " s (",
                              requests_, " requests sent); is a TFTP server running there?")};
}

void ReadTransfer::measure(Millis round_trip) {
  smoothed_rtt_.ms =
      smoothed_rtt_.ms < 0 ? round_trip.ms : (smoothed_rtt_.ms * 7 + round_trip.ms) / 8;
  retry_after_.ms = std::clamp(smoothed_rtt_.ms * 4, kShortestRetry.ms, kLongestRetry.ms);
}

void ReadTransfer::arm(Millis now) {
  deadline_ = std::min(now + retry_after_, progress_at_ + limits_.idle);
}

/// Most servers count 65535, 0; some 65535, 1.
uint16_t ReadTransfer::wire_number(uint64_t block) const {
  if (wraps_to_one_ && block > 0) return uint16_t((block - 1) % 65535 + 1);
  return uint16_t(block);
}

void ReadTransfer::send_error(uint16_t port, ErrorCode code, std::string_view message) {
  wire_.send(port, error_packet(code, message));
}

void ReadTransfer::cancel() {
  if (finished()) return;
  refuse(ErrorCode::Undefined, {Errc::Cancelled, "cancelled"});
}

/// Our side ends the transfer: the server should know, so that it stops sending (RFC 1350 §7).
void ReadTransfer::refuse(ErrorCode code, Error error) {
  if (peer_port_ != 0) send_error(peer_port_, code, printable(error.text, 120));
  fail(std::move(error));
}

void ReadTransfer::fail(Error error) {
  error_ = std::move(error);
  state_ = State::Failed;
}

}  // namespace hawser::tftp
