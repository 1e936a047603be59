// Downloading one file by HTTP/1.1: redirects, authentication, retry and resume. Pure: what the
// connection brings and the time in; requests and file bytes out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/http/auth.h"
#include "net/http/proxy.h"
#include "net/http/request.h"
#include "net/http/response.h"
#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/base/time.h"
#include "src/fetch.h"
#include "src/uri/uri.h"

namespace hawser::http {

/// The connection that a download uses. Implemented over TCP by the carrier and by tests. It calls
/// the download back later, never from within these calls.
class Transport {
 public:
  virtual ~Transport() = default;
  enum class Opening : uint8_t {
    Kept,        ///< a kept connection is ready at once
    Connecting,  ///< Download::on_connected() or on_broken() will tell; on_handshake() between
    Resolving,   ///< on_resolved(), then as Connecting
  };
  /// Opens a connection; the one before was released. `fresh`: no kept one.
  /// Errors: what on_broken() would have told.
  virtual Result<Opening> connect(const Server& server, bool fresh) = 0;
  virtual void send(std::string_view request) = 0;
  /// Lets go of the connection, or of the try to get one: `keep` it for the next request to this
  /// server, or close it. Harmless without one.
  virtual void release(bool keep) = 0;
  /// The proxy for requests to this server, and whom it is told that we are; nullptr: none.
  virtual Proxy* proxy_for(const Server&) { return nullptr; }
  /// For answers to challenges: hard to guess, and another one each time.
  virtual uint64_t random() = 0;
};

/// A piece of a file that is read beside the bytes before it.
struct Part {
  uint64_t first = 0, last = 0;  ///< bytes of the file, both included; `first` is above 0
  uint64_t total = 0;            ///< bytes of the whole file
  std::string validator;         ///< for If-Range
};

/// One file read, or a part of one.
///   Connecting --> Waiting --200, 206--> Receiving --> Done
///     ^   ^          \---- other ----> Discarding --> Connecting (redirect) | Pausing | Failed
///     |   \--------- Pausing <-- broken in any of these, while tries are left
///     \--- Left <-- at stop_at(), from Receiving; or Done with the last of the bytes
class Download : private ResponseHandler {
 public:
  enum class State : uint8_t {
    Connecting,
    Waiting,
    Receiving,
    Discarding,
    Pausing,
    Left,
    Done,
    Failed
  };
  static constexpr Millis kIdle{20'000};     ///< default for silence on an open connection
  static constexpr Millis kConnect{15'000};  ///< until TCP answers; again until TLS is set up
  static constexpr Millis kResolve{60'000};  ///< the resolver gives up earlier by itself
  static constexpr unsigned kRetries = 5;    ///< in a row, without getting further
  static constexpr unsigned kRedirects = 10;

  /// Borrows both. `idle`: the first silence of this length ends the download; 0 ms: a silence of
  /// kIdle counts as a broken connection, which is tried again.
  /// `request`: method, headers and body, not sent to where a redirect leads.
  Download(Transport& transport, Sink& file, Millis idle, HttpRequest request = {});

  /// Follows redirects from https to http as well.
  void allow_insecure_redirects() { insecure_redirects_ = true; }
  void start(const Uri& uri, Millis now);
  /// Reads this part alone. Fails when the server does not give it at once, or does not have the
  /// very same file any more.
  void start_part(const Uri& uri, const Part& part, Millis now);

  /// What is still to come, if others may read some of it: a plain GET, whose answer shows that the
  /// server knows ranges, and has a validator.
  std::optional<Part> rest() const;
  /// Where it comes from, after redirects; with user and password.
  const Uri& source() const { return uri_; }
  /// How often the file was begun from its first byte.
  unsigned starts() const { return starts_; }
  /// Ends in State::Left, without a connection, once it gets to byte `at` of this start, which it
  /// has not passed yet; nothing: reads to the end.
  void stop_at(std::optional<uint64_t> at) { stop_at_ = at; }
  /// In State::Left: the next bytes of the file, read by others.
  void take(Bytes bytes);
  /// In State::Left: reads on by itself.
  void go_on(Millis now) { attempt(false, now); }

  void on_resolved(Millis now);
  void on_handshake(Millis now);  ///< TCP is connected, and TLS begins
  /// TLS needs a certificate that the server did not send, and that is fetched for up to `limit`;
  /// then on_resolved() or on_broken() goes on.
  void on_issuer_missing(Millis now, Millis limit);
  void on_connected(Millis now);
  void on_data(Bytes bytes, Millis now);
  void on_closed(Millis now);  ///< by the server, in an orderly way
  /// Resolving or connecting failed, or the connection was reset.
  void on_broken(Error why, Millis now);
  void on_deadline(Millis now);  ///< early calls do nothing

  State state() const { return state_; }
  bool finished() const { return state_ == State::Done || state_ == State::Failed; }
  const Error& error() const { return error_; }  ///< only when Failed
  Millis deadline() const { return finished() ? kNever : deadline_; }
  const FetchProgress& progress() const { return progress_; }

 private:
  /// What is to happen when the answer at hand is over.
  enum class Next : uint8_t { Finish, Redirect, RetryLater, AskAgain, FromScratch, Fail };

  Status on_head(const Head& head) override;
  Status on_body(Bytes bytes) override;
  Status on_whole_file(const Head& head);
  Status on_partial_file(const Head& head);
  Status on_failure(const Head& head);
  bool continues_our_file(const Head& head) const;
  Error start_over(std::string text);
  uint64_t end() const;

  bool is_proxied() const;
  bool is_challenge(const Head& head);
  std::string authorization(std::string_view method);
  void attempt(bool fresh, Millis now);
  void send_request(Millis now);
  void answer_over(bool keep, Millis now);
  void redirect(bool keep, Millis now);
  void retry_later(bool keep, Millis now);
  void broken(Error why, Millis now);
  void pause(Millis length, std::string_view why, Millis now);
  void fail(Error error);
  std::string so_far() const;

  Transport& transport_;
  Sink& file_;
  Millis idle_, connect_limit_;
  bool one_silence_ends_it_;
  Uri original_, uri_;
  HttpRequest request_;
  Authentication auth_;  ///< at the server of uri_
  bool insecure_redirects_ = false;
  State state_ = State::Connecting;
  Error error_{Errc::Cancelled, "not started"};
  FetchProgress progress_;
  Millis deadline_{kNever};

  std::optional<ResponseReader> reader_;
  Next next_ = Next::Finish;
  bool tcp_is_up_ = false;  ///< while connecting
  bool reused_ = false;     ///< the connection has served another request before
  bool begun_ = false;      ///< the sink knows of the file
  bool ranged_ = false;     ///< the request asked for the rest only
  std::optional<uint64_t> part_end_;  ///< one above the part's last byte; nothing: all of the file
  std::optional<uint64_t> stop_at_;
  std::string validator_;  ///< tells whether the server's file is still the same
  uint64_t discarded_ = 0;
  unsigned starts_ = 0;
  unsigned redirects_ = 0;
  unsigned tries_ = 0;       ///< failed ones since we last got further
  unsigned waits_ = 0;       ///< done for Retry-After
  uint64_t high_water_ = 0;  ///< most bytes received at the time of a failure
};

}  // namespace hawser::http
