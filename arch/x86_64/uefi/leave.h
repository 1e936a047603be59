// The code that runs when firmware and Hawser are gone: it moves a kernel into place and enters it.
// Shared by C++ (hand_over.cc) and assembly (leave.S).
#pragma once

// Offsets in LeaveBlock.
#define LEAVE_ROOT 0
#define LEAVE_STACK 8
#define LEAVE_MOVES 16
#define LEAVE_COUNT 24
#define LEAVE_GDT 32
#define LEAVE_EIP 48
#define LEAVE_EAX 52
#define LEAVE_EBX 56
#define LEAVE_ESI 60
#define LEAVE_IS_WIDE 64
#define LEAVE_RIP 72
#define LEAVE_RDI 80
#define LEAVE_CODE64 8
#define LEAVE_CODE32 16
#define LEAVE_DATA32 24

#ifndef __ASSEMBLER__
#include <cstddef>
#include <cstdint>

namespace hawser::uefi {

/// What leave_code works on; everything below 4 GiB and out of the way of all moves.
struct LeaveBlock {
  uint64_t root;   ///< page tables that map all memory one to one
  uint64_t stack;  ///< its top
  uint64_t moves;  ///< moves::Move, `count` of them, in order
  uint64_t count;
  struct [[gnu::packed]] {
    uint16_t limit;
    uint64_t base;
    uint8_t pad[6];
  } gdt;
  uint32_t eip, eax, ebx, esi;
  uint64_t is_wide;  ///< not 0: the kernel starts in 64-bit mode, by what follows
  uint64_t rip, rdi;
};
static_assert(offsetof(LeaveBlock, moves) == LEAVE_MOVES &&
              offsetof(LeaveBlock, gdt) == LEAVE_GDT && offsetof(LeaveBlock, eip) == LEAVE_EIP &&
              offsetof(LeaveBlock, esi) == LEAVE_ESI && offsetof(LeaveBlock, rdi) == LEAVE_RDI);

}  // namespace hawser::uefi

extern "C" {
/// Position-independent; runs as a copy below 4 GiB.
extern const uint8_t leave_code[] __attribute__((visibility("hidden")));
extern const uint8_t leave_code_end[] __attribute__((visibility("hidden")));
/// Changes to the block's page tables while still in our own text, since firmware may let nothing
/// else run, and goes on in `code`, the copy.
[[noreturn]] void leave_firmware_behind(hawser::uefi::LeaveBlock* block, uint64_t code)
    __attribute__((visibility("hidden")));
/// Enters a kernel in 64-bit mode, with EAX and RBX as given.
[[noreturn]] void enter_kernel(uint64_t rip, uint32_t eax, uint64_t rbx)
    __attribute__((visibility("hidden")));
}
#endif
