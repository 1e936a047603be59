// Code comes packed as streams of like fields (scripts/instruction_streams.py), because that packs
// an eighth better: opcodes beside opcodes, addresses beside addresses. Position-independent and
// free of globals: it runs in the unpacker before anything is set up.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hawser::bios {

/// The fields of an instruction (Intel SDM volume 2, chapter 2). Those of several bytes have the
/// most significant first. Each stream starts on a word.
enum Stream : uint8_t {
  kDisp32,      ///< displacements of 32 bits
  kImm32,       ///< immediates of 32 and 64 bits
  kJumps,       ///< targets of near jumps, counted from the start of the code
  kCalls,       ///< targets of calls, likewise
  kData,        ///< addresses relative to RIP, likewise; RIP is taken to be behind the displacement
  kDisp8,       ///< displacements of 8 bits
  kStackDisp8,  ///< those with a SIB byte: of local variables, nearly always
  kImm8,        ///< immediates of 8 and 16 bits
  kRel8,        ///< short jumps, relative as they are
  kSib,         ///< SIB bytes
  kOpcodes,     ///< prefixes, opcodes and ModRM
  kStreams,
};

/// Puts `out_bytes` of code together from the streams at `in`, behind a table of their sizes (32
/// bits each). Returns where the streams end; nullptr when they are broken: sizes beyond
/// `in_bytes`, or a stream that is too short. Never reads or writes outside.
const uint8_t* join_streams(const uint8_t* in, size_t in_bytes, uint8_t* out, size_t out_bytes);

}  // namespace hawser::bios
