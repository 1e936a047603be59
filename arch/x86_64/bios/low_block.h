// The low block: the few pages of base memory through which Hawser reaches the BIOS. It holds the
// real-mode thunk, the unpacker, and one page of data that assembly and C++ share. It runs at any page-aligned address below 640 KiB; every offset here counts from its
// start. Code and written data lie on different pages (a store next to code would make the CPU,
// and an emulator even more so, throw away what it decoded).
#pragma once

#define LOW_DATA 0x2000 /* struct LowData: one page, behind the code */

/* Offsets inside LowData (checked against the struct below). */
#define LD_BASE 0x000
#define LD_THUNK 0x004
#define LD_PAYLOAD 0x008
#define LD_BASE_KB 0x00c
#define LD_CALL 0x010 /* struct RealModeCall */
#define LD_EAX 0x010
#define LD_EBX 0x014
#define LD_ECX 0x018
#define LD_EDX 0x01c
#define LD_ESI 0x020
#define LD_EDI 0x024
#define LD_EBP 0x028
#define LD_EFLAGS 0x02c
#define LD_DS 0x030
#define LD_ES 0x032
#define LD_TARGET 0x034
#define LD_KIND 0x038
#define LD_STACK_WORDS 0x03a
#define LD_STACK 0x03c
#define LD_E801 0x04c
#define LD_RSP 0x050
#define LD_CR0 0x058
#define LD_CR3 0x05c
#define LD_CR4 0x060
#define LD_EFER 0x064
#define LD_IDTR 0x068
#define LD_TICKS 0x072
#define LD_FIRMWARE_CR4 0x074
#define LD_SCRATCH 0x078
#define LD_BYTES 0x07c
#define LD_GDT 0x080
#define LD_THUNK_PRIVATE 0x0d0
#define LD_OLD_INT8 0xec
#define LD_NBP_STACK 0xf0 /* struct NbpState */
#define LD_NBP_TURN 0xf4
#define LD_NBP_EVENT 0xf6
#define LD_OLD_INT15 0xf8
#define LD_OLD_INT1A 0xfc
#define LD_START 0x100 /* struct StartInfo */
#define LD_E820_COUNT 0x958
#define LD_E820 0x95c

/* Selectors of the descriptor table at LD_GDT. "LOW" ones have the block's start as base. */
#define SEL_LOW_CODE32 0x08
#define SEL_LOW_DATA32 0x10
#define SEL_LOW_CODE16 0x18
#define SEL_LOW_DATA16 0x20
#define SEL_CODE64 0x28
#define SEL_DATA 0x30
#define SEL_CODE32 0x38
#define SEL_TSS 0x40 /* two slots */
#define GDT_BYTES 0x50

/* RealModeCall::kind */
#define CALL_FAR 0       /* lcall, returns by lret */
#define CALL_INTERRUPT 1 /* the same with flags pushed, returns by iret */
#define CALL_WAIT 2      /* lets interrupts in and halts until one came */
#define CALL_WINDOW 3    /* lets pending interrupts in */
#define CALL_JUMP16 4    /* real mode, does not return */
#define CALL_JUMP32 5    /* flat protected mode, does not return */
#define CALL_RETURN 6    /* back to the PXE ROM that called nbp.S, with EAX as status */
#define CALL_NBP 7       /* on with the network boot program, until NbpState::event */

#define CALL_EXPIRED 8   /* out only: CALL_FAR was given up as LowData::ticks ran out */

/* NbpState::turn */
#define TURN_OURS 0
#define TURN_PROGRAM 1
#define TURN_GONE 2 /* the program has given the PXE API up: nothing leads back */
/* NbpState::event */
#define NBP_CALLED_PXENV 1 /* by the entry of PXENV+: function in BX, parameters at ES:DI */
#define NBP_CALLED_PXE 2   /* by that of !PXE: both on the stack */
#define NBP_RETURNED 3     /* with EAX in RealModeCall::eax */

/* Offsets in the low block of what a network boot program enters, and of what it can see. */
#define LOW_NBP_ENTRIES 0x08 /* 8 bytes each: PXENV+, !PXE, its return, INT 15h, INT 1Ah */
#define LOW_TIMER_ENTRY 0x30  /* INT 08h while a call is watched */
#define LOW_BOUNCE_BYTES 0x4000
#define NBP_AREA_BYTES 0x2000 /* behind the bounce buffer: struct NbpArea */
#define NBP_AREA_PXENV 0x60
#define LOW_STACK_BYTES 0x1000   /* behind that: the real-mode stack */
#define NBP_STACK_BYTES 0x2000   /* the unpacker's, later the program's */

