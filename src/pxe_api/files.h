// Files by URI for a boot program: extensions of the PXE API that gPXE and iPXE have, functions 00E0
// to 00E4. PXELINUX uses them for "http://".
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "src/fetch.h"
#include "src/loop.h"
#include "src/nbp.h"
#include "src/pxe_api/file_reader.h"
#include "src/pxe_api/parameters.h"

namespace hawser::pxe_api {

/// A zero-terminated text of the program's, at most 2047 bytes. Nothing when it is longer, or out of
/// reach.
std::optional<std::string> text_at(FarPointer at, ProgramMemory& memory);

class Files {
 public:
  /// Relative names are seen from `base`.
  Files(Loop& loop, Fetcher& fetcher, std::optional<Uri> base)
      : loop_(loop), fetcher_(fetcher), base_(std::move(base)) {}

  Code open(FileOpenParameters& block, ProgramMemory& memory);
  Code close(const FileCloseParameters& block);
  Code select(FileSelectParameters& block);
  /// Waits for the bytes; fewer than there is room for are the end of the file.
  Code read(FileReadParameters& block, ProgramMemory& memory);
  Code size(FileSizeParameters& block);
  void close_all() { open_ = {}; }

 private:
  /// Handles are 1 and up. nullptr: not an open one.
  std::unique_ptr<FileReader>* file(uint16_t handle);

  Loop& loop_;
  Fetcher& fetcher_;
  std::optional<Uri> base_;
  std::array<std::unique_ptr<FileReader>, 8> open_;
};

}  // namespace hawser::pxe_api
