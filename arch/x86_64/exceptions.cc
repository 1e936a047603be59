// CPU exceptions: see exceptions.h. Intel SDM volume 3A chapter 6.
#include "arch/x86_64/exceptions.h"

#include <cstring>
#include <iterator>

#include "arch/x86_64/libc/panic.h"

extern "C" {
extern char exception_stubs[] __attribute__((visibility("hidden")));
extern char image_start[] __attribute__((visibility("hidden")));
extern char text_end[] __attribute__((visibility("hidden")));
extern char stack_guard[] __attribute__((visibility("hidden")));
extern char stack_bottom[] __attribute__((visibility("hidden")));
extern char stack_top[] __attribute__((visibility("hidden")));
[[noreturn]] void exception_report(const hawser::exceptions::Frame* frame);
}

namespace hawser::exceptions {
namespace {

constexpr size_t kVectors = 32;
constexpr size_t kStubBytes = 16;
constexpr uint8_t kInterruptGate = 0x8e;

struct Gate {
  uint16_t offset_low, selector;
  uint8_t stack, type;
  uint16_t offset_middle;
  uint32_t offset_high, reserved;
};
static_assert(sizeof(Gate) == 16);

struct [[gnu::packed]] Tss {
  uint32_t reserved0;
  uint64_t rsp[3], reserved1, ist[7], reserved2;
  uint16_t reserved3, io_map;
};
static_assert(sizeof(Tss) == 104);

Gate idt[kVectors];
Tss tss;
alignas(16) uint8_t exception_stack[8192];
Console console;
bool reporting = false;

constexpr const char* kNames[] = {"divide error",
                                  "debug",
                                  "NMI",
                                  "breakpoint",
                                  "overflow",
                                  "bound range",
                                  "invalid opcode",
                                  "no FPU",
                                  "double fault",
                                  "coprocessor overrun",
                                  "invalid TSS",
                                  "segment not present",
                                  "stack fault",
                                  "general protection",
                                  "page fault",
                                  "reserved",
                                  "x87 error",
                                  "alignment",
                                  "machine check",
                                  "SIMD error"};

void put_hex(uint64_t value, int digits) {
  char text[16];
  for (int i = digits; i-- > 0; value >>= 4) text[i] = "0123456789abcdef"[value & 15];
  console.put({text, size_t(digits)});
}

bool in_text(uint64_t address) {
  return address > uint64_t(image_start) + 5 && address < uint64_t(text_end);
}

void put_register(const char* name, uint64_t value) {
  console.put(name);
  console.put(" ");
  put_hex(value, 16);
}

/// Words on the stack that follow a call instruction, as addresses in the linked image. Without
/// frame pointers this is the best there is: some are left over from calls that have returned.
void put_callers(uint64_t rsp) {
  console.put("\nCalled from (offsets in core.elf):");
  int found = 0;
  if (rsp < uint64_t(stack_bottom)) rsp = uint64_t(stack_bottom);
  for (uint64_t at = (rsp + 7) & ~uint64_t{7}; at < uint64_t(stack_top) && found < 16; at += 8) {
    uint64_t value;
    std::memcpy(&value, reinterpret_cast<const void*>(at), sizeof value);
    if (!in_text(value)) continue;
    auto* code = reinterpret_cast<const uint8_t*>(value);
    bool after_call = code[-5] == 0xe8 || code[-2] == 0xff || code[-3] == 0xff || code[-6] == 0xff;
    if (!after_call) continue;
    console.put(" ");
    put_hex(value - uint64_t(image_start), 6);
    ++found;
  }
  console.put("\n");
}

void put_registers(const Frame& f) {
  put_register("\nrip", f.rip);
  put_register("  rsp", f.rsp);
  put_register("  rflags", f.rflags);
  const struct {
    const char* name;
    uint64_t value;
  } rows[] = {{"\nrax", f.rax}, {"  rbx", f.rbx}, {"  rcx", f.rcx}, {"  rdx", f.rdx},
              {"\nrsi", f.rsi}, {"  rdi", f.rdi}, {"  rbp", f.rbp}, {"  r8 ", f.r8},
              {"\nr9 ", f.r9},  {"  r10", f.r10}, {"  r11", f.r11}, {"  r12", f.r12},
              {"\nr13", f.r13}, {"  r14", f.r14}, {"  r15", f.r15}};
  for (const auto& row : rows) put_register(row.name, row.value);
}

}  // namespace

TssDescriptor prepare(Console how, uint16_t code_selector) {
  console = how;
  for (size_t i = 0; i < kVectors; ++i) {
    uint64_t stub = uint64_t(exception_stubs) + i * kStubBytes;
    idt[i] = {uint16_t(stub),       code_selector,        1, kInterruptGate,
              uint16_t(stub >> 16), uint32_t(stub >> 32), 0};
  }
  tss.ist[0] = uint64_t(exception_stack) + sizeof exception_stack;
  tss.io_map = sizeof tss;
  uint64_t at = uint64_t(&tss);
  constexpr uint64_t kAvailableTss = uint64_t{0x89} << 40;
  return {(sizeof tss - 1) | (at & 0xffffff) << 16 | kAvailableTss | (at >> 24 & 0xff) << 56,
          at >> 32};
}

uint64_t idt_base() { return uint64_t(idt); }
uint16_t idt_limit() { return sizeof idt - 1; }

}  // namespace hawser::exceptions

void exception_report(const hawser::exceptions::Frame* frame) {
  using namespace hawser::exceptions;
  if (reporting)  // an exception in here: say no more
    for (;;) console.reboot();
  reporting = true;
  uint64_t fault_address;
  asm volatile("movq %%cr2, %0" : "=r"(fault_address));
  console.put("\n\nHawser stopped: ");
  console.put(frame->vector < std::size(kNames) ? kNames[frame->vector] : "CPU exception");
  console.put(", error code ");
  put_hex(frame->error_code, 4);
  constexpr uint64_t kPageFault = 14;
  if (frame->vector == kPageFault) {
    put_register(", address", fault_address);
    if (fault_address - uint64_t(stack_guard) < uint64_t(stack_bottom) - uint64_t(stack_guard))
      console.put(" (stack overflow)");
  }
  console.put("\nAt offset ");
  put_hex(frame->rip - uint64_t(image_start), 8);
  console.put(" of core.elf, loaded at ");
  put_hex(uint64_t(image_start), 8);
  put_registers(*frame);
  put_callers(frame->rsp);
  for (;;) console.reboot();
}

void hawser_panic(const char* why) {
  using namespace hawser::exceptions;
  if (!reporting && console.put) {
    reporting = true;
    console.put("\n\nHawser stopped: ");
    console.put(why);
    put_callers(uint64_t(__builtin_frame_address(0)));
  }
  for (;;) {
    if (console.reboot) console.reboot();
    asm volatile("hlt");
  }
}
