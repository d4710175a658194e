/* SPDX-License-Identifier: MIT */
/*
 * The metadata of a trace: LTTng writes its text in packets, and libbabeltrace2 never returns from a packet
 * that is cut.
 */
#ifndef MITRACE_SOURCE_CTF_METADATA_H
#define MITRACE_SOURCE_CTF_METADATA_H

#include <glib.h>
#include <stdbool.h>

/* The UUID of the trace in `directory` as hex digits, NULL when the metadata does not begin with it. */
char *ctf_metadata_uuid(const char *directory);

/*
 * What is wrong with the metadata in `directory`; NULL when it is plain text or complete. `text` is set to
 * what it says as far as it can be saved, as plain text, to be freed; NULL when there is nothing.
 */
const char *ctf_metadata_check(const char *directory, char **text);

#endif
