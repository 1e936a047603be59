// The UEFI image's first instruction. Firmware promises 128 KiB of stack (UEFI 2.10 §2.3.4); the core is
// made for more, so it runs on its own.
    .text
    .code64
    .globl efi_start
efi_start:                              // RCX: our handle, RDX: system table
    leaq stack_top(%rip), %rax
    movq %rsp, -8(%rax)
    leaq -16(%rax), %rsp
    subq $32, %rsp                      // the caller's space for four arguments
    call efi_main
    movq stack_top-8(%rip), %rsp
    ret
    .section .note.GNU-stack, "", @progbits
