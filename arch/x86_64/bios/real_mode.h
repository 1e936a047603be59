// Calls into the BIOS from long mode. Only code in arch/x86_64/bios (and the UNDI driver) uses it.
#pragma once

#include <cstdint>
#include <span>

#include "arch/x86_64/bios/low_block.h"
#include "src/base/bytes.h"

namespace hawser::bios {

/// Takes over the low block that the entry code made; once, before anything below. `mode` tells
/// the thunk how to come back from real mode.
struct LongMode {
  uint32_t cr0, cr3, cr4, efer;
  uint16_t idt_limit;
  uint64_t idt_base;
  uint64_t tss_low, tss_high;
};
void adopt(LowData& low, const LongMode& mode);

/// "int number": registers in and out. Interrupts are let in on the way and inside.
void interrupt(uint8_t number, RealModeCall& call);
/// A far call of segment:offset, with call.stack_words words pushed, stack[0] first.
void far_call(uint16_t segment, uint16_t offset, RealModeCall& call);
/// The same for at most so many timer ticks of 55 ms. False: it was given up, and what it was in may be
/// in any state. Code that keeps interrupts from coming in cannot be stopped.
bool watched_far_call(uint16_t segment, uint16_t offset, RealModeCall& call, uint16_t ticks);
/// Lets the BIOS serve interrupts that are pending.
void interrupt_window();
/// Halts until an interrupt came (at the latest the timer's, after 55 ms) and was served.
void wait_for_interrupt();

/// Base memory for data that the BIOS reads or writes; contents last until the next user. At least
/// 16 KiB, 16-byte aligned.
MutBytes bounce_buffer();
/// segment:0 addresses the start of the bounce buffer.
uint16_t bounce_segment();

/// The BIOS data area and interrupt table: physical addresses 0 to 0xfff, which the identity map
/// leaves out so that null pointers fault.
template <class T>
volatile T& low_memory(uint16_t at);
inline constexpr uint64_t kLowMemoryWindow = 0x7000'0000'0000;
template <class T>
volatile T& low_memory(uint16_t at) {
  return *reinterpret_cast<volatile T*>(kLowMemoryWindow + at);
}

/// BIOS data area (addresses from 0x400).
namespace bda {
inline constexpr uint16_t kBaseMemoryKb = 0x413, kKeyHead = 0x41a, kKeyTail = 0x41c,
                          kVideoMode = 0x449, kBreak = 0x471, kResetFlag = 0x472,
                          kEbdaSegment = 0x40e;
}

/// Gives the low block's base memory back to the BIOS. It keeps working until something else is
/// loaded there.
void return_base_memory();

/// On with the network boot program whose stack is in LowData::nbp, until it calls or returns.
/// The value is EAX, if it returned.
uint32_t go_on_with_program();

/// Leave for good, in real or protected mode; see RealModeEntry and ProtectedModeEntry in
/// src/load_plan.h. Base memory is given back first.
[[noreturn]] void jump_real(uint16_t segment, uint16_t sp, uint16_t code_segment, uint16_t ip,
                            uint32_t edx);
[[noreturn]] void jump_protected(uint32_t eip, uint32_t eax, uint32_t ebx, uint32_t esi);
/// Back to the PXE ROM that called the network boot program, with AX = `status` (0: success). Base
/// memory is given back first.
[[noreturn]] void return_to_pxe(uint16_t status);

}  // namespace hawser::bios
