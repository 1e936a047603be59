// One interface over every way to download: TFTP, HTTP, later HTTPS, FTP, NFS, file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/base/time.h"
#include "src/uri/uri.h"

namespace hawser {

/// Where fetched bytes go. Implemented by src/image; called by the protocol clients.
class Sink {
 public:
  virtual ~Sink() = default;
  /// Called when the size becomes known, before the first byte if the protocol tells it (tsize,
  /// Content-Length); `size` is nothing when the server does not say. May be called again with
  /// rewind semantics after restart(). Errors end the fetch before its body is asked for or read:
  /// NoSpace when it cannot fit (the text tells needed, free, largest hole).
  virtual Status begin(std::optional<uint64_t> size) = 0;
  /// The next bytes, in order. Errors: NoSpace.
  virtual Status write(Bytes bytes) = 0;
  /// Forgets everything written: the server's file changed between two tries, so the download
  /// starts from its first byte again.
  virtual void restart() = 0;
  /// Memory for all bytes that begin() was told of, from the first one on, where they may be put in
  /// any order before write() is given them there; empty: write() alone takes bytes. Valid until
  /// restart() or begin().
  virtual MutBytes memory() { return {}; }
};

/// What a script adds to an HTTP request (`params`); other protocols take no notice.
struct HttpRequest {
  std::string method = "GET";
  std::string headers;  ///< whole lines: "X-Name: value\r\n"
  std::string body;     ///< application/x-www-form-urlencoded; empty: none
};

struct FetchOptions {
  /// Gives up when no byte arrives for this long; 0 ms: the protocol's own limit.
  Millis idle_timeout{0};
  HttpRequest http = {};
};

struct FetchProgress {
  uint64_t received = 0;          ///< bytes in the sink
  std::optional<uint64_t> total;  ///< when known
  /// What the client is waiting for or retrying, for the progress line ("resolving h.example",
  /// "retry 2 in 4 s: connection reset"); empty while bytes flow.
  std::string note;
};

/// A download under way. Destroying it cancels it.
class Fetch {
 public:
  virtual ~Fetch() = default;
  virtual bool done() const = 0;
  /// Only when done(): success or why it failed ("connect 10.0.0.2:80: connection refused").
  virtual Status outcome() const = 0;
  virtual const FetchProgress& progress() const = 0;
};

class Fetcher {
 public:
  virtual ~Fetcher() = default;
  /// Starts a download; it makes progress as the loop polls. `sink` is borrowed for the life of
  /// the Fetch. Errors: Unsupported (scheme; the text lists those there are), NotConnected (no
  /// interface has an address), Invalid.
  virtual Result<std::unique_ptr<Fetch>> start(const Uri& uri, Sink& sink,
                                               const FetchOptions& options) = 0;
  /// Schemes that start() knows, in lower case.
  virtual std::vector<std::string_view> schemes() const = 0;
};

}  // namespace hawser
