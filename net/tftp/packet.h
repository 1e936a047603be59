// TFTP packets: building requests and reading option acknowledgements (RFC 1350 §5, RFC 2347).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/bytes.h"
#include "src/base/result.h"

namespace hawser::tftp {

enum class Opcode : uint16_t {  // RFC 1350 §5, RFC 2347
  ReadRequest = 1,
  Data = 3,
  Acknowledgement = 4,
  Error = 5,
  OptionAcknowledgement = 6,
};

enum class ErrorCode : uint16_t {  // RFC 1350 appendix, RFC 2347
  Undefined = 0,
  NotFound = 1,
  Access = 2,
  DiskFull = 3,
  IllegalOperation = 4,
  UnknownTransfer = 5,
  FileExists = 6,
  NoSuchUser = 7,
  BadOptions = 8,
};

/// What a read request asks for; an empty member is left out.
struct RequestOptions {
  std::optional<uint16_t> block_bytes;  ///< "blksize", RFC 2348
  bool transfer_size = false;           ///< "tsize" 0, RFC 2349
  std::optional<uint8_t> timeout_s;     ///< "timeout", RFC 2349
  std::optional<uint16_t> window;       ///< "windowsize" in blocks, RFC 7440
  bool any() const { return block_bytes || transfer_size || timeout_s || window; }
};

/// What the server granted; an empty member was left out.
struct GrantedOptions {
  std::optional<uint64_t> block_bytes, transfer_size, window;
};

/// RFC 2347: a request packet has at most 512 octets. Options take up to 60 of them.
inline constexpr size_t kMaxPath = 440;

/// A read request in octet mode. `path` holds no NUL and at most kMaxPath bytes.
std::vector<uint8_t> read_request(std::string_view path, const RequestOptions& options);
std::vector<uint8_t> error_packet(ErrorCode code, std::string_view message);

/// Reads the options of an OACK (`packet` with its opcode). Unknown options are skipped.
/// Errors: Protocol (an option without its value, or a value that is no number).
Result<GrantedOptions> granted_options(Bytes packet);

}  // namespace hawser::tftp
