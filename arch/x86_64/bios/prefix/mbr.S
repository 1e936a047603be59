// The first sectors of a disk that starts hawser.lkrn on a BIOS: a master boot record, and behind it a
// loader that reads the first partition's FAT16 file system. It is a Linux loader: autoexec.ipxe, if
// there is one, goes with the kernel as its initrd. Both lie in the top folder.
//   Enhanced Disk Drive Specification 3.0 (INT 13h AH=41h, 42h), Microsoft FAT specification 1.03,
//   Linux/x86 boot protocol 2.10.

    LOADED_SECTORS = 3                  // behind this one; scripts/mkusb keeps them free
    OWN_SEGMENT = 0x7c0
    PARTITION = 0x1be                   // the first entry of the table
    SETUP_SEGMENT = 0x1000              // setup part of the kernel; its stack and command line above it
    FAT_SEGMENT = 0x2000
    FOLDER_SEGMENT = 0x3000
    BUFFER_SEGMENT = 0x4000
    MOST_FAT_SECTORS = 128              // 64 KiB each
    MOST_FOLDER_SECTORS = 128
    LONGEST_READ = 32                   // sectors; some BIOSes can do less than 128
    LONGEST_RUN = 64
    KERNEL_AT = 0x100000
    SCRIPT_AT = 0x800000
    MOST_SCRIPT_BYTES = 0x100000

    .section .head, "awx"
    .code16
    .globl _start
_start:
    cli
    xorw %ax, %ax
    movw %ax, %ss
    movw $0x7c00, %sp
    sti
    cld
    ljmpw $OWN_SEGMENT, $1f
1:  movw %cs, %ax
    movw %ax, %ds
    movb %dl, drive
    movb $0x41, %ah                     // can the BIOS read by sector number?
    movw $0x55aa, %bx
    int $0x13
    jc 2f
    cmpw $0xaa55, %bx
    jne 2f
    testb $1, %cl
    jz 2f
    movl $1, %eax
    movw $LOADED_SECTORS, %cx
    movw $OWN_SEGMENT + 0x20, %dx
    call read
    cmpl $0x52535748, loader_magic
    je loader
2:  movw $unreadable, %si

// SI = why. The BIOS goes on with its next boot device.
fail:
    pushw %si
    movw $announce, %si
    call print
    popw %si
    call print
    movw $next_device, %si
    call print
    int $0x18
1:  hlt
    jmp 1b

#include "arch/x86_64/bios/prefix/print.inc"

// Reads CX sectors from EAX on to DX:0. Keeps nothing but DS.
read:
    movl %eax, packet_sector
    movw %dx, packet_segment
1:  movw $LONGEST_READ, %ax
    cmpw %ax, %cx
    ja 2f
    movw %cx, %ax
2:  movw %ax, packet_count
    movw $3, %di                        // tries
3:  pushw %cx
    movw $packet, %si
    movb $0x42, %ah
    movb drive, %dl
    int $0x13
    popw %cx
    jnc 4f
    decw %di
    jz 5f
    xorb %ah, %ah                       // reset
    movb drive, %dl
    int $0x13
    jmp 3b
4:  movzwl packet_count, %eax
    addl %eax, packet_sector
    subw %ax, %cx
    shlw $5, %ax
    addw %ax, packet_segment
    testw %cx, %cx
    jnz 1b
    ret
5:  movw $unreadable, %si
    jmp fail

    .balign 4
packet:         .byte 16, 0
packet_count:   .word 0
                .word 0                 // offset
packet_segment: .word 0
packet_sector:  .quad 0
drive:          .byte 0
announce:       .asciz "Hawser: "
unreadable:     .asciz "this BIOS cannot read the disk"
next_device:    .asciz "; trying the next boot device\r\n"
    .org 0x1b8                          // signature and partition table: scripts/mkusb
    .org 0x1fe
    .word 0xaa55

// ---- The loader ----------------------------------------------------------------------------------
loader_magic:
    .long 0x52535748                    // "HWSR"
