/* SPDX-License-Identifier: MIT */
/* A process of its own for a library that hostile bytes can take over. */
#ifndef MITRACE_SOURCE_CTF_CONFINE_H
#define MITRACE_SOURCE_CTF_CONFINE_H

#include "source/wire.h"

/*
 * To be called in a process that was forked to read: limits its memory, and lets it keep nothing of the other
 * one's but the pipe, which writer->descriptor is. Nothing that happens in it from here on shows outside.
 */
void ctf_confine(struct wire_writer *writer);

/* This process ends after so many seconds of processor time, unless it comes here again before. */
void ctf_confine_watch(unsigned seconds);

#endif
