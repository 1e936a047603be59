// The low block's code: first entry from the payload's head, and the thunk that lets long-mode code
// make one visit to real mode at a time. Linked at 0; code segments have the block's start as base,
// so link-time offsets are right in 16-bit and 32-bit code. Long-mode code is position-independent.
//
// Mode switches follow Intel SDM volume 3A, 9.8.5 (to IA-32e mode), 9.9.2 (back to real mode).
#include "arch/x86_64/bios/low_block.h"

    MSR_EFER = 0xc0000080
    EFER_LME = 1 << 8
    CR0_PE = 1
    CR4_PAE = 1 << 5
    CR4_FXSR = 3 << 9                   // OSFXSR and OSXMMEXCPT: SSE is ours to use
    CR0_START = 0x80000033              // PG, NE, ET, MP, PE: caches on, no emulation
    MXCSR_DEFAULT = 0x1f80
    SYSTEM_CONTROL = 0x92               // port: address line 20 is bit 1, reset is bit 0
    SMAP = 0x534d4150
    E820_BYTES = 20
    D = LOW_DATA

    .section .low.code, "ax"
// ---- First entry: 32-bit, flat, ESI = low block --------------------------------------------------
    .code32
    .globl low_entry, low_thunk
low_entry:
    jmp first_entry

// ---- What others enter: real mode, 8 bytes each --------------------------------------------------
    .code16
    .org LOW_NBP_ENTRIES
    jmp called_by_pxenv
    .org LOW_NBP_ENTRIES + 8
    jmp called_by_pxe
    .org LOW_NBP_ENTRIES + 16
    jmp program_returned
    .org LOW_NBP_ENTRIES + 24
    jmp int_15h
    .org LOW_NBP_ENTRIES + 32
    jmp int_1ah
    .org LOW_TIMER_ENTRY
    jmp int_8h

    .code32
first_entry:
    leal low_unpacker_stack_top(%esi), %esp
    // Shared data that does not begin as zero.
    pushl %esi
    leal D + LD_GDT(%esi), %edi
    leal template(%esi), %esi
    movl $(template_end - template) / 4, %ecx
    rep movsl
    popl %esi
    movl $low_scratch + (LOW_BOUNCE_BYTES << 16), D + LD_SCRATCH(%esi)
    // Descriptors: put the block's start into the four whose base it is, and into the pointers.
    movl $SEL_LOW_CODE32, %edi
1:  movl %esi, %eax
    movw %ax, D + LD_GDT + 2(%esi, %edi)
    shrl $16, %eax
    movb %al, D + LD_GDT + 4(%esi, %edi)
    addl $8, %edi
    cmpl $SEL_LOW_DATA16, %edi
    jbe 1b
    leal D + LD_GDT(%esi), %eax
    movl %eax, gdt_pointer + 2(%esi)
    addl %esi, long_pointer(%esi)
    movl %esi, %eax
    shrl $4, %eax
    movw %ax, real_pointer + 2(%esi)
    leal low_thunk(%esi), %eax
    movl %eax, D + LD_THUNK(%esi)
    movl %cr4, %eax
    andl $~CR4_PAE, %eax
    movl %eax, D + LD_FIRMWARE_CR4(%esi)

    // Identity map of the first 4 GiB in 2 MiB pages, in the scratch area.
    leal low_scratch(%esi), %edi
    leal 0x1003(%edi), %eax
    movl %eax, (%edi)                   // PML4 -> PDPT
    leal 0x2003(%edi), %eax
    xorl %ecx, %ecx
2:  movl %eax, 0x1000(%edi, %ecx, 8)    // PDPT -> four directories
    addl $0x1000, %eax
    incl %ecx
    cmpl $4, %ecx
    jb 2b
    movl $0x83, %eax
    xorl %ecx, %ecx
3:  movl %eax, 0x2000(%edi, %ecx, 8)
    addl $0x200000, %eax
    incl %ecx
    cmpl $2048, %ecx
    jb 3b
    movl %edi, D + LD_CR3(%esi)
    movl $CR0_START, D + LD_CR0(%esi)
    movl $CR4_PAE | CR4_FXSR, D + LD_CR4(%esi)
    movl $EFER_LME, D + LD_EFER(%esi)

    // A stack from which the thunk's way back "returns" into the unpacker.
    leal low_unpacker_stack_top - 72(%esi), %edi
    movl %edi, D + LD_RSP(%esi)
    movl $MXCSR_DEFAULT, (%edi)
    movl $0x37f, 4(%edi)                // x87 control word after fninit
    leal unpack_core(%esi), %eax
    movl %eax, 56(%edi)
    lgdtl gdt_pointer(%esi)
    pushl $SEL_LOW_CODE32
    pushl $low_to_long
    lretl

