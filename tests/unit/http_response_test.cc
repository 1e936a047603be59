// The response reader: framing of bodies, limits, and that the pieces bytes arrive in never matter.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/http/request.h"
#include "net/http/response.h"

namespace hawser::http {
namespace {

struct Collector : ResponseHandler {
  Status on_head(const Head& h) override {
    ++heads;
    head = h;
    return ok_status();
  }
  Status on_body(Bytes bytes) override {
    EXPECT_FALSE(bytes.empty());
    body.append(text_of(bytes));
    return ok_status();
  }
  int heads = 0;
  Head head;
  std::string body;
};

struct Outcome {
  Collector got;
  bool done = false;
  size_t used = 0;
  std::string error;
  bool operator==(const Outcome& other) const {
    return got.heads == other.got.heads && got.body == other.got.body && done == other.done &&
           used == other.used && error == other.error;
  }
};

/// Reads `text` in pieces of `piece` bytes, each in memory of exactly its size.
Outcome read(std::string_view text, size_t piece = SIZE_MAX, bool close = false) {
  Outcome outcome;
  ResponseReader reader{outcome.got};
  for (size_t at = 0; at < text.size() && !reader.done();) {
    std::string_view part = text.substr(at, piece);
    std::vector<uint8_t> bytes(part.begin(), part.end());
    auto used = reader.feed(bytes);
    if (!used.ok()) {
      outcome.error = used.error().text;
      return outcome;
    }
    EXPECT_TRUE(*used == part.size() || reader.done());
    outcome.used += *used;
    at += part.size();
  }
  if (close) reader.on_close();
  outcome.done = reader.done();
  return outcome;
}

constexpr std::string_view kLength =
    "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\nETag: \"abc\"\r\n\r\nhello";
constexpr std::string_view kChunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
    "5;name=\"value\"\r\nhello\r\n00A\r\n, world!!!\r\n0\r\nTrailer: x\r\n\r\n";
constexpr std::string_view kInterim =
    "HTTP/1.1 100 Continue\r\nContent-Length: 7\r\n\r\nHTTP/1.1 103 Early\r\n\r\n"
    "HTTP/1.1 200 OK\r\ncontent-length:2\r\n\r\nok";

TEST(HttpResponse, ReadsABodyOfKnownLength) {
  Outcome outcome = read(kLength);
  EXPECT_TRUE(outcome.done);
  EXPECT_EQ(outcome.got.body, "hello");
  EXPECT_EQ(outcome.got.head.status, 200);
  EXPECT_EQ(outcome.got.head.reason, "OK");
  EXPECT_EQ(outcome.got.head.length, 5u);
  EXPECT_EQ(outcome.got.head.etag, "\"abc\"");
  EXPECT_TRUE(outcome.got.head.keep_alive);
}

TEST(HttpResponse, ReadsChunksWithExtensionsAndTrailers) {
  Outcome outcome = read(kChunked);
  EXPECT_TRUE(outcome.done);
  EXPECT_EQ(outcome.got.body, "hello, world!!!");
  EXPECT_FALSE(outcome.got.head.length);
}

TEST(HttpResponse, SkipsInterimAnswers) {
  Outcome outcome = read(kInterim);
  EXPECT_TRUE(outcome.done);
  EXPECT_EQ(outcome.got.heads, 1);
  EXPECT_EQ(outcome.got.body, "ok");
}

TEST(HttpResponse, BodyWithoutLengthEndsWithTheConnection) {
  std::string_view text = "HTTP/1.0 200 OK\n\nall of it";  // and bare line feeds
  EXPECT_FALSE(read(text).done);
  Outcome outcome = read(text, SIZE_MAX, true);
  EXPECT_TRUE(outcome.done);
  EXPECT_EQ(outcome.got.body, "all of it");
  EXPECT_FALSE(outcome.got.head.keep_alive);
}

TEST(HttpResponse, ClosingInTheMiddleIsNotTheEnd) {
  for (std::string_view text : {kLength, kChunked, kInterim})
    for (size_t length = 0; length < text.size(); ++length)
      EXPECT_FALSE(read(text.substr(0, length), SIZE_MAX, true).done) << text.substr(0, length);
}

TEST(HttpResponse, PiecesDoNotMatter) {
  for (std::string_view text : {kLength, kChunked, kInterim})
    for (size_t piece = 1; piece < text.size(); ++piece)
      EXPECT_EQ(read(text, piece), read(text)) << piece;
}

TEST(HttpResponse, BytesAfterTheEndAreNotTaken) {
  std::string text = std::string(kLength) + "HTTP/1.1";
  EXPECT_EQ(read(text).used, kLength.size());
  EXPECT_EQ(read(text).got.body, "hello");
}

TEST(HttpResponse, NoBodyWhereThereIsNone) {
  for (std::string_view status : {"204 No Content", "304 Not Modified"}) {
    Outcome outcome = read("HTTP/1.1 " + std::string(status) + "\r\nContent-Length: 9\r\n\r\n");
    EXPECT_TRUE(outcome.done);
    EXPECT_EQ(outcome.got.head.length, 0u);
  }
  EXPECT_TRUE(read("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").done);
}

TEST(HttpResponse, FoldedHeaderIsJoined) {
  Outcome outcome =
      read("HTTP/1.1 301 Moved\r\nLocation: http://h\r\n\t/path\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(outcome.got.head.location, "http://h /path");
  EXPECT_TRUE(outcome.done);
}

TEST(HttpResponse, ConnectionHeaderDecides) {
  auto keeps = [](std::string_view version, std::string_view connection) {
    return read("HTTP/" + std::string(version) + " 200 OK\r\nConnection: " +
                std::string(connection) + "\r\nContent-Length: 0\r\n\r\n")
        .got.head.keep_alive;
  };
  EXPECT_FALSE(keeps("1.1", "x, Close"));
  EXPECT_TRUE(keeps("1.1", "Keep-Alive"));
  EXPECT_TRUE(keeps("1.0", "keep-alive"));
  EXPECT_FALSE(keeps("1.0", "x"));
}

TEST(HttpResponse, LengthBesideChunksIsDistrusted) {
  Outcome outcome = read(
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2\r\nab\r\n0\r\n\r\n");
  EXPECT_EQ(outcome.got.body, "ab");
  EXPECT_FALSE(outcome.got.head.keep_alive);
}

TEST(HttpResponse, ContentRange) {
  auto range = [](std::string_view value) {
    return read("HTTP/1.1 206 P\r\nContent-Length: 0\r\nContent-Range: " + std::string(value) +
                "\r\n\r\n")
        .got.head.range;
  };
  auto good = range("bytes 5-9/10");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->first, 5u);
  EXPECT_EQ(good->last, 9u);
  EXPECT_EQ(good->total, 10u);
  EXPECT_FALSE(range("bytes 5-9/*")->total);
  for (std::string_view bad : {"bytes 5-4/10", "bytes 5-9/9", "bytes */10", "lines 1-2/3",
                               "bytes 5-9", "bytes -5/10", "", "bytes 5-99999999999999999999/*"})
    EXPECT_FALSE(range(bad)) << bad;
}

TEST(HttpResponse, BadAnswersAreNamed) {
  struct Case {
    std::string text, error;
  };
  std::string ok = "HTTP/1.1 200 OK\r\n";
  for (const Case& one : std::vector<Case>{
           {"SSH-2.0-OpenSSH\r\n", "not an HTTP/1 answer: \"SSH-2.0-OpenSSH\""},
           {"HTTP/2 200 OK\r\n", "not an HTTP/1 answer: \"HTTP/2 200 OK\""},
           {"HTTP/1.1 20 OK\r\n", "bad HTTP status \"20\""},
           {"HTTP/1.1 099 OK\r\n", "bad HTTP status \"099\""},
           {ok + "no colon\r\n\r\n", "bad HTTP header \"no colon\""},
           {ok + "two words: x\r\n\r\n", "bad HTTP header \"two words: x\""},
           {ok + "Content-Length: -1\r\n\r\n", "HTTP answer with a bad Content-Length"},
           {ok + "Content-Length: 99999999999999999999\r\n\r\n",
            "HTTP answer with a bad Content-Length"},
           {ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "HTTP answer with a bad Content-Length"},
           {ok + "Transfer-Encoding: gzip\r\n\r\n",
            "HTTP transfer coding \"gzip\" was not asked for"},
           {ok + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", "HTTP chunk with a bad size"},
           {ok + "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n",
            "HTTP chunk with a bad size"},
           {ok + "Transfer-Encoding: chunked\r\n\r\n\r\n", "HTTP chunk without a size"},
           {ok + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
            "HTTP chunk is longer than announced"},
           {"HTTP/1.1 101 Upgrade\r\n\r\n", "HTTP server switched protocols"},
           {ok + std::string("X: a\0b\r\n\r\n", 10), "HTTP header with a NUL byte"},
           {ok + "X: " + std::string(65536, 'a'), "HTTP headers are longer than 64 KiB"},
           {std::string(70'000, 'H'), "HTTP headers are longer than 64 KiB"},
       }) {
    EXPECT_EQ(read(one.text).error, one.error);
    EXPECT_EQ(read(one.text, 3).error, one.error);
  }
}

TEST(HttpResponse, EndlessInterimAnswersEnd) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_EQ(read(text).error, "HTTP headers are longer than 64 KiB");
}

TEST(HttpResponse, RepeatedEqualLengthsAgree) {
  EXPECT_TRUE(read("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\nContent-Length: 2\r\n\r\nab").done);
}

TEST(HttpRequest, PathAndQueryGoOutAsWritten) {
  Uri uri;
  uri.scheme = "http";
  uri.host = "boot.example";
  uri.path = "/a%2Fb c/x.img";
  uri.query = "sig=a%2b+b&x=\"1\"";
  EXPECT_EQ(get_request(uri, "", {}),
            "GET /a%2Fb%20c/x.img?sig=a%2b+b&x=%221%22 HTTP/1.1\r\n"
            "Host: boot.example\r\n"
            "User-Agent: Hawser/0.1.0 (compatible; iPXE/2.0.0)\r\n"
            "Connection: keep-alive\r\n\r\n");
}

TEST(HttpRequest, HostPortAuthorizationAndRange) {
  Uri uri;
  uri.host = "fe80::1%net0";
  uri.port = 8080;
  std::string text =
      get_request(uri, "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n", {7, {}, "\"v1\""});
  EXPECT_TRUE(text.starts_with("GET / HTTP/1.1\r\nHost: [fe80::1]:8080\r\n"));
  EXPECT_NE(text.find("\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"
                      "Range: bytes=7-\r\nIf-Range: \"v1\"\r\n\r\n"),
            std::string::npos);
  uri.port = 80;
  EXPECT_NE(get_request(uri, "", {}).find("Host: [fe80::1]\r\n"), std::string::npos);
}

TEST(HttpRequest, NothingCanAddALine) {
  Uri uri;
  uri.host = "h";
  uri.path = "/x\r\nEvil: yes";
  EXPECT_TRUE(get_request(uri, "", {}).starts_with("GET /x%0D%0AEvil:%20yes HTTP/1.1\r\n"));
}

}  // namespace
}  // namespace hawser::http
