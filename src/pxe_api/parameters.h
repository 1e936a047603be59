// Parameter blocks and codes of the PXE API that the UNDI driver does not need: Preboot Execution
// Environment 2.1 §3.2 to §3.4 and §4. Little-endian, packed; addresses and ports of the network in
// its own order. The others: drivers/undi/api.h.
#pragma once

#include <cstdint>

#include "drivers/undi/rom.h"
#include "src/base/result.h"

namespace hawser::pxe_api {

using undi::FarPointer;

/// Codes of functions (§3 and §4).
namespace function {
inline constexpr uint16_t kStartUndi = 0x00, kUndiStartup = 0x01, kUndiCleanup = 0x02,
                          kUndiInitialize = 0x03, kUndiReset = 0x04, kUndiShutdown = 0x05,
                          kUndiOpen = 0x06, kUndiClose = 0x07, kUndiTransmit = 0x08,
                          kUndiSetMulticast = 0x09, kUndiSetStationAddress = 0x0a,
                          kUndiSetPacketFilter = 0x0b, kUndiGetInformation = 0x0c,
                          kUndiGetStatistics = 0x0d, kUndiClearStatistics = 0x0e,
                          kUndiGetMulticast = 0x11, kUndiGetNicType = 0x12,
                          kUndiGetInterface = 0x13, kUndiIsr = 0x14,
                          kStopUndi = 0x15,  // also that of UNDI_GET_STATE, which nobody uses
    kTftpOpen = 0x20, kTftpClose = 0x21, kTftpRead = 0x22, kTftpReadFile = 0x23,
                          kTftpGetSize = 0x25, kUdpOpen = 0x30, kUdpClose = 0x31, kUdpRead = 0x32,
                          kUdpWrite = 0x33, kUnloadStack = 0x70, kGetCachedInfo = 0x71,
                          kStartBase = 0x75, kStopBase = 0x76,
                          // Extensions that boot programs look for.
    kFileOpen = 0xe0, kFileClose = 0xe1, kFileSelect = 0xe2, kFileRead = 0xe3, kFileGetSize = 0xe4,
                          kFileExecute = 0xe5, kFileApiCheck = 0xe6, kFileCommandLine = 0xe8;
}  // namespace function

/// AX (§3.1) and the status in a block (§3.5).
inline constexpr uint16_t kSuccess = 0, kFailure = 1;
enum class Code : uint16_t {
  Success = 0,
  Failure = 1,
  Unsupported = 3,
  OutOfResources = 6,
  UdpClosed = 0x18,
  UdpOpen = 0x19,
  TftpClosed = 0x1a,
  TftpOpen = 0x1b,
  TftpReadTimeout = 0x35,
  TftpCannotOpen = 0x38,
  TftpCannotRead = 0x39,
  TftpFileNotFound = 0x3b,
  TftpNoFileSize = 0x3e,
  UndiTransmitError = 0x65,
};

/// The code for an error of a download; `otherwise` for those that have none of their own.
inline Code code_of(const Error& error, Code otherwise) {
  if (error.code == Errc::NotFound) return Code::TftpFileNotFound;
  if (error.code == Errc::TimedOut) return Code::TftpReadTimeout;
  return otherwise;
}

inline constexpr size_t kFileNameBytes = 128;

struct [[gnu::packed]] StatusParameters {
  uint16_t status = 0;
};
struct [[gnu::packed]] TftpOpenParameters {
  uint16_t status = 0;
  uint8_t server[4] = {}, gateway[4] = {};
  char name[kFileNameBytes] = {};
  uint16_t port = 0;  ///< network order
  uint16_t packet_bytes = 0;
};
struct [[gnu::packed]] TftpReadParameters {
  uint16_t status = 0;
  uint16_t packet = 0;
  uint16_t bytes = 0;
  FarPointer buffer;
};
struct [[gnu::packed]] TftpReadFileParameters {
  uint16_t status = 0;
  char name[kFileNameBytes] = {};
  uint32_t bytes = 0;   ///< room; on return, what was read
  uint32_t buffer = 0;  ///< a physical address
  uint8_t server[4] = {}, gateway[4] = {}, multicast[4] = {};
  uint16_t client_port = 0, server_port = 0;
  uint16_t open_timeout = 0, reopen_delay = 0;
};
struct [[gnu::packed]] TftpSizeParameters {
  uint16_t status = 0;
  uint8_t server[4] = {}, gateway[4] = {};
  char name[kFileNameBytes] = {};
  uint32_t bytes = 0;
};
struct [[gnu::packed]] UdpOpenParameters {
  uint16_t status = 0;
  uint8_t source[4] = {};
};
struct [[gnu::packed]] UdpReadParameters {
  uint16_t status = 0;
  uint8_t source[4] = {}, destination[4] = {};
  uint16_t source_port = 0, destination_port = 0;  ///< network order
  uint16_t bytes = 0;
  FarPointer buffer;
};
struct [[gnu::packed]] UdpWriteParameters {
  uint16_t status = 0;
  uint8_t destination[4] = {}, gateway[4] = {};
  uint16_t source_port = 0, destination_port = 0;  ///< network order
  uint16_t bytes = 0;
  FarPointer buffer;
};
struct [[gnu::packed]] InterfaceParameters {
  static constexpr uint32_t kBroadcast = 1, kMulticast = 2, kPromiscuous = 8, kStatistics = 0x20,
                            kOpenClose = 0x200;
  uint16_t status = 0;
  char type[16] = {};
  uint32_t bits_per_second = 0;
  uint32_t services = 0;
  uint32_t reserved[4] = {};
};
struct [[gnu::packed]] StatisticsParameters {
  uint16_t status = 0;
  uint32_t sent = 0, received = 0, received_with_error = 0, dropped = 0;
};
struct [[gnu::packed]] FilterParameters {
  uint16_t status = 0;
  uint8_t filter = 0;
};
struct [[gnu::packed]] MulticastParameters {
  uint16_t status = 0;
  uint8_t address[4] = {};
  uint8_t mac[16] = {};
};
struct [[gnu::packed]] FileOpenParameters {
  uint16_t status = 0;
  uint16_t handle = 0;
  FarPointer name;  ///< a URI, zero-terminated
  uint32_t reserved = 0;
};
struct [[gnu::packed]] FileCloseParameters {
  uint16_t status = 0;
  uint16_t handle = 0;
};
struct [[gnu::packed]] FileSelectParameters {
  static constexpr uint16_t kReadable = 1;
  uint16_t status = 0;
  uint16_t handle = 0;
  uint16_t ready = 0;
};
struct [[gnu::packed]] FileReadParameters {
  uint16_t status = 0;
  uint16_t handle = 0;
  uint16_t bytes = 0;  ///< room; on return, what was read
  FarPointer buffer;
};
struct [[gnu::packed]] FileSizeParameters {
  uint16_t status = 0;
  uint16_t handle = 0;
  uint32_t bytes = 0;
};
struct [[gnu::packed]] FileExecuteParameters {
  uint16_t status = 0;
  FarPointer command;  ///< a line of a script, zero-terminated
};
struct [[gnu::packed]] DataBlock {  ///< of TransmitDescriptor::block
  static constexpr uint8_t kPhysical = 0;
  uint8_t pointer_type = 0, reserved = 0;
  uint16_t bytes = 0;
  uint32_t pointer = 0;  ///< physical address, or a FarPointer
};

static_assert(sizeof(TftpOpenParameters) == 142 && sizeof(TftpReadParameters) == 10);
static_assert(sizeof(TftpReadFileParameters) == 158 && sizeof(TftpSizeParameters) == 142);
static_assert(sizeof(UdpReadParameters) == 20 && sizeof(UdpWriteParameters) == 20);
static_assert(sizeof(InterfaceParameters) == 42 && sizeof(StatisticsParameters) == 18);
static_assert(sizeof(DataBlock) == 8);
static_assert(sizeof(FileOpenParameters) == 12 && sizeof(FileReadParameters) == 10);
static_assert(sizeof(FileSizeParameters) == 8 && sizeof(FileExecuteParameters) == 6);

}  // namespace hawser::pxe_api
