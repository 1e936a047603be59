// Digests: the examples of RFC 1321 appendix A.5 and of NIST for FIPS 180-4.
#include "src/crypto/digest.h"

#include <gtest/gtest.h>

#include <string>

#include "src/base/format.h"
#include "src/crypto/sha256.h"

namespace hawser {
namespace {

struct Example {
  const char* name;
  std::string text;
  const char* hex;
};

const std::string k448 = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
const std::string k896 =
    "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
    "mnopqrstnopqrstu";

const Example kExamples[] = {
    {"md5", "", "d41d8cd98f00b204e9800998ecf8427e"},
    {"md5", "abc", "900150983cd24fb0d6963f7d28e17f72"},
    {"md5", "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
     "57edf4a22be3c955ac49da2e2107b67a"},
    {"sha1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {"sha1", k448, "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
    {"sha224", "abc", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
    {"sha224", k448, "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525"},
    {"sha256", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"sha256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"sha256", k448, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"sha384", "abc",
     "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"},
    {"sha384", k896,
     "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039"},
    {"sha512", "abc",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
     "454d4423643ce80e2a9ac94fa54ca49f"},
    {"sha512", k896,
     "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433a"
     "c7d329eeb6dd26545e96e55b874be909"},
};

TEST(Digest, GivesThePublishedValues) {
  for (const Example& example : kExamples) {
    SCOPED_TRACE(cat(example.name, " of ", example.text));
    auto kind = digest_named(example.name);
    ASSERT_TRUE(kind.has_value());
    EXPECT_EQ(digest_name(*kind), example.name);
    EXPECT_EQ(hex_bytes(digest_of(*kind, bytes_of(example.text)), ""), example.hex);
  }
}

TEST(Digest, DoesNotCareHowTheBytesArrive) {
  for (const Example& example : kExamples) {
    for (size_t cut = 0; cut <= example.text.size(); ++cut) {
      Digest digest(*digest_named(example.name));
      digest.update(bytes_of(example.text).first(cut));
      digest.update(bytes_of(example.text).subspan(cut));
      EXPECT_EQ(hex_bytes(digest.finish(), ""), example.hex) << example.name << " cut at " << cut;
    }
  }
}

TEST(Digest, OfAMillionTimesA) {  // NIST's long example
  Digest digest(DigestKind::Sha256);
  std::string part(1000, 'a');
  for (int i = 0; i < 1000; ++i) digest.update(bytes_of(part));
  EXPECT_EQ(hex_bytes(digest.finish(), ""),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Digest, KnowsItsNames) {
  EXPECT_EQ(digest_named("SHA512"), DigestKind::Sha512);
  EXPECT_FALSE(digest_named("sha3").has_value());
  EXPECT_FALSE(digest_named("").has_value());
}

/// A test of the instructions only where there are some.
TEST(Sha256, InstructionsDoWhatPlainCodeDoes) {
  if (!sha256::has_instructions()) GTEST_SKIP() << "this processor has no SHA extensions";
  uint32_t plain[8] = {}, fast[8] = {};
  for (unsigned round = 0; round < 1000; ++round) {
    uint8_t block[64];
    for (unsigned i = 0; i < sizeof block; ++i) block[i] = uint8_t(i * 37 + round * 11 + (plain[i % 8] >> 3));
    sha256::plain_block(plain, block);
    sha256::fast_block(fast, block);
    ASSERT_TRUE(std::equal(plain, plain + 8, fast)) << round;
  }
}

TEST(Sha256, PlainCodeWorksOutTheExampleOfOneBlock) {  // "abc", padded (FIPS 180-4 §5.1.1)
  uint32_t hash[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  uint8_t block[64] = {'a', 'b', 'c', 0x80};
  block[63] = 24;
  sha256::plain_block(hash, block);
  EXPECT_EQ(hash[0], 0xba7816bfu);
  EXPECT_EQ(hash[7], 0xf20015adu);
}

}  // namespace
}  // namespace hawser
