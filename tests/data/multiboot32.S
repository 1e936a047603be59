# A Multiboot 1 kernel as an ordinary ELF32: flags 3 (modules page aligned, memory information), no
# address fields, entry and addresses from the ELF.
#define P(symbol) symbol

        .section .text
        .code32
        .long   0x57a12705              # the first word of the image
        .globl  _start
_start:
#include "multiboot_entry.inc"

        .balign 4
        .long   0x1badb002, 0x00000003, -(0x1badb002 + 0x00000003)

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