// ---- void low_thunk(void): carries out LowData::call --------------------------------------------
    .code64
    .balign 16
low_thunk:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    subq $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    leaq low_entry(%rip), %rbx
    addq $D, %rbx                       // LowData
    movq %rsp, LD_RSP(%rbx)
    pushq $SEL_LOW_CODE32
    pushq $leave_long
    lretq

    .code32
leave_long:
    movw $SEL_LOW_DATA32, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw %ax, %fs
    movw %ax, %gs
    movl %cr0, %eax
    andl $0x0000ffff, %eax              // paging and write protection off
    movl %eax, %cr0
    movl $MSR_EFER, %ecx
    xorl %eax, %eax
    xorl %edx, %edx
    wrmsr
    movl %eax, %cr3
    movl D + LD_FIRMWARE_CR4, %eax
    movl %eax, %cr4
    cmpw $CALL_JUMP32, D + LD_KIND
    je jump32
    ljmpl $SEL_LOW_CODE16, $leave_protected

jump32:                                 // Multiboot 0.6.96 section 3.2
    movl D + LD_TARGET, %eax
    movl %eax, jump32_pointer
    lidtl real_idt
    movl D + LD_EAX, %eax
    movl D + LD_EBX, %ebx
    movl D + LD_ESI, %esi
    movl D + LD_EDI, %edi
    movl D + LD_EBP, %ebp
    movl D + LD_BASE, %edx
    movl $SEL_DATA, %ecx
    movl %ecx, %es
    movl %ecx, %fs
    movl %ecx, %gs
    movl %ecx, %ss
    leal low_stack_top(%edx), %esp
    movl %ecx, %ds
    ljmpl *jump32_pointer(%edx)

    .code16
leave_protected:
    movw $SEL_LOW_DATA16, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw %ax, %fs
    movw %ax, %gs
    lidtl real_idt
    movl %cr0, %eax
    andb $~CR0_PE, %al
    movl %eax, %cr0
    ljmpw *real_pointer
in_real:
    movw %cs, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw %ax, %fs
    movw %ax, %gs
    movl $low_stack_top, %esp
    cld
    movw D + LD_KIND, %ax
    cmpw $CALL_JUMP16, %ax
    je jump16
    cmpw $CALL_RETURN, %ax
    je return_to_rom
    cmpw $CALL_NBP, %ax
    je go_on_with_program
    cmpw $CALL_WAIT, %ax
    je wait
    sti                                 // what is pending comes in now
    nop
    cmpw $CALL_WINDOW, %ax
    je back
    movw D + LD_STACK_WORDS, %cx
    movw $D + LD_STACK, %si
    jcxz 2f
1:  lodsw
    pushw %ax
    loop 1b
2:  cmpw $CALL_INTERRUPT, D + LD_KIND
    jne 3f
    pushfw                              // as "int n" would
    cli
3:  movl D + LD_EAX, %eax
    movl D + LD_EBX, %ebx
    movl D + LD_ECX, %ecx
    movl D + LD_EDX, %edx
    movl D + LD_ESI, %esi
    movl D + LD_EDI, %edi
    movl D + LD_EBP, %ebp
    movw D + LD_ES, %es
    movw D + LD_DS, %ds
    lcall *%cs:D + LD_TARGET
    cli
    pushfl
    pushw %ds
    pushw %cs
    popw %ds
    movl %eax, D + LD_EAX
    movl %ebx, D + LD_EBX
    movl %ecx, D + LD_ECX
    movl %edx, D + LD_EDX
    movl %esi, D + LD_ESI
    movl %edi, D + LD_EDI
    movl %ebp, D + LD_EBP
    movw %es, D + LD_ES
    popw D + LD_DS
    popl D + LD_EFLAGS
    jmp back

wait:
    sti
    hlt
back:
    cli
    cld
    lgdtl gdt_pointer
    movl %cr0, %eax
    orb $CR0_PE, %al
    movl %eax, %cr0
    ljmpl $SEL_LOW_CODE32, $low_to_long

