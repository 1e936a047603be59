#include "src/pxe_api/files.h"

#include <algorithm>
#include <utility>

namespace hawser::pxe_api {

std::optional<std::string> text_at(FarPointer at, ProgramMemory& memory) {
  constexpr uint32_t kMostBytes = 2048;
  std::string text;
  for (uint32_t i = 0; i < kMostBytes; ++i) {
    uint8_t byte = 0;
    if (!memory.read(at.linear() + i, {&byte, 1})) return std::nullopt;
    if (byte == 0) return text;
    text += char(byte);
  }
  return std::nullopt;
}

std::unique_ptr<FileReader>* Files::file(uint16_t handle) {
  size_t index = size_t{handle} - 1;  // 0 wraps
  return index < open_.size() && open_[index] ? &open_[index] : nullptr;
}

Code Files::open(FileOpenParameters& block, ProgramMemory& memory) {
  auto slot = std::find(open_.begin(), open_.end(), nullptr);
  if (slot == open_.end()) return Code::OutOfResources;
  auto name = text_at(block.name, memory);
  if (!name) return Code::TftpCannotOpen;
  auto uri = parse_uri(percent_encode(*name));
  if (!uri.ok() || (!uri->absolute() && !base_)) return Code::TftpCannotOpen;
  auto reader = std::make_unique<FileReader>(loop_);
  Status opened = reader->open(fetcher_, uri->absolute() ? *uri : resolve(*base_, *uri));
  if (!opened.ok()) return code_of(opened.error(), Code::TftpCannotOpen);
  *slot = std::move(reader);
  block.handle = uint16_t(slot - open_.begin() + 1);
  return Code::Success;
}

Code Files::close(const FileCloseParameters& block) {
  auto* reader = file(block.handle);
  if (!reader) return Code::TftpClosed;
  reader->reset();
  return Code::Success;
}

Code Files::select(FileSelectParameters& block) {
  auto* reader = file(block.handle);
  if (!reader) return Code::TftpClosed;
  loop_.poll_once();
  block.ready = (*reader)->ready() ? FileSelectParameters::kReadable : 0;
  return Code::Success;
}

Code Files::read(FileReadParameters& block, ProgramMemory& memory) {
  auto* reader = file(block.handle);
  if (!reader) return Code::TftpClosed;
  std::vector<uint8_t> piece(block.bytes);
  auto bytes = (*reader)->read(piece);
  if (!bytes.ok()) return code_of(bytes.error(), Code::TftpCannotRead);
  if (!memory.write(block.buffer.linear(), Bytes(piece).first(*bytes))) return Code::Failure;
  block.bytes = uint16_t(*bytes);
  return Code::Success;
}

Code Files::size(FileSizeParameters& block) {
  auto* reader = file(block.handle);
  if (!reader) return Code::TftpClosed;
  auto bytes = (*reader)->size();
  if (!bytes || *bytes > UINT32_MAX) return Code::TftpNoFileSize;
  block.bytes = uint32_t(*bytes);
  return Code::Success;
}

}  // namespace hawser::pxe_api
