// What UEFI firmware needs to start a program. Pure data: made by src/image, carried out by
// Platform::start_program.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/base/bytes.h"
#include "src/base/result.h"
#include "src/load_plan.h"
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

struct Image;  // src/image/image.h

/// How images of one format start under UEFI firmware: one of both is set.
struct UefiStart {
  /// As ImageFormat::load, for what is entered once the firmware has gone.
  Result<LoadPlan> (*load)(const Image& image, const std::vector<const Image*>& modules,
                           const Machine& machine) = nullptr;
  /// The program that the firmware is to start. Errors: Format, Invalid, Unsupported.
  Result<Program> (*prepare)(const Image& image,
                             const std::vector<const Image*>& modules) = nullptr;
};

/// What src/image has for UEFI alone. Reached through Platform::uefi_images() alone, so that an
/// artifact for other firmware is not linked with it.
struct UefiImages {
  UefiStart program, linux_kernel, elf, httpboot;
  /// As efi_program::add_shim() (src/image).
  Status (*add_shim)(Program& program, const Image& shim, bool is_linux);
};
extern const UefiImages kUefiImages;

}  // namespace hawser
