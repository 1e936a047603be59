// The core's first instruction: RDI = what the entry code of the platform left (BIOS: LowData).
    .section .text.start, "ax"
    .code64
    .globl _start
_start:
    leaq stack_top(%rip), %rsp
    xorl %ebp, %ebp                     // ends the chain of frames for back-traces
    call hawser_start
    ud2
    .section .note.GNU-stack, "", @progbits
