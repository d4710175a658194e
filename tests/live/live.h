/* SPDX-License-Identifier: MIT */
/* Running the real `mitrace` on real programs, and looking at what it says. Everything here fails the running
 * CMocka test when it cannot do its work. */
#ifndef MITRACE_TESTS_LIVE_H
#define MITRACE_TESTS_LIVE_H

#include <cjson/cJSON.h>
#include <glib.h>
#include <stdbool.h>

/* A finished command. */
struct live_run {
    int exit_code; /* 128 + signal when killed */
    char *out;     /* what it printed */
    char *err;
    char *folder; /* a private folder for this run; deleted by live_clear */
};

void live_clear(struct live_run *run);

/*
 * The real OMI, where OMI_ROOT names one: `*environment` is "LD_LIBRARY_PATH=..." for its programs,
 * `*library` (NULL: not wanted) its libmi.so; both are the caller's. False after saying that the tests were
 * skipped.
 */
bool live_use_omi(char **environment, char **library);

/* A path for a shell's line, whatever blanks it has. */
#define LIVE_QUOTED(path) "\"" path "\""

/*
 * "LD_PRELOAD=..." with our library: where its path has a blank or a colon, at which ld.so would split it,
 * through a link that is removed at the end. Owned by the library of tests.
 */
const char *live_preload(void);

/*
 * Run `argv` (NULL-terminated) in a folder of its own. `environment` are "NAME=value" strings that are added,
 * NULL: none. In arguments, "@" stands for that folder.
 */
void live_command(struct live_run *run, const char *const *argv, const char *const *environment);

/* By their bytes. */
void live_sort(char **texts, size_t count);

/* The JSON in file `name` of the run's folder; the caller deletes it. */
cJSON *live_json(const struct live_run *run, const char *name);

/* "rule xCOUNT @function" of each finding of a report, sorted, joined by ", ". g_free it. */
char *live_findings(const cJSON *report);

/* How many calls of MI a trace holds, by the events that `mitrace events` prints. */
unsigned live_calls(const char *trace);

/* The same without the functions that MI gives to callbacks (acknowledgements, answers). */
unsigned live_function_calls(const char *trace);

/*
 * Does `text`, for people, hold `words`? mitrace wraps what it says, and where depends on the length of the
 * paths in it: any white space in it counts as one blank, as those of `words` are.
 */
bool live_says(const char *text, const char *words);

/* The number that a program of tests/apps counted into file `name` (MITRACE_APP_CALLS), -1: none. */
long live_mapped_count(const struct live_run *run, const char *name);

/* The number a program wrote to file `name` of the run's folder, -1 when there is none: its own count of its
 * calls. */
long live_own_count(const struct live_run *run, const char *name);

#endif
