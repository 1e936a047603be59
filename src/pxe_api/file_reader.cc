#include "src/pxe_api/file_reader.h"

#include <algorithm>

namespace hawser::pxe_api {
namespace {

constexpr Millis kPatience{30'000};
constexpr Millis kClockInterval{10};    // the timer's interrupt comes every 55 ms
constexpr size_t kMostWaiting = 8u << 20;  ///< more than arrives in one round

}  // namespace

bool wait_for(Loop& loop, const std::function<bool()>& done,
              const std::function<uint64_t()>& progress) {
  Millis now = loop.now();
  Millis end = now + kPatience, next_interrupts = now + kClockInterval;
  uint64_t so_far = progress();
  while (!done()) {
    loop.poll_once();
    now = loop.now();
    if (reached(next_interrupts, now)) {
      loop.platform().let_interrupts_in();
      next_interrupts = now + kClockInterval;
    }
    if (uint64_t more = progress(); more != so_far) {
      so_far = more;
      end = now + kPatience;
    }
    if (reached(end, now)) return done();
  }
  return true;
}

Status FileReader::begin(std::optional<uint64_t> size) {
  size_ = size;
  if (only_size_) return Error{Errc::Cancelled, "only the size was wanted"};
  return ok_status();
}

Status FileReader::write(Bytes bytes) {
  if (changed_) return Error{Errc::Io, "the server's file changed while it was read"};
  if (bytes.size() > kMostWaiting - waiting()) return Error{Errc::NoSpace, "too much arrived"};
  buffer_.erase(buffer_.begin(), buffer_.begin() + ptrdiff_t(at_));
  at_ = 0;
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  return ok_status();
}

void FileReader::restart() {
  changed_ = given_;
  buffer_.clear();
  at_ = 0;
}

Status FileReader::wait_until(const std::function<bool()>& enough) {
  bool in_time = wait_for(
      loop_, [&] { return fetch_->done() || enough(); },
      [&] { return fetch_->progress().received; });
  if (!in_time) return Error{Errc::TimedOut, "nothing arrived for 30 s"};
  return fetch_->done() ? fetch_->outcome() : ok_status();
}

Status FileReader::open(Fetcher& fetcher, const Uri& uri) {
  fetch_ = TRY(fetcher.start(uri, *this, {}));
  return wait_until([&] { return waiting() > 0; });
}

Result<size_t> FileReader::read(MutBytes out) {
  TRY(wait_until([&] { return waiting() >= out.size(); }));
  size_t n = std::min(out.size(), waiting());
  std::copy_n(buffer_.begin() + ptrdiff_t(at_), n, out.begin());
  at_ += n;
  given_ = given_ || n > 0;
  return n;
}

Result<uint64_t> FileReader::size_of(Fetcher& fetcher, const Uri& uri) {
  only_size_ = true;
  fetch_ = TRY(fetcher.start(uri, *this, {}));
  Status ended = wait_until([&] { return size_.has_value(); });
  if (size_) return *size_;
  if (!ended.ok() && ended.error().code != Errc::Cancelled) return std::move(ended).error();
  return Error{Errc::NotFound, "the server does not tell the file's size"};
}

}  // namespace hawser::pxe_api
