/* SPDX-License-Identifier: MIT */
/* The one unit that creates the probes and defines the tracepoints of provider `mi`. */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "mi_provider.h"

#include <assert.h>

static_assert(lttng_ust_rb_alignof(uint64_t) == 1, "fields follow each other without gaps");
