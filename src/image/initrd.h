// Several files as one initial ramdisk.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "src/image/image.h"

namespace hawser {

/// One file inside the ramdisk. The CPIO headers, if any, come right before the data.
struct InitrdPart {
  const Image* image = nullptr;
  std::vector<uint8_t> header;  ///< empty for files that are archives already
  uint64_t offset = 0;          ///< of the header, from the ramdisk's start; a multiple of 4096
  uint64_t bytes() const { return header.size() + image->data.size(); }
};

struct Initrd {
  std::vector<InitrdPart> parts;
  uint64_t bytes = 0;  ///< up to the last byte of the last part

  /// True when the files lie in memory just as the ramdisk wants them, from parts[0] on.
  bool contiguous() const;
};

/// Lays out `modules` in order, each on a 4096-byte boundary. Files with arguments get CPIO
/// headers. Errors: Invalid (mode= or mkdir= is no number, a file of 4 GiB or more in a CPIO
/// header), Range (more than 64 bits hold).
Result<Initrd> make_initrd(const std::vector<const Image*>& modules);

/// CPIO "newc" headers that make `bytes` of data the file named by the first word of `arguments`;
/// further words: mode=OCTAL, mkdir=N (headers for the N nearest parent folders, -1: all).
/// Padded with NULs so that data following them starts on a multiple of 4.
Result<std::vector<uint8_t>> cpio_headers(std::string_view arguments, uint64_t bytes);

}  // namespace hawser
