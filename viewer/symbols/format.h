/* SPDX-License-Identifier: MIT */
/* The one way in which a frame is written for people. */
#ifndef MITRACE_SYMBOLS_FORMAT_H
#define MITRACE_SYMBOLS_FORMAT_H

#include "symbols/symbols.h"

/* Appends "open_session at client.c:42"; without a line "open_session (libfoo.so+0x1234)". An unknown
 * function is written as its address, an unknown module is left out. */
void symbols_format_frame(GString *out, const struct symbols_frame *frame);

#endif
