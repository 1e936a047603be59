// The authorities that are trusted without being told: whole ones, and a small ROM's, of which it knows
// digests.
#include "net/tls/roots.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "net/tls/certificate.h"
#include "src/crypto/digest.h"
#include "tests/fakes/tls_server.h"

namespace hawser::tls {
namespace {

using fakes::Certificates;

bool has_key_of(const Der& anchor, const mbedtls_x509_crt& root) {
  Certificate read;
  EXPECT_EQ(mbedtls_x509_crt_parse_der(&read.crt, anchor.data(), anchor.size()), 0);
  return same_bytes(read.crt.pk_raw, root.pk_raw) && same_bytes(read.crt.subject_raw, root.subject_raw);
}

TEST(Roots, EachOfDebianIsFoundAboveItself) {
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/share/ca-certificates/mozilla")) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::string text = std::string(std::istreambuf_iterator<char>(file), {}) + '\0';
    Certificate root;
    ASSERT_EQ(mbedtls_x509_crt_parse(&root.crt, bytes_of(text).data(), text.size()), 0);
    auto found = roots_above(root.crt);
    EXPECT_TRUE(std::any_of(found.begin(), found.end(),
                            [&](const Der& der) { return has_key_of(der, root.crt); }))
        << entry.path();
    ++count;
  }
  EXPECT_GT(count, 100u);
}

TEST(Roots, NoneIsAboveAStrangersCertificate) {
  Certificate root;
  ASSERT_EQ(add_certificate(root.crt, Certificates::get().der("root.crt")), 0);
  EXPECT_TRUE(roots_above(root.crt).empty());
}

/// A chain of one server, its root last.
struct SentChain : testing::Test {
  SentChain() {
    for (const char* name : {"good.crt", "middle.crt", "root.crt"})
      EXPECT_EQ(add_certificate(chain.crt, Certificates::get().der(name)), 0);
  }
  const mbedtls_x509_crt& leaf() { return chain.crt; }
  const mbedtls_x509_crt& middle() { return *chain.crt.next; }
  const mbedtls_x509_crt& root() { return *chain.crt.next->next; }
  std::vector<uint8_t> digest(const mbedtls_x509_crt& certificate) {
    Der anchor(certificate.subject_raw.p, certificate.subject_raw.p + certificate.subject_raw.len);
    anchor.insert(anchor.end(), certificate.pk_raw.p, certificate.pk_raw.p + certificate.pk_raw.len);
    auto whole = digest_of(DigestKind::Sha256, anchor);
    whole.resize(kRootDigestBytes);
    return whole;
  }
  Certificate chain;
};

TEST_F(SentChain, ARootIsKnownByItsDigest) {
  auto digests = std::vector<uint8_t>(kRootDigestBytes, 7);  // of another one, in front
  auto known = digest(root());
  digests.insert(digests.end(), known.begin(), known.end());
  auto found = roots_sent_above(middle(), digests);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(has_key_of(found[0], root()));
  EXPECT_TRUE(roots_sent_above(leaf(), digests).empty()) << "the middle one is no root";
  EXPECT_TRUE(roots_sent_above(root(), digests).empty()) << "nothing is behind it";
}

TEST_F(SentChain, AnotherDigestOrHalfOfOneIsNone) {
  auto known = digest(root());
  EXPECT_TRUE(roots_sent_above(middle(), Bytes{known}.first(kRootDigestBytes - 1)).empty());
  known.back() ^= 1;
  EXPECT_TRUE(roots_sent_above(middle(), known).empty());
  EXPECT_TRUE(roots_sent_above(middle(), {}).empty());
}

}  // namespace
}  // namespace hawser::tls