jump16:                                 // Linux boot protocol, "Running the kernel"
    movw D + LD_DS, %ax
    movw %ax, %es
    movw %ax, %fs
    movw %ax, %gs
    movw D + LD_ESI, %cx                // the stack pointer asked for
    movw %ax, %ss
    movzwl %cx, %esp
    pushl D + LD_TARGET
    movl D + LD_EAX, %eax
    movl D + LD_EBX, %ebx
    movl D + LD_EDX, %edx
    movw D + LD_DS, %ds
    xorl %ecx, %ecx
    xorl %esi, %esi
    xorl %edi, %edi
    xorl %ebp, %ebp
    lretw

return_to_rom:                          // undoes what nbp.S did when the ROM called it
    movl D + LD_EAX, %eax
    movw D + LD_START + START_STACK, %bp
    movw D + LD_START + START_STACK + 2, %ss
    movzwl %bp, %esp
    movl %eax, NBP_SAVED_EAX(%bp)
restore_and_return:
    popw %gs
    popw %fs
    popw %es
    popw %ds
    popal
    popfl
    lretw

// ---- The timer, while a call of a PXE ROM is watched ---------------------------------------------
int_8h:
    pushfw
    lcallw *%cs:D + LD_OLD_INT8         // says to the interrupt controller that it was served
    cmpw $0, %cs:D + LD_TICKS
    je 1f
    decw %cs:D + LD_TICKS
    jz 2f
1:  iretw
2:  movw %cs, %ax                       // the call never returned: nor do we to it
    movw %ax, %ds
    movw %ax, %ss
    movl $low_stack_top, %esp
    movw $CALL_EXPIRED, D + LD_KIND
    jmp back

// ---- A network boot program: on with it, and the ways it gets back to us (bios/nbp.cc) ------------
go_on_with_program:
    movzwl D + LD_NBP_STACK, %esp
    movw D + LD_NBP_STACK + 2, %ss
    jmp restore_and_return

called_by_pxenv:
    pushfl                              // struct NbpFrame
    pushal
    pushw %ds
    pushw %es
    pushw %fs
    pushw %gs
    movw $NBP_CALLED_PXENV, %ax
    jmp stop_program
called_by_pxe:
    pushfl
    pushal
    pushw %ds
    pushw %es
    pushw %fs
    pushw %gs
    movw $NBP_CALLED_PXE, %ax
stop_program:                           // AX = event
    cli
    movw %cs, %dx
    movw %dx, %ds
    cmpw $TURN_PROGRAM, D + LD_NBP_TURN
    jne refuse_call
    movw %sp, D + LD_NBP_STACK
    movw %ss, D + LD_NBP_STACK + 2
stopped:
    movw $TURN_OURS, D + LD_NBP_TURN
    movw %ax, D + LD_NBP_EVENT
    movw %cs, %dx
    movw %dx, %ss
    movl $low_stack_top, %esp
    inb $SYSTEM_CONTROL, %al            // our memory may need address line 20
    testb $2, %al
    jnz 1f
    orb $2, %al
    andb $~1, %al
    outb %al, $SYSTEM_CONTROL
1:  jmp back

refuse_call:                            // from a handler of an interrupt while it is our turn
    movw %sp, %bp
    movw $1, NBP_SAVED_EAX(%bp)         // PXENV_EXIT_FAILURE
    jmp restore_and_return

program_returned:
    cli
    movw %cs, %dx
    movw %dx, %ds
    cmpw $TURN_PROGRAM, D + LD_NBP_TURN
    jne 1f
    movl %eax, D + LD_EAX
    movw $NBP_RETURNED, %ax
    jmp stopped
1:  sti                                 // what it would return to is gone
    int $0x18
    jmp 1b

int_15h:                                // the memory map without ours (ACPI 6.5 section 15)
    cmpw $0xe820, %ax
    je e820
    cmpw $0xe801, %ax
    je e801
    cmpb $0x88, %ah
    je memory_below_16_mib
    ljmpw *%cs:D + LD_OLD_INT15
e820:
    cmpl $SMAP, %edx
    jne fail_interrupt
    cmpl %cs:D + LD_E820_COUNT, %ebx
    jae fail_interrupt
    cmpl $E820_BYTES, %ecx
    jb fail_interrupt
    pushl %esi
    pushl %edi
    pushw %ds
    movw %cs, %cx
    movw %cx, %ds
    imulw $E820_BYTES, %bx, %si
    addw $D + LD_E820, %si
    movl $E820_BYTES, %ecx
    cld
    rep movsb
    popw %ds
    popl %edi
    popl %esi
    movl $E820_BYTES, %ecx
    movl $SMAP, %eax
    incl %ebx
    cmpl %cs:D + LD_E820_COUNT, %ebx
    jb interrupt_done
    xorl %ebx, %ebx
    jmp interrupt_done
