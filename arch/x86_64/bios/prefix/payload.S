// Start of the payload: entered in 32-bit protected mode, flat segments, interrupts off, wherever
// the payload happens to lie (RAM above 1 MiB, or the window of an expansion ROM). Claims base
// memory for the low block, copies it there and goes on in it.
//   PAYLOAD_FROM_LINUX: Linux/x86 boot protocol, 32-bit entry; ESI = boot parameters. The .lkrn's
//                       own real-mode setup enters the same way.
//   PAYLOAD_FROM_ROM:   EDI = StartInfo (writable, outside the top 128 KiB of base memory),
//                       ESP = a stack.
#include "arch/x86_64/bios/low_block.h"

    // Offsets in the Linux boot parameters (Documentation/arch/x86/boot.rst, zero-page.rst)
    BP_SCRATCH = 0x1e4
    BP_RAMDISK_IMAGE = 0x218
    BP_RAMDISK_SIZE = 0x21c
    BP_CMD_LINE_PTR = 0x228

    // Offsets in PayloadHeader
    HDR_TOTAL = PAYLOAD_HEADER + 4
    HDR_LOW_AT = PAYLOAD_HEADER + 8
    HDR_LOW_BYTES = PAYLOAD_HEADER + 12
    HDR_LOW_MEMORY = PAYLOAD_HEADER + 16

    .section .head, "ax"
    .code32
    .globl _start
_start:
    jmp from_linux
    .org PAYLOAD_FROM_ROM
    jmp from_rom
    .org PAYLOAD_HEADER
    .space 68

from_linux:
    cli
    cld
    leal BP_SCRATCH + 4(%esi), %esp     // four bytes of stack that the protocol grants
    call 1f
1:  popl %ebp
    subl $1b, %ebp                      // EBP = where the payload lies
    // Gather a StartInfo behind the payload: its own memory, by the header's init_size.
    movl HDR_TOTAL(%ebp), %edi
    leal 4095(%ebp, %edi), %edi
    andl $~4095, %edi
    leal 8192(%edi), %esp
    pushl %edi
    xorl %eax, %eax
    movl $START_BYTES / 4, %ecx
    rep stosl
    movl (%esp), %edi
    movl $START_FROM_LINUX, START_KIND(%edi)
    movl BP_RAMDISK_IMAGE(%esi), %eax
    movl %eax, START_INITRD(%edi)
    movl BP_RAMDISK_SIZE(%esi), %eax
    movl %eax, START_INITRD_BYTES(%edi)
    movl BP_CMD_LINE_PTR(%esi), %esi
    testl %esi, %esi
    jz 3f
    addl $START_CMDLINE, %edi
    movl $START_CMDLINE_BYTES - 1, %ecx
2:  lodsb
    stosb
    testb %al, %al
    loopnz 2b
3:  popl %edi
    jmp common

from_rom:
    cli
    cld
    call 1f
1:  popl %ebp
    subl $1b, %ebp

common:                                 // EBP = payload, EDI = StartInfo, a stack
    movl %edi, %edx
    movzwl 0x413, %ebx                  // base memory in KiB
    movl %ebx, %edi
    shll $10, %edi
    subl HDR_LOW_MEMORY(%ebp), %edi
    andl $~4095, %edi
    pushl %edi
    movl HDR_LOW_AT(%ebp), %esi
    addl %ebp, %esi
    movl HDR_LOW_BYTES(%ebp), %ecx
    shrl $2, %ecx                       // mkimage rounds it up to whole words
    rep movsl
    popl %esi                           // ESI = low block
    movl HDR_LOW_MEMORY(%ebp), %ecx
    subl HDR_LOW_BYTES(%ebp), %ecx
    shrl $2, %ecx
    xorl %eax, %eax
    rep stosl
    pushl %esi
    leal LOW_DATA + LD_START(%esi), %edi
    movl %edx, %esi
    movl $START_BYTES / 4, %ecx
    rep movsl
    popl %esi
    movl %esi, LOW_DATA + LD_BASE(%esi)
    movl %ebp, LOW_DATA + LD_PAYLOAD(%esi)
    movl %ebx, LOW_DATA + LD_BASE_KB(%esi)
    movl HDR_LOW_MEMORY(%ebp), %eax
    movl %eax, LOW_DATA + LD_BYTES(%esi)
    movl %esi, %eax
    shrl $10, %eax
    movw %ax, 0x413                     // the BIOS now keeps its hands off
    jmp *%esi                           // low_entry: ESI = low block

    .org PAYLOAD_HEAD_BYTES
    .section .note.GNU-stack, "", @progbits
