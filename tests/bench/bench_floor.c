/* SPDX-License-Identifier: MIT */
/* The floor of bench_calls: bare tracepoints and the bare unwinder. */
#include "bench_floor.h"

#include "floor_provider.h"

#include <dlfcn.h>

#define EXPORTED __attribute__((visibility("default")))
#define DEPTH    24 /* as deep as a recorded stack */

static int (*unwind)(void **buffer, int size);

__attribute__((constructor)) static void find_unwinder(void)
{
    void *library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);

    if (library != NULL) {
        unwind = (int (*)(void **, int))dlsym(library, "unw_backtrace");
    }
}

EXPORTED void floor_call(void *unused, unsigned count)
{
    struct mi_event event = {.pid = 1, .tid = 2, .handle = 3, .caller = 4};

    (void)unused;
    for (unsigned i = 0; i < count; i++) {
        event.call = i;
        lttng_ust_tracepoint(mi, floor_object_entry, &event);
        lttng_ust_tracepoint(mi, floor_call_exit, &event);
    }
}

EXPORTED void floor_callback(void *unused, unsigned count)
{
    struct mi_event event = {.pid = 1, .tid = 2, .handle = 3, .r1 = 4, .r2 = 5, .object = 6};

    (void)unused;
    for (unsigned i = 0; i < count; i++) {
        event.token = i;
        lttng_ust_tracepoint(mi, floor_callback_entry, &event);
        lttng_ust_tracepoint(mi, floor_callback_exit, &event);
    }
}

static void unwind_into(struct mi_event *event, void **frames)
{
    int count = unwind != NULL ? unwind(frames, DEPTH) : 0;

    event->stack = (const uint64_t *)frames;
    event->stack_len = count > 0 ? (uint32_t)count : 0;
}

EXPORTED void floor_create(void *unused, unsigned count)
{
    void *frames[DEPTH];
    struct mi_event event = {.pid = 1, .namespace = "", .name = "Bench_Thing", .name_len = 11, .detail = ""};

    (void)unused;
    for (unsigned i = 0; i < count; i++) {
        event.call = i;
        unwind_into(&event, frames);
        lttng_ust_tracepoint(mi, floor_create_entry, &event);
        lttng_ust_tracepoint(mi, floor_create_object_exit, &event);
        unwind_into(&event, frames);
        lttng_ust_tracepoint(mi, floor_object_close_entry, &event);
        lttng_ust_tracepoint(mi, floor_call_exit, &event);
    }
}

EXPORTED void floor_event(enum mi_event_class class, const struct mi_event *event)
{
    switch (class) {
#define MI_EVENT_CLASS(name, fields)                   \
    case MI_CLASS_##name:                              \
        lttng_ust_tracepoint(mi, floor_##name, event); \
        break;
#include "mi_events.def"
    case MI_CLASS_COUNT:
        break;
    }
}
