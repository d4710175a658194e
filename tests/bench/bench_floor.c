/* SPDX-License-Identifier: MIT */
/*
 * What cannot be undercut: the bare LTTng tracepoints that a recorded call makes, with the same payload, and
 * the bare unwinder. bench_floor ROUNDS COUNT; the lines are named as those of bench_calls.
 */
#include "bench.h"
#include "mi_provider.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void call(void *context, unsigned count)
{
    struct mi_event event = {.pid = 1, .tid = 2, .handle = 3};

    (void)context;
    for (unsigned i = 0; i < count; i++) {
        event.call = i;
        lttng_ust_tracepoint(mi, instance_get_element_count_entry, &event);
        lttng_ust_tracepoint(mi, instance_get_element_count_exit, &event);
    }
}

struct worker {
    unsigned count;
};

static void *run_worker(void *argument)
{
    call(NULL, ((struct worker *)argument)->count);
    return NULL;
}

static void call_twice(void *context, unsigned count)
{
    struct worker worker = {count / 2};
    pthread_t threads[2];

    (void)context;
    for (size_t i = 0; i < 2; i++) {
        pthread_create(&threads[i], NULL, run_worker, &worker);
    }
    for (size_t i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
}

/* NewInstance and Delete: four events, two of them with a stack. */
static void create(void *context, unsigned count)
{
    static const uint64_t stack[MI_STACK_MAX];
    struct mi_event event = {.namespace = "",
                             .name = "Bench_Thing",
                             .name_len = 11,
                             .detail = "",
                             .stack = stack,
                             .stack_len = *(unsigned *)context};

    for (unsigned i = 0; i < count; i++) {
        event.call = i;
        lttng_ust_tracepoint(mi, application_new_instance_entry, &event);
        lttng_ust_tracepoint(mi, application_new_instance_exit, &event);
        lttng_ust_tracepoint(mi, instance_delete_entry, &event);
        lttng_ust_tracepoint(mi, instance_delete_exit, &event);
    }
}

static int (*unwind)(void **buffer, int size);

static void unwind_twice(void *context, unsigned count)
{
    void *buffer[MI_STACK_MAX];

    (void)context;
    for (unsigned i = 0; i < count; i++) {
        unwind(buffer, MI_STACK_MAX);
        unwind(buffer, MI_STACK_MAX);
    }
}

static void unwind_deep(void *context, unsigned count)
{
    bench_at_depth(*(unsigned *)context, unwind_twice, NULL, count);
}

int main(int argc, char **argv)
{
    static unsigned depths[] = {0, 8, 16, 32};
    void *library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);
    unsigned rounds, count;

    if (argc != 3 || library == NULL) {
        fprintf(stderr, "usage: bench_floor ROUNDS COUNT\n");
        return 2;
    }
    unwind = (int (*)(void **, int))dlsym(library, "unw_backtrace");
    rounds = (unsigned)strtoul(argv[1], NULL, 10);
    count = (unsigned)strtoul(argv[2], NULL, 10);
    bench_run("call", rounds, count, call, NULL);
    bench_run("call-2-threads", rounds, count, call_twice, NULL);
    for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
        char name[40];
        snprintf(name, sizeof(name), "create-%u-frames", depths[i]);
        bench_run(name, rounds, count / 10, create, &depths[i]);
        snprintf(name, sizeof(name), "unwind-%u-frames", depths[i]);
        bench_run(name, rounds, count / 10, unwind_deep, &depths[i]);
    }
    return 0;
}
