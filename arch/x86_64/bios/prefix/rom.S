// PCI expansion ROM: the image that the BIOS copies into the option-ROM area. It is small; the
// payload stays in the ROM chip and is read through the ROM's window (BAR, configuration register
// 30h) when the BIOS boots from this card.
//   PCI Firmware Specification 3.0 chapter 5 (header, PCIR), Plug and Play BIOS Specification 1.0A
//   section 3 (expansion header, BEV), BIOS Boot Specification 1.01 (IPL devices), PMM 1.01.
#include "arch/x86_64/bios/low_block.h"

    PCI_COMMAND = 0x04
    PCI_ROM_BAR = 0x30
    COMMAND_MEMORY = 2
    ROM_IMAGE_BYTES = 0x800             // the payload follows in the file
    START_AT = 0x7c00                   // where boot sectors go: free when a BEV runs
    STACK_AT = 0x7c00
    RUN_SEGMENT = 0x900                 // behind StartInfo

    .section .rom, "awx"
    .code16
    .globl _start
_start:
    .word 0xaa55
    .byte ROM_IMAGE_BYTES / 512
    jmp init
    .org 0x18
    .word pcir, pnp

    .balign 4
pcir:
    .ascii "PCIR"
    .word 0, 0                          // vendor, device: mkimage
    .word 0                             // no device list
    .word pcir_end - pcir
    .byte 0                             // structure revision
    .byte 0, 0, 2                       // class: network, Ethernet
    .word 0                             // 512-byte blocks of the whole file: mkimage
    .word 1                             // revision of the code
    .byte 0                             // x86
    .byte 0x80                          // last image
    .word 0
pcir_end:

    .balign 16
pnp:
    .ascii "$PnP"
    .byte 1, 2                          // revision, length in 16-byte units
    .word 0                             // no further header
    .byte 0
    .byte 0                             // checksum: mkimage, and init
    .long 0
    .word manufacturer, product
    .byte 2, 0, 0                       // device type: network, Ethernet
    .byte 0x14                          // may be shadowed; IPL device
    .word 0, 0                          // no BCV, no disconnect vector
    .word bev
    .word 0, 0
pnp_end:

// ---- Initialisation: AX = bus, device, function. Says that we are here and returns. ---------------
init:
    pushal
    pushw %ds
    pushw %es
    pushw %cs
    popw %ds
    cld
    movw %ax, pci_address
    movw $product_address, %di
    call write_address
    movw $announce, %si
    call print
    movw $product, %si
    call print
    movw $newline, %si
    call print
    call keep_copy
    movw $pnp, %si                      // the product string does not count, but stay true
    movw $pnp_end - pnp, %cx
    movw $pnp + 9, %di
    call fix_checksum
    xorw %si, %si                       // the BIOS checks the image once more before the BEV
    movw $ROM_IMAGE_BYTES, %cx
    movw $checksum, %di
    call fix_checksum
    popw %es
    popw %ds
    popal
    movw $0x20, %ax                     // an IPL device is attached
    lretw

// SI = start, CX = bytes, DI = the byte that makes the sum zero.
fix_checksum:
    movb $0, (%di)
    xorb %al, %al
1:  addb (%si), %al
    incw %si
    loop 1b
    subb %al, (%di)
    ret

// ---- Boot entry: BEV -----------------------------------------------------------------------------
bev:
    cli
    cld
    xorw %ax, %ax
    movw %ax, %ss
    movl $STACK_AT, %esp
    pushw %cs                           // the option-ROM area is read-only by now: run from RAM
    popw %ds
    movw $RUN_SEGMENT, %ax
    movw %ax, %es
    xorw %si, %si
    xorw %di, %di
    movw $ROM_IMAGE_BYTES / 2, %cx
    rep movsw
    movw %ax, %ds
    ljmpw $RUN_SEGMENT, $in_ram
