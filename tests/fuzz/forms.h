/* SPDX-License-Identifier: MIT */
/*
 * LTTng traces of any form from any bytes: events of known and unknown names, whose fields have names of ours
 * and types of any kind. They are well-formed, so that libbabeltrace2 reads them to the end.
 */
#ifndef MITRACE_FUZZ_FORMS_H
#define MITRACE_FUZZ_FORMS_H

#include "fuzz.h"

/* What a trace holds. */
struct forms_told {
    uint64_t ours, foreign; /* events */
    uint64_t lost; /* events, and packets; what the first packet of a stream lost before counts as one */
};

/* Write the trace that the bytes describe into fuzz_directory(), which is emptied first. */
struct forms_told forms_write(const uint8_t *data, size_t size);

#endif
