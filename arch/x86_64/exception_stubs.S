// One stub for each of the 32 exceptions, leading to exceptions::Frame (exceptions.h).
    .section .text.exceptions, "ax"
    .code64
    // Vectors 8, 10 to 14, 17, 21, 29 and 30 push an error code (Intel SDM 3A table 6-1, AMD APM 2
    // table 8-1); the others get a zero.
    .macro stub vector
    .balign 16
    .if (\vector == 8) || ((\vector >= 10) && (\vector <= 14)) || (\vector == 17) || (\vector == 21) || (\vector == 29) || (\vector == 30)
    .else
    pushq $0
    .endif
    pushq $\vector
    jmp common
    .endm

    .balign 16
    .globl exception_stubs
    .hidden exception_stubs
exception_stubs:
    .irp vector, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    stub \vector
    .endr

common:
    pushq %rax
    pushq %rbx
    pushq %rcx
    pushq %rdx
    pushq %rsi
    pushq %rdi
    pushq %rbp
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    cld
    movq %rsp, %rdi
    andq $~15, %rsp
    call exception_report
    ud2
    .section .note.GNU-stack, "", @progbits
