/* SPDX-License-Identifier: MIT */
/* What is read from LTTng traces with libbabeltrace2 goes through a pipe to another process. */
#ifndef MITRACE_SOURCE_CTF_READER_H
#define MITRACE_SOURCE_CTF_READER_H

#include "source/wire.h"

/* Is told how many seconds of processor time what comes next may take. */
typedef void (*ctf_watch)(unsigned seconds);

/* Write the events of `parts` (struct ctf_part *), and what is wrong with them, to the pipe
 * writer->descriptor. A trace can make libbabeltrace2, and with it this, crash or never return. */
void ctf_reader_send(const GPtrArray *parts, struct wire_writer *writer, ctf_watch watch);

#endif
