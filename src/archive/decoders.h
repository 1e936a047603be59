// One maker for each library; archive.cc picks.
#pragma once

#include <memory>

#include "src/archive/archive.h"
#include "src/base/format.h"

namespace hawser::archive {

Result<std::unique_ptr<Decoder>> make_inflate(bool gzip, ArchiveMemory& memory);
Result<std::unique_ptr<Decoder>> make_zstd(ArchiveMemory& memory);
Result<std::unique_ptr<Decoder>> make_xz(ArchiveMemory& memory);

inline Error no_memory() {
  return {Errc::NoMemory, "there is not enough memory to unpack it; free images (imgfree)"};
}
inline Error damaged(std::string_view what) {
  return {Errc::Invalid, cat("the file is damaged: ", what)};
}
inline Error window_too_large() {
  return {Errc::NoSpace, cat("it was packed with a window or dictionary of more than ",
                             human_size(kMostWindowBytes), "; pack it with a smaller one")};
}

}  // namespace hawser::archive
