// bzImage front end: Linux/x86 boot protocol 2.10 (Documentation/arch/x86/boot.rst). A loader that
// enters in real mode (GRUB linux16, QEMU -kernel, a PXE loader) comes in at offset 0x200; one that
// enters in 32-bit mode (GRUB linux) goes straight to the payload. Both lead to PAYLOAD_FROM_LINUX
// with ESI = boot parameters: here those are this very sector pair.
#include "arch/x86_64/bios/low_block.h"

    SETUP_BYTES = 0x400

    .section .setup, "awx"
    .code16
    .globl _start
_start:
    .org 0x1f1
    .byte SETUP_BYTES / 512 - 1         // setup_sects
    .word 0                             // root_flags
    .long 0                             // syssize, in 16-byte units: mkimage
    .word 0, 0, 0
    .word 0xaa55
    .org 0x200
    .byte 0xeb, setup - 1f              // a short jump: the header's length for old loaders
1:  .ascii "HdrS"
    .word 0x020a
    .long 0                             // realmode_swtch
    .word 0
    .word version - 0x200               // kernel_version: text
    .byte 0                             // type_of_loader
    .byte 1                             // loadflags: LOADED_HIGH
    .word 0
code32_start:
    .long 0x100000
    .long 0, 0                          // ramdisk_image, ramdisk_size
    .long 0
    .word 0xfe00                        // heap_end_ptr
    .byte 0, 0
    .long 0                             // cmd_line_ptr
    .long 0x7fffffff                    // initrd_addr_max
    .long 4096                          // kernel_alignment
    .byte 0                             // relocatable_kernel
    .byte 0
    .word 0
    .long START_CMDLINE_BYTES - 1       // cmdline_size
    .long 0                             // hardware_subarch
    .quad 0
    .long 0, 0                          // payload_offset, payload_length
    .quad 0                             // setup_data
    .quad 0x100000                      // pref_address
    .long 0                             // init_size: mkimage
    .org 0x268

setup:                                  // DS = our segment; the loader set up SS:SP
    cli
    cld
    xorl %esi, %esi
    movw %ds, %si
    shll $4, %esi                       // ESI = boot parameters
    movl code32_start, %ebp
    movl %esi, %eax
    addl $gdt, %eax
    movl %eax, gdt_pointer + 2
    addl %esi, protected_pointer
    lgdtl gdt_pointer
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmpl *protected_pointer
    .code32
protected:
    movl $0x18, %eax                    // the protocol's __BOOT_DS
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl %eax, %fs
    movl %eax, %gs
    jmp *%ebp

version: .asciz "Hawser"
    .balign 8
gdt:
    .quad 0, 0
    .quad 0x00cf9a000000ffff            // 0x10
    .quad 0x00cf92000000ffff            // 0x18
gdt_pointer:
    .word 31
    .long 0
protected_pointer:
    .long protected
    .word 0x10
    .org SETUP_BYTES
    .section .note.GNU-stack, "", @progbits