loader:
    call open_volume
    movw $kernel_name, %bx
    call find
    movw $no_kernel, %si
    jc fail
    cmpl $SCRIPT_AT - KERNEL_AT, %edx
    movw $too_large, %si
    ja fail
    movl $KERNEL_AT, destination
    movb $1, setup_first
    call load
    movw $script_name, %bx
    call find
    jc start_kernel
    testl %edx, %edx
    jz start_kernel
    movw $script_too_large, %si
    cmpl $MOST_SCRIPT_BYTES, %edx
    ja fail
    movl $SCRIPT_AT, destination
    pushl %edx
    call load
    popl script_bytes

start_kernel:
    movw $0x2401, %ax                   // A20 on; the fast gate as well, should the call be missing
    int $0x15
    inb $0x92, %al
    testb $2, %al
    jnz 1f
    orb $2, %al
    andb $0xfe, %al
    outb %al, $0x92
1:  movw $SETUP_SEGMENT, %ax
    movw %ax, %es
    movb $0xff, %es:0x210               // type_of_loader: none that has a number
    orb $0x80, %es:0x211                // there is a heap
    movw $0xe000 - 0x200, %es:0x224     // its end
    movl $SETUP_SEGMENT * 16 + 0xff00, %es:0x228
    movb $0, %es:0xff00                 // the command line
    movl script_bytes, %ecx
    movl %ecx, %es:0x21c
    jecxz 1f
    movl $SCRIPT_AT, %es:0x218
1:  cli
    movw %ax, %ds
    movw %ax, %fs
    movw %ax, %gs
    movw %ax, %ss
    movw $0xf000, %sp
    ljmpw $SETUP_SEGMENT + 0x20, $0

// Finds the parts of the file system, and reads its allocation table and top folder.
open_volume:
    movl PARTITION + 8, %eax
    movw $1, %cx
    movw $BUFFER_SEGMENT, %dx
    call read
    movw $BUFFER_SEGMENT, %ax
    movw %ax, %es
    cmpw $512, %es:0x0b                 // bytes in a sector
    jne 9f
    movzbw %es:0x0d, %ax
    movw %ax, cluster_sectors
    testw %ax, %ax
    jz 9f
    movzwl %es:0x0e, %eax               // reserved sectors
    addl PARTITION + 8, %eax
    movzwl %es:0x16, %ecx               // of one table; FAT32 has none here
    decw %cx
    cmpw $MOST_FAT_SECTORS - 1, %cx
    ja 9f
    incw %cx
    pushl %eax
    pushw %cx
    movzbl %es:0x10, %edx               // tables
    imull %ecx, %edx
    addl %edx, %eax
    movzwl %es:0x11, %ecx               // entries of the top folder, 16 in a sector
    shrw $4, %cx
    movw %cx, folder_sectors
    decw %cx
    cmpw $MOST_FOLDER_SECTORS - 1, %cx
    ja 9f
    incw %cx
    movl %eax, %edx
    addl %ecx, %edx
    movl %edx, clusters_at
    movw $FOLDER_SEGMENT, %dx
    call read
    popw %cx
    popl %eax
    movw $FAT_SEGMENT, %dx
    jmp read
9:  movw $damaged, %si
    jmp fail

// Finds the file whose long name of one entry is the 13 bytes at BX (FAT specification, chapter 7).
// AX = its first cluster, EDX = its bytes. Carry: it is not there.
find:
    movw $FOLDER_SEGMENT, %ax
    movw %ax, %es
    xorw %di, %di
    movw folder_sectors, %cx
    shlw $4, %cx                        // entries
1:  cmpb $0, %es:(%di)                  // none from here on
    je 9f
    cmpb $0x41, %es:(%di)               // the first part of a name, and the last
    jne 5f
    cmpb $0x0f, %es:11(%di)
    jne 5f
    pushw %cx
    xorw %si, %si
2:  movzbw name_places(%si), %bp
    addw %di, %bp
    movw %es:(%bp), %ax
    cmpw $'A', %ax
    jb 3f
    cmpw $'Z', %ax
    ja 3f
    orb $0x20, %al
3:  movsbw (%bx, %si), %dx
    cmpw %dx, %ax
    jne 4f
    incw %si
    cmpw $13, %si
    jb 2b
4:  popw %cx
    je 6f
5:  addw $32, %di
    loop 1b
9:  stc
    ret
6:  addw $32, %di                       // the entry that the name belongs to
    decw %cx
    jz 9b
    movw %es:0x1a(%di), %ax
    movl %es:0x1c(%di), %edx
    clc
    ret

