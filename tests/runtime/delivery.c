/* SPDX-License-Identifier: MIT */
/* See delivery.h. In a forked child the count of users is inherited and the thread is not, as in OMI. */
#include "delivery.h"

#include "state.h"

#include <pthread.h>
#include <stddef.h>

static pthread_t thread;
static unsigned users;
static uintptr_t running;           /* number of the thread that is to go on, 0: none */
static struct delivery_task *queue; /* by time, then in the order of posting */

/* The first task if it is due; else waits for it, or for one to come. NULL when the thread is to end. */
static struct delivery_task *next_task(uintptr_t number)
{
    while (running == number) {
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

static void *deliver(void *number)
{
    struct delivery_task *task;

    state_lock();
    while ((task = next_task((uintptr_t)number)) != NULL) {
        state_unlock();
        task->run(task);
        state_lock();
    }
    state_unlock();
    return NULL;
}

/* The first user may come while the last one still waits for the thread before. */
MI_Result delivery_start(void)
{
    static uintptr_t made;
    MI_Result result = MI_RESULT_OK;

    state_lock();
    if (users++ == 0) {
        running = ++made;
        if (pthread_create(&thread, NULL, deliver, (void *)running) != 0) {
            users--;
            result = MI_RESULT_FAILED;
        }
    }
    state_unlock();
    return result;
}

void delivery_stop(void)
{
    pthread_t ends;
    bool last;

    state_lock();
    ends = thread;
    last = --users == 0;
    if (last) {
        running = 0;
        state_changed();
    }
    state_unlock();
    if (last) {
        pthread_join(ends, NULL);
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