e801:
    movw %cs:D + LD_E801, %ax
    movw %cs:D + LD_E801 + 2, %bx
    movw %ax, %cx
    movw %bx, %dx
    jmp interrupt_done
memory_below_16_mib:
    movw %cs:D + LD_E801, %ax
    jmp interrupt_done

int_1ah:                                // PXE 2.1 section 3.1: is there a PXE API?
    cmpw $0x5650, %ax
    je 1f
    ljmpw *%cs:D + LD_OLD_INT1A
1:  movw %cs, %ax
    movw %ax, %es
    movw $low_nbp_area + NBP_AREA_PXENV, %bx
    movw $0x564e, %ax
interrupt_done:
    pushw %bp
    movw %sp, %bp
    andb $~1, 6(%bp)                    // the carry of the flags that iret restores
    popw %bp
    iretw
fail_interrupt:
    movb $0x86, %ah                     // function not supported
    pushw %bp
    movw %sp, %bp
    orb $1, 6(%bp)
    popw %bp
    iretw

// ---- 32-bit, LOW code segment: into long mode, back to where the thunk was called -----------------
    .code32
low_to_long:
    movw $SEL_LOW_DATA32, %ax
    movw %ax, %ds
    movw %ax, %ss
    movl D + LD_CR4, %eax
    movl %eax, %cr4
    movl D + LD_CR3, %eax
    movl %eax, %cr3
    movl $MSR_EFER, %ecx
    movl D + LD_EFER, %eax
    xorl %edx, %edx
    wrmsr
    movl D + LD_CR0, %eax
    movl %eax, %cr0
    ljmpl *long_pointer
    .code64
in_long:
    movl $SEL_DATA, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl %eax, %fs
    movl %eax, %gs
    leaq low_entry(%rip), %rbx
    addq $D, %rbx
    lidt LD_IDTR(%rbx)
    cmpb $0, LD_GDT + SEL_TSS + 5(%rbx) // a task state segment, once the core has made one
    je 1f
    andb $~2, LD_GDT + SEL_TSS + 5(%rbx)  // not busy: ltr insists
    movw $SEL_TSS, %ax
    ltr %ax
1:  movq LD_RSP(%rbx), %rsp
    fninit
    fldcw 4(%rsp)
    ldmxcsr (%rsp)
    addq $8, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret

// ---- Data ---------------------------------------------------------------------------------------
// From LD_GDT on; low_entry copies it there.
    .balign 4
template:
    .quad 0
    .quad 0x00cf9a000000ffff            // SEL_LOW_CODE32
    .quad 0x00cf92000000ffff            // SEL_LOW_DATA32
    .quad 0x00009a000000ffff            // SEL_LOW_CODE16
    .quad 0x000092000000ffff            // SEL_LOW_DATA16
    .quad 0x00af9a000000ffff            // SEL_CODE64
    .quad 0x00cf92000000ffff            // SEL_DATA
    .quad 0x00cf9a000000ffff            // SEL_CODE32
    .org template + LD_THUNK_PRIVATE - LD_GDT
    gdt_pointer = D + LD_GDT + . - template
    .word GDT_BYTES - 1
    .long 0
    real_idt = D + LD_GDT + . - template
    .word 0x3ff
    .long 0
    real_pointer = D + LD_GDT + . - template
    .word in_real, 0
    long_pointer = D + LD_GDT + . - template
    .long in_long
    .word SEL_CODE64
    jump32_pointer = D + LD_GDT + . - template
    .long 0
    .word SEL_CODE32
    .balign 4
template_end:

    .section .low.bss, "aw", @nobits
    .balign 4096
low_scratch:                            // page tables, later the bounce buffer
    .space LOW_BOUNCE_BYTES
low_nbp_area:                           // and what network boot programs see
    .space NBP_AREA_BYTES
    .space LOW_STACK_BYTES
low_stack_top:                          // real mode's
    .space NBP_STACK_BYTES
low_unpacker_stack_top:
    .section .note.GNU-stack, "", @progbits
