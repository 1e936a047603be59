// HTTP downloads as conversations: what was asked, what came back, and what the sink holds.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "net/http/download.h"
#include "src/base/format.h"
#include "tests/fakes/memory_file.h"

namespace hawser::http {
namespace {

using State = Download::State;
using Opening = Transport::Opening;

using File = fakes::MemoryFile;

struct FakeTransport : Transport {
  Result<Opening> connect(const Server& server, bool fresh) override {
    auto& [host, port, secure] = server;
    EXPECT_FALSE(open) << "the connection before was not released";
    opened.push_back(cat(host, ":", port, secure ? " TLS" : "", fresh ? " fresh" : ""));
    if (refuse) return Error{Errc::Unreachable, "no route"};
    open = true;
    if (kept > 0 && !fresh) {
      --kept;
      return Opening::Kept;
    }
    return resolving ? Opening::Resolving : Opening::Connecting;
  }
  void send(std::string_view request) override { requests.emplace_back(request); }
  void release(bool keep) override {
    if (!open) return;
    open = false;
    if (keep) ++kept;
    else ++dropped;
  }
  Proxy* proxy_for(const Server&) override { return proxy; }
  uint64_t random() override { return 0x0123456789abcdef; }
  std::vector<std::string> opened, requests;
  Proxy* proxy = nullptr;
  bool open = false, resolving = false, refuse = false;
  int kept = 0, dropped = 0;
};

Uri uri_of(std::string_view text) { return parse_uri(text).value(); }

struct HttpDownload : testing::Test {
  FakeTransport net;
  File file;
  Download get{net, file, Millis{0}};
  Millis now{0};

