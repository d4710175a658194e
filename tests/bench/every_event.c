/* SPDX-License-Identifier: MIT */
/*
 * Records every event of the provider several times with contents of many sizes, and each time, right after
 * it, the same contents by LTTng's own macros: packed.sh compares. Prints how many pairs it made. every_event
 * FLOOR-LIBRARY
 */
#include "bench_floor.h"
#include "mi_provider.h"

#include <dlfcn.h>
#include <stdio.h>

#define LENGTHS 6
#define TIMES   12

static uint64_t next_random(void)
{
    static uint64_t state = 88172645463325252u;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Ends of the range first, then whatever. */
static uint32_t length_of(unsigned time, uint32_t most)
{
    const uint32_t lengths[LENGTHS] = {0, 1, most / 16, most / 3, most - 1, most};

    return time < LENGTHS ? lengths[(time + next_random() % 2) % LENGTHS]
                          : (uint32_t)next_random() % (most / 2);
}

static void fill(struct mi_event *event, unsigned time)
{
    static char text[MI_TEXT_MAX];
    static uint64_t stack[MI_STACK_MAX];

    for (size_t i = 0; i < sizeof(text); i++) {
        text[i] = (char)('a' + next_random() % 26);
    }
    for (size_t i = 0; i < MI_STACK_MAX; i++) {
        stack[i] = next_random();
    }
#define MI_FIELD_FILL_U8(name)  event->name = (uint8_t)next_random();
#define MI_FIELD_FILL_U32(name) event->name = (uint32_t)next_random();
#define MI_FIELD_FILL_I32(name) event->name = (int32_t)next_random();
#define MI_FIELD_FILL_HEX(name) event->name = next_random();
#define MI_FIELD_FILL_TEXT(name) \
    event->name = text;          \
    event->name##_len = length_of(time, MI_TEXT_MAX);
#define MI_FIELD_FILL_STACK(name) \
    event->name = stack;          \
    event->name##_len = length_of(time, MI_STACK_MAX);
#define MI_FIELD_FILL_BYTES(name)        \
    event->name = (const uint8_t *)text; \
    event->name##_len = length_of(time, 64);
#define MI_FIELD(type, name) MI_FIELD_FILL_##type(name)
#include "mi_fields.def"
}

static void record_all(void (*floor)(enum mi_event_class class, const struct mi_event *event), unsigned time,
                       unsigned *pairs)
{
    struct mi_event event;

#define PAIR(name, class)                   \
    fill(&event, time);                     \
    lttng_ust_tracepoint(mi, name, &event); \
    floor(MI_CLASS_##class, &event);        \
    ++*pairs;
#define MI_EVENT(event, class, level) PAIR(event, class)
#include "mi_events.def"
#define MI_EXPORT(...) MI_SLOT(__VA_ARGS__)
#define MI_SLOT(object, Object, index, slot, Slot, returns, entry, exit, ...) \
    PAIR(object##_##slot##_entry, entry)                                      \
    PAIR(object##_##slot##_exit, exit)
#define MI_RESPONSE(response, title, entry, exit, ...) \
    PAIR(response##_entry, entry)                      \
    PAIR(response##_exit, exit)
#define MI_CALLBACK(callback, ...)                  \
    PAIR(callback##_callback_entry, callback_entry) \
    PAIR(callback##_callback_exit, callback_exit)
#include "mi_api.def"
}

int main(int argc, char **argv)
{
    void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW) : NULL;
    void (*floor)(enum mi_event_class class, const struct mi_event *event);
    unsigned pairs = 0;

    if (library == NULL) {
        fprintf(stderr, "usage: every_event FLOOR-LIBRARY\n");
        return 2;
    }
    floor = (void (*)(enum mi_event_class, const struct mi_event *))dlsym(library, "floor_event");
    for (unsigned time = 0; time < TIMES; time++) {
        record_all(floor, time, &pairs);
    }
    printf("%u\n", pairs);
    return 0;
}
