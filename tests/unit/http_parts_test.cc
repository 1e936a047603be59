// Large files from far servers, read over several connections at a time.
#include <set>

#include "tests/unit/fetcher_fixture.h"

namespace hawser {
namespace {

struct HttpParts : FetcherTest {
  static constexpr size_t kSize = 5'400'001;
  std::vector<std::string> ranges;  ///< asked for, "1000-1999"
  std::string validator = "ETag: \"1\"";
  int64_t first_range_ms = -1;
  Millis started{0};

  void SetUp() override {
    FetcherTest::SetUp();
    content.clear();
    for (size_t i = 0; i < kSize; ++i) content.push_back(char(i * 31 + i / 257 + i / 70'001));
    file.any_order = true;
    be_far(20);
    http->answer = [this](const std::string& request) { return serve(request); };
  }
  void be_far(int64_t milliseconds) {
    for (WireNic* card : {nic, other}) {
      card->now = [this] { return platform.now().ms; };
      card->due = [this, milliseconds] { return platform.now().ms + milliseconds; };
    }
  }
  std::string whole_file(std::string_view body) const {
    return cat("HTTP/1.1 200 OK\r\nAccept-Ranges: bytes\r\nContent-Length: ", body.size(), "\r\n",
               validator, "\r\n\r\n", body);
  }
  static uint64_t first_of(const std::string& range) {
    return *parse_decimal(range.substr(0, range.find('-')));
  }
  static uint64_t last_of(const std::string& range) {
    return range.ends_with('-') ? kSize - 1 : *parse_decimal(range.substr(range.find('-') + 1));
  }
  std::string part_head(const std::string& range) const {
    return cat("HTTP/1.1 206 P\r\n", validator, "\r\nContent-Range: bytes ", first_of(range), "-",
               last_of(range), "/", kSize, "\r\n");
  }
  std::string bytes_of_range(const std::string& range) const {
    return content.substr(first_of(range), last_of(range) + 1 - first_of(range));
  }
  HttpServer::Answer part(const std::string& range) const {
    std::string body = bytes_of_range(range);
    return {cat(part_head(range), "Content-Length: ", body.size(), "\r\n\r\n", body)};
  }
  /// "1000-1999", or nothing.
  std::string range_of(const std::string& request) {
    size_t at = request.find("Range: bytes=");
    if (at == request.npos) return "";
    EXPECT_NE(request.find(cat("If-Range: ", validator.substr(validator.find(' ') + 1), "\r\n")),
              request.npos);
    if (first_range_ms < 0) first_range_ms = (platform.now() - started).ms;
    at += 13;
    ranges.push_back(request.substr(at, request.find('\r', at) - at));
    return ranges.back();
  }
  HttpServer::Answer serve(const std::string& request) {
    std::string range = range_of(request);
    return range.empty() ? HttpServer::Answer{whole_file(content)} : part(range);
  }
  Status allow(unsigned connections) {
    HttpSettings settings;
    settings.connections = connections;
    return network->set_http(settings);
  }
  /// A millisecond passes with each round of the loop.
  Status fetch(FetchOptions options = {}) {
    file.text.clear();
    ranges.clear();
    started = platform.now();
    auto fetch = start("http://10.0.1.1/large", std::move(options));
    uint64_t before = 0;
    for (int ms = 0; !fetch->done() && ms < 300'000; ++ms) {
      loop.poll_once();
      platform.advance({1});
      only_grows &= fetch->progress().received >= before;
      before = fetch->progress().received;
    }
    EXPECT_TRUE(fetch->done()) << fetch->progress().note;
    EXPECT_EQ(fetch->progress().received, content.size());
    return fetch->outcome();
  }
  bool only_grows = true;
};

TEST_F(HttpParts, AreReadAtOnce) {
  ASSERT_TRUE(fetch().ok());
  EXPECT_TRUE(file.text == content) << file.text.size();
  EXPECT_TRUE(only_grows);
  EXPECT_EQ(http->connections, 4);
  EXPECT_GE(first_range_ms, 1000);  // first one connection was given a chance
  ASSERT_EQ(ranges.size(), 3u);
  EXPECT_EQ(last_of(ranges[0]) + 1, first_of(ranges[1]));
  EXPECT_EQ(last_of(ranges[1]) + 1, first_of(ranges[2]));
  EXPECT_TRUE(ranges[2].ends_with(cat("-", kSize - 1)));
  ASSERT_TRUE(fetch().ok());  // the connections of the parts were kept
  EXPECT_TRUE(file.text == content);
  EXPECT_EQ(http->connections, 5);
}

/// Of four connections one loses each tenth frame.
TEST_F(HttpParts, ASlowOneIsHelpedByTheOthers) {
  uint16_t slow_port = 0;
  int frames = 0;
  nic->lose = [&](const Frame& frame) {
    if (frame.size() < 1000 || ranges.size() < 3) return false;
    uint16_t port = uint16_t(frame[36] << 8 | frame[37]);
    if (slow_port == 0) slow_port = port;
    return port == slow_port && ++frames % 10 == 0;
  };
  ASSERT_TRUE(fetch().ok());
  EXPECT_TRUE(file.text == content) << file.text.size();
  EXPECT_GT(ranges.size(), 3u);
  EXPECT_LE(ranges.size(), 15u);
  EXPECT_TRUE(only_grows);
}

TEST_F(HttpParts, AsManyAsTheSettingSays) {
  ASSERT_TRUE(allow(2).ok());
  ASSERT_TRUE(fetch().ok());
  EXPECT_TRUE(file.text == content);
  EXPECT_EQ(ranges.size(), 1u);
  for (unsigned wrong : {0u, 9u}) {
    Status set = allow(wrong);
    ASSERT_FALSE(set.ok());
    EXPECT_EQ(set.error().text, cat("http-connections ", wrong, ": 1 to 8"));
  }
}

TEST_F(HttpParts, TheDateOfTheFileServesAsWell) {
  validator = "Last-Modified: Sat, 21 Nov 2026 10:00:00 GMT";
  ASSERT_TRUE(fetch().ok());
  EXPECT_TRUE(file.text == content);
  EXPECT_EQ(ranges.size(), 3u);
}

TEST_F(HttpParts, SurviveLossAndResets) {
  nic->lose = [frames = 0](const Frame&) mutable { return ++frames % 97 == 0; };
  std::set<uint64_t> cut;
  http->answer = [&](const std::string& request) {
    HttpServer::Answer answer = serve(request);
    if (ranges.empty() || cut.size() == 3 || !cut.insert(last_of(ranges.back())).second)
      return answer;
    answer.text.resize(answer.text.size() / 2);
    answer.then = Then::Reset;
    return answer;
  };
  ASSERT_TRUE(fetch().ok());
  EXPECT_TRUE(file.text == content) << file.text.size();
  EXPECT_GE(ranges.size(), 6u);  // three that broke, and the rest of each
}

TEST_F(HttpParts, TheRestOfAShorterAnswerIsAskedForAgain) {
  http->answer = [&](const std::string& request) {
    HttpServer::Answer answer = serve(request);
    if (ranges.size() != 2) return answer;
    uint64_t first = first_of(ranges[1]);
    return part(cat(first, "-", first + 199'999));
  };
  ASSERT_TRUE(fetch().ok());
  EXPECT_TRUE(file.text == content) << file.text.size();
  std::string rest = cat(first_of(ranges[1]) + 200'000, "-", last_of(ranges[1]));
  EXPECT_NE(std::find(ranges.begin(), ranges.end(), rest), ranges.end());
}

TEST_F(HttpParts, OneThatBreaksForGoodIsReadOnByTheFirstConnection) {
  for (std::string_view why : {"breaks", "too long"}) {
    http->answer = [&](const std::string& request) -> HttpServer::Answer {
      HttpServer::Answer answer = serve(request);
      if (ranges.empty() || ranges.back().ends_with('-')) return answer;
      if (ranges.size() > 3) return {"HTTP/1.1 503 Busy\r\n\r\n", Then::Close};
      if (ranges.size() != 2) return answer;
      if (why == "breaks") return {answer.text.substr(0, 300'000), Then::Reset};
      return {cat(part_head(ranges[1]), "\r\n", bytes_of_range(ranges[1]), "more"), Then::Close};
    };
    ASSERT_TRUE(fetch().ok()) << why;
    EXPECT_TRUE(file.text == content) << why << file.text.size();
    ASSERT_GE(ranges.size(), 4u) << why;
    EXPECT_TRUE(ranges.back().ends_with('-')) << why;
    EXPECT_GT(first_of(ranges.back()), first_of(ranges[1])) << why << ": what arrived is kept";
    EXPECT_LT(first_of(ranges.back()), last_of(ranges[1])) << why;
    run(20'000);
  }
}

TEST_F(HttpParts, WithoutThemTheFirstConnectionReadsOn) {
  for (std::string_view why : {"busy", "later", "refused", "416", "changed", "all of it",
                               "another start", "beyond its end", "another file's size"}) {
    http->answer = [&](const std::string& request) -> HttpServer::Answer {
      std::string range = range_of(request);
      if (range.empty()) return {whole_file(content)};
      if (why == "busy") return {"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"};
      if (why == "later")
        return {"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"};
      if (why == "refused") return {"", Then::Reset};
      if (why == "416") return {"HTTP/1.1 416 No\r\nContent-Length: 0\r\n\r\n"};
      if (why == "all of it") return {whole_file(content)};
      std::string head = part_head(range), body = bytes_of_range(range);
      auto change = [&head](std::string_view from, const std::string& to) {
        ASSERT_NE(head.find(from), head.npos);
        head.replace(head.find(from), from.size(), to);
      };
      if (why == "changed") change("\"1\"", "\"2\"");
      if (why == "another start")
        change(cat("bytes ", first_of(range)), cat("bytes ", first_of(range) - 1));
      if (why == "beyond its end") change(cat("-", last_of(range), "/"), cat("-", kSize, "/"));
      if (why == "another file's size") change(cat("/", kSize), cat("/", kSize + 1));
      return {cat(head, "Content-Length: ", body.size(), "\r\n\r\n", body)};
    };
    Status fetched = fetch();
    ASSERT_TRUE(fetched.ok()) << why << fetched.error().text;
    EXPECT_TRUE(file.text == content) << why << " " << file.text.size();
    EXPECT_EQ(file.restarts, 0) << why;
    EXPECT_GE(ranges.size(), 3u) << why;
    for (const std::string& range : ranges)
      EXPECT_EQ(range.ends_with('-'), false) << why << ": the first connection asked again";
    run(20'000);  // so that the next one finds no connection
  }
}

TEST_F(HttpParts, TheFirstConnectionReadsOnThroughSilentOnes) {
  http->answer = [&](const std::string& request) -> HttpServer::Answer {
    std::string range = range_of(request);
    if (range.empty()) return {whole_file(content)};
    return {""};
  };
  ASSERT_TRUE(fetch().ok());
  EXPECT_TRUE(file.text == content) << file.text.size();
  EXPECT_EQ(ranges.size(), 3u);
}

TEST_F(HttpParts, AFileThatChangesIsReadAnew) {
  std::string newer = content;
  for (char& c : newer) c = char(c + 1);
  http->answer = [&](const std::string& request) -> HttpServer::Answer {
    std::string range = range_of(request);
    if (range.empty()) return {whole_file(content).substr(0, 900'000), Then::Reset};
    if (!range.ends_with('-')) return part(range);
    return {
        cat("HTTP/1.1 200 OK\r\nContent-Length: ", newer.size(), "\r\nETag: \"2\"\r\n\r\n", newer)};
  };
  ASSERT_TRUE(fetch().ok());
  EXPECT_TRUE(file.text == newer) << file.text.size();
  EXPECT_EQ(file.restarts, 1);
  EXPECT_EQ(ranges.size(), 4u);
}

TEST_F(HttpParts, AreNotAskedForWithoutNeed) {
  auto expect_one = [this](std::string_view why, FetchOptions options = {}) {
    run(20'000);
    int before = http->connections;
    ASSERT_TRUE(fetch(std::move(options)).ok()) << why;
    EXPECT_TRUE(file.text == content) << why;
    EXPECT_EQ(http->connections, before + 1) << why;
    EXPECT_TRUE(ranges.empty()) << why;
  };
  be_far(2);
  expect_one("a near server");
  be_far(20);
  FetchOptions form;
  form.http.method = "POST";
  expect_one("a form", form);
  file.any_order = false;
  expect_one("a sink that takes one byte after the other");
  file.any_order = true;
  for (std::string_view other : {"W/\"1\"", "", "\"1\"\r\nAccept-Ranges: none"}) {
    validator = cat("ETag: ", other);
    expect_one(validator);
  }
  validator = "ETag: \"1\"";
  ASSERT_TRUE(allow(1).ok());
  expect_one("a setting");
  ASSERT_TRUE(allow(4).ok());
  http->answer = [&](const std::string&) -> HttpServer::Answer {
    for (WireNic* card : {nic, other}) card->due = nullptr;
    return {whole_file(content)};
  };
  expect_one("a fast server");
  be_far(20);
  http->answer = [this](const std::string& request) { return serve(request); };
  content.resize(1'200'000);
  expect_one("a file that is not large");
}

}  // namespace
}  // namespace hawser
