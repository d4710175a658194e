/* SPDX-License-Identifier: MIT */
/*
 * dlsym, dlopen, pthread_create and longjmp as the program finds them. Each asks a helper first and then jumps, never calls:
 * libc looks at the return address to know its caller, and a frame of ours in between would change what RTLD_NEXT
 * and a caller's RUNPATH mean.
 */
        .text

        /* Save and restore the arguments around a call of a helper; 5 pushes keep the stack aligned. */
        .macro save_arguments
        push    %rdi
        .cfi_adjust_cfa_offset 8
        push    %rsi
        .cfi_adjust_cfa_offset 8
        push    %rdx
        .cfi_adjust_cfa_offset 8
        push    %rcx
        .cfi_adjust_cfa_offset 8
        push    %r8
        .cfi_adjust_cfa_offset 8
        .endm

        .macro restore_arguments
        pop     %r8
        .cfi_adjust_cfa_offset -8
        pop     %rcx
        .cfi_adjust_cfa_offset -8
        pop     %rdx
        .cfi_adjust_cfa_offset -8
        pop     %rsi
        .cfi_adjust_cfa_offset -8
        pop     %rdi
        .cfi_adjust_cfa_offset -8
        .endm

        .macro begin name
        .globl  \name
        .type   \name, @function
        .p2align 4
\name:
        .cfi_startproc
        endbr64
        .endm

        .macro finish name
        .cfi_endproc
        .size   \name, .-\name
        .endm

        /* void *dlsym(handle, name): the helper's answer, else libc's */
        begin   dlsym
        save_arguments
        mov     40(%rsp), %rdx          /* the caller, for its scope */
        call    preload_before_dlsym
        restore_arguments
        test    %rax, %rax
        jz      1f
        inc     %rax                    /* PRELOAD_NOT_FOUND becomes NULL */
        jz      2f
        dec     %rax
2:      ret
1:      jmp     *preload_real_dlsym(%rip)
        finish  dlsym

        /* void *dlopen(path, flags) */
        begin   dlopen
        save_arguments
        call    preload_before_dlopen
        restore_arguments
        test    %al, %al
        jz      1f
        mov     (%rsp), %rdx            /* the caller, for its search path */
        jmp     preload_dlopen_scanned
1:      jmp     *preload_real_dlopen(%rip)
        finish  dlopen

        /* int pthread_create(thread, attributes, run, argument) */
        begin   pthread_create
        save_arguments
        call    preload_before_pthread_create
        restore_arguments
        test    %al, %al
        jz      1f
        jmp     preload_create_library_thread
1:      jmp     *preload_real_pthread_create(%rip)
        finish  pthread_create

        /* void longjmp(place, value) and its relatives */
        .macro  jump name
        begin   \name
        save_arguments
        call    preload_before_jump
        restore_arguments
        jmp     *preload_real_\name(%rip)
        finish  \name
        .endm
        jump    longjmp
        jump    _longjmp
        jump    siglongjmp
        jump    __longjmp_chk

        /* void preload_on_stack(function, argument, top) */
        begin   preload_on_stack
        push    %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbp, 0
        mov     %rsp, %rbp
        .cfi_def_cfa_register %rbp
        mov     %rdi, %rax
        mov     %rsi, %rdi
        mov     %rdx, %rsp
        call    *%rax
        mov     %rbp, %rsp
        pop     %rbp
        .cfi_def_cfa %rsp, 8
        ret
        finish  preload_on_stack

        .section .note.GNU-stack, "", @progbits
