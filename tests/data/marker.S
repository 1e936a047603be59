# A bzImage that says on COM1 that it was entered, and then what it was given. Boot protocol 2.15
# (Linux Documentation/arch/x86/boot.rst); entered in real mode or at its 32-bit entry.
        .code16
        .section .setup, "ax"
        .org    0x1f1
        .byte   SETUP_SECTORS           # setup_sects
        .word   0                       # root_flags
        .long   PAYLOAD_BYTES / 16      # syssize
        .word   0, 0xffff, 0            # ram_size, vid_mode, root_dev
        .word   0xaa55
        jmp     setup
        .ascii  "HdrS"
        .word   0x020f                  # version
        .long   0                       # realmode_swtch
        .word   0                       # start_sys_seg
        .word   version - 0x200
        .byte   0                       # type_of_loader
        .byte   1                       # loadflags: LOADED_HIGH
        .word   0
        .long   0x100000                # code32_start
        .long   0, 0                    # ramdisk_image, ramdisk_size
        .long   0
        .word   0                       # heap_end_ptr
        .byte   0, 0
        .long   0                       # cmd_line_ptr
        .long   0x7fffffff              # initrd_addr_max
        .long   0x1000                  # kernel_alignment
        .byte   0, 12                   # relocatable_kernel, min_alignment
        .word   0
        .long   2047                    # cmdline_size
        .long   0
        .quad   0
        .long   0, 0                    # payload_offset, payload_length
        .quad   0                       # setup_data
        .quad   0x100000                # pref_address
        .long   PAYLOAD_BYTES           # init_size
        .long   0, 0

setup:                                  # near enough for a two-byte jump
        cld
        movw    %cs, %ax                # CS is the header's segment + 0x20
        subw    $0x20, %ax
        movw    %ax, %ds
        movw    $real_text, %si
1:      lodsb
        testb   %al, %al
        jz      2f
        movw    $0x3f8, %dx
        outb    %al, %dx
        movw    $0x3fd, %dx
3:      inb     %dx, %al
        testb   $0x20, %al
        jz      3b
        jmp     1b
2:
        movb    $'.', %al               # the loader must have set up a usable stack
        pushw   %ax
        popw    %ax
        cli
        xorl    %eax, %eax
        movw    %ds, %ax
        shll    $4, %eax
        movl    %eax, %esi              # physical address of the header's segment
        addl    $gdt, %eax
        movl    %eax, gdt_pointer + 2
        lgdtl   gdt_pointer
        inb     $0x92, %al              # the payload lies above 1 MiB, so A20 must be on already;
        movl    %cr0, %eax              # it is left as the loader set it
        orb     $1, %al
        movl    %eax, %cr0
        ljmpl   $0x08, $0x100000 + (from_real - payload)

version:
        .asciz  "1.0 (marker kernel for tests)"
real_text:
        .asciz  "\r\nMARKER real-mode entry\r\n"
        .balign 8
gdt:    .quad   0, 0x00cf9b000000ffff, 0x00cf93000000ffff
gdt_pointer:
        .word   23
        .long   0
        .org    (SETUP_SECTORS + 1) * 512

        .section .payload, "ax"
        .code32
payload:
        jmp     from_loader             # the 32-bit entry: %esi holds the zero page
        .org    0x10
from_real:
        movw    $0x10, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        xorl    %ebp, %ebp              # came by real mode
        jmp     run
from_loader:
        movl    $1, %ebp
run:    movl    $0x100000 + (stack_top - payload), %esp
        pushl   $PAYLOAD_BYTES
        pushl   %ebp
        pushl   %esi
        call    program
        .org    0x1000 - 16
stack_top:
        .org    0x1000
program:
        .incbin "marker_report.bin"
