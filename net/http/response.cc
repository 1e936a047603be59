#include "net/http/response.h"

#include <algorithm>

#include "src/base/format.h"
#include "src/base/text.h"

namespace hawser::http {
namespace {

/// The part of `text` before `separator`, which is cut off with it.
std::string_view take_until(std::string_view& text, char separator) {
  size_t at = text.find(separator);
  std::string_view part = text.substr(0, at);
  text.remove_prefix(at == text.npos ? text.size() : at + 1);
  return part;
}

/// "bytes 5-9/10" or "bytes 5-9/*". Nothing when malformed.
std::optional<ContentRange> content_range(std::string_view text) {
  if (!equal_ignoring_case(trim(take_until(text, ' ')), "bytes")) return std::nullopt;
  auto first = parse_decimal(trim(take_until(text, '-')));
  auto last = parse_decimal(trim(take_until(text, '/')));
  text = trim(text);
  auto total = parse_decimal(text);
  if (!first || !last || *last < *first) return std::nullopt;
  if (text != "*" && (!total || *total <= *last)) return std::nullopt;
  return ContentRange{*first, *last, total};
}

std::string_view usual_reason(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 410:
      return "Gone";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "";
  }
}

bool is_token(std::string_view text) {  // RFC 9110 §5.6.2, near enough to tell a header from noise
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f && c != ':'; });
}

}  // namespace

std::string status_text(const Head& head) {
  return cat("HTTP ", head.status, " ",
             head.reason.empty() ? std::string(usual_reason(head.status)) : printable(head.reason, 80));
}

Errc class_of(int status) {
  switch (status) {
    case 401:
    case 407:
      return Errc::Access;
    case 403:
      return Errc::NotPermitted;
    case 404:
    case 410:
      return Errc::NotFound;
    default:
      return Errc::Io;
  }
}

Result<size_t> ResponseReader::feed(Bytes bytes) {
  size_t given = bytes.size();
  started_ |= given > 0;
  while (!bytes.empty() && state_ != State::Done) {
    if (state_ == State::Length || state_ == State::Chunk || state_ == State::UntilClose)
      TRY(body(bytes));
    else if (TRY(take_line(bytes))) TRY(on_line());
  }
  return given - bytes.size();
}

Result<bool> ResponseReader::take_line(Bytes& bytes) {
  auto end = std::ranges::find(bytes, uint8_t{'\n'});
  bool whole = end != bytes.end();
  size_t taken = size_t(end - bytes.begin()) + (whole ? 1 : 0);
  // Chunk sizes are not counted in all (there is no end of them in a long body), only one by one.
  bool in_head = state_ != State::ChunkSize && state_ != State::ChunkEnd;
  size_t so_far = in_head ? head_bytes_ : line_.size();
  if (taken > kMaxHeadBytes - so_far)
    return Error{Errc::Protocol, "HTTP headers are longer than 64 KiB"};
  if (in_head) head_bytes_ += taken;
  line_.append(text_of(bytes.first(taken)));
  bytes = bytes.subspan(taken);
  if (!whole) return false;
  line_.pop_back();
  if (!line_.empty() && line_.back() == '\r') line_.pop_back();
  if (line_.find('\0') != line_.npos) return Error{Errc::Protocol, "HTTP header with a NUL byte"};
  return true;
}

Status ResponseReader::on_line() {
  Status done = ok_status();
  switch (state_) {
    case State::StatusLine:
      done = status_line();
      break;
    case State::Headers:
      done = header_line();
      break;
    case State::ChunkSize:
      done = chunk_size();
      break;
    case State::ChunkEnd:  // the line end after a chunk's bytes
      if (!line_.empty()) return Error{Errc::Protocol, "HTTP chunk is longer than announced"};
      state_ = State::ChunkSize;
      break;
    case State::Trailers:
      if (line_.empty()) state_ = State::Done;
      break;
    default:
      break;
  }
  line_.clear();
  return done;
}

/// RFC 9112 §4. The reason may be missing.
Status ResponseReader::status_line() {
  if (line_.empty()) return ok_status();  // RFC 9112 §2.2: servers may send an empty line too many
  std::string_view rest = line_;
  std::string_view version = take_until(rest, ' ');
  std::string_view status = take_until(rest, ' ');
  if (version.size() != 8 || !version.starts_with("HTTP/1.") || !is_digit(version[7]))
    return Error{Errc::Protocol, cat("not an HTTP/1 answer: \"", printable(line_, 60), "\"")};
  auto code = parse_decimal(status);
  if (status.size() != 3 || !code || *code < 100)
    return Error{Errc::Protocol, cat("bad HTTP status \"", printable(status, 16), "\"")};
  head_ = {};
  head_.status = int(*code);
  head_.reason = rest;
  head_.keep_alive = version[7] != '0';  // RFC 9112 §9.3
  state_ = State::Headers;
  return ok_status();
}

