// Parameter blocks in a program's memory.
#pragma once

#include "src/nbp.h"
#include "src/pxe_api/parameters.h"

namespace hawser::pxe_api {

/// Runs `serve` on the parameter block of type Block at `at`, and puts it back with its status.
template <class Block, class Serve>
Code with(ProgramMemory& memory, uint32_t at, Serve serve) {
  Block block;
  MutBytes raw{reinterpret_cast<uint8_t*>(&block), sizeof block};
  if (!memory.read(at, raw)) return Code::Failure;
  Code code = serve(block);
  block.status = uint16_t(code);
  return memory.write(at, raw) ? code : Code::Failure;
}

inline Code with_status(ProgramMemory& memory, uint32_t at, Code code) {
  return with<StatusParameters>(memory, at, [code](StatusParameters&) { return code; });
}

}  // namespace hawser::pxe_api
