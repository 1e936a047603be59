#include "net/tls/der.h"

#include "mbedtls/asn1.h"

namespace hawser::tls {

Result<Bytes> DerReader::take(uint8_t tag) {
  auto* at = const_cast<unsigned char*>(rest_.data());
  size_t bytes = 0;
  if (rest_.empty() || mbedtls_asn1_get_tag(&at, at + rest_.size(), &bytes, tag) != 0)
    return Error{Errc::Invalid, "damaged DER"};
  Bytes contents{at, bytes};
  rest_ = rest_.subspan(size_t(at - rest_.data()) + bytes);
  return contents;
}

Result<Bytes> DerReader::take_whole(uint8_t tag) {
  Bytes before = rest_;
  TRY(take(tag));
  return before.first(before.size() - rest_.size());
}

Status DerReader::skip(uint8_t tag) {
  if (next_is(tag)) TRY(take(tag));
  return ok_status();
}

}  // namespace hawser::tls
