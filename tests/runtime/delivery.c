/* SPDX-License-Identifier: MIT */
/* See delivery.h. In a forked child the count of users is inherited and the thread is not, as in OMI. */
#include "delivery.h"

#include "state.h"

#include <pthread.h>
#include <stddef.h>

static pthread_t thread;
static unsigned users;
static bool stopping;
static struct delivery_task *queue; /* by time, then in the order of posting */

/* The first task if it is due; else waits for it, or for one to come. NULL when the thread is to end. */
static struct delivery_task *next_task(void)
{
    while (!stopping) {
        struct delivery_task *task = queue;

        if (task == NULL) {
            state_wait();
        } else if (task->due > state_now()) {
            state_wait_until(task->due);
        } else {
            queue = task->next;
            task->queued = false;
            return task;
        }
    }
    return NULL;
}

static void *deliver(void *unused)
{
    struct delivery_task *task;

    state_lock();
    while ((task = next_task()) != NULL) {
        state_unlock();
        task->run(task);
        state_lock();
    }
    state_unlock();
    return unused;
}

MI_Result delivery_start(void)
{
    bool first;

    state_lock();
    first = users++ == 0;
    if (first) {
        stopping = false;
    }
    state_unlock();
    if (!first) {
        return MI_RESULT_OK;
    }
    if (pthread_create(&thread, NULL, deliver, NULL) != 0) {
        state_lock();
        users--;
        state_unlock();
        return MI_RESULT_FAILED;
    }
    return MI_RESULT_OK;
}

void delivery_stop(void)
{
    bool last;

    state_lock();
    last = --users == 0;
    if (last) {
        stopping = true;
        state_changed();
    }
    state_unlock();
    if (last) {
        pthread_join(thread, NULL);
    }
}

static void unlink_task(const struct delivery_task *task)
{
    struct delivery_task **link = &queue;

    while (*link != task) {
        link = &(*link)->next;
    }
    *link = task->next;
}

void delivery_withdraw(struct delivery_task *task)
{
    if (task->queued) {
        unlink_task(task);
        task->queued = false;
    }
}

void delivery_post(struct delivery_task *task, int64_t due)
{
    struct delivery_task **link = &queue;

    if (task->queued) {
        if (task->due <= due) {
            return;
        }
        unlink_task(task);
    }
    task->due = due;
    task->queued = true;
    while (*link != NULL && (*link)->due <= due) {
        link = &(*link)->next;
    }
    task->next = *link;
    *link = task;
    state_changed();
}
