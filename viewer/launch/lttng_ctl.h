/* SPDX-License-Identifier: MIT */
/*
 * liblttng-ctl, loaded when something is to be recorded: without it traces can still be read, and programs
 * run. Its functions are called as launch_lttng.create_handle(...), without their prefix lttng_.
 */
#ifndef MITRACE_LAUNCH_LTTNG_CTL_H
#define MITRACE_LAUNCH_LTTNG_CTL_H

#include <glib.h>
#include <lttng/health.h>
#include <lttng/lttng.h>
#include <stdbool.h>

#define LAUNCH_LTTNG_LIBRARY "liblttng-ctl.so.0"

#define LAUNCH_LTTNG_FUNCTIONS(FUNCTION)         \
    FUNCTION(channel_create)                     \
    FUNCTION(channel_destroy)                    \
    FUNCTION(channel_get_discarded_event_count)  \
    FUNCTION(channel_get_lost_packet_count)      \
    FUNCTION(channel_set_blocking_timeout)       \
    FUNCTION(channel_set_monitor_timer_interval) \
    FUNCTION(create_handle)                      \
    FUNCTION(create_session_ext)                 \
    FUNCTION(data_pending)                       \
    FUNCTION(destroy_handle)                     \
    FUNCTION(destroy_session_no_wait)            \
    FUNCTION(enable_channel)                     \
    FUNCTION(enable_event)                       \
    FUNCTION(event_create)                       \
    FUNCTION(event_destroy)                      \
    FUNCTION(health_create_consumerd)            \
    FUNCTION(health_create_sessiond)             \
    FUNCTION(health_destroy)                     \
    FUNCTION(health_query)                       \
    FUNCTION(health_state)                       \
    FUNCTION(list_channels)                      \
    FUNCTION(list_sessions)                      \
    FUNCTION(session_daemon_alive)               \
    FUNCTION(session_descriptor_destroy)         \
    FUNCTION(session_descriptor_local_create)    \
    FUNCTION(set_tracing_group)                  \
    FUNCTION(start_tracing)                      \
    FUNCTION(stop_tracing_no_wait)               \
    FUNCTION(strerror)

/* All of them, or NULLs before launch_lttng_load. */
extern struct launch_lttng {
#define LAUNCH_LTTNG_MEMBER(name) __typeof__(lttng_##name) *name;
    LAUNCH_LTTNG_FUNCTIONS(LAUNCH_LTTNG_MEMBER)
#undef LAUNCH_LTTNG_MEMBER
} launch_lttng;

/*
 * Load the library, for good. Before any thread uses it; children that are forked have it. False with one
 * line in error (LAUNCH_ERROR_RECORD): which library, what is wrong with it, which package has it.
 */
bool launch_lttng_load(GError **error);

#endif