/* struct StartInfo: what the prefix found out. */
#define START_KIND 0x00
#define START_PCI 0x04
#define START_ROM_BAR 0x08
#define START_PCI_COMMAND 0x0c
#define START_INITRD 0x10
#define START_INITRD_BYTES 0x14
#define START_PXENV 0x18
#define START_PXE 0x1c
#define START_STACK 0x20
#define START_CMDLINE 0x30
#define START_CMDLINE_BYTES 2048
#define START_BYTES (START_CMDLINE + START_CMDLINE_BYTES)
#define START_FROM_ROM 1
#define START_FROM_LINUX 2 /* Linux boot protocol: .lkrn */
#define START_FROM_PXE 3   /* a PXE ROM: .kpxe */

/* What nbp.S pushed on the ROM's stack: where AX is in it, and its size. */
#define NBP_SAVED_EAX 36
#define NBP_SAVED_BYTES 44

/* The payload: head (32-bit code and PayloadHeader), low block image, packed core. */
#define PAYLOAD_FROM_LINUX 0x00 /* entry points, offsets from its start */
#define PAYLOAD_FROM_ROM 0x08 /* and from nbp.S */
#define PAYLOAD_HEADER 0x10 /* struct PayloadHeader */
#define PAYLOAD_HEAD_BYTES 0x200
#define PAYLOAD_MAGIC 0x32535748 /* "HWS2" */

#ifndef __ASSEMBLER__

#include <cstddef>
#include <cstdint>

namespace hawser::bios {

/// One visit to real mode. Registers go in and come out.
struct RealModeCall {
  uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0, esi = 0, edi = 0, ebp = 0;
  uint32_t eflags = 0;  ///< out only
  uint16_t ds = 0, es = 0;
  uint16_t target_offset = 0, target_segment = 0;
  uint16_t kind = CALL_FAR;
  uint16_t stack_words = 0;  ///< pushed in order, stack[0] first
  uint16_t stack[8] = {};