in_ram:
    sti
    movw $0x2401, %ax                   // A20 on; the fast gate as well, should the call be missing
    int $0x15
    inb $0x92, %al
    testb $2, %al
    jnz 1f
    orb $2, %al
    andb $0xfe, %al
    outb %al, $0x92
1:  call open_window
    jc use_copy
    movl window, %eax
    addl $ROM_IMAGE_BYTES, %eax
    call payload_is_there
    je start_payload
    call close_window
use_copy:
    movl copy, %eax
    testl %eax, %eax
    jz unreadable
    call payload_is_there
    jne unreadable

start_payload:                          // EAX = the payload's physical address
    movl %eax, %ebp
    xorw %ax, %ax
    movw %ax, %es
    movl $START_AT, %edi
    movw $START_BYTES / 4, %cx
    xorl %eax, %eax
    rep stosl
    movl $START_AT, %edi
    movl $START_FROM_ROM, %es:START_KIND(%di)
    movzwl pci_address, %eax
    movl %eax, %es:START_PCI(%di)
    movl old_bar, %eax
    movl %eax, %es:START_ROM_BAR(%di)
    movzwl old_command, %eax
    movl %eax, %es:START_PCI_COMMAND(%di)
    cli
    call load_gdt
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmpl *protected_pointer
    .code32
protected:
    movl $0x10, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl %eax, %fs
    movl %eax, %gs
    leal PAYLOAD_FROM_ROM(%ebp), %eax
    jmp *%eax
    .code16

unreadable:
    movw $announce, %si
    call print
    movw $product, %si
    call print
    movw $cannot_read, %si
    call print
    int $0x18                           // the BIOS goes on with its next boot device

// Enables the ROM's window at the address the BIOS gave it. Carry: it gave it none.
open_window:
    movw $PCI_COMMAND, %di
    movw $0xb109, %ax                   // read configuration word
    call pci_call
    jc 9f
    movw %cx, old_command
    movw $PCI_ROM_BAR, %di
    movw $0xb10a, %ax                   // read configuration dword
    call pci_call
    jc 9f
    movl %ecx, old_bar
    movl %ecx, %eax
    andl $0xfffff800, %eax
    movl %eax, window
    jz 9f
    cmpl $0xfffff800, %eax
    je 9f
    orl $1, %ecx
    movw $0xb10d, %ax                   // write configuration dword
    call pci_call
    movw old_command, %cx
    orw $COMMAND_MEMORY, %cx
    movw $PCI_COMMAND, %di
    movw $0xb10c, %ax                   // write configuration word
    call pci_call
    clc
    ret
9:  stc
    ret

close_window:
    movl old_bar, %ecx
    movw $PCI_ROM_BAR, %di
    movw $0xb10d, %ax
    call pci_call
    movw old_command, %cx
    movw $PCI_COMMAND, %di
    movw $0xb10c, %ax
    // falls through
pci_call:                               // AX = PCI BIOS function, DI = register, ECX = value
    movw pci_address, %bx
    int $0x1a
    ret

// EAX = physical address. ZF when a payload lies there. Keeps EAX.
payload_is_there:
    pushw %es
    call enter_unreal
    addr32 movl %es:PAYLOAD_HEADER(%eax), %edx
    call leave_unreal
    popw %es
    cmpl $PAYLOAD_MAGIC, %edx
    ret

load_gdt:
    xorl %eax, %eax
    movw %cs, %ax
    shll $4, %eax
    movl %eax, %edx
    addl $gdt, %eax
    movl %eax, gdt_pointer + 2
    addl $protected, %edx
    movl %edx, protected_pointer
    lgdtl gdt_pointer
    ret

// Gives ES a base of zero and a limit of 4 GiB ("unreal mode"); interrupts stay off until
// leave_unreal. Keeps all other registers.
enter_unreal:
    pushl %eax
    pushl %edx
    cli
    call load_gdt
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    jmp 1f
1:  movw $0x10, %dx
    movw %dx, %es
    andb $0xfe, %al
    movl %eax, %cr0
    jmp 1f
