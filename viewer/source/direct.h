/* SPDX-License-Identifier: MIT */
/* Traces of the form that mitrace itself records, read without libbabeltrace2. */
#ifndef MITRACE_SOURCE_DIRECT_H
#define MITRACE_SOURCE_DIRECT_H

#include "source/source.h"

/*
 * Append to `streams` those of a trace that lies in `directories` (struct ctf_checked *, at least
 * one). False: it is of another form, and nothing was appended. The summary must outlive them.
 */
bool direct_open(const GPtrArray *directories, GPtrArray *streams, struct source_summary *summary);

#endif
