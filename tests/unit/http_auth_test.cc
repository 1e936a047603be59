// Basic and Digest authentication, at servers and proxies, and the tunnel through a proxy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/http/auth.h"
#include "net/http/proxy.h"
#include "src/base/format.h"

namespace hawser::http {
namespace {

using testing::HasSubstr;
using Next = Tunnel::Next;

constexpr std::string_view kChallenges =  // RFC 7616 §3.9.1
    "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=MD5, "
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
    "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";

std::string response(const DigestChallenge& challenge) {
  return digest_response(challenge, "Mufasa", "Circle of Life", "GET", "/dir/index.html", "00000001",
                         "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
}

TEST(HttpAuth, ExamplesOfTheRfc) {
  auto challenge = find_digest(kChallenges);
  ASSERT_TRUE(challenge);
  EXPECT_EQ(challenge->opaque, "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS");
  EXPECT_EQ(response(*challenge), "8ca523f5e9506fed4657c9700eebdbec");
  challenge->kind = DigestKind::Sha256;
  EXPECT_EQ(response(*challenge),
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
  auto old = find_digest("Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c"
                         "093\", qop=\"auth,auth-int\"");  // RFC 2617 §3.5
  ASSERT_TRUE(old);
  EXPECT_EQ(digest_response(*old, "Mufasa", "Circle Of Life", "GET", "/dir/index.html", "00000001",
                            "0a4f113b"),
            "6629fae49393a05397450978507c4ef1");
}

TEST(HttpAuth, TheStrongestKnownChallengeIsTaken) {
  auto find = [](std::string_view text) { return find_digest(text); };
  EXPECT_FALSE(find(""));
  EXPECT_FALSE(find("Basic realm=\"Digest nonce=x\""));
  EXPECT_FALSE(find("Digest realm=\"r\""));
  EXPECT_FALSE(find("Digest nonce=\"n\", algorithm=SHA-512-256"));
  EXPECT_FALSE(find("Digest nonce=\"n\", qop=\"auth-int\""));
  auto both = find("Basic realm=\"b\", Digest realm=\"r\", nonce=\"m\", DIGEST nonce = n ,Algorithm="
                   "sha-256-SESS, realm=\"a \\\"b\\\"\", stale=TRUE, userhash=true,, Digest nonce=x");
  ASSERT_TRUE(both);
  EXPECT_EQ(both->kind, DigestKind::Sha256);
  EXPECT_EQ(both->nonce, "n");
  EXPECT_EQ(both->realm, "a \"b\"");
  EXPECT_TRUE(both->session && both->stale && both->hash_user && !both->qop);
}

TEST(HttpAuth, AnswersCountAndANewNonceIsTakenUp) {
  Authentication auth("me:secret");
  EXPECT_EQ(auth.answer("GET", "/", 1), "Basic bWU6c2VjcmV0");
  EXPECT_FALSE(auth.on_challenge("Basic realm=\"x\""));
  ASSERT_TRUE(auth.on_challenge(kChallenges));
  std::string first = auth.answer("GET", "/f", 1), second = auth.answer("GET", "/f", 2);
  EXPECT_THAT(first, HasSubstr("Digest username=\"me\", realm=\"http-auth@example.org\", nonce=\"7ypf"));
  EXPECT_THAT(first, HasSubstr(", algorithm=MD5, opaque=\"FQhe"));
  EXPECT_THAT(first, HasSubstr(", qop=auth, nc=00000001, cnonce=\"0000000000000001\""));
  EXPECT_THAT(second, HasSubstr(", nc=00000002, "));
  EXPECT_FALSE(auth.on_challenge("Digest nonce=\"other\"")) << "the password was wrong";
  EXPECT_TRUE(auth.on_challenge("Digest nonce=\"other\", stale=true"));
  EXPECT_THAT(auth.answer("GET", "/f", 3), HasSubstr("nonce=\"other\", uri=\"/f\", response="));
  EXPECT_FALSE(Authentication().on_challenge(kChallenges));
}

TEST(HttpAuth, NamesCannotAddALineOrEndTheQuotes) {
  Authentication odd("a\"b\r\nEvil: yes:p"), german("m\xc3\xbcller:p");
  ASSERT_TRUE(odd.on_challenge("Digest nonce=\"n\", realm=\"x\ty\", opaque=\"\\\\\""));
  std::string answer = odd.answer("GET", "/", 1);
  EXPECT_EQ(answer.find('\n'), answer.npos);
  EXPECT_THAT(answer, HasSubstr("realm=\"x?y\""));
  EXPECT_THAT(answer, HasSubstr("opaque=\"\\\\\""));
  ASSERT_TRUE(german.on_challenge("Digest nonce=\"n\""));
  EXPECT_THAT(german.answer("GET", "/", 1), HasSubstr("username*=UTF-8''m%c3%bcller, "));
}

struct TunnelTest : testing::Test {
  Proxy proxy{{"proxy.example", 3128, false}, Authentication("me:secret")};
  Tunnel tunnel{{"boot.example", 443, true}, proxy, 7};
  Result<Next> answer(std::string_view text) { return tunnel.receive(bytes_of(text)); }
};

TEST_F(TunnelTest, OpensAfterTheWholeHead) {
  EXPECT_TRUE(tunnel.request().starts_with("CONNECT boot.example:443 HTTP/1.1\r\nHost: boot.example:443"));
  EXPECT_EQ(*answer("HTTP/1.1 200 Connection est"), Next::Wait);
  EXPECT_EQ(*answer("ablished\r\nContent-Length: 5\r\n\r\n"), Next::Open);
}

TEST_F(TunnelTest, AnswersAChallengeOnTheSameConnectionOrANewOne) {
  EXPECT_THAT(tunnel.request(), HasSubstr("\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n"));
  EXPECT_EQ(*answer("HTTP/1.1 407 No\r\nProxy-Authenticate: Digest nonce=\"n\"\r\nContent-Length: 2\r\n"
                    "\r\nh"), Next::Wait);
  EXPECT_EQ(*answer("i"), Next::AskAgain);
  EXPECT_THAT(tunnel.request(), HasSubstr("\r\nProxy-Authorization: Digest username=\"me\""));
  EXPECT_EQ(*answer("HTTP/1.1 407 No\r\nProxy-Authenticate: Digest nonce=\"o\", stale=true\r\n"
                    "Connection: close\r\n\r\n"), Next::Reconnect);
  EXPECT_TRUE(tunnel.wants_reconnect());
}

TEST_F(TunnelTest, WhatTheProxyRefusesIsNamed) {
  const struct {
    const char *answer, *text;
    Errc code;
  } kRefused[] = {
      {"HTTP/1.1 403 Forbidden\r\n\r\n", "proxy proxy.example:3128: HTTP 403 Forbidden",
       Errc::NotPermitted},
      {"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n",
       "HTTP 407 No; user or password in ${proxy} is wrong", Errc::Access},
      {"SSH-2.0\r\n", "not an HTTP/1 answer", Errc::Protocol},
      {"HTTP/1.1 200 OK\r\n\r\n\x16\x03", "the proxy sent what it was not asked for", Errc::Protocol},
      {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n\x16\x03", "before TLS began", Errc::Protocol},
  };
  for (const auto& [text, why, code] : kRefused) {
    (void)tunnel.request();
    auto next = answer(text);
    ASSERT_FALSE(next.ok()) << text;
    EXPECT_EQ(next.error().code, code) << text;
    EXPECT_THAT(next.error().text, HasSubstr(why));
  }
  proxy.auth = {};
  (void)tunnel.request();
  EXPECT_THAT(answer("HTTP/1.1 407 No\r\n\r\n").error().text, HasSubstr("it wants: set proxy http://"));
}

TEST(HttpProxy, ListsNameHostsAndDomains) {
  for (std::string_view host : {"boot.example", "a.boot.example", "BOOT.example", "10.0.0.1", "x.lan"})
    EXPECT_TRUE(is_listed(host, "boot.example,10.0.0.1 .lan")) << host;
  for (std::string_view host : {"xboot.example", "example", "10.0.0.11", "110.0.0.1", "lan.org", ""})
    EXPECT_FALSE(is_listed(host, "boot.example, 10.0.0.1,.lan")) << host;
  EXPECT_TRUE(is_listed("any.where", "*"));
  EXPECT_FALSE(is_listed("any.where", " , ,"));
}

}  // namespace
}  // namespace hawser::http
