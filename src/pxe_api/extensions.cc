// Functions 00E0 and up, which PXE 2.1 does not have: see files.h.
#include <algorithm>

#include "src/pxe_api/block.h"
#include "src/pxe_api/server.h"

namespace hawser::pxe_api {

Code Server::extension(uint16_t number, uint32_t at, ProgramMemory& memory) {
  using namespace function;
  Frames::ForStack for_stack(frames_);
  switch (number) {
    case kFileOpen:
      return with<FileOpenParameters>(memory, at, [&](auto& block) {
        return frames_.resume().ok() ? files_.open(block, memory) : Code::Failure;
      });
    case kFileClose:
      return with<FileCloseParameters>(memory, at, [&](auto& block) { return files_.close(block); });
    case kFileSelect:
      return with<FileSelectParameters>(memory, at,
                                        [&](auto& block) { return files_.select(block); });
    case kFileRead:
      return with<FileReadParameters>(memory, at,
                                      [&](auto& block) { return files_.read(block, memory); });
    case kFileGetSize:
      return with<FileSizeParameters>(memory, at, [&](auto& block) { return files_.size(block); });
    case kFileExecute:
      return with<FileExecuteParameters>(memory, at,
                                         [&](auto& block) { return execute(block, memory); });
    case kFileApiCheck:
      return with<undi::FileApiCheckParameters>(memory, at,
                                                [&](auto& block) { return file_api(block); });
    case kFileCommandLine:
      return with<undi::FileCommandLineParameters>(
          memory, at, [&](auto& block) { return command_line(block, memory); });
    default:
      return with_status(memory, at, Code::Unsupported);
  }
}

Code Server::execute(const FileExecuteParameters& block, ProgramMemory& memory) {
  command_ = text_at(block.command, memory);
  return command_ ? Code::Success : Code::Failure;
}

Code Server::file_api(undi::FileApiCheckParameters& block) {
  if (block.magic != undi::FileApiCheckParameters::kQuestion) return Code::Failure;
  block.bytes = sizeof block;
  block.magic = undi::FileApiCheckParameters::kAnswer;
  block.provider = 0;
  constexpr uint32_t kExitHook = 1u << 7;  // the only one that is not there
  block.functions = 0x1ff & ~kExitHook;
  block.flags = 0;
  return Code::Success;
}

Code Server::command_line(undi::FileCommandLineParameters& block, ProgramMemory& memory) {
  Bytes text{reinterpret_cast<const uint8_t*>(command_line_.c_str()), command_line_.size() + 1};
  text = text.first(std::min<size_t>(text.size(), block.bytes));
  if (!memory.write(block.buffer.linear(), text)) return Code::Failure;
  block.bytes = uint16_t(command_line_.size() + 1);
  return Code::Success;
}

}  // namespace hawser::pxe_api
