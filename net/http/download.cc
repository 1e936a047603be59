#include "net/http/download.h"

#include <algorithm>

#include "src/base/format.h"
#include "src/base/text.h"

namespace hawser::http {
namespace {
constexpr uint64_t kMaxDiscard = 64u << 10;  ///< of a redirect's or an error's body
constexpr uint64_t kProgress = 64u << 10;    ///< this much further, the tries count anew
constexpr Millis kFirstPause{500};
constexpr Millis kLongestPause{4'000};
constexpr unsigned kMaxWaits = 3;
constexpr uint64_t kDefaultWait_s = 5, kLongestWait_s = 30;  ///< Retry-After

std::string credentials_of(const Uri& uri) {
  return uri.user.empty() && uri.password.empty() ? "" : cat(uri.user, ":", uri.password);
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// What If-Range may carry: a strong ETag, or a date older than the answer itself (RFC 9110
/// §13.1.5 and §8.8.2.2). Empty when the answer has neither.
std::string strong_validator(const Head& head) {
  if (!head.etag.empty()) return head.etag.starts_with('"') ? head.etag : "";
  return head.last_modified == head.date ? "" : head.last_modified;
}
}  // namespace

Download::Download(Transport& transport, Sink& file, Millis idle, HttpRequest request)
    : transport_(transport),
      file_(file),
      idle_(idle.ms > 0 ? idle : kIdle),
      connect_limit_(idle.ms > 0 ? std::min(idle, kConnect) : kConnect),
      one_silence_ends_it_(idle.ms > 0),
      request_(std::move(request)) {}

void Download::start(const Uri& uri, Millis now) {
  original_ = uri_ = uri;
  auth_ = Authentication(credentials_of(uri));
  attempt(false, now);
}

void Download::start_part(const Uri& uri, const Part& part, Millis now) {
  progress_.received = high_water_ = part.first;
  progress_.total = part.total;
  part_end_ = part.last + 1;
  validator_ = part.validator;
  start(uri, now);
}

std::optional<Part> Download::rest() const {
  bool plain = request_.method == "GET" && request_.headers.empty() && request_.body.empty();
  bool own_password = redirects_ == 0 || !auth_.has_credentials();  // that source() tells
  if (state_ != State::Receiving || !plain || !own_password || validator_.empty()) return {};
  const Head& head = reader_->head();
  bool ranges = head.accepts_ranges || head.status == 206;
  if (!ranges || !progress_.total || progress_.received >= *progress_.total) return {};
  return Part{progress_.received, *progress_.total - 1, *progress_.total, validator_};
}

void Download::take(Bytes bytes) {
  Status written = file_.write(bytes);
  if (!written.ok()) return fail(std::move(written).error());
  progress_.received += bytes.size();
  if (progress_.received == progress_.total) state_ = State::Done;
}

void Download::attempt(bool fresh, Millis now) {
  state_ = State::Connecting;
  tcp_is_up_ = false;
  auto opening = transport_.connect(server_of(uri_), fresh);
  if (!opening.ok()) return on_broken(std::move(opening).error(), now);
  reused_ = *opening == Transport::Opening::Kept;
  if (reused_) return send_request(now);
  bool resolving = *opening == Transport::Opening::Resolving;
  deadline_ = now + (resolving ? kResolve : connect_limit_);
  progress_.note = cat(resolving ? "resolving " : "connecting to ", printable(uri_.host, 80));
}

void Download::on_resolved(Millis now) {
  if (state_ != State::Connecting) return;
  deadline_ = now + connect_limit_;
  progress_.note = cat("connecting to ", printable(uri_.host, 80));
}

void Download::on_handshake(Millis now) {
  if (state_ != State::Connecting) return;
  tcp_is_up_ = true;
  deadline_ = now + connect_limit_;
  progress_.note = cat("TLS handshake with ", printable(uri_.host, 80));
}

void Download::on_issuer_missing(Millis now, Millis limit) {
  if (state_ != State::Connecting) return;
  tcp_is_up_ = false;
  deadline_ = now + limit;
  progress_.note = "fetching a certificate that the server did not send";
}

void Download::on_connected(Millis now) {
  if (state_ == State::Connecting) send_request(now);
}

void Download::send_request(Millis now) {
  bool redirected = redirects_ > 0;
  const HttpRequest plain, &extra = redirected ? plain : request_;
  // The answer to a form may differ from one time to the next, so it is read again as a whole.
  ranged_ = progress_.received > 0 && !validator_.empty() && extra.method == "GET";
  next_ = Next::Finish;
  discarded_ = 0;
  reader_.emplace(static_cast<ResponseHandler&>(*this));
  state_ = State::Waiting;
  deadline_ = now + idle_;
  progress_.note = cat("waiting for ", printable(uri_.host, 80));
  RangeRequest range;
  if (ranged_) range = {progress_.received, part_end_, validator_};
  transport_.send(get_request(uri_, authorization(extra.method), range, extra, is_proxied()));
}

/// Requests to TLS servers go through a tunnel, as if there were no proxy.
bool Download::is_proxied() const {
  return uri_.scheme == "http" && transport_.proxy_for(server_of(uri_));
}

/// Header lines that tell the server, and the proxy, who we are.
std::string Download::authorization(std::string_view method) {
  std::string lines;
  std::string answer = auth_.answer(method, request_target(uri_, false), transport_.random());
  if (!answer.empty()) lines = cat("Authorization: ", answer, "\r\n");
  if (!is_proxied()) return lines;
  Authentication& proxy = transport_.proxy_for(server_of(uri_))->auth;
  answer = proxy.answer(method, request_target(uri_, true), transport_.random());
  if (!answer.empty()) lines += cat("Proxy-Authorization: ", answer, "\r\n");
  return lines;
}

/// True when the server or the proxy wants to know who we are, in a way that we can answer.
bool Download::is_challenge(const Head& head) {
  if (head.status == 401) return auth_.on_challenge(head.challenges);
  return head.status == 407 && is_proxied() &&
         transport_.proxy_for(server_of(uri_))->auth.on_challenge(head.proxy_challenges);
}

void Download::on_data(Bytes bytes, Millis now) {
  bool reading =
      state_ == State::Waiting || state_ == State::Receiving || state_ == State::Discarding;
  if (!reading || bytes.empty()) return;
  deadline_ = now + idle_;
  auto used = reader_->feed(bytes);
  if (state_ == State::Left) return transport_.release(false);
  if (!used.ok()) {
    if (next_ == Next::FromScratch) return broken(std::move(used).error(), now);
    if (state_ == State::Discarding) return answer_over(false, now);
    transport_.release(false);
    return fail(std::move(used).error());
  }
  // Bytes after the end mean that we and the server disagree about where it is.
  if (reader_->done()) answer_over(reader_->head().keep_alive && *used == bytes.size(), now);
}

Status Download::on_head(const Head& head) {
  if (head.status == 206) return on_partial_file(head);
  if (head.status < 300) return on_whole_file(head);
  return on_failure(head);
}

Status Download::on_whole_file(const Head& head) {
  if (part_end_) return Error{Errc::Io, "the server sent the whole file in place of a part"};
  if (begun_) file_.restart();
  begun_ = true;
  ++starts_;
  stop_at_.reset();
  progress_.received = 0;
  progress_.total = head.length;
  validator_ = strong_validator(head);
  TRY(file_.begin(head.length));
  state_ = State::Receiving;
  progress_.note.clear();
  return ok_status();
}

bool Download::continues_our_file(const Head& head) const {
  if (!ranged_ || !head.range || head.range->first != progress_.received) return false;
  if (head.length && *head.length - 1 != head.range->last - head.range->first) return false;
  if (part_end_ && head.range->last >= *part_end_) return false;
  if (head.range->total && progress_.total && *head.range->total != *progress_.total) return false;
  // A 206 repeats the ETag (RFC 9110 §15.3.7); servers that ignore If-Range show themselves here.
  if (validator_.starts_with('"')) return head.etag == validator_;
  return head.last_modified.empty() || head.last_modified == validator_;
}

Status Download::on_partial_file(const Head& head) {
  if (!ranged_) return Error{Errc::Protocol, "HTTP server sent a part (206) of a whole file"};
  if (!continues_our_file(head)) return start_over("the file on the server changed");
  if (!progress_.total) progress_.total = head.range->total;
  begun_ = true;
  state_ = State::Receiving;
  progress_.note.clear();
  return ok_status();
}

/// Ends the answer at hand: the next request asks for the whole file. A part fails.
Error Download::start_over(std::string text) {
  if (!part_end_) next_ = Next::FromScratch;
  validator_.clear();
  return {Errc::Io, std::move(text)};
}

Status Download::on_failure(const Head& head) {
  if (head.status == 416 && ranged_) return start_over("the file on the server got shorter");
  state_ = State::Discarding;
  if (is_redirect(head.status) && !head.location.empty()) {
    next_ = Next::Redirect;
    return ok_status();
  }
  if (is_challenge(head)) {
    next_ = Next::AskAgain;
    return ok_status();
  }
  bool wait = head.status >= 400 && !head.retry_after.empty() && waits_ < kMaxWaits && !part_end_;
  next_ = wait ? Next::RetryLater : Next::Fail;
  error_ = {class_of(head.status), status_text(head)};
  if (head.status == 401)
    error_.text += auth_.has_credentials() ? "; user or password is wrong"
                                           : "; the URI names no user (http://user:password@host/)";
  if (is_proxied())
    error_.text += proxy_advice(head.status, transport_.proxy_for(server_of(uri_))->auth);
  if (redirects_ > 0) error_.text += cat(", redirected to ", printable(display(uri_)));
  return ok_status();
}

Status Download::on_body(Bytes bytes) {
  if (state_ == State::Discarding) {
    discarded_ += bytes.size();
    if (discarded_ > kMaxDiscard) return Error{Errc::NoSpace, "too much to discard"};
    return ok_status();
  }
  if (stop_at_) bytes = bytes.first(std::min(bytes.size(), *stop_at_ - progress_.received));
  // Only a part (206) without Content-Length gets here with too much.
  if (progress_.total && bytes.size() > end() - progress_.received)
    return Error{Errc::Protocol, cat("HTTP server sent more than the ", *progress_.total,
                                     " bytes that it announced")};
  TRY(file_.write(bytes));
  progress_.received += bytes.size();
  if (stop_at_ != progress_.received) return ok_status();
  state_ = State::Left;
  deadline_ = kNever;
  return Error{Errc::Cancelled, "others read what follows"};
}

/// One above the last byte that is wanted of a file whose size is known.
uint64_t Download::end() const { return part_end_.value_or(*progress_.total); }

/// The answer was read to its end, or to where it is of no further interest.
void Download::answer_over(bool keep, Millis now) {
  bool gone_elsewhere = redirects_ > 0;
  switch (next_) {
    case Next::Redirect:
      return redirect(keep, now);
    case Next::RetryLater:
      return retry_later(keep, now);
    case Next::AskAgain:
      transport_.release(keep);
      return attempt(false, now);
    case Next::Fail:
      // A server in trouble, or a mirror that we were sent to, may be well again on the next try.
      if (begun_ && (gone_elsewhere || reader_->head().status >= 500)) {
        uri_ = original_;
        auth_ = Authentication(credentials_of(uri_));
        redirects_ = 0;
        return broken(error_, now);
      }
      transport_.release(keep);
      return fail(error_);
    case Next::Finish:
    case Next::FromScratch:
      break;
  }
  if (progress_.total && progress_.received < end())  // a 206 that held less than asked
    return broken({Errc::Reset, cat("HTTP answer ended after ", so_far())}, now);
  transport_.release(keep);
  state_ = State::Done;
}

void Download::redirect(bool keep, Millis now) {
  transport_.release(keep);
  std::string location = reader_->head().location;
  auto reference = parse_uri(location);
  if (!reference.ok())
    return fail(std::move(reference).error().in(cat("HTTP ", reader_->head().status)));
  bool names_a_host = reference->absolute();
  // RFC 3986 §4.2: "//host/path" keeps only the scheme.
  if (!names_a_host && location.starts_with("//")) {
    reference = parse_uri(cat(uri_.scheme, ":", location));
    if (!reference.ok()) return fail(std::move(reference).error());
    names_a_host = true;
  }
  Uri to = resolve(uri_, *reference);
  if ((to.scheme != "http" && to.scheme != "https") || to.host.empty())
    return fail({Errc::Unsupported,
                 cat("HTTP ", reader_->head().status, " redirects to ", printable(display(to)),
                     ", and only http:// and https:// are followed")});
  if (uri_.scheme == "https" && to.scheme == "http" && !insecure_redirects_)
    return fail({Errc::NotPermitted,
                 cat("HTTP ", reader_->head().status, " redirects to ", printable(display(to)),
                     ", where nothing is protected; use that URI if this is meant, or: "
                     "set insecure-redirects 1")});
  if (++redirects_ > kRedirects)
    return fail({Errc::Protocol, cat("more than ", kRedirects, " redirects, the last to ",
                                     printable(display(to)), "; the server sends us in circles")});
  bool same_server = server_of(to) == server_of(uri_);
  std::string own = names_a_host ? credentials_of(to) : "";
  if (!own.empty()) auth_ = Authentication(own);
  else if (!same_server) auth_ = {};  // RFC 9110 §15.4: not meant for strangers
  uri_ = to;
  attempt(false, now);
}

/// RFC 9110 §10.2.3; a date counts as kDefaultWait_s.
void Download::retry_later(bool keep, Millis now) {
  transport_.release(keep);
  ++waits_;
  uint64_t seconds = parse_decimal(reader_->head().retry_after).value_or(kDefaultWait_s);
  seconds = std::min(seconds, kLongestWait_s);
  pause({int64_t(seconds) * 1000}, error_.text, now);
}

void Download::on_closed(Millis now) {
  if (state_ == State::Discarding) return answer_over(false, now);
  if (state_ == State::Receiving && reader_->on_close()) return answer_over(false, now);
  if (state_ == State::Receiving)
    return broken({Errc::Reset, cat("connection closed after ", so_far())}, now);
  on_broken({Errc::Reset, "connection closed before an answer"}, now);
}

void Download::on_broken(Error why, Millis now) {
  if (finished() || state_ == State::Pausing || state_ == State::Left) return;
  if (state_ == State::Discarding) return answer_over(false, now);
  if (state_ == State::Waiting && reused_ && !reader_->started()) {
    transport_.release(false);  // the server closed it while it was idle: that costs no try
    return attempt(true, now);
  }
  if (state_ == State::Receiving) why.text += cat(" after ", so_far());
  broken(std::move(why), now);
}

/// Tries again later, if that can help.
void Download::broken(Error why, Millis now) {
  transport_.release(false);
  bool never_answered = state_ == State::Connecting && !begun_ && tries_ == 0;
  if (never_answered) return fail(std::move(why));
  if (progress_.received >= high_water_ + kProgress) {
    high_water_ = progress_.received;
    tries_ = 0;
  }
  if (tries_ >= kRetries) {
    why.text += cat("; ", kRetries, " more tries did not help");
    return fail(std::move(why));
  }
  Millis length{std::min(kFirstPause.ms << tries_, kLongestPause.ms)};
  ++tries_;
  pause(length, why.text, now);
}

void Download::pause(Millis length, std::string_view why, Millis now) {
  state_ = State::Pausing;
  deadline_ = now + length;
  uint64_t tenths = uint64_t(length.ms) / 100;
  progress_.note = cat("retry in ", tenths / 10, ".", tenths % 10, " s: ", why);
}

void Download::on_deadline(Millis now) {
  if (finished() || !reached(deadline_, now)) return;
  if (state_ == State::Pausing) return attempt(true, now);
  if (state_ == State::Discarding) return answer_over(false, now);
  Error why{Errc::TimedOut, ""};
  if (state_ == State::Connecting) {
    why.text = cat(tcp_is_up_ ? "TLS handshake with " : "connect ", printable(uri_.host, 80), ":",
                   server_of(uri_).port, ": no answer in ", connect_limit_.ms / 1000, " s");
  } else {
    why.text = cat("no data for ", idle_.ms / 1000, " s");
    if (state_ == State::Receiving) why.text += cat(" after ", so_far());
    if (tries_ > 0 && tries_ < kRetries) ++tries_;  // silence takes long, so it counts double
  }
  if (!one_silence_ends_it_) return broken(std::move(why), now);
  transport_.release(false);
  fail(std::move(why));
}

std::string Download::so_far() const {
  std::string text = human_size(progress_.received);
  if (progress_.total) text += cat(" of ", human_size(*progress_.total));
  return text;
}

void Download::fail(Error error) {
  error_ = std::move(error);
  state_ = State::Failed;
}

}  // namespace hawser::http
