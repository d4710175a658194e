/* SPDX-License-Identifier: MIT */
/* Sums of each thread. Of threads that have ended, STATS_THREADS_KEPT with most time inside have one of their
 * own. */
#ifndef MITRACE_STATS_THREADS_H
#define MITRACE_STATS_THREADS_H

#include "stats/stats.h"

GHashTable *stats_threads_new(void);

/* The sums of `thread`, to be added to; valid until the next call. */
struct stats_thread *stats_thread_of(struct stats *stats, struct model_thread *thread);

#endif
