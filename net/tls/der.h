// Reading DER (ITU-T X.690) that mbedTLS has no parser for, by its ASN.1 functions.
#pragma once

#include <cstdint>

#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser::tls {

/// Takes values off the front of bytes, which are borrowed.
class DerReader {
 public:
  static constexpr uint8_t kInteger = 0x02, kOctets = 0x04, kOid = 0x06, kSequence = 0x30,
                           kSet = 0x31;
  /// A context-specific tag, for a constructed value.
  static constexpr uint8_t context(uint8_t number) { return 0xa0 | number; }

  explicit DerReader(Bytes bytes) : rest_(bytes) {}

  bool empty() const { return rest_.empty(); }
  bool next_is(uint8_t tag) const { return !rest_.empty() && rest_[0] == tag; }
  /// The contents of the next value, which must have this tag. Errors: Invalid.
  Result<Bytes> take(uint8_t tag);
  /// The same, tag and length included.
  Result<Bytes> take_whole(uint8_t tag);
  /// Passes over a value that need not be there. Errors: Invalid.
  Status skip(uint8_t tag);

 private:
  Bytes rest_;
};

}  // namespace hawser::tls
