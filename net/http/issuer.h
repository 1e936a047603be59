// Fetching a certificate that a server ought to have sent: from ${crosscert}, or from where the
// certificate below it says (RFC 5280 §4.2.2.1).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/timer.h"
#include "net/tls/verify.h"
#include "src/base/result.h"
#include "src/fetch.h"

namespace hawser::http {

class Pool;

/// One search at a time. Only http:// is used: what comes is checked as what servers send is.
class IssuerSearch {
 public:
  static constexpr Millis kLimit{15'000};        ///< for all places together
  static constexpr Millis kSilence{5'000};       ///< for each
  static constexpr size_t kMostBytes = 64u << 10;

  /// `finished` says whether there is a new certificate of the issuer in the store; with the reason
  /// why not. It is called from the loop. Borrows `pool`.
  IssuerSearch(Pool& pool, std::function<void(Status)> finished);
  ~IssuerSearch();

  /// False when there is no place to look.
  bool start(const tls::MissingIssuer& missing);
  void cancel();

 private:
  struct File;
  void next_place();
  void look();
  Status take();

  Pool& pool_;
  std::function<void(Status)> finished_;
  std::vector<uint8_t> issuer_;
  std::vector<std::string> places_;  ///< still to try, the first one last
  std::string place_;
  std::unique_ptr<File> file_;
  std::unique_ptr<Fetch> fetch_;
  Millis deadline_{0};
  Error failure_{Errc::NotFound, ""};
  stack::Timer timer_;
};

/// <base>/<CRC-32 of the name, 8 hex digits>.der?subject=<the name, base64>: where `${crosscert}` is
/// expected to have certificates of an authority.
std::string crosscert_uri(std::string_view base, Bytes name);

}  // namespace hawser::http
