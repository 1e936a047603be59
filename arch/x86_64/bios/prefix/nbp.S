// PXE network boot program (PXE 2.1 section 4.4): a PXE ROM has loaded the whole file to 0000:7C00
// and calls it there with ES:BX = PXENV+ and, on its stack above the return address, a far pointer to
// !PXE. Enters the payload where it lies, in base memory; the ROM's own part of base memory is above
// the BIOS's count of it (40:13h), so the low block goes below. Leaves by CALL_RETURN in low.S.
#include "arch/x86_64/bios/low_block.h"

    NBP_ADDRESS = 0x7c00
    NBP_BYTES = 0xc00
    STACK_BYTES = 256
    SYSTEM_CONTROL = 0x92               // port: address line 20 is bit 1, reset is bit 0

    .section .setup, "awx"
    .code16
    .globl _start
_start:
    pushfl                              // NBP_SAVED_BYTES in all
    pushal
    pushw %ds
    pushw %es
    pushw %fs
    pushw %gs
    ljmpw $NBP_ADDRESS / 16, $1f        // some ROMs come by 07C0:0000
1:  cld
    movw %cs, %ax
    movw %ax, %ds
    movw %bx, start_info + START_PXENV
    movw %es, start_info + START_PXENV + 2
    movw %sp, %bp
    movw %bp, start_info + START_STACK
    movw %ss, start_info + START_STACK + 2
    movl NBP_SAVED_BYTES + 4(%bp), %eax
    movl %eax, start_info + START_PXE

    movw $0x2401, %ax                   // INT 15h: enable address line 20
    int $0x15
    cli
    inb $SYSTEM_CONTROL, %al
    testb $2, %al
    jnz 1f
    orb $2, %al
    andb $~1, %al
    outb %al, $SYSTEM_CONTROL
1:  lgdtl gdt_pointer
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmpl $8, $NBP_ADDRESS + protected
    .code32
protected:
    movl $0x10, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl %eax, %fs
    movl %eax, %gs
    movl $NBP_ADDRESS + stack_top, %esp
    movl $NBP_ADDRESS + start_info, %edi
    movl $NBP_ADDRESS + NBP_BYTES + PAYLOAD_FROM_ROM, %eax
    jmp *%eax

    .balign 8
gdt:
    .quad 0
    .quad 0x00cf9a000000ffff
    .quad 0x00cf92000000ffff
gdt_pointer:
    .word 23
    .long NBP_ADDRESS + gdt
    .balign 16
start_info:
    .long START_FROM_PXE
    .space START_BYTES - 4
    .balign 16
    .space STACK_BYTES
stack_top:
    .org NBP_BYTES
    .section .note.GNU-stack, "", @progbits
