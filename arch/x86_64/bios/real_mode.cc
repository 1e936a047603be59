// Calls into the BIOS: see real_mode.h. The other half is prefix/low.S.
#include "arch/x86_64/bios/real_mode.h"

namespace hawser::bios {
namespace {

LowData* low = nullptr;

void visit(RealModeCall& call) {
  low->call = call;
  reinterpret_cast<void (*)()>(uintptr_t{low->thunk})();
  call = low->call;
}

void visit(uint16_t kind) {
  RealModeCall call;
  call.kind = kind;
  visit(call);
}

}  // namespace

void adopt(LowData& data, const LongMode& mode) {
  low = &data;
  low->cr0 = mode.cr0;
  low->cr3 = mode.cr3;
  low->cr4 = mode.cr4;
  low->efer = mode.efer;
  low->idt_limit = mode.idt_limit;
  for (int i = 0; i < 4; ++i) low->idt_base[i] = uint16_t(mode.idt_base >> (16 * i));
  low->gdt[SEL_TSS / 8] = mode.tss_low;
  low->gdt[SEL_TSS / 8 + 1] = mode.tss_high;
  interrupt_window();  // the way back loads all of it
}

void interrupt(uint8_t number, RealModeCall& call) {
  call.target_offset = low_memory<uint16_t>(uint16_t(number * 4));
  call.target_segment = low_memory<uint16_t>(uint16_t(number * 4 + 2));
  call.kind = CALL_INTERRUPT;
  call.stack_words = 0;
  visit(call);
}

void far_call(uint16_t segment, uint16_t offset, RealModeCall& call) {
  call.target_offset = offset;
  call.target_segment = segment;
  call.kind = CALL_FAR;
  visit(call);
}

bool watched_far_call(uint16_t segment, uint16_t offset, RealModeCall& call, uint16_t ticks) {
  volatile uint32_t& vector = low_memory<uint32_t>(0x08 * 4);
  const uint32_t ours = low->base << 12 | LOW_TIMER_ENTRY;
  low->old_int8 = vector;
  low->ticks = ticks;
  vector = ours;
  far_call(segment, offset, call);
  low->ticks = 0;
  if (vector == ours) vector = low->old_int8;
  return call.kind != CALL_EXPIRED;
}

void interrupt_window() { visit(CALL_WINDOW); }
void wait_for_interrupt() { visit(CALL_WAIT); }

MutBytes bounce_buffer() {
  return {reinterpret_cast<uint8_t*>(uintptr_t{low->base} + low->scratch), low->scratch_bytes};
}
uint16_t bounce_segment() { return uint16_t((low->base + low->scratch) >> 4); }

void return_base_memory() { low_memory<uint16_t>(bda::kBaseMemoryKb) = uint16_t(low->base_kb); }

uint32_t go_on_with_program() {
  RealModeCall call;
  call.kind = CALL_NBP;
  visit(call);
  return call.eax;
}

void jump_real(uint16_t segment, uint16_t sp, uint16_t code_segment, uint16_t ip, uint32_t edx) {
  return_base_memory();
  RealModeCall call;
  call.ds = segment;
  call.edx = edx;
  call.esi = sp;
  call.target_segment = code_segment;
  call.target_offset = ip;
  call.kind = CALL_JUMP16;
  visit(call);
  __builtin_unreachable();
}

void jump_protected(uint32_t eip, uint32_t eax, uint32_t ebx, uint32_t esi) {
  return_base_memory();
  RealModeCall call;
  call.eax = eax;
  call.ebx = ebx;
  call.esi = esi;
  call.target_offset = uint16_t(eip);
  call.target_segment = uint16_t(eip >> 16);
  call.kind = CALL_JUMP32;
  visit(call);
  __builtin_unreachable();
}

void return_to_pxe(uint16_t status) {
  return_base_memory();
  RealModeCall call;
  call.eax = status;
  call.kind = CALL_RETURN;
  visit(call);
  __builtin_unreachable();
}

}  // namespace hawser::bios