  void start(std::string_view uri = "http://h/f") { get.start(uri_of(uri), now); }
  void answer(std::string_view text) { get.on_data(bytes_of(text), now); }
  /// Start, connect and the first answer.
  void begin(std::string_view text, std::string_view uri = "http://h/f") {
    start(uri);
    get.on_connected(now);
    answer(text);
  }
  /// Lets the pause before the next try pass; the connection is made at once.
  void next_try() {
    ASSERT_EQ(get.state(), State::Pausing);
    now = get.deadline();
    get.on_deadline(now);
    ASSERT_EQ(get.state(), State::Connecting);
    get.on_connected(now);
  }
  const std::string& request() { return net.requests.back(); }
  bool asked(std::string_view text) { return request().find(text) != std::string::npos; }
};

constexpr std::string_view kTen = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nETag: \"v1\"\r\n\r\n";

TEST_F(HttpDownload, ReadsAFileAndKeepsTheConnection) {
  start();
  EXPECT_EQ(get.progress().note, "connecting to h");
  get.on_connected(now);
  EXPECT_EQ(get.progress().note, "waiting for h");
  EXPECT_TRUE(request().starts_with("GET /f HTTP/1.1\r\nHost: h\r\n"));
  answer(std::string(kTen) + "01234");
  EXPECT_EQ(get.progress().note, "");
  EXPECT_EQ(get.progress().received, 5u);
  EXPECT_EQ(get.progress().total, 10u);
  answer("56789");
  EXPECT_EQ(get.state(), State::Done);
  EXPECT_EQ(file.text, "0123456789");
  EXPECT_EQ(net.kept, 1);
  EXPECT_EQ(get.deadline(), kNever);
}

TEST_F(HttpDownload, ConnectionIsNotKeptWhenTheServerClosesOrSaysTooMuch) {
  begin(std::string(kTen) + "0123456789extra");
  EXPECT_EQ(get.state(), State::Done);
  EXPECT_EQ(file.text, "0123456789");
  EXPECT_EQ(net.kept, 0);
}

TEST_F(HttpDownload, KeptConnectionIsUsedAtOnce) {
  net.kept = 1;
  start();
  EXPECT_EQ(net.requests.size(), 1u);
  answer(std::string(kTen) + "0123456789");
  EXPECT_EQ(get.state(), State::Done);
}

TEST_F(HttpDownload, DeadKeptConnectionIsReplacedUnseen) {
  for (bool reset : {false, true}) {
    FakeTransport transport;
    transport.kept = 1;
    Download download{transport, file, Millis{0}};
    download.start(uri_of("http://h/f"), now);
    if (reset) download.on_broken({Errc::Reset, "connection reset"}, now);
    else download.on_closed(now);
    EXPECT_EQ(download.state(), State::Connecting);
    EXPECT_EQ(transport.opened.back(), "h:80 fresh");
    download.on_connected(now);
    EXPECT_EQ(transport.requests.size(), 2u);
  }
}

TEST_F(HttpDownload, CloseEndsABodyWithoutLength) {
  begin("HTTP/1.0 200 OK\r\n\r\nall of it");
  EXPECT_EQ(get.state(), State::Receiving);
  get.on_closed(now);
  EXPECT_EQ(get.state(), State::Done);
  EXPECT_EQ(file.text, "all of it");
  EXPECT_EQ(file.announced.at(0), std::nullopt);
}

TEST_F(HttpDownload, ErrorsOfTheServerAreNamed) {
  struct Case {
    std::string_view status, text;
    Errc code;
  };
  for (const Case& one :
       std::vector<Case>{{"404 Not Found", "HTTP 404 Not Found", Errc::NotFound},
                         {"404 ", "HTTP 404 Not Found", Errc::NotFound},
                         {"410", "HTTP 410 Gone", Errc::NotFound},
                         {"403 Forbid\x1b[1m", "HTTP 403 Forbid?[1m", Errc::NotPermitted},
                         {"500 Oops", "HTTP 500 Oops", Errc::Io},
                         {"304 Not Modified", "HTTP 304 Not Modified", Errc::Io},
                         {"302 Found", "HTTP 302 Found", Errc::Io}}) {  // without a Location
    FakeTransport transport;
    Download download{transport, file, Millis{0}};
    download.start(uri_of("http://h/f"), now);
    download.on_connected(now);
    std::string text = cat("HTTP/1.1 ", one.status, "\r\nContent-Length: 4\r\n\r\noops");
    download.on_data(bytes_of(text), now);
    EXPECT_EQ(download.state(), State::Failed);
    EXPECT_EQ(download.error().text, one.text);
    EXPECT_EQ(download.error().code, one.code);
  }
  EXPECT_TRUE(file.announced.empty());
}

TEST_F(HttpDownload, LongErrorPageIsNotReadToItsEnd) {
  begin("HTTP/1.1 404 Not Found\r\nContent-Length: 1000000\r\n\r\n");
  EXPECT_EQ(get.state(), State::Discarding);
  answer(std::string(70'000, 'x'));
  EXPECT_EQ(get.error().text, "HTTP 404 Not Found");
  EXPECT_EQ(net.dropped, 1);
}

TEST_F(HttpDownload, UnauthorizedTellsWhatIsMissing) {
  begin("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(get.error().code, Errc::Access);
  EXPECT_EQ(get.error().text,
            "HTTP 401 Unauthorized; the URI names no user (http://user:password@host/)");
}

TEST_F(HttpDownload, FollowsRedirectsRelativeAndAbsolute) {
  begin("HTTP/1.1 302 Found\r\nLocation: ../g?x=%41\r\nContent-Length: 3\r\n\r\nabc",
        "http://h/dir/sub/f?old=1");
  EXPECT_EQ(net.opened.back(), "h:80");  // the kept connection
  EXPECT_TRUE(request().starts_with("GET /dir/g?x=%41 HTTP/1.1\r\n"));
  answer("HTTP/1.1 308 Moved\r\nLocation: http://other:8080/new file\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(net.opened.back(), "other:8080");
  net.kept = 0;
  get.on_connected(now);
  answer("HTTP/1.1 307 Moved\r\nLocation: //third/x\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(net.opened.back(), "third:80");
}

TEST_F(HttpDownload, RedirectsInCirclesEnd) {
  begin("HTTP/1.1 301 Moved\r\nLocation: /f\r\nContent-Length: 0\r\n\r\n");
  for (int i = 0; i < 20 && !get.finished(); ++i)
    answer("HTTP/1.1 301 Moved\r\nLocation: /f\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(net.requests.size(), 11u);
  EXPECT_EQ(get.error().text,
            "more than 10 redirects, the last to http://h/f; the server sends us in circles");
}

TEST_F(HttpDownload, RedirectElsewhereIsExplained) {
  begin("HTTP/1.1 301 Moved\r\nLocation: ftp://h/f\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(get.error().code, Errc::Unsupported);
  EXPECT_EQ(get.error().text, 
            "HTTP 301 redirects to ftp://h/f, and only http:// and https:// are followed");
}

TEST_F(HttpDownload, RedirectsGoToHttpsButNotBack) {
  constexpr std::string_view kMoved =
      "HTTP/1.1 301 Moved\r\nLocation: https://h/f\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  constexpr std::string_view kBack =
      "HTTP/1.1 302 Found\r\nLocation: http://h/g\r\nContent-Length: 0\r\n\r\n";
  begin(kMoved);
  EXPECT_EQ(net.opened.back(), "h:443 TLS");
  get.on_handshake(now);
  EXPECT_EQ(get.progress().note, "TLS handshake with h");
  get.on_connected(now);
  EXPECT_TRUE(asked("Host: h\r\n"));
  answer(kBack);
  EXPECT_EQ(get.error().code, Errc::NotPermitted);
  EXPECT_EQ(get.error().text,
            "HTTP 302 redirects to http://h/g, where nothing is protected; use that URI if this is "
            "meant, or: set insecure-redirects 1");
}

TEST_F(HttpDownload, TheHandshakeHasATimeLimitOfItsOwn) {
  start("https://h/f");
  now = now + Millis{10'000};
  get.on_handshake(now);
  now = now + Millis{10'000};
  get.on_deadline(now);
  EXPECT_EQ(get.state(), State::Connecting);
  now = now + Millis{5'000};
  get.on_deadline(now);
  EXPECT_EQ(get.error().code, Errc::TimedOut);
  EXPECT_EQ(get.error().text, "TLS handshake with h:443: no answer in 15 s");
}

TEST_F(HttpDownload, CredentialsStayWithTheirServer) {
  auto moved = [](std::string_view where) {
    return cat("HTTP/1.1 302 Found\r\nLocation: ", where, "\r\nContent-Length: 0\r\n\r\n");
  };
  begin(moved("/g"), "http://me:secret@h/f");
  EXPECT_TRUE(asked("Authorization: Basic bWU6c2VjcmV0\r\n"));
  answer(moved("http://h:81/g"));
  net.kept = 0;
  get.on_connected(now);
  EXPECT_FALSE(asked("Authorization"));
  answer(moved("http://you:too@h:81/g"));
  EXPECT_TRUE(asked("Authorization: Basic eW91OnRvbw==\r\n"));
}

constexpr std::string_view kDigestWanted =
    "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"r\"\r\n"
    "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=auth\r\nContent-Length: 2\r\n\r\nno";

TEST_F(HttpDownload, AnswersADigestChallengeOnTheSameConnection) {
  begin(kDigestWanted, "http://me:secret@h/f?q");
  EXPECT_EQ(net.opened.size(), 2u);
  EXPECT_EQ(net.kept, 0) << "it was used again";
  EXPECT_TRUE(asked("Authorization: Digest username=\"me\", realm=\"r\", nonce=\"n\", uri=\"/f?q\""));
  answer(cat(kTen, "012"));
  get.on_broken({Errc::Reset, "reset"}, now);
  next_try();
  EXPECT_TRUE(asked(", nc=00000002, "));
  EXPECT_TRUE(asked("Range: bytes=3-\r\n"));
}

TEST_F(HttpDownload, AWrongPasswordIsNotTriedAgain) {
  begin(kDigestWanted, "http://me:secret@h/f");
  answer(kDigestWanted);
  EXPECT_EQ(get.state(), State::Failed);
  EXPECT_EQ(get.error().code, Errc::Access);
  EXPECT_EQ(get.error().text, "HTTP 401 No; user or password is wrong");
  EXPECT_EQ(net.requests.size(), 2u);
}

TEST_F(HttpDownload, AsksAProxyForTheWholeUri) {
  Proxy proxy{{"p", 3128, false}, Authentication("me:secret")};
  net.proxy = &proxy;
  begin("HTTP/1.1 407 No\r\nProxy-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n"
        "Content-Length: 0\r\n\r\n", "http://you:too@h:81/f");
  EXPECT_TRUE(net.requests.front().starts_with("GET http://h:81/f HTTP/1.1\r\nHost: h:81\r\n"));
  EXPECT_TRUE(asked("\r\nAuthorization: Basic eW91OnRvbw==\r\n"));
  EXPECT_TRUE(asked("\r\nProxy-Authorization: Digest username=\"me\", realm=\"r\", nonce=\"n\", "
                    "uri=\"http://h:81/f\""));
  answer("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(get.error().text, "HTTP 407 No; user or password in ${proxy} is wrong");
}

TEST_F(HttpDownload, ATunnelHidesTheProxy) {
  Proxy proxy{{"p", 3128, false}, Authentication("me:secret")};
  net.proxy = &proxy;
  begin("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n", "https://h/f");
  EXPECT_TRUE(asked("GET /f HTTP/1.1"));
  EXPECT_FALSE(asked("Proxy-Authorization"));
  EXPECT_EQ(get.error().text, "HTTP 407 No");
}

TEST_F(HttpDownload, RedirectsFromHttpsAreFollowedWhenAllowed) {
  get.allow_insecure_redirects();
  begin("HTTP/1.1 302 Found\r\nLocation: http://h/g\r\nContent-Length: 0\r\n\r\n", "https://h/f");
  EXPECT_EQ(net.opened.back(), "h:80");
}

TEST_F(HttpDownload, BrokenDownloadIsResumed) {
  begin(std::string(kTen) + "0123");
  get.on_broken({Errc::Reset, "connection reset"}, now);
  EXPECT_EQ(get.progress().note, "retry in 0.5 s: connection reset after 4 B of 10 B");
  next_try();
  EXPECT_TRUE(asked("Range: bytes=4-\r\nIf-Range: \"v1\"\r\n"));
  answer(
      "HTTP/1.1 206 Partial\r\nContent-Length: 6\r\nContent-Range: bytes 4-9/10\r\n"
      "ETag: \"v1\"\r\n\r\n456789");
  EXPECT_EQ(get.state(), State::Done);
  EXPECT_EQ(file.text, "0123456789");
  EXPECT_EQ(file.restarts, 0);
  EXPECT_EQ(file.announced.size(), 1u);
}

TEST_F(HttpDownload, ChangedFileIsReadFromItsStart) {
  begin(std::string(kTen) + "0123");
  get.on_closed(now);
  next_try();
  answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nETag: \"v2\"\r\n\r\nnew");
  EXPECT_EQ(get.state(), State::Done);
  EXPECT_EQ(file.text, "new");
  EXPECT_EQ(file.restarts, 1);
}

TEST_F(HttpDownload, TwoFilesAreNeverSpliced) {
  for (std::string_view part :
       {"Content-Range: bytes 4-9/10\r\nETag: \"v2\"\r\nContent-Length: 6",
        "ETag: \"v1\"\r\nContent-Range: bytes 4-9/11\r\nContent-Length: 6",
        "ETag: \"v1\"\r\nContent-Range: bytes 3-9/10\r\nContent-Length: 7",
        "ETag: \"v1\"\r\nContent-Range: bytes 4-9/10\r\nContent-Length: 5",
        "Content-Range: bytes 4-9/10\r\nContent-Length: 6", "ETag: \"v1\"\r\nContent-Length: 6"}) {
    FakeTransport transport;
    File sink;
    Download download{transport, sink, Millis{0}};
    download.start(uri_of("http://h/f"), now);
    download.on_connected(now);
    download.on_data(bytes_of(std::string(kTen) + "0123"), now);
    download.on_closed(now);
    download.on_deadline(download.deadline());
    download.on_connected(now);
    download.on_data(bytes_of(cat("HTTP/1.1 206 P\r\n", part, "\r\n\r\n456789")), now);
    EXPECT_EQ(download.state(), State::Pausing) << part;
    download.on_deadline(download.deadline());
    download.on_connected(now);
    EXPECT_EQ(transport.requests.back().find("Range"), std::string::npos);
    download.on_data(bytes_of(std::string(kTen) + "abcdefghij"), now);
    EXPECT_EQ(sink.text, "abcdefghij");
  }
}

TEST_F(HttpDownload, DateMustMatchToo) {
  begin("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nLast-Modified: Mon\r\nDate: Tue\r\n\r\n0123");
  get.on_closed(now);
  next_try();
  EXPECT_TRUE(asked("If-Range: Mon\r\n"));
  answer("HTTP/1.1 206 P\r\nLast-Modified: Tue\r\nContent-Range: bytes 4-9/10\r\n\r\n");
  EXPECT_EQ(get.progress().note, "retry in 1.0 s: the file on the server changed");
  next_try();
  EXPECT_FALSE(asked("Range"));
}

TEST_F(HttpDownload, PartThatIsTooLongIsRefused) {
  begin(std::string(kTen) + "0123");
  get.on_closed(now);
  next_try();
  answer("HTTP/1.1 206 P\r\nETag: \"v1\"\r\nContent-Range: bytes 4-9/10\r\n\r\n4567890");
  EXPECT_EQ(get.error().text, "HTTP server sent more than the 10 bytes that it announced");
}

TEST_F(HttpDownload, OnlyStrongValidatorsCount) {
  struct Case {
    std::string_view headers, if_range;
  };
  for (const Case& one :
       std::vector<Case>{{"ETag: W/\"v1\"\r\nLast-Modified: Mon\r\n", ""},
                         {"Last-Modified: Mon\r\nDate: Tue\r\n", "If-Range: Mon\r\n"},
                         {"Last-Modified: Tue\r\nDate: Tue\r\n", ""},
                         {"", ""}}) {
    FakeTransport transport;
    File sink;
    Download download{transport, sink, Millis{0}};
    download.start(uri_of("http://h/f"), now);
    download.on_connected(now);
    download.on_data(
        bytes_of(cat("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n", one.headers, "\r\n0123")), now);
    download.on_closed(now);
    download.on_deadline(download.deadline());
    download.on_connected(now);
    const std::string& request = transport.requests.back();
    if (one.if_range.empty()) EXPECT_EQ(request.find("Range"), std::string::npos);
    else EXPECT_NE(request.find(one.if_range), std::string::npos);
    download.on_data(bytes_of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"), now);
    EXPECT_EQ(sink.text, "ab");
  }
}

TEST_F(HttpDownload, ShorterFileIsReadAnew) {
  begin(std::string(kTen) + "0123");
  get.on_closed(now);
  next_try();
  answer("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\r\n");
  next_try();
  EXPECT_FALSE(asked("Range"));
  answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab");
  EXPECT_EQ(file.text, "ab");
}

TEST_F(HttpDownload, TruncatedEachTimeFailsWithTheSizes) {
  begin(std::string(kTen) + "0123");
  int tries = 1;
  get.on_closed(now);
  while (get.state() == State::Pausing) {
    next_try();
    answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123");
    get.on_closed(now);
    ++tries;
  }
  EXPECT_EQ(tries, 6);
  EXPECT_EQ(get.error().text, "connection closed after 4 B of 10 B; 5 more tries did not help");
  EXPECT_EQ(get.error().code, Errc::Reset);
  EXPECT_EQ(now.ms, 500 + 1000 + 2000 + 4000 + 4000);
}

TEST_F(HttpDownload, ProgressBuysNewTries) {
  file.room = 10u << 20;
  std::string piece(100'000, 'x');
  begin(cat("HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\nETag: \"e\"\r\n\r\n", piece));
  for (int i = 1; i < 20; ++i) {
    get.on_broken({Errc::Reset, "connection reset"}, now);
    next_try();
    answer(cat("HTTP/1.1 206 P\r\nETag: \"e\"\r\nContent-Range: bytes ", i * 100'000,
               "-1999999/2000000\r\n\r\n", piece));
  }
  EXPECT_EQ(get.progress().received, 2'000'000u);
  get.on_closed(now);
  EXPECT_EQ(get.state(), State::Done);
}

TEST_F(HttpDownload, FileTooLargeIsRefusedBeforeItsBody) {
  begin("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\nx");
  EXPECT_EQ(get.state(), State::Failed);
  EXPECT_EQ(get.error().code, Errc::NoSpace);
  EXPECT_EQ(get.error().text, "needs more memory than there is");
  EXPECT_EQ(file.text, "");
  EXPECT_EQ(net.dropped, 1);
}

TEST_F(HttpDownload, RefusedConnectionIsFinalAtFirst) {
  start();
  get.on_broken({Errc::Refused, "connect 10.0.0.2:80: connection refused"}, now);
  EXPECT_EQ(get.state(), State::Failed);
  EXPECT_EQ(get.error().text, "connect 10.0.0.2:80: connection refused");
}

TEST_F(HttpDownload, RefusedConnectionIsTriedAgainInTheMiddle) {
  begin(std::string(kTen) + "0123");
  get.on_closed(now);
  for (int i = 0; i < 4; ++i) {  // the server is being restarted
    now = get.deadline();
    get.on_deadline(now);
    get.on_broken({Errc::Refused, "connect 10.0.0.2:80: connection refused"}, now);
  }
  next_try();
  answer(
      "HTTP/1.1 206 P\r\nETag: \"v1\"\r\nContent-Range: bytes 4-9/10\r\n"
      "Content-Length: 6\r\n\r\n456789");
  EXPECT_EQ(file.text, "0123456789");
}

TEST_F(HttpDownload, NoRouteIsFinal) {
  net.refuse = true;
  start();
  EXPECT_EQ(get.error().code, Errc::Unreachable);
}

TEST_F(HttpDownload, SilenceWhileConnecting) {
  net.resolving = true;
  start();
  EXPECT_EQ(get.progress().note, "resolving h");
  now = {5'000};
  get.on_resolved(now);
  EXPECT_EQ(get.deadline().ms, 20'000);
  get.on_deadline({20'000});
  EXPECT_EQ(get.error().text, "connect h:80: no answer in 15 s");
  EXPECT_EQ(get.error().code, Errc::TimedOut);
}

TEST_F(HttpDownload, StallIsTriedAgainThenFails) {
  begin(std::string(kTen) + "0123");
  now = {19'999};
  get.on_deadline(now);
  EXPECT_EQ(get.state(), State::Receiving);
  while (!get.finished()) {
    now = get.deadline();
    get.on_deadline(now);
    if (get.state() == State::Connecting) get.on_connected(now);
  }
  EXPECT_EQ(get.error().code, Errc::TimedOut);
  EXPECT_LT(now.ms, 100'000);
}

TEST_F(HttpDownload, ChosenTimeoutEndsAtOnce) {
  Download impatient{net, file, Millis{3'000}};
  impatient.start(uri_of("http://h/f"), now);
  impatient.on_connected(now);
  impatient.on_data(bytes_of(std::string(kTen) + "0123"), {1'000});
  impatient.on_deadline({4'000});
  EXPECT_EQ(impatient.state(), State::Failed);
  EXPECT_EQ(impatient.error().text, "no data for 3 s after 4 B of 10 B");
}

TEST_F(HttpDownload, RetryAfterIsHonouredWithinBounds) {
  begin("HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(get.state(), State::Pausing);
  EXPECT_EQ(get.deadline().ms, 2'000);
  next_try();
  answer("HTTP/1.1 503 Busy\r\nRetry-After: 86400\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(get.deadline().ms, 32'000);
  next_try();
  answer("HTTP/1.1 503 Busy\r\nRetry-After: Tue, 1 Jan\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(get.deadline().ms, 37'000);
  next_try();
  answer("HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(get.error().text, "HTTP 503 Busy");
}

TEST_F(HttpDownload, MirrorThatFailsInTheMiddleIsLeft) {
  begin("HTTP/1.1 302 Found\r\nLocation: http://mirror/f\r\nContent-Length: 0\r\n\r\n");
  net.kept = 0;
  get.on_connected(now);
  answer(std::string(kTen) + "0123");
  get.on_closed(now);
  next_try();
  answer("HTTP/1.1 403 Expired\r\nContent-Length: 0\r\n\r\n");
  next_try();
  EXPECT_EQ(net.opened.back(), "h:80 fresh");
  answer(std::string(kTen) + "abcdefghij");
  EXPECT_EQ(file.text, "abcdefghij");
}

TEST_F(HttpDownload, EveryPrefixEndsInAResumeOrAFailure) {
  std::string whole = std::string(kTen) + "0123456789";
  for (size_t length = 0; length < whole.size(); ++length) {
    FakeTransport transport;
    File sink;
    Download download{transport, sink, Millis{0}};
    download.start(uri_of("http://h/f"), now);
    download.on_connected(now);
    download.on_data(bytes_of(whole.substr(0, length)), now);
    download.on_closed(now);
    ASSERT_EQ(download.state(), State::Pausing) << length;
    download.on_deadline(download.deadline());
    download.on_connected(now);
    download.on_data(bytes_of(whole), now);
    EXPECT_EQ(download.state(), State::Done);
    EXPECT_EQ(sink.text, "0123456789");
  }
}

}  // namespace
}  // namespace hawser::http
