// CPU exceptions: all are bugs (or broken hardware). They end in a dump and a reboot.
#pragma once

#include <cstdint>
#include <string_view>

namespace hawser::exceptions {

/// Register dump that the stubs in exception_stubs.S leave on the stack, lowest address first.
struct Frame {
  uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax;
  uint64_t vector, error_code;
  uint64_t rip, cs, rflags, rsp, ss;
};

/// How a fatal error reaches the user; neither function may need a heap.
struct Console {
  void (*put)(std::string_view text) = nullptr;
  /// Waits for a key, or a minute, and restarts the machine. Does not return.
  void (*reboot)() = nullptr;
};

/// Fills the tables; `code_selector` is the 64-bit code segment that handlers run in. Returns the
/// task state segment's descriptor, two words for the descriptor table. Its stack for
/// exceptions is separate, so that a stack overflow can still be reported.
struct TssDescriptor {
  uint64_t low, high;
};
TssDescriptor prepare(Console console, uint16_t code_selector);

/// The interrupt descriptor table: its address and its limit, for LIDT.
uint64_t idt_base();
uint16_t idt_limit();

}  // namespace hawser::exceptions
