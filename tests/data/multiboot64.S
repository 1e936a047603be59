# A Multiboot 1 kernel in the form some 64-bit kernels have: ELF64, all of it linked in the high
# half, flags 0x00010002 (memory information, address fields), 32-bit code at _start directly before
# the header. A loader must go by the address fields: the ELF's own addresses are of no use to it.
#define HIGH_HALF 0xffff800000000000
#define P(symbol) (symbol - HIGH_HALF)

        .section .text
        .code32
        .globl  _start
_start:
        movl    %eax, %edi
        movl    %ebx, %esi
        jmp     entry32

        .balign 4
header:
        .long   0x1badb002, 0x00010002, -(0x1badb002 + 0x00010002)
        .long   P(header), P(_skernel), P(_edata), P(_ebss), P(_start)

entry32:
#include "multiboot_entry.inc"

        .section .report, "ax"
report: .incbin "multiboot_report.bin"

        .section .data
entry_state:
        .fill   9, 4, 0
        .long   P(_skernel), P(_edata), P(_ebss)
        .fill   70000, 1, 0xa5          # past 64 KiB, so that a loader that stops there shows
        .balign 4
        .fill   4096                    # the stack: not in .bss, which is to be seen untouched
stack_top:
        .section .tail, "aw"
        .long   0x7a11600d              # the last word of the image

        .section .bss
        .fill   300000
        .balign 4096