Status ResponseReader::header_line() {
  if (!line_.empty() && (line_[0] == ' ' || line_[0] == '\t')) {  // obs-fold, RFC 9112 §5.2
    pending_ += ' ';
    pending_ += trim(line_);
    return ok_status();
  }
  if (!pending_.empty()) {
    std::string_view value = pending_;
    std::string_view name = take_until(value, ':');
    if (name.size() == pending_.size() || !is_token(name))
      return Error{Errc::Protocol, cat("bad HTTP header \"", printable(pending_, 60), "\"")};
    TRY(header(name, trim(value)));
  }
  pending_ = line_;
  return line_.empty() ? end_of_headers() : ok_status();
}

Status ResponseReader::header(std::string_view name, std::string_view value) {
  auto is = [name](std::string_view other) { return equal_ignoring_case(name, other); };
  if (is("Content-Length")) return content_length(value);
  if (is("Transfer-Encoding")) {
    if (!equal_ignoring_case(value, "chunked"))
      return Error{Errc::Unsupported,
                   cat("HTTP transfer coding \"", printable(value, 40), "\" was not asked for")};
    head_.chunked = true;
  } else if (is("Connection")) {
    while (!value.empty()) {
      std::string_view option = trim(take_until(value, ','));
      if (equal_ignoring_case(option, "close")) head_.keep_alive = false;
      if (equal_ignoring_case(option, "keep-alive")) head_.keep_alive = true;
    }
  } else if (is("Content-Range")) {
    head_.range = content_range(value);
  } else if (is("Location")) {
    head_.location = value;
  } else if (is("Accept-Ranges")) {
    head_.accepts_ranges = equal_ignoring_case(value, "bytes");
  } else if (is("ETag")) {
    head_.etag = value;
  } else if (is("Last-Modified")) {
    head_.last_modified = value;
  } else if (is("Date")) {
    head_.date = value;
  } else if (is("Retry-After")) {
    head_.retry_after = value;
  } else if (is("WWW-Authenticate")) {
    head_.challenges += cat(value, ", ");
  } else if (is("Proxy-Authenticate")) {
    head_.proxy_challenges += cat(value, ", ");
  }
  return ok_status();
}

/// RFC 9112 §6.3: repeated lengths must agree.
Status ResponseReader::content_length(std::string_view value) {
  do {
    auto length = parse_decimal(trim(take_until(value, ',')));
    if (!length || (head_.length && *head_.length != *length))
      return Error{Errc::Protocol, "HTTP answer with a bad Content-Length"};
    head_.length = length;
  } while (!value.empty());
  return ok_status();
}

/// RFC 9112 §6.3: where the body ends.
Status ResponseReader::end_of_headers() {
  if (head_.status == 101) return Error{Errc::Protocol, "HTTP server switched protocols"};
  if (head_.status < 200) {  // an interim answer: the real one follows
    state_ = State::StatusLine;
    return ok_status();
  }
  if (head_.chunked && head_.length) {  // RFC 9112 §6.3 item 3: a smuggler's trick
    head_.length.reset();
    head_.keep_alive = false;
  }
  bool no_body = head_.status == 204 || head_.status == 304;
  if (no_body) {
    head_.chunked = false;
    head_.length = 0;
  }
  if (!head_.chunked && !head_.length) head_.keep_alive = false;
  TRY(handler_.on_head(head_));
  left_ = head_.length.value_or(0);
  state_ = head_.chunked ? State::ChunkSize : !head_.length ? State::UntilClose : State::Length;
  if (state_ == State::Length && left_ == 0) state_ = State::Done;
  return ok_status();
}

/// RFC 9112 §7.1: hex size, then extensions that nobody uses.
Status ResponseReader::chunk_size() {
  std::string_view text = line_;
  text = trim(take_until(text, ';'));
  uint64_t size = 0;
  for (char c : text) {
    int digit = hex_digit(c);
    if (digit < 0 || size > UINT64_MAX >> 4)
      return Error{Errc::Protocol, "HTTP chunk with a bad size"};
    size = size << 4 | unsigned(digit);
  }
  if (text.empty()) return Error{Errc::Protocol, "HTTP chunk without a size"};
  left_ = size;
  state_ = size == 0 ? State::Trailers : State::Chunk;
  return ok_status();
}

Status ResponseReader::body(Bytes& bytes) {
  Bytes part = bytes;
  if (state_ != State::UntilClose) {
    part = bytes.first(size_t(std::min<uint64_t>(left_, bytes.size())));
    left_ -= part.size();
    if (left_ == 0) state_ = state_ == State::Chunk ? State::ChunkEnd : State::Done;
  }
  bytes = bytes.subspan(part.size());
  return handler_.on_body(part);
}

bool ResponseReader::on_close() {
  if (state_ == State::UntilClose) state_ = State::Done;
  return done();
}

}  // namespace hawser::http
