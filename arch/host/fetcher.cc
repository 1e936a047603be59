#include "arch/host/fetcher.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "net/http/download.h"
#include "src/base/format.h"

namespace hawser::host {

/// A download that the fetcher polls.
class HostFetch : public Fetch {
 public:
  explicit HostFetch(HostFetcher& fetcher) : fetcher_(fetcher) { fetcher.running_.push_back(this); }
  ~HostFetch() override { std::erase(fetcher_.running_, this); }
  HostFetch(const HostFetch&) = delete;
  /// Waits a few milliseconds at most.
  virtual void poll() = 0;

 private:
  HostFetcher& fetcher_;
};

namespace {

class FileFetch final : public HostFetch {
 public:
  FileFetch(HostFetcher& fetcher, std::string path, Sink& sink)
      : HostFetch(fetcher), path_(std::move(path)), sink_(sink) {}

  bool done() const override { return done_; }
  Status outcome() const override { return outcome_; }
  const FetchProgress& progress() const override { return progress_; }
  void poll() override {
    if (done_) return;
    outcome_ = read();
    done_ = true;
  }

 private:
  Status read() {
    std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path_.c_str(), "rb"), std::fclose);
    struct stat about;
    if (!file || fstat(fileno(file.get()), &about) != 0)
      return Error{Errc::NotFound, cat(path_, ": ", std::strerror(errno))};
    if (!S_ISREG(about.st_mode)) return Error{Errc::NotFound, cat(path_, ": not a file")};
    progress_.total = uint64_t(about.st_size);
    TRY(sink_.begin(progress_.total));
    uint8_t part[65536];
    for (size_t n; (n = std::fread(part, 1, sizeof part, file.get())) > 0;) {
      TRY(sink_.write({part, n}));
      progress_.received += n;
    }
    return ok_status();
  }

  std::string path_;
  Sink& sink_;
  bool done_ = false;
  Status outcome_ = ok_status();
  FetchProgress progress_;
};

Errc class_of(int error) {
  switch (error) {
    case ECONNREFUSED:
      return Errc::Refused;
    case ECONNRESET:
    case EPIPE:
      return Errc::Reset;
    case ETIMEDOUT:
      return Errc::TimedOut;
    default:
      return Errc::Unreachable;
  }
}

/// http::Download over a socket. Each request has a connection of its own.
class HttpFetch final : public HostFetch, private http::Transport {
 public:
  HttpFetch(HostFetcher& fetcher, Platform& platform, Sink& sink, const FetchOptions& options)
      : HostFetch(fetcher),
        platform_(platform),
        download_(*this, sink, options.idle_timeout, options.http) {}
  ~HttpFetch() override { release(false); }

  void begin(const Uri& uri) { download_.start(uri, platform_.now()); }
  bool done() const override { return download_.finished(); }
  Status outcome() const override {
    if (download_.state() == http::Download::State::Done) return ok_status();
    return download_.error();
  }
  const FetchProgress& progress() const override { return download_.progress(); }

  void poll() override {
    constexpr int kWaitMs = 5;
    if (done()) return;
    bool sends = connecting_ || !unsent_.empty();
    pollfd wait{socket_, short(POLLIN | (sends ? POLLOUT : 0)), 0};
    if (::poll(&wait, 1, kWaitMs) > 0) {
      if (connecting_) connected();
      else if (wait.revents & (POLLIN | POLLHUP | POLLERR)) receive();
      if (socket_ >= 0 && !connecting_) push();
    }
    if (!done()) download_.on_deadline(platform_.now());
  }

