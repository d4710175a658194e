/* SPDX-License-Identifier: MIT */
/* The one unit that creates the probes of the floor. */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "floor_provider.h"