// Loads the file that starts at cluster AX and has EDX bytes to `destination`; of a kernel, what is
// behind its setup part.
load:
    movw %ax, cluster
    movl %edx, left
1:  movw cluster, %bx                   // a run of clusters that lie one behind the other
    movw %bx, %bp
    xorw %cx, %cx
2:  cmpw $2, %bx
    jb bad_chain
    cmpw $0xfff0, %bx
    jae bad_chain
    movw $FAT_SEGMENT, %ax
    movw %ax, %es
    addw cluster_sectors, %cx
    movw %bx, %si
    andw $0x7fff, %si
    addw %si, %si                       // 64 KiB hold the links of 32768 clusters
    testw %bx, %bx
    js bad_chain
    movw %es:(%si), %ax
    movw %ax, cluster
    incw %bx
    cmpw %ax, %bx
    jne 3f
    movw %cx, %ax
    addw cluster_sectors, %ax
    cmpw $LONGEST_RUN, %ax
    jbe 2b
3:  movzwl %bp, %eax
    subl $2, %eax
    movzwl cluster_sectors, %edx
    imull %edx, %eax
    addl clusters_at, %eax
    movw $BUFFER_SEGMENT, %dx
    pushw %cx
    call read
    popw %cx
    movzwl %cx, %ecx
    shll $9, %ecx
    call keep
    subl %ecx, left
    ja 1b
    ret
bad_chain:
    movw $damaged, %si
    jmp fail

// Takes ECX bytes from the buffer to where they belong. Keeps ECX.
keep:
    pushl %ecx
    xorl %esi, %esi
    cmpb $0, setup_first
    je 1f
    movb $0, setup_first
    movw $BUFFER_SEGMENT, %ax
    movw %ax, %fs
    cmpl $0x53726448, %fs:0x202         // "HdrS"
    jne 9f
    movzbl %fs:0x1f1, %esi
    incl %esi
    shll $9, %esi
    cmpl %ecx, %esi
    ja 9f
    cmpl $0x1000, %esi
    ja 9f
    pushl %ecx
    movl %esi, %ecx
    movw $SETUP_SEGMENT, %ax
    movw %ax, %es
    xorw %si, %si
    xorw %di, %di
    rep movsb %fs:(%si), %es:(%di)
    popl %ecx
    movzwl %si, %esi
    subl %esi, %ecx
    jz 8f
1:  addl $BUFFER_SEGMENT * 16, %esi
    movl %esi, %eax
    movw $descriptor_from, %di
    call set_base
    movl destination, %eax
    movw $descriptor_to, %di
    call set_base
    addl %ecx, destination
    shrl $1, %ecx
    movw %ds, %ax
    movw %ax, %es
    movw $descriptors, %si
    movb $0x87, %ah                     // move a block, of CX words
    int $0x15
    movw $no_memory, %si
    jc fail
8:  popl %ecx
    ret
9:  movw $no_kernel, %si
    jmp fail

set_base:                               // of the descriptor at DI: EAX
    movw %ax, 2(%di)
    shrl $16, %eax
    movb %al, 4(%di)
    movb %ah, 7(%di)
    ret

    .balign 8
descriptors:    .quad 0, 0
descriptor_from:.quad 0x000093000000ffff
descriptor_to:  .quad 0x000093000000ffff
                .quad 0, 0
clusters_at:    .long 0                 // sector of cluster 2
destination:    .long 0
left:           .long 0
script_bytes:   .long 0
cluster_sectors:.word 0
folder_sectors: .word 0
cluster:        .word 0
setup_first:    .byte 0
name_places:    .byte 1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30
kernel_name:    .ascii "hawser.lkrn\0\xff"
script_name:    .ascii "autoexec.ipxe"
no_kernel:      .asciz "there is no good hawser.lkrn in the disk's top folder"
too_large:      .asciz "hawser.lkrn is larger than 7 MiB"
script_too_large: .asciz "autoexec.ipxe is larger than 1 MiB"
damaged:        .asciz "the disk's file system is damaged, or not FAT16"
no_memory:      .asciz "the BIOS cannot move memory"
    .org 512 * (LOADED_SECTORS + 1)
    .section .note.GNU-stack, "", @progbits
