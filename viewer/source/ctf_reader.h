/* SPDX-License-Identifier: MIT */
/* The process that reads LTTng traces for another one. */
#ifndef MITRACE_SOURCE_CTF_READER_H
#define MITRACE_SOURCE_CTF_READER_H

#include "source/wire.h"

/*
 * Write the events of `parts` (struct ctf_part *) to the pipe writer->descriptor and end this process, which
 * was forked for that: its memory is limited, and nothing that happens in it shows outside.
 */
_Noreturn void ctf_reader_run(const GPtrArray *parts, struct wire_writer *writer);

#endif