  bool carry() const { return eflags & 1; }
  bool zero() const { return eflags & (1u << 6); }
};

/// What the prefix found out before the payload started.
struct StartInfo {
  uint32_t kind;
  uint32_t pci;          ///< bus << 8 | device << 3 | function of the card the ROM sits on
  uint32_t rom_bar;      ///< configuration register 30h before the prefix enabled it
  uint32_t pci_command;  ///< configuration register 04h, likewise
  uint32_t initrd;       ///< physical address, and size, of the .lkrn's initrd
  uint32_t initrd_bytes;
  /// Of the .kpxe: far pointers (segment << 16 | offset) to PXENV+ and !PXE as the ROM passed them,
  /// and the ROM's stack pointer, under which its registers are saved.
  uint32_t pxenv, pxe, stack;
  uint32_t reserved[3];
  char cmdline[START_CMDLINE_BYTES];  ///< zero-terminated
};

/// One INT 15h E820h entry, ACPI 6.5 §15.1 (20-byte form).
struct [[gnu::packed]] E820Entry {
  uint64_t start;
  uint64_t bytes;
  uint32_t type;
};
inline constexpr uint32_t kMaxE820 = 80;

/// What the unpacker decided and found; the core goes by it.
struct AgentRecord {
  uint64_t base;  ///< the agent's memory: the image first, the rest for tables and heap
  uint64_t bytes;
  uint64_t pack;  ///< address of what hawser-pack added: at the end of the agent's memory
  uint64_t pack_bytes;
  uint64_t unpack_cycles;  ///< TSC cycles from entry of the unpacker to the core
  uint32_t e820_count;
  E820Entry e820[kMaxE820];
};

/// Whose turn it is while a network boot program runs, and what it was stopped by.
struct NbpState {
  uint32_t stack;  ///< its stack pointer, under which its registers are saved (struct NbpFrame)
  uint16_t turn, event;
  uint32_t old_int15, old_int1a;  ///< where our handlers pass on what is not for them
};

/// What lies on the program's stack while it waits for us.
struct NbpFrame {
  uint16_t gs, fs, es, ds;
  uint32_t edi, esi, ebp, esp, ebx, edx, ecx, eax, eflags;
  uint16_t ip, cs;
  uint16_t function, offset, segment;  ///< with NBP_CALLED_PXE
};

/// The page that assembly and C++ share.
struct LowData {
  uint32_t base;     ///< physical address of the low block
  uint32_t thunk;    ///< physical address of the 64-bit entry of the thunk
  uint32_t payload;  ///< physical address of the payload
  uint32_t base_kb;  ///< word 40:13h before the low block was taken from it
  RealModeCall call;
  uint16_t e801_kib = 0, e801_64kib = 0;  ///< what INT 15h E801h tells a network boot program
  uint64_t rsp;                  ///< long-mode stack while real mode runs
  uint32_t cr0, cr3, cr4, efer;  ///< what the thunk loads on the way back to long mode
  uint16_t idt_limit;
  uint16_t idt_base[4];
  uint16_t ticks;  ///< timer ticks of 55 ms that are left to a call that is watched; 0: none is
  uint32_t firmware_cr4;
  uint16_t scratch;  ///< offset and size of what the core may use as bounce buffer
  uint16_t scratch_bytes;
  uint32_t bytes;  ///< of the whole block, in memory
  uint64_t gdt[GDT_BYTES / 8];
  uint8_t thunk_private[LD_OLD_INT8 - LD_THUNK_PRIVATE];
  uint32_t old_int8;
  NbpState nbp;
  StartInfo start;
  AgentRecord agent;
};

static_assert(sizeof(LowData) <= 4096);
static_assert(offsetof(LowData, call) == LD_CALL &&
              sizeof(RealModeCall) == LD_STACK + 16 - LD_CALL);
static_assert(LD_CALL + offsetof(RealModeCall, target_offset) == LD_TARGET);
static_assert(LD_CALL + offsetof(RealModeCall, kind) == LD_KIND);
static_assert(LD_CALL + offsetof(RealModeCall, stack) == LD_STACK);
static_assert(offsetof(LowData, rsp) == LD_RSP && offsetof(LowData, cr0) == LD_CR0);
static_assert(offsetof(LowData, idt_limit) == LD_IDTR);
static_assert(offsetof(LowData, firmware_cr4) == LD_FIRMWARE_CR4);
static_assert(offsetof(LowData, scratch) == LD_SCRATCH && offsetof(LowData, bytes) == LD_BYTES);
static_assert(offsetof(LowData, gdt) == LD_GDT && LD_GDT + GDT_BYTES == LD_THUNK_PRIVATE);
static_assert(offsetof(LowData, start) == LD_START);
static_assert(offsetof(LowData, ticks) == LD_TICKS && offsetof(LowData, old_int8) == LD_OLD_INT8);
static_assert(offsetof(LowData, e801_kib) == LD_E801 && offsetof(LowData, nbp) == LD_NBP_STACK);
static_assert(LD_NBP_STACK + offsetof(NbpState, turn) == LD_NBP_TURN &&
              LD_NBP_STACK + offsetof(NbpState, event) == LD_NBP_EVENT &&
              LD_NBP_STACK + offsetof(NbpState, old_int15) == LD_OLD_INT15 &&
              LD_NBP_STACK + offsetof(NbpState, old_int1a) == LD_OLD_INT1A);
static_assert(offsetof(LowData, agent) + offsetof(AgentRecord, e820_count) == LD_E820_COUNT &&
              offsetof(LowData, agent) + offsetof(AgentRecord, e820) == LD_E820);
static_assert(offsetof(NbpFrame, eax) == NBP_SAVED_EAX && offsetof(NbpFrame, ip) == NBP_SAVED_BYTES);
static_assert(offsetof(StartInfo, pxenv) == START_PXENV && offsetof(StartInfo, pxe) == START_PXE &&
              offsetof(StartInfo, stack) == START_STACK);
static_assert(offsetof(StartInfo, cmdline) == START_CMDLINE && sizeof(StartInfo) == START_BYTES);

/// Filled in by scripts/mkimage.py, and by scripts/hawser-pack later. Offsets count from the start of the payload.
struct PayloadHeader {
  uint32_t magic;
  uint32_t total_bytes;  ///< of the payload
  uint32_t low_at, low_bytes, low_memory_bytes;
  uint32_t packed_at, packed_bytes;
  uint32_t plain_bytes;   ///< unpacked: streams of code (prefix/streams.h), data, relocations
  uint32_t code_bytes;    ///< what the streams are put together to, at the image's start
  uint32_t image_bytes;   ///< the core's file image: code and data
  uint32_t relocations;   ///< that many 64-bit words to add the base to
  uint32_t memory_bytes;  ///< image, .bss and stack
  uint32_t entry;         ///< offset of the core's first instruction
  uint32_t crc32;         ///< of plain_bytes
  /// What hawser-pack added, last in the payload (src/pack.h), or three zeros.
  uint32_t pack_at, pack_bytes, pack_crc32;
};

}  // namespace hawser::bios
#endif
