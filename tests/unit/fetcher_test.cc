// Downloads through the whole stack: URIs in, real TCP and UDP over a fake wire, bytes in the sink.
#include "tests/unit/fetcher_fixture.h"

namespace hawser {
namespace {

TEST_F(FetcherTest, SchemesAndAddressesAreChecked) {
  auto error = [this](std::string_view uri) {
    return network->fetcher().start(parse_uri(uri).value(), file, {}).error();
  };
  EXPECT_EQ(error("gopher://h/x").code, Errc::Unsupported);
  EXPECT_EQ(error("ftp://h/x").text,
            "scheme \"ftp\" is not supported by this version, which knows: tftp://, http://, "
            "https://");
  EXPECT_EQ(error("x/y").code, Errc::Invalid);
  EXPECT_EQ(error("tftp:/x").text, "no host: write tftp://host/path");
  ASSERT_TRUE(network->find("net0")->configure({}).ok());
  ASSERT_TRUE(network->find("net1")->configure({}).ok());
  EXPECT_EQ(error("http://10.0.1.1/x").code, Errc::NotConnected);
}

TEST_F(FetcherTest, HttpKeepsItsConnectionBetweenFiles) {
  EXPECT_TRUE(get("http://10.0.1.1/a").ok());
  EXPECT_TRUE(file.text == content) << file.text.size();
  EXPECT_FALSE(network->pollable().busy());
  EXPECT_TRUE(get("http://10.0.1.1/b").ok());
  EXPECT_EQ(http->connections, 1);
  run(11'000);
  EXPECT_TRUE(get("http://10.0.1.1/c").ok());
  EXPECT_EQ(http->connections, 2);
}

TEST_F(FetcherTest, HttpReplacesAConnectionThatTheServerClosed) {
  EXPECT_TRUE(get("http://10.0.1.1/a").ok());
  http->close_connections();
  EXPECT_TRUE(get("http://10.0.1.1/b").ok());  // the FIN is still on its way
  EXPECT_TRUE(file.text == content) << file.text.size();
  http->close_connections();
  run(100);
  EXPECT_TRUE(get("http://10.0.1.1/c").ok());
}

TEST_F(FetcherTest, HttpOverALossyWire) {
  lose_some();
  EXPECT_TRUE(get("http://10.0.1.1/a").ok());
  EXPECT_TRUE(file.text == content) << file.text.size();
}

TEST_F(FetcherTest, HttpResumesAfterAReset) {
  http->answer = [this](const std::string& request) -> HttpServer::Answer {
    if (request.find("Range: bytes=100000-") == request.npos)
      return {whole(content).substr(0, whole("").size() + 5 + 100'000), Then::Reset};
    return {
        cat("HTTP/1.1 206 P\r\nETag: \"1\"\r\nContent-Range: bytes 100000-299999/300000\r\n"
            "Content-Length: 200000\r\n\r\n",
            std::string_view(content).substr(100'000))};
  };
  EXPECT_TRUE(get("http://10.0.1.1/a").ok());
  EXPECT_TRUE(file.text == content) << file.text.size();
  EXPECT_EQ(file.restarts, 0);
  EXPECT_EQ(http->requests.size(), 2u);
}

TEST_F(FetcherTest, HttpTruncatedBodyFailsInTheEnd) {
  http->answer = [this](const std::string&) -> HttpServer::Answer {
    return {cat("HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n", content), Then::Close};
  };
  Status outcome = get("http://10.0.1.1/a");
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().text,
            "connection closed after 292.9 KiB of 1.9 MiB; 5 more tries did not help");
  EXPECT_EQ(http->requests.size(), 6u);
}

TEST_F(FetcherTest, HttpErrorsAreClear) {
  http->answer = [](const std::string&) -> HttpServer::Answer {
    return {"HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno!"};
  };
  EXPECT_EQ(get("http://10.0.1.1/a").error().text, "HTTP 404 Not Found");
  http->stop_listening();
  run(15'000);
  EXPECT_EQ(get("http://10.0.1.1/a").error().text, "connect 10.0.1.1:80: connection refused");
  EXPECT_EQ(get("http://10.0.1.1:81/a").error().code, Errc::Refused);
  EXPECT_EQ(get("http://10.0.1.99/a").error().text, "connect 10.0.1.99:80: no answer in 15 s");
}

TEST_F(FetcherTest, HttpTooLargeEndsBeforeTheBody) {
  http->answer = [this](const std::string&) -> HttpServer::Answer {
    return {cat("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n", content)};
  };
  EXPECT_EQ(get("http://10.0.1.1/a").error().text, "needs more memory than there is");
  EXPECT_EQ(file.text, "");
  run(1'000);
  EXPECT_FALSE(network->pollable().busy());
}

TEST_F(FetcherTest, CancelledDownloadsLeaveNothingBehind) {
  for (std::string_view uri :
       {"http://10.0.1.1/a", "tftp://10.0.1.1/file", "http://boot.example/x"}) {
    for (int64_t ms : {0, 1, 2, 3, 5}) {
      auto fetch = start(uri);
      run(ms);
      fetch.reset();
      EXPECT_FALSE(network->pollable().busy());
    }
  }
  file.text.clear();
  EXPECT_TRUE(get("tftp://10.0.1.1/file").ok());
  EXPECT_TRUE(file.text == content) << file.text.size();
}

TEST_F(FetcherTest, HttpGoesThroughAProxy) {
  ASSERT_TRUE(network->set_http({"http://me:secret@10.0.1.1:80", "10.9.9.8", false}).ok());
  EXPECT_TRUE(get("http://boot.example/f").ok()) << "nobody asked for its address";
  EXPECT_TRUE(file.text == content);
  EXPECT_TRUE(http->requests.back().starts_with("GET http://boot.example/f HTTP/1.1\r\n"));
  EXPECT_NE(http->requests.back().find("\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n"),
            std::string::npos);
  EXPECT_EQ(network->set_http({"10.0.1.1:80", "", false}).error().code, Errc::Invalid);
  ASSERT_TRUE(network->set_http({"http://10.0.1.1", "10.0.1.1", false}).ok());
  EXPECT_TRUE(get("http://10.0.1.1/f").ok());
  EXPECT_TRUE(http->requests.back().starts_with("GET /f HTTP/1.1\r\n"));
  EXPECT_EQ(http->requests.back().find("Proxy-"), std::string::npos);
}

TEST_F(FetcherTest, HttpsGoesThroughATunnel) {
  ASSERT_TRUE(network->set_http({"http://me:secret@10.0.1.1", "", false}).ok());
  http->answer = [this](const std::string&) -> HttpServer::Answer {
    if (http->requests.size() > 1) return {"HTTP/1.1 200 Go on\r\n\r\n", Then::Close};
    return {"HTTP/1.1 407 No\r\nProxy-Authenticate: Digest nonce=\"n\"\r\nConnection: close\r\n\r\n",
            Then::Close};
  };
  Status status = get("https://boot.example/f");
  ASSERT_EQ(http->requests.size(), 2u);
  EXPECT_EQ(http->connections, 2) << "the proxy had closed the first one";
  EXPECT_TRUE(http->requests[0].starts_with("CONNECT boot.example:443 HTTP/1.1\r\n"));
  EXPECT_NE(http->requests[1].find("Proxy-Authorization: Digest username=\"me\""), std::string::npos);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().text, "connection reset by the server") << "TLS began, and nobody answered";
  http->answer = [](const std::string&) -> HttpServer::Answer {
    return {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"};
  };
  EXPECT_EQ(get("https://boot.example/f").error().text, "proxy 10.0.1.1:80: HTTP 403 Forbidden");
}

TEST_F(FetcherTest, NamesAreResolved) {
  EXPECT_TRUE(get("http://boot.example/a").ok());
  EXPECT_NE(http->requests.at(0).find("\r\nHost: boot.example\r\n"), std::string::npos);
  EXPECT_TRUE(get("tftp://boot.example/file").ok());
  EXPECT_TRUE(file.text == content) << file.text.size();
  EXPECT_EQ(get("http://nowhere.example/a").error().text, "resolve nowhere.example: unknown host");
  dns->silent = true;
  EXPECT_EQ(get("tftp://silent.example/a").error().text,
            "resolve silent.example: no answer from the DNS server (10.0.1.1)");
  configure_client({});
  Status outcome = get("http://other.example/a");
  EXPECT_TRUE(outcome.error().text.starts_with("resolve other.example: no DNS server configured"));
}

TEST_F(FetcherTest, TftpReadsWithWindows) {
  EXPECT_TRUE(get("tftp://10.0.1.1/file").ok());
  EXPECT_TRUE(file.text == content) << file.text.size();
  using namespace std::string_literals;
  EXPECT_NE(tftp->requests.at(0).find("\0blksize\0"s
                                      "1468\0"s),
            std::string::npos);
}

TEST_F(FetcherTest, TftpOverALossyWire) {
  lose_some();
  EXPECT_TRUE(get("tftp://10.0.1.1/file").ok());
  EXPECT_TRUE(file.text == content) << file.text.size();
}

TEST_F(FetcherTest, TftpErrorsAreClear) {
  EXPECT_EQ(get("tftp://10.0.1.1/dir%20x/none?q").error().text,
            "TFTP server says \"no such file here\" (error 1)");
  EXPECT_EQ(tftp->requests.at(0).substr(2, 10), "dir x/none");
  file.room = 1000;
  EXPECT_EQ(get("tftp://10.0.1.1/file").error().code, Errc::NoSpace);
  EXPECT_TRUE(file.text.empty());
  run(10);
  EXPECT_EQ(tftp->errors_received, 1);
  Status outcome = finish(*start("tftp://10.0.1.1:70/file", {.idle_timeout = {2'000}}));
  EXPECT_EQ(outcome.error().text,
            "no answer from TFTP port 70 in 2 s (4 requests sent); is a TFTP server running "
            "there?");
}

}  // namespace
}  // namespace hawser
