// What UEFI firmware needs to start a program. Pure data: made by src/image, carried out by
// Platform::start_program.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/base/bytes.h"
#include "src/memory_map.h"

namespace hawser {

/// A file as the program can read it.
struct ProgramFile {
  struct Piece {
    uint64_t at = 0;  ///< offset in the file; pieces do not overlap, and zeros lie between them
    Bytes data;       ///< borrowed
  };
  std::string name;
  std::vector<Piece> pieces;  ///< by offset
  uint64_t bytes = 0;

  static ProgramFile of(std::string name, Bytes data) {
    return {std::move(name), {{0, data}}, data.size()};
  }
};

/// What starts a program that the firmware refuses under Secure Boot: a first stage that the
/// firmware trusts, and that verifies the program by keys of its own.
struct Shim {
  std::string name;
  Bytes image;             ///< borrowed; PE32+ for x86-64
  std::string arguments;   ///< its command line
  bool allow_pxe = false;  ///< it may see the firmware's PXE client, by which it would download
};

struct Program {
  std::string name;                   ///< "grubx64.efi": what it is called among `files`
  Bytes image;                        ///< borrowed; PE32+ for x86-64, with `head` before it
  std::vector<uint8_t> head;          ///< what makes one of another format; empty for most
  std::string arguments;              ///< its command line
  std::vector<ProgramFile> files;     ///< what it finds on the device it comes from
  std::optional<ProgramFile> initrd;  ///< for Linux kernels, which ask firmware for it
  std::optional<Shim> shim;
  /// Memory that nothing lies in, which the firmware may have meanwhile.
  std::vector<Range> spare;
  /// Data that pieces borrow from. The vectors' buffers do not move when the program is moved.
  std::vector<std::vector<uint8_t>> owned;
};

}  // namespace hawser
