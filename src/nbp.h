// What a PXE network boot program (PXE 2.1 §3, §4.4) and Hawser have to do with each other.
// Platform::run_nbp() runs one; src/pxe_api serves what it calls.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/uri/uri.h"

namespace hawser {

class Interface;
class Loop;
class Network;
class Settings;

/// Memory as a program in real mode sees it. Addresses are linear.
class ProgramMemory {
 public:
  virtual ~ProgramMemory() = default;
  /// False, with nothing copied, when the range ends above what real mode reaches (FFFF:FFFF).
  virtual bool read(uint32_t at, MutBytes to) = 0;
  /// False, with nothing copied, when the range is not all RAM, or is ours. It may be above 1 MiB.
  virtual bool write(uint32_t at, Bytes from) = 0;
  /// Base memory of ours that programs may read, at least 7 KiB; its address is a multiple of 16.
  struct Area {
    uint32_t at = 0;
    MutBytes bytes;
  };
  virtual Area shared() = 0;
};

class ProgramServer {
 public:
  virtual ~ProgramServer() = default;
  /// A call of the PXE API, with the linear address of its parameter block. Returns AX: 0 is success.
  virtual uint16_t call(uint16_t function, uint32_t parameters, ProgramMemory& memory) = 0;
  /// The program has given the API up with its last call, and all cards are quiet: it may use all
  /// memory from now on, and cannot return.
  virtual bool released() const = 0;
  /// The line of a script that the program asked with its last call to have run in its place: it is
  /// not gone on with.
  virtual const std::optional<std::string>& command() const = 0;
};

/// What a boot program is served from. Everything is borrowed.
struct ProgramSurroundings {
  Loop& loop;
  Network& network;
  Interface& interface;
  const Settings& settings;
  const std::optional<Uri>& uri;    ///< where the program is from
  const std::string& command_line;  ///< for programs that ask for it
};
using MakeProgramServer = Result<std::unique_ptr<ProgramServer>> (*)(const ProgramSurroundings&);
/// The PXE API (src/pxe_api). Reached through Platform::program_server() alone, so that an artifact
/// whose firmware runs no boot programs is not linked with it. Errors: Unsupported (a small ROM).
Result<std::unique_ptr<ProgramServer>> make_pxe_server(const ProgramSurroundings& around);

}  // namespace hawser
