/* SPDX-License-Identifier: MIT */
/* The MI client of bench_calls: what it can do, as works for bench_run. All of them print and exit when MI
 * fails. */
#ifndef MITRACE_BENCH_CLIENT_H
#define MITRACE_BENCH_CLIENT_H

#include "bench.h"
#include "mi_client.h"

#include <semaphore.h>

#define CLIENT_INSTANCES 1000 /* results of an enumeration */

struct client {
    MI_Application application;
    MI_Session session;
    MI_Instance *instance;
    sem_t finished;
    uint64_t first, last; /* when the first callback of an enumeration came, and the last */
    unsigned results;
};

void client_open(struct client *client);
void client_close(struct client *client);

/* `context` is a struct client. */
void client_call(void *context, unsigned count);    /* MI_Instance_GetElementCount */
void client_create(void *context, unsigned count);  /* NewInstance and Delete */
void client_operate(void *context, unsigned count); /* a synchronous operation of one result: 4 calls */

/* An asynchronous enumeration of CLIENT_INSTANCES results. */
void client_enumerate(void *context, unsigned count);

/*
 * Nanoseconds of one callback in an enumeration, from the first callback to the last: the start and the
 * hand-over to the delivery thread are left out.
 */
double client_time_callback(struct client *client);

#endif
