# A Multiboot2 kernel as an ordinary ELF32, with the tags of a kernel that asks for all it can get.
#define P(symbol) symbol

        .section .text
        .code32
        .long   0x57a12705              # the first word of the image
        .globl  _start
_start:
#include "multiboot_entry.inc"

        .balign 8
header: .long   0xe85250d6, 0, header_end - header, -(0xe85250d6 + (header_end - header))
        .word   1, 0                    # information request
        .long   28
        .long   1, 3, 4, 6, 9
        .balign 8
        .word   1, 1                    # where there is such a thing
        .long   20
        .long   14, 15, 17
        .balign 8
        .word   6, 0                    # module alignment
        .long   8
        .balign 8
        .word   5, 1                    # framebuffer: optional
        .long   20
        .long   0, 0, 0
        .balign 8
        .word   0, 0
        .long   8
header_end:

        .section .report, "ax"
report: .incbin "multiboot_report.bin"

        .section .data
entry_state:
        .fill   9, 4, 0
        .long   _skernel, _edata, _ebss
        .fill   5000, 1, 0x5a
        .balign 4
        .fill   4096                    # the stack: not in .bss, which is to be seen untouched
stack_top:
        .section .tail, "aw"
        .long   0x7a11600d

        .section .bss
        .fill   100000
        .balign 4096