 private:
  Result<Opening> connect(const http::Server& server, bool) override {
    release(false);
    const auto& [name, port, secure] = server;
    if (secure)
      return Error{Errc::Unsupported, "only http is fetched here, and this leads to https"};
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    std::string service = decimal(uint64_t{port});
    if (int failed = getaddrinfo(name.c_str(), service.c_str(), &hints, &found); failed != 0)
      return Error{Errc::NotFound, cat("resolve ", printable(name), ": ", gai_strerror(failed))};
    where_ = cat("connect ", printable(name), ":", port);
    socket_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool started = socket_ >= 0 && (::connect(socket_, found->ai_addr, found->ai_addrlen) == 0 ||
                                    errno == EINPROGRESS);
    int why = errno;
    freeaddrinfo(found);
    if (!started) {
      release(false);
      return Error{class_of(why), cat(where_, ": ", std::strerror(why))};
    }
    connecting_ = true;
    return Opening::Connecting;
  }
  void send(std::string_view request) override { unsent_ += request; }
  uint64_t random() override { return platform_.random(); }
  void release(bool) override {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
    connecting_ = false;
    unsent_.clear();
  }

  void connected() {
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &length);
    connecting_ = false;
    if (error == 0) return download_.on_connected(platform_.now());
    release(false);
    download_.on_broken({class_of(error), cat(where_, ": ", std::strerror(error))},
                        platform_.now());
  }
  void receive() {
    uint8_t part[65536];
    ssize_t n = ::recv(socket_, part, sizeof part, 0);
    if (n > 0) return download_.on_data({part, size_t(n)}, platform_.now());
    if (n == 0) return download_.on_closed(platform_.now());
    if (errno != EAGAIN && errno != EINTR) broken(errno);
  }
  void push() {
    if (unsent_.empty()) return;
    ssize_t n = ::send(socket_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (n > 0) unsent_.erase(0, size_t(n));
    else if (errno != EAGAIN && errno != EINTR) broken(errno);
  }
  void broken(int error) {
    release(false);
    download_.on_broken({class_of(error), std::strerror(error)}, platform_.now());
  }

  Platform& platform_;
  http::Download download_;
  int socket_ = -1;
  bool connecting_ = false;
  std::string unsent_, where_;
};

bool has_parent_step(std::string_view path) {
  return cat("/", path, "/").find("/../") != std::string::npos;
}

bool exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

}  // namespace

Result<std::string> HostFetcher::recorded(const Uri& uri) const {
  std::string path = percent_decode(uri.path);
  if (has_parent_step(path) || path.find('\0') != std::string::npos || has_parent_step(uri.host))
    return Error{Errc::Access, "\"..\" is not allowed here"};
  if (uri.scheme == "file") {
    if (options_.file_folder.empty() || !path.starts_with(options_.file_folder + "/"))
      return Error{Errc::Access, "only files below the script's own folder can be read"};
    return path;
  }
  std::string file = cat(options_.root, '/', uri.host, path.starts_with('/') ? "" : "/", path);
  if (uri.query)
    if (std::string with_query = cat(file, '?', *uri.query); exists(with_query)) return with_query;
  if (!exists(file)) return Error{Errc::NotFound, cat("there is no ", file)};
  return file;
}

Result<std::unique_ptr<Fetch>> HostFetcher::start(const Uri& uri, Sink& sink,
                                                  const FetchOptions& options) {
  if (uri.scheme == "file" || !options_.root.empty())
    return std::unique_ptr<Fetch>(std::make_unique<FileFetch>(*this, TRY(recorded(uri)), sink));
  if (uri.scheme != "http")
    return Error{Errc::Unsupported, cat(printable(uri.scheme, 32),
                                        ": only http is fetched here; record the files, and "
                                        "name their folder with --root")};
  auto fetch = std::make_unique<HttpFetch>(*this, platform_, sink, options);
  fetch->begin(uri);
  return std::unique_ptr<Fetch>(std::move(fetch));
}

/// As in the ROM, so that scripts which ask for features take the same way.
std::vector<std::string_view> HostFetcher::schemes() const { return {"tftp", "http", "https"}; }

bool HostFetcher::poll() {
  for (HostFetch* fetch : std::vector(running_)) fetch->poll();
  return !running_.empty();
}

}  // namespace hawser::host
