/* SPDX-License-Identifier: MIT */
/* See knobs.h. */
#include "knobs.h"

#include "state.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* A server takes its time: a program that cancels at once is faster, and should be here as well. */
enum { DEFAULT_INSTANCES = 3, DEFAULT_ROUND_TRIP = 1000, LONGEST_NAME = 80 };

static unsigned applications;
static _Atomic int64_t round_trip;
static _Atomic int64_t delay;
static atomic_uint instances = DEFAULT_INSTANCES;
static atomic_bool never_deliver;
static atomic_bool connect_fails;
static atomic_bool session_messages;

/* MITRACE_MI_FAIL: written while no application is open, apart from the count. */
static char failing[LONGEST_NAME];
static atomic_int calls_to_failure;

static long number_of(const char *name, long fallback)
{
    const char *text = getenv(name);

    return text != NULL && *text != '\0' ? strtol(text, NULL, 10) : fallback;
}

/* "MI_Session_GetInstance:2", with or without MI_. */
static void read_failure(const char *text)
{
    const char *colon;

    atomic_store(&calls_to_failure, 0);
    if (text == NULL) {
        return;
    }
    text += strncmp(text, "MI_", 3) == 0 ? 3 : 0;
    colon = strchr(text, ':');
    if (colon != NULL && colon - text < LONGEST_NAME) {
        memcpy(failing, text, (size_t)(colon - text));
        failing[colon - text] = '\0';
        atomic_store(&calls_to_failure, atoi(colon + 1));
    }
}

static void read_environment(void)
{
    atomic_store(&round_trip, (int64_t)number_of("MITRACE_MI_DELAY_US", DEFAULT_ROUND_TRIP) * 1000);
    atomic_store(&delay, (int64_t)number_of("MITRACE_MI_DELAY_US", 0) * 1000);
    atomic_store(&instances, (unsigned)number_of("MITRACE_MI_INSTANCES", DEFAULT_INSTANCES));
    atomic_store(&never_deliver, number_of("MITRACE_MI_NEVER_DELIVER", 0) != 0);
    atomic_store(&connect_fails, number_of("MITRACE_MI_CONNECT_FAILS", 0) != 0);
    atomic_store(&session_messages, number_of("MITRACE_MI_SESSION_MESSAGES", 0) != 0);
    read_failure(getenv("MITRACE_MI_FAIL"));
}

void knobs_open(void)
{
    state_lock();
    if (applications++ == 0) {
        read_environment();
    }
    state_unlock();
}

void knobs_close(void)
{
    state_lock();
    applications--;
    state_unlock();
}

int64_t knob_round_trip(void)
{
    return atomic_load(&round_trip);
}

int64_t knob_delay(void)
{
    return atomic_load(&delay);
}

unsigned knob_instances(void)
{
    return atomic_load(&instances);
}

bool knob_never_deliver(void)
{
    return atomic_load(&never_deliver);
}

bool knob_connect_fails(void)
{
    return atomic_load(&connect_fails);
}

bool knob_session_messages(void)
{
    return atomic_load(&session_messages);
}

bool knob_fails(const char *function)
{
    if (atomic_load_explicit(&calls_to_failure, memory_order_acquire) <= 0 ||
        strcmp(function, failing) != 0) {
        return false;
    }
    return atomic_fetch_sub(&calls_to_failure, 1) == 1;
}
