/* SPDX-License-Identifier: MIT */
/*
 * One thunk for each (table number, slot): it stores the number in the thread's state and jumps to the slot's
 * wrapper. It adds no frame. A thunk is THUNK_SIZE bytes, so that tables.c finds it by arithmetic.
 */
#include "thread.h"

#define THUNK_SIZE_SHIFT 5
#define TABLES_PER_KIND  32

        .text

        .macro thunk wrapper
        .p2align THUNK_SIZE_SHIFT
        endbr64
        mov     record_thread_offset(%rip), %r11
        movl    $table_number, %fs:SHIM_THREAD_TABLE(%r11)
        jmp     \wrapper
        .endm

#define MI_TABLE_BEGIN(object, Object, slots)                                                                          \
        .globl thunks_##object; .hidden thunks_##object; .type thunks_##object, @function; .p2align THUNK_SIZE_SHIFT;  \
        thunks_##object: .cfi_startproc; .set table_number, 0; .rept TABLES_PER_KIND;
#define MI_SLOT(object, Object, index, slot, ...) thunk wrap_##object##_##slot;
#define MI_TABLE_END(object, Object)                                                                                   \
        .set table_number, table_number + 1; .endr; .cfi_endproc; .size thunks_##object, .-thunks_##object;
#include "mi_api.def"

        .section .note.GNU-stack, "", @progbits
