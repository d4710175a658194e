/* SPDX-License-Identifier: MIT */
/*
 * The functions of preload_stand_in: each hands the arguments of MI_Application_InitializeV1 on to
 * preload_stand_in_called, with its own number behind them. It adds no frame.
 */
#include "stand_ins.h"

        .text
        .globl  preload_stand_ins
        .hidden preload_stand_ins
        .type   preload_stand_ins, @function
        .p2align 4
preload_stand_ins:
        .cfi_startproc
        .set    number, 0
        .rept   STAND_INS
        .balign STAND_IN_SIZE
        endbr64
        mov     $number, %r8d
        jmp     preload_stand_in_called
        .set    number, number + 1
        .endr
        .cfi_endproc
        .size   preload_stand_ins, .-preload_stand_ins

        .section .note.GNU-stack, "", @progbits
