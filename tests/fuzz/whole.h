/* SPDX-License-Identifier: MIT */
/*
 * No success that is none. A trace is read as it is, then again with the last byte of one of its files cut
 * off: what then says that it is complete must have as many events as before.
 */
#ifndef MITRACE_FUZZ_WHOLE_H
#define MITRACE_FUZZ_WHOLE_H

#include "bundle.h"

#include "source/source.h"

/* Read what is in fuzz_directory(); false: nothing there can be read. The summary is filled in any case, and
 * counts events. */
typedef bool (*whole_reader)(struct source_summary *summary);

/* Read the files of `entries`. Aborts when what is told of them is not true, or harmful. */
void whole_check(const GPtrArray *entries, whole_reader read);

#endif
