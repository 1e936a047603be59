// See leave.h. Intel SDM volume 3A, 9.8.5.4: from 64-bit mode to protected mode without paging.
#include "arch/x86_64/uefi/leave.h"

#define CR0_PE_ET 0x11
#define CR4_PAE (1 << 5)
#define CR4_SSE (3 << 9)
#define CR4_LA57 (1 << 12)
#define MSR_EFER 0xc0000080
#define EFER_LME (1 << 8)

    .text
    .code64
    .globl leave_firmware_behind, leave_code, leave_code_end, enter_kernel
leave_firmware_behind:                  // RDI: the LeaveBlock, RSI: the copy of leave_code
    cli
    cld
    movq %cr4, %rax                     // five-level paging stays: our tables are made for it
    andq $(CR4_PAE | CR4_LA57), %rax
    movq %rax, %cr4
    movq LEAVE_ROOT(%rdi), %rax
    movq %rax, %cr3
    movq LEAVE_STACK(%rdi), %rsp
    jmp *%rsi

leave_code:
    movq %rdi, %rbp
    movq LEAVE_MOVES(%rbp), %rbx
    movq LEAVE_COUNT(%rbp), %r8
.Lnext:
    testq %r8, %r8
    jz .Lplaced
    movq 0(%rbx), %rdi                  // to, from, bytes, zero_bytes
    movq 8(%rbx), %rsi
    movq 16(%rbx), %rdx
    movq %rdi, %rax
    subq %rsi, %rax
    cmpq %rdx, %rax                     // unsigned: below 0 is far above
    jb .Lbackward
    movq %rdx, %rcx
    shrq $3, %rcx
    rep movsq
    movq %rdx, %rcx
    andq $7, %rcx
    rep movsb
    jmp .Lzero
.Lbackward:                             // the destination begins inside the source
    std
    leaq -1(%rsi,%rdx), %rsi
    leaq -1(%rdi,%rdx), %rdi
    movq %rdx, %rcx
    rep movsb
    cld
    movq 0(%rbx), %rdi
    addq %rdx, %rdi
.Lzero:
    xorl %eax, %eax
    movq 24(%rbx), %rdx
    movq %rdx, %rcx
    shrq $3, %rcx
    rep stosq
    movq %rdx, %rcx
    andq $7, %rcx
    rep stosb
    addq $32, %rbx
    decq %r8
    jmp .Lnext
.Lplaced:
    lgdt LEAVE_GDT(%rbp)
    cmpq $0, LEAVE_IS_WIDE(%rbp)
    jne .Lwide
    pushq $LEAVE_CODE32
    leaq .Lprotected(%rip), %rax
    pushq %rax
    lretq

    .code32
.Lprotected:
    movl $LEAVE_DATA32, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %fs
    movl %eax, %gs
    movl %eax, %ss
    movl $CR0_PE_ET, %eax
    movl %eax, %cr0                     // paging off
    movl $MSR_EFER, %ecx
    rdmsr
    andl $~EFER_LME, %eax
    wrmsr
    xorl %eax, %eax
    movl %eax, %cr4
    movl LEAVE_EBX(%ebp), %ebx
    movl LEAVE_ESI(%ebp), %esi
    movl LEAVE_EIP(%ebp), %ecx
    movl LEAVE_EAX(%ebp), %eax
    jmp *%ecx

    .code64
.Lwide:                                 // a function without a caller: RSP is 8 off a multiple of 16
    pushq $LEAVE_CODE64
    leaq .Lreloaded(%rip), %rax
    pushq %rax
    lretq
.Lreloaded:
    movl $LEAVE_DATA32, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %fs
    movl %eax, %gs
    movl %eax, %ss
    movq %cr4, %rax
    orq $CR4_SSE, %rax
    movq %rax, %cr4
    pushq $0
    movq LEAVE_RDI(%rbp), %rdi
    movq LEAVE_RIP(%rbp), %rax
    xorl %ebp, %ebp
    jmp *%rax
leave_code_end:

    .code64
enter_kernel:                           // RDI: where, ESI: for EAX, RDX: for RBX
    movl %esi, %eax
    movq %rdx, %rbx
    cld
    jmp *%rdi
    .section .note.GNU-stack, "", @progbits
