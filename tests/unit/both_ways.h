/* SPDX-License-Identifier: MIT */
/* Reading a trace twice: directly, and with libbabeltrace2. Fails the running CMocka test when it cannot. */
#ifndef MITRACE_TESTS_BOTH_WAYS_H
#define MITRACE_TESTS_BOTH_WAYS_H

#include "source/source.h"

struct reading {
    GString *text; /* of all events */
    struct source_summary summary;
    GError *error;
    bool good;
};

/* Read what is at `path`. */
void reading_take(struct reading *reading, const char *path);
void reading_clear(struct reading *reading);

/* Whether some problem line contains `part`. */
bool reading_tells(const struct reading *reading, const char *part);

/*
 * Read the traces in the directory `path` directly, and copies of them in `folder`, a directory that does not
 * exist, with libbabeltrace2. Fails unless all of them are of the form that is read directly. Both are to be
 * cleared; the folder stays.
 */
void both_ways(const char *path, const char *folder, struct reading *direct, struct reading *library);

/* Fails unless both have the same events and losses, and nothing is missing from one that the other has. */
void both_ways_equal(const struct reading *direct, const struct reading *library);

#endif
