// Reading an HTTP/1.1 response (RFC 9110, RFC 9112) from pieces of any size. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser::http {

/// All header lines and trailers of one answer, interim (1xx) ones included.
inline constexpr size_t kMaxHeadBytes = 64u << 10;

/// Content-Range of a 206 (RFC 9110 §14.4): bytes first to last of `total` ("*": unknown).
struct ContentRange {
  uint64_t first = 0, last = 0;
  std::optional<uint64_t> total;
};

/// Status line and the headers that matter to a download.
struct Head {
  int status = 0;          ///< 200 to 999
  std::string reason;      ///< as sent; not yet printable()
  bool keep_alive = true;  ///< the connection may serve another request
  bool chunked = false;
  bool accepts_ranges = false;     ///< Accept-Ranges: bytes
  std::optional<uint64_t> length;  ///< Content-Length; nothing when chunked
  std::optional<ContentRange> range;
  std::string location, etag, last_modified, date, retry_after;
  std::string challenges, proxy_challenges;  ///< WWW-Authenticate, Proxy-Authenticate; joined
};

/// "HTTP 404 Not Found", printable.
std::string status_text(const Head& head);
/// The class of error that a status from 300 on is.
Errc class_of(int status);

/// Who gets the parts of a response, in order.
class ResponseHandler {
 public:
  virtual ~ResponseHandler() = default;
  /// Once, before the body. An error ends the reading and comes back from ResponseReader.
  virtual Status on_head(const Head& head) = 0;
  /// Body bytes without chunk framing. `bytes` is borrowed and not empty.
  virtual Status on_body(Bytes bytes) = 0;
};

/// Reads one response.
///   StatusLine --> Headers --> Length | Chunk... | UntilClose --> Done
class ResponseReader {
 public:
  explicit ResponseReader(ResponseHandler& handler) : handler_(handler) {}

  /// Takes bytes as they come; returns how many belonged to this response (all, unless it ended).
  /// Errors: Protocol (what was wrong), Unsupported (a transfer coding), and the handler's own.
  /// After an error the reader is of no further use.
  Result<size_t> feed(Bytes bytes);
  /// The server closed in an orderly way. True if that completes the response (its body had no
  /// other end); false if something is missing.
  bool on_close();

  bool started() const { return started_; }  ///< a byte has arrived
  bool done() const { return state_ == State::Done; }
  const Head& head() const { return head_; }

 private:
  enum class State : uint8_t {
    StatusLine,
    Headers,
    Length,
    ChunkSize,
    Chunk,
    ChunkEnd,
    Trailers,
    UntilClose,
    Done
  };

  /// Adds bytes up to '\n' to line_; true when the line is whole (without its line end).
  Result<bool> take_line(Bytes& bytes);
  Status on_line();
  Status status_line();
  Status header_line();
  Status header(std::string_view name, std::string_view value);
  Status content_length(std::string_view value);
  Status end_of_headers();
  Status chunk_size();
  Status body(Bytes& bytes);

  ResponseHandler& handler_;
  State state_ = State::StatusLine;
  Head head_;
  bool started_ = false;
  std::string line_;     ///< the line being read
  std::string pending_;  ///< a header that the next line may continue (obs-fold)
  size_t head_bytes_ = 0;
  uint64_t left_ = 0;  ///< of the body or the chunk
};

}  // namespace hawser::http
