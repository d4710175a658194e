/* SPDX-License-Identifier: MIT */
/* What stand_ins.c and stand_ins.S agree on. */
#ifndef MITRACE_SHIM_STAND_INS_H
#define MITRACE_SHIM_STAND_INS_H

#define STAND_INS     64
#define STAND_IN_SIZE 16 /* bytes of code */

#endif
