/* SPDX-License-Identifier: MIT */
/*
 * What calls, callbacks and operations cost, summed up while a model takes events: all processes of the trace
 * together. Memory grows with the functions that are used and with threads, not with events.
 */
#ifndef MITRACE_STATS_STATS_H
#define MITRACE_STATS_STATS_H

#include "model/model.h"
#include "stats/histogram.h"

/* The percentiles that are shown, as parts of 1000: p50, p90, p99, p99.9. */
#define STATS_PERCENTILES 4
extern const unsigned stats_percentiles[STATS_PERCENTILES];

/* How often a result code other than OK came. */
struct stats_result {
    int32_t result;
    uint64_t count;
};

struct stats_failures {
    uint64_t count;
    GHashTable *by_result; /* NULL: none; see stats_results */
};

/* Calls of an MI function. Those that have not ended when the trace ends are the rest: calls - ended. */
struct stats_function {
    uint64_t calls;
    uint64_t ended;
    uint64_t unwound; /* of those that ended: an exception or thread exit left them */
    uint64_t unseen;  /* of those that ended: their exit is not in the trace; their time is not known */
    uint64_t open_ns; /* how long the longest call that has not ended had lasted when its process did */
    struct stats_failures failures;
    struct stats_histogram times; /* from entry to exit, in nanoseconds, with the callbacks made inside */
};

/* Callbacks of one type. */
struct stats_callback {
    uint64_t calls;
    uint64_t ended;
    uint64_t in_mi_ns; /* what the program's MI calls took inside */
    uint64_t open_ns;  /* as of a function */
    struct stats_histogram times;
};

/* Operations that one function starts; nanoseconds since it was entered. */
struct stats_operation {
    uint64_t started;
    struct stats_failures failures; /* final results */
    struct stats_histogram first;   /* to the first result, final or not */
    struct stats_histogram final; /* to the final result; its count is that of the operations that finished */
    struct stats_histogram results; /* number of instances, classes or indications of those */
};

#define STATS_THREADS_KEPT 1024u /* threads that have ended, with sums of their own */

struct stats_thread {
    struct model_thread *thread; /* held */
    uint64_t calls, callbacks;
    int64_t in_mi_ns;        /* in MI calls, without the callbacks inside */
    int64_t in_callbacks_ns; /* in callbacks, without the MI calls inside */
};

struct stats {
    struct stats_function *functions[MI_FN_COUNT];   /* NULL: never called */
    struct stats_callback *callbacks[MI_CB_COUNT];   /* NULL: never called */
    struct stats_operation *operations[MI_FN_COUNT]; /* by starting function; NULL: never called */
    GHashTable *threads;                             /* struct model_thread * -> struct stats_thread * */
    guint room;                                      /* in it, before threads that ended are put together */
    uint64_t others;                                 /* threads that were, those with least time inside ... */
    struct stats_thread of_others;                   /* ... and their sums, without a thread */
    uint64_t calls;                                  /* of all functions */
};

/*
 * Watch `model`, before its first event; it must live as long as events come. To be freed with stats_free,
 * which accepts NULL; `threads` points into the model, everything else is independent of it.
 */
struct stats *stats_new(struct model *model);
void stats_free(struct stats *stats);

/* After the last event: threads of `process` have been inside of what they are in until `end_ns`. To be
 * called once for each process. */
void stats_end_process(struct stats *stats, struct model_process *process, int64_t end_ns);

/* struct stats_result, the most frequent first; a new array that the caller frees (g_array_unref). */
GArray *stats_results(const struct stats_failures *failures);

/* struct stats_thread * of those that made or were called, without the `others`, the one with most time
 * inside first; the caller frees the array (g_ptr_array_unref), not what is in it. */
GPtrArray *stats_threads(const struct stats *stats);

#endif
