#include "net/http/issuer.h"

#include <algorithm>

#include "net/http/client.h"
#include "src/base/base64.h"
#include "src/base/format.h"
#include "src/uri/uri.h"

namespace hawser::http {
namespace {

constexpr Millis kLookEvery{20};

/// ISO 3309, as in zlib: bit by bit, for a few hundred bytes.
uint32_t crc32(Bytes bytes) {
  uint32_t crc = ~0u;
  for (uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320u : 0);
  }
  return ~crc;
}

}  // namespace

std::string crosscert_uri(std::string_view base, Bytes name) {
  std::string subject;
  for (char c : base64(name)) {
    if (c == '+') subject += "%2B";  // servers read a plain one as a blank
    else subject += c;
  }
  while (base.ends_with('/')) base.remove_suffix(1);
  return cat(base, '/', hex(crc32(name), 8), ".der?subject=", subject);
}

struct IssuerSearch::File final : Sink {
  Status begin(std::optional<uint64_t> size) override {
    return size && *size > kMostBytes ? too_long() : ok_status();
  }
  Status write(Bytes part) override {
    if (part.size() > kMostBytes - bytes.size()) return too_long();
    bytes.insert(bytes.end(), part.begin(), part.end());
    return ok_status();
  }
  void restart() override { bytes.clear(); }
  static Status too_long() {
    return Error{Errc::Range, "longer than 64 KiB, which no certificate is"};
  }
  std::vector<uint8_t> bytes;
};

IssuerSearch::IssuerSearch(Pool& pool, std::function<void(Status)> finished)
    : pool_(pool), finished_(std::move(finished)), timer_(pool.parts().platform, [this] { look(); }) {}

IssuerSearch::~IssuerSearch() { cancel(); }

void IssuerSearch::cancel() {
  timer_.stop();
  fetch_.reset();
  file_.reset();
}

bool IssuerSearch::start(const tls::MissingIssuer& missing) {
  cancel();
  issuer_ = missing.name;
  places_.assign(missing.uris.rbegin(), missing.uris.rend());
  if (!pool_.crosscert().empty()) places_.push_back(crosscert_uri(pool_.crosscert(), issuer_));
  if (places_.empty()) return false;
  failure_ = {Errc::NotFound, ""};
  deadline_ = pool_.parts().platform.now() + kLimit;
  timer_.set(pool_.parts().platform.now());
  return true;
}

/// Called by the timer: the one thing that moves the search on.
void IssuerSearch::look() {
  Millis now = pool_.parts().platform.now();
  if (fetch_ && fetch_->done()) {
    Status got = fetch_->outcome();
    if (got.ok()) got = take();
    fetch_.reset();
    file_.reset();
    if (got.ok()) return finished_(ok_status());
    failure_ = std::move(got).error().in(printable(place_, 200));
  }
  if (reached(deadline_, now)) {
    cancel();
    return finished_(Error{Errc::TimedOut, cat("no answer in time from ", printable(place_, 200))});
  }
  if (!fetch_ && places_.empty()) return finished_(failure_);
  if (!fetch_) next_place();
  timer_.set(now + kLookEvery);
}

void IssuerSearch::next_place() {
  place_ = std::move(places_.back());
  places_.pop_back();
  auto uri = parse_uri(place_);
  if (!uri.ok() || uri->scheme != "http" || uri->host.empty()) {
    failure_ = {Errc::Unsupported, cat(printable(place_, 200), ": not an http:// URI")};
    return;
  }
  file_ = std::make_unique<File>();
  fetch_ = start_fetch(*uri, *file_, {.idle_timeout = kSilence}, pool_, Issuers::AsSent);
}

/// Stores what arrived. Errors: Invalid, NotFound (it is not of the issuer), those of Trust::store().
Status IssuerSearch::take() {
  tls::Trust& trust = TRY(pool_.tls())->trust();
  auto certificates = TRY(tls::split_certificates(file_->bytes));
  bool found = false;
  for (const auto& der : certificates) {
    tls::Certificate one;
    if (tls::add_certificate(one.crt, der) != 0) continue;
    Bytes subject = tls::contents_of(one.crt.subject_raw);
    if (!std::equal(subject.begin(), subject.end(), issuer_.begin(), issuer_.end())) continue;
    found |= TRY(trust.store(der, false));
  }
  if (!found) return Error{Errc::NotFound, "not the certificate that is missing"};
  return ok_status();
}

}  // namespace hawser::http