1:  xorw %dx, %dx
    movw %dx, %es
    popl %edx
    popl %eax
    ret
leave_unreal:
    sti
    ret

// For a BIOS that takes the window away before it boots: keeps a copy of the payload in memory that
// the POST Memory Manager lends (PMM 1.01), if there is one and the window can be read now.
keep_copy:
    call find_pmm
    jc 9f
    call open_window
    jc 9f
    movl window, %eax
    addl $ROM_IMAGE_BYTES, %eax
    call payload_is_there
    jne 8f
    movl %eax, %esi
    call enter_unreal
    addr32 movl %es:PAYLOAD_HEADER + 4(%esi), %ecx
    call leave_unreal
    pushl %ecx
    addl $15, %ecx
    shrl $4, %ecx
    pushw $2                            // pmmAllocate: flags (extended memory), handle (none),
    pushl $-1                           // length in paragraphs, function
    pushl %ecx
    pushw $0
    lcall *pmm_entry
    addw $12, %sp
    popl %ecx
    pushw %dx
    pushw %ax
    popl %edi                           // DX:AX = the block's physical address, 0 if refused
    testl %edi, %edi
    jz 8f
    movl %edi, copy
    shrl $2, %ecx
    call enter_unreal
1:  addr32 movl %es:(%esi), %eax
    addr32 movl %eax, %es:(%edi)
    addl $4, %esi
    addl $4, %edi
    decl %ecx
    jnz 1b
    call leave_unreal
8:  call close_window
9:  ret

// PMM_ENTRY = the entry point of the POST Memory Manager. Carry: there is none. Changes ES.
find_pmm:
    movw $0xe000, %dx
1:  movw %dx, %es
    cmpl $0x4d4d5024, %es:0             // "$PMM"
    jne 3f
    movzbw %es:5, %cx                   // length of the structure, whose bytes sum to zero
    xorw %di, %di
    xorb %al, %al
2:  addb %es:(%di), %al
    incw %di
    loop 2b
    testb %al, %al
    jz 4f
3:  incw %dx
    jnz 1b
    stc
    ret
4:  movl %es:7, %eax
    movl %eax, pmm_entry
    clc
    ret

// ---- Text ----------------------------------------------------------------------------------------
// DI = where "bb:dd.f" goes; AX = bus, device, function. Fixed width, so checksums stay easy.
write_address:
    pushw %ax
    movb %ah, %al
    call write_hex
    incw %di
    popw %ax
    pushw %ax
    shrb $3, %al
    call write_hex
    incw %di
    popw %ax
    andb $7, %al
    addb $'0', %al
    movb %al, (%di)
    ret
write_hex:                              // AL as two digits at DI
    movb %al, %dl
    shrb $4, %al
    call 1f
    movb %dl, %al
1:  andb $15, %al
    cmpb $10, %al
    sbbb $0x69, %al
    das
    orb $0x20, %al                      // digits have this bit already
    movb %al, (%di)
    incw %di
    ret

#include "arch/x86_64/bios/prefix/print.inc"

announce:       .asciz "Hawser: "
product:        .ascii "Network boot agent, PCI "
product_address:.asciz "00:00.0"
cannot_read:    .asciz ": the ROM's contents cannot be read; trying the next boot device\r\n"
newline:        .asciz "\r\n"
manufacturer:   .asciz "Hawser"

    .balign 8
gdt:
    .quad 0
    .quad 0x00cf9a000000ffff
    .quad 0x00cf92000000ffff
gdt_pointer:
    .word 23
    .long 0
protected_pointer:
    .long 0
    .word 8
    .balign 4
window:         .long 0
old_bar:        .long 0
copy:           .long 0                 // the payload in PMM memory
pmm_entry:      .long 0
old_command:    .word 0
pci_address:    .word 0
    .org ROM_IMAGE_BYTES - 1
checksum:       .byte 0                 // mkimage, and init
    .section .note.GNU-stack, "", @progbits
