// A program that finds the PXE API by INT 1Ah (PXE 2.1 section 3.1), reads a file of a server by it,
// and says on COM1 what it was: "PXE-USER: hello". 512 bytes for 0000:7C00, the boot sector of a disk
// as well as a boot program. With COMMAND, it has that line of a script run in its place.
    .code16
    .globl _start
_start:
    cli
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %ss
    movw $0x7c00, %sp
    sti
    cld
    movw $0x5650, %ax
    int $0x1a
    jc none
    cmpw $0x564e, %ax
    jne none
    les %es:0x28(%bx), %bx              // PXENV+: far pointer to !PXE
    movl %es:0x10(%bx), %eax            // its entry
    movl %eax, entry
#ifdef COMMAND
    movw $0xe5, %ax
    movw $execute, %di
    call api
#else
    movw $0xe0, %ax
    movw $open, %di
    call api
    movw open + 2, %ax
    movw %ax, read + 2
    movw $0xe3, %ax
    movw $read, %di
    call api
    movw $greeting, %si
    call say
    movw $buffer, %si
    movw read + 4, %bx
    movb $0, (%bx, %si)
    call say
#endif
end:
    movw $newline, %si
    call say
    movw $0xf4, %dx                     // QEMU's debug exit
    movb $16, %al
    outb %al, %dx
1:  hlt
    jmp 1b
none:
    xorw %ax, %ax
    movw %ax, %ds
    movw $missing, %si
    call say
    jmp end

api:                                    // function AX with parameters at 0000:DI
    pushw %ds
    pushw %di
    pushw %ax
    lcallw *entry
    addw $6, %sp
    testw %ax, %ax
    jnz failed
    ret
failed:
    movw $failure, %si
    call say
    jmp end

say:                                    // what is at SI, on COM1
    lodsb
    testb %al, %al
    jz 2f
    movb %al, %ah
    movw $0x3fd, %dx
1:  inb %dx, %al
    testb $0x20, %al
    jz 1b
    movb %ah, %al
    movw $0x3f8, %dx
    outb %al, %dx
    jmp say
2:  ret

greeting: .asciz "PXE-USER: "
missing: .asciz "PXE-USER: there is no PXE API"
failure: .asciz "PXE-USER: a call failed"
newline: .asciz "\r\n"
name: .asciz "tftp://10.77.0.1/hello"
#ifdef COMMAND
command: .asciz COMMAND
execute: .word 0, command, 0
#endif
entry: .long 0
open: .word 0, 0, name, 0, 0, 0
read: .word 0, 0, 64, buffer, 0
    .org 446                            // no partitions
    .org 510
    .word 0xaa55
    buffer = 0x7e00
