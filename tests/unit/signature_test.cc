// Signed files: what `openssl cms` signs is accepted; everything else is refused, and says why.
#include "net/tls/signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "net/tls/port/glue.h"
#include "src/base/format.h"
#include "src/crypto/digest.h"
#include "tests/fakes/fake_platform.h"
#include "tests/fakes/tls_server.h"

namespace hawser::tls {
namespace {

using fakes::Certificates;
using testing::HasSubstr;

const std::string kFile = "#!ipxe\necho signed\n";

struct SignatureTest : testing::Test {
  fakes::FakePlatform platform;  // its clock says 2026
  Trust trust;
  std::string data = kFile;

  void SetUp() override {
    ASSERT_TRUE(attach_mbedtls(platform).ok());
    ASSERT_TRUE(trust.set_roots(Certificates::get().der("root.crt")).ok());
  }
  /// What openssl makes of kFile with `name`'s key; `options` come last.
  std::string sign(const std::string& name, const std::string& options = "") {
    std::string folder = Certificates::get().folder().string();
    std::ofstream(folder + "/file", std::ios::binary) << kFile;
    std::string command = cat("cd ", folder, " && openssl cms -sign -binary -in file -signer ", name,
                              ".crt -inkey ", name, ".key -certfile middle.crt -outform DER ", options,
                              " -out file.sig 2>log || cat log");
    EXPECT_EQ(system(command.c_str()), 0) << command;
    std::ifstream file(folder + "/file.sig", std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  Status check(std::string_view signature, std::string_view signer = "") {
    return check_signature(bytes_of(data), bytes_of(signature), signer, trust);
  }
  void expect_refused(std::string_view signature, Errc code, std::string_view why,
                      std::string_view signer = "") {
    Status status = check(signature, signer);
    ASSERT_FALSE(status.ok()) << why;
    EXPECT_EQ(status.error().code, code);
    EXPECT_THAT(status.error().text, HasSubstr(std::string(why)));
  }
};

TEST_F(SignatureTest, AcceptsWhatOpensslSigns) {
  for (std::string name : {"signer", "signer384", "signerrsa"})
    for (std::string digest : {"sha256", "sha384", "sha512"})
      for (std::string how : {"", "-noattr", "-keyid", "-outform PEM", "-nosmimecap"}) {
        SCOPED_TRACE(cat(name, ' ', digest, ' ', how));
        if (how == "-noattr" && digest != "sha256") continue;
        Status status = check(sign(name, cat("-md ", digest, ' ', how)));
        EXPECT_TRUE(status.ok()) << status.error().text;
      }
  std::string pss = "-keyopt rsa_padding_mode:pss -md ";
  for (std::string how : {"sha256", "sha384", "sha512", "sha256 -noattr"}) {
    Status status = check(sign("signerrsa", pss + how));
    EXPECT_TRUE(status.ok()) << how << ": " << status.error().text;
  }
  expect_refused(sign("signerrsa", pss + "sha256 -keyopt rsa_mgf1_md:sha384"), Errc::Unsupported,
                 "two digests");
}

TEST_F(SignatureTest, OneGoodSignerAmongSeveralIsEnough) {
  std::string both = sign("signer", "-signer oldsigner.crt -inkey oldsigner.key");
  for (std::string_view wanted : {"", "Test signer"}) {
    Status status = check(both, wanted);
    EXPECT_TRUE(status.ok()) << status.error().text;
  }
  EXPECT_FALSE(check(both, "Test oldsigner").ok());
}

TEST_F(SignatureTest, RefusesAnotherFileAndAnotherSigner) {
  for (std::string how : {"", "-noattr"}) {
    std::string signature = sign("signer", how);
    EXPECT_TRUE(check(signature, "Test signer").ok());
    expect_refused(signature, Errc::Access, "signed by \"Test signer\", not by \"Test sign\"",
                   "Test sign");
    data = kFile + " ";
    expect_refused(signature, Errc::Access, how.empty() ? "this is not the file that was signed"
                                                        : "one of the two was changed");
    data = "";
    EXPECT_FALSE(check(signature).ok());
    data = kFile;
  }
}

TEST_F(SignatureTest, RefusesSignersWhoMayNot) {
  const struct {
    std::string name, why;
  } kRefused[] = {
      {"good", "\"Test good\" is not meant for code signing (extended key usage)"},
      {"nousage", "\"Test nousage\" is not meant for code signing"},
      {"nosign", "\"Test nosign\" is not meant for code signing"},
      {"oldsigner", "certificate \"Test oldsigner\" expired on 2021-01-01 00:00 UTC; the clock here "
                    "says 2026-01-01"},
      {"stranger", "certificate \"Test stranger\" was issued by \"Test root2\", which is no trusted "
                   "root"},
  };
  for (const auto& [name, why] : kRefused) expect_refused(sign(name), Errc::Access, why);
  expect_refused(sign("signer", "-md sha1"), Errc::Access, "uses SHA-1 or MD5");
  expect_refused(sign("signer", "-nocerts"), Errc::Access, "certificate is not in the signature");
  expect_refused(sign("signer", "-nodetach"), Errc::Invalid, "sign it \"detached\"");
  expect_refused(sign("signer", "-md sha224"), Errc::Unsupported, "none of SHA-256");
}

TEST_F(SignatureTest, TrustIsThatOfHttps) {
  std::string signature = sign("signer");
  Trust builtin;
  EXPECT_EQ(check_signature(bytes_of(data), bytes_of(signature), "", builtin).error().code,
            Errc::Access);
  auto bundle = Certificates::get().der("root2.crt"), root = Certificates::get().der("root.crt");
  bundle.insert(bundle.end(), root.begin(), root.end());
  ASSERT_TRUE(trust.set_roots(bundle).ok());
  EXPECT_TRUE(check(signature).ok());
  EXPECT_TRUE(check(sign("stranger")).ok());
  trust.set_fingerprints(digest_of(DigestKind::Sha256, Certificates::get().der("middle.crt")));
  EXPECT_TRUE(check(signature).ok());
  EXPECT_FALSE(check(sign("stranger")).ok());
}

TEST_F(SignatureTest, ARootThatCannotBeReadIsNamed) {
  auto bundle = Certificates::get().der("root.crt");
  bundle.insert(bundle.end(), {0x30, 1, 0});
  Status status = trust.set_roots(bundle);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Errc::Invalid);
  EXPECT_THAT(status.error().text, HasSubstr("trusted certificate 2 "));
}

TEST_F(SignatureTest, CutOrChangedAnywhereItIsRefusedOrTheSame) {
  for (std::string how : {"-nosmimecap", "-noattr"}) {
    std::string signature = sign("signer", how);
    for (size_t size = 0; size < signature.size(); ++size)
      EXPECT_FALSE(check(signature.substr(0, size)).ok()) << size;
    EXPECT_FALSE(check(signature + '\0').ok());
  }
  // A changed byte may lie in what nobody reads (versions, the middle's certificate is needed).
  std::string signature = sign("signer", "-nosmimecap");
  size_t accepted = 0;
  for (size_t at = 0; at < signature.size(); ++at) {
    std::string changed = signature;
    changed[at] ^= 0x40;
    accepted += check(changed).ok();
  }
  EXPECT_LT(accepted, 40u);
  signature.back() ^= 1;
  expect_refused(signature, Errc::Access, "is not that of \"Test signer\" on this file");
}

TEST_F(SignatureTest, WhatIsNoSignatureIsCalledThat) {
  for (std::string text : {"", "hello", "#!ipxe\n", "-----BEGIN CMS-----\nMAA=\n-----END CMS-----\n"})
    expect_refused(text, Errc::Invalid, "not a detached CMS signature, DER or PEM");
  expect_refused(std::string(kMostSignatureBytes + 1, '0'), Errc::Range, "more than 1 MiB");
}

}  // namespace
}  // namespace hawser::tls
