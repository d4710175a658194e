/* SPDX-License-Identifier: MIT */
/*
 * Calls of MI, timed: the same program runs bare, preloaded and recorded, and recording.sh compares.
 *
 * bench_calls calls|threads|creations|callbacks ROUNDS COUNT [FLOOR-LIBRARY]
 *     with the library (bench_floor.h), each round also runs the floor, beside the call
 * bench_calls once call|create|operate|enumerate COUNT
 *     does it COUNT times, for profilers and for the size of a trace
 */
#include "bench_client.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CREATIONS 10 /* a creation is measured with COUNT / CREATIONS */

static void *floor_library;

/* A work of the floor, NULL without it. */
static bench_work floor_work(const char *name)
{
    return floor_library != NULL ? (bench_work)dlsym(floor_library, name) : NULL;
}

static void measure_calls(struct client *client, unsigned rounds, unsigned count)
{
    bench_work floor = floor_work("floor_call");
    struct bench_item items[] = {
        {"floor", floor, NULL, count, NULL},
        {"call", client_call, client, count, floor != NULL ? "floor" : NULL},
    };

    bench_run(floor != NULL ? items : items + 1, floor != NULL ? 2 : 1, rounds);
}

/* Some work at some depth of the stack. */
struct deep {
    bench_work work;
    void *context;
    unsigned frames;
};

static void run_deep(void *context, unsigned count)
{
    struct deep *deep = context;

    bench_at_depth(deep->frames, deep->work, deep->context, count);
}

static void measure_creations(struct client *client, unsigned rounds, unsigned count)
{
    static const char *const names[] = {"create-0", "create-8", "create-16", "create-32"};
    static const char *const floor_names[] = {"create-floor-0", "create-floor-8", "create-floor-16",
                                              "create-floor-32"};
    static const unsigned depths[] = {0, 8, 16, 32};
    bench_work floor = floor_work("floor_create");

    for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
        struct deep made = {client_create, client, depths[i]}, base = {floor, NULL, depths[i]};
        struct bench_item items[] = {
            {floor_names[i], run_deep, &base, count / CREATIONS, NULL},
            {names[i], run_deep, &made, count / CREATIONS, floor != NULL ? floor_names[i] : NULL},
        };
        bench_run(floor != NULL ? items : items + 1, floor != NULL ? 2 : 1, rounds);
    }
}

static void measure_callbacks(struct client *client, unsigned rounds, unsigned count)
{
    bench_work floor = floor_work("floor_callback");
    double times[BENCH_MOST_ROUNDS], floors[BENCH_MOST_ROUNDS];

    (void)count;
    client_time_callback(client);
    for (unsigned i = 0; i < rounds; i++) {
        times[i] = client_time_callback(client);
        floors[i] = floor != NULL ? bench_once(floor, NULL, CLIENT_INSTANCES) : 0;
    }
    printf("callback %.2f\n", bench_median(times, rounds));
    if (floor != NULL) {
        printf("callback-floor %.2f\n", bench_median(floors, rounds));
    }
}

/* What two processors do for a program that shares nothing, and keeps a processor's units busy as calls do.
 */
static void compute(void *unused, unsigned count)
{
    unsigned long a = 1, b = 2, c = 3, d = count;

    (void)unused;
    for (unsigned long i = 0; i < 100ul * count; i++) {
        a ^= b + i;
        b += c;
        c ^= d + i;
        d -= i;
        __asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d));
    }
}

/* How many times as much two threads do as one: the lowest times of both, since on a shared machine the
 * others take a processor away now and then, and the scaling of the median round. */
static void print_scaling(const char *name, bench_work work, void *context, unsigned rounds, unsigned count)
{
    double one[BENCH_MOST_ROUNDS], both[BENCH_MOST_ROUNDS], scaling[BENCH_MOST_ROUNDS];

    for (unsigned i = 0; i < rounds; i++) {
        one[i] = bench_once(work, context, count);
        both[i] = bench_once_on_two_threads(work, context, count);
        scaling[i] = one[i] / both[i];
    }
    printf("threads-%s %.2f %.2f\n", name, bench_lowest(one, rounds) / bench_lowest(both, rounds),
           bench_median(scaling, rounds));
    fflush(stdout);
}

static void measure_threads(struct client *client, unsigned rounds, unsigned count)
{
    bench_work floor = floor_work("floor_call");

    print_scaling("loop", compute, NULL, rounds, count);
    print_scaling("call", client_call, client, rounds, count);
    print_scaling("create", client_create, client, rounds, count / CREATIONS);
    if (floor != NULL) {
        print_scaling("floor", floor, NULL, rounds, count);
    }
    print_scaling("loop-again", compute, NULL, rounds, count);
}

static int do_once(struct client *client, const char *name, unsigned count)
{
    static const struct {
        const char *name;
        bench_work work;
    } works[] = {{"call", client_call},
                 {"create", client_create},
                 {"operate", client_operate},
                 {"enumerate", client_enumerate}};

    for (size_t i = 0; i < sizeof(works) / sizeof(works[0]); i++) {
        if (strcmp(works[i].name, name) == 0) {
            printf("%s %.2f\n", name, bench_once(works[i].work, client, count));
            return 0;
        }
    }
    return 2;
}

static int measure(struct client *client, const char *what, unsigned rounds, unsigned count)
{
    static const struct {
        const char *name;
        void (*run)(struct client *client, unsigned rounds, unsigned count);
    } measures[] = {{"calls", measure_calls},
                    {"threads", measure_threads},
                    {"creations", measure_creations},
                    {"callbacks", measure_callbacks}};

    rounds = rounds < 1 ? 1 : rounds > BENCH_MOST_ROUNDS - 1 ? BENCH_MOST_ROUNDS - 1 : rounds;
    for (size_t i = 0; i < sizeof(measures) / sizeof(measures[0]); i++) {
        if (strcmp(measures[i].name, what) == 0) {
            measures[i].run(client, rounds, count);
            return 0;
        }
    }
    return 2;
}

int main(int argc, char **argv)
{
    struct client client;
    unsigned count;
    int status;

    if (argc < 4 || (argc > 4 && (floor_library = dlopen(argv[4], RTLD_NOW)) == NULL)) {
        fprintf(stderr, "usage: bench_calls calls|threads|creations|callbacks ROUNDS COUNT [FLOOR-LIBRARY]\n"
                        "       bench_calls once call|create|operate|enumerate COUNT\n");
        return 2;
    }
    count = (unsigned)strtoul(argv[3], NULL, 10);
    client_open(&client);
    status = strcmp(argv[1], "once") == 0
                 ? do_once(&client, argv[2], count)
                 : measure(&client, argv[1], (unsigned)strtoul(argv[2], NULL, 10), count);
    client_close(&client);
    return status;
}
