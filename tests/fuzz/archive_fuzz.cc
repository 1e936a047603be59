// Compressed files: whatever comes, unpacking ends, gives its memory back, and writes no more than
// the sink takes.
#include <cstdlib>

#include "src/archive/archive.h"

using namespace hawser;

namespace {

struct Memory : ArchiveMemory {
  size_t pieces = 0;
  void* allocate(size_t bytes) override {
    if (bytes > (16u << 20)) return nullptr;
    ++pieces;
    return std::malloc(bytes);
  }
  void release(void* memory) override {
    --pieces;
    std::free(memory);
  }
};

struct Limited : Sink {
  static constexpr size_t kMost = 4u << 20;
  size_t bytes = 0;
  Status begin(std::optional<uint64_t>) override { return ok_status(); }
  Status write(Bytes piece) override {
    if (piece.empty()) std::abort();
    if (piece.size() > kMost - bytes) return Error{Errc::NoSpace, "full"};
    bytes += piece.size();
    return ok_status();
  }
  void restart() override { std::abort(); }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Bytes file{data, size};
  auto kind = archive_kind(file);
  if (!kind) return 0;
  Memory memory;
  Limited sink;
  Status end = unpack(*kind, file, memory, sink, [] { return false; });
  if (!end.ok() && end.error().text.empty()) std::abort();
  if (memory.pieces != 0) std::abort();
  return 0;
}
