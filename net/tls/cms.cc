#include "net/tls/cms.h"

#include <algorithm>

#include "net/tls/der.h"
#include "net/tls/key_signature.h"
#include "src/base/format.h"

namespace hawser::tls {
namespace {

// RFC 5652 §5.1, §11.1, §11.2: id-signedData, id-contentType, id-messageDigest.
constexpr uint8_t kSignedData[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2};
constexpr uint8_t kContentType[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 3};
constexpr uint8_t kMessageDigest[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 4};

constexpr uint8_t kSequence = DerReader::kSequence, kKeyId = 0x80;  // [0], not constructed

bool same(Bytes a, Bytes b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

/// SignerIdentifier: issuerAndSerialNumber, or [0] subjectKeyIdentifier.
Status take_identifier(DerReader& info, CmsSigner& signer) {
  if (info.next_is(kKeyId)) {
    signer.key_id = TRY(info.take(kKeyId));
    return ok_status();
  }
  DerReader name(TRY(info.take(kSequence)));
  signer.issuer = TRY(name.take_whole(kSequence));
  signer.serial = TRY(name.take(DerReader::kInteger));
  return ok_status();
}

Result<CmsSigner> signer_info(Bytes contents) {
  CmsSigner signer;
  DerReader info(contents);
  TRY(info.take(DerReader::kInteger));  // the version follows from the identifier
  TRY(take_identifier(info, signer));
  signer.digest = TRY(digest_algorithm(TRY(info.take(kSequence))));
  if (info.next_is(DerReader::context(0)))
    signer.attributes = TRY(info.take_whole(DerReader::context(0)));
  signer.algorithm = TRY(info.take(kSequence));
  signer.signature = TRY(info.take(DerReader::kOctets));
  return signer;
}

Status take_certificates(DerReader& data, CmsSignedData& signed_data) {
  if (!data.next_is(DerReader::context(0))) return ok_status();
  DerReader set(TRY(data.take(DerReader::context(0))));
  while (set.next_is(kSequence)) {  // X.509 ones; any other kinds come after these
    if (signed_data.certificates.size() >= CmsSignedData::kMostCertificates)
      return Error{Errc::Range, cat("more than ", CmsSignedData::kMostCertificates,
                                    " certificates in a signature")};
    signed_data.certificates.push_back(TRY(set.take_whole(kSequence)));
  }
  return ok_status();
}

Result<CmsSignedData> signed_data(Bytes contents) {
  CmsSignedData result;
  DerReader data(contents);
  TRY(data.take(DerReader::kInteger));
  TRY(data.take(DerReader::kSet));  // the digests; each signer names its own
  DerReader content(TRY(data.take(kSequence)));
  result.content_type = TRY(content.take(DerReader::kOid));
  if (!content.empty())
    return Error{Errc::Invalid, "the signature has the signed file inside; sign it \"detached\""};
  TRY(take_certificates(data, result));
  TRY(data.skip(DerReader::context(1)));  // revocation lists
  DerReader signers(TRY(data.take(DerReader::kSet)));
  while (!signers.empty()) {
    if (result.signers.size() >= CmsSignedData::kMostSigners)
      return Error{Errc::Range, cat("more than ", CmsSignedData::kMostSigners, " signers")};
    result.signers.push_back(TRY(signer_info(TRY(signers.take(kSequence)))));
  }
  if (result.signers.empty()) return Error{Errc::Invalid, "nobody signed the signature"};
  return result;
}

}  // namespace

Result<CmsSignedData> parse_signed_data(Bytes der) {
  DerReader file(der);
  DerReader info(TRY(file.take(kSequence)));
  Bytes type = TRY(info.take(DerReader::kOid));
  if (!file.empty() || !same(type, kSignedData))
    return Error{Errc::Invalid, "CMS, but not just SignedData"};
  DerReader content(TRY(info.take(DerReader::context(0))));
  return signed_data(TRY(content.take(kSequence)));
}

Result<CmsAttributes> parse_signed_attributes(Bytes attributes) {
  CmsAttributes found;
  DerReader set(TRY(DerReader(attributes).take(DerReader::context(0))));
  while (!set.empty()) {
    DerReader attribute(TRY(set.take(kSequence)));
    Bytes type = TRY(attribute.take(DerReader::kOid));
    DerReader values(TRY(attribute.take(DerReader::kSet)));
    bool is_digest = same(type, kMessageDigest);
    if (!is_digest && !same(type, kContentType)) continue;
    Bytes& value = is_digest ? found.message_digest : found.content_type;
    if (!value.empty()) return Error{Errc::Invalid, "a signed attribute that is there twice"};
    value = TRY(values.take(is_digest ? DerReader::kOctets : DerReader::kOid));
  }
  if (found.message_digest.empty() || found.content_type.empty())
    return Error{Errc::Invalid, "signed attributes without digest or content type"};
  return found;
}

}  // namespace hawser::tls
