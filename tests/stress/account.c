/* SPDX-License-Identifier: MIT */
/* See account.h. */
#include "account.h"

#include "mi_names.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST_THREADS = 1024 };

struct account {
    long tid;
    uint64_t sequence;
    unsigned long all_calls;
    unsigned long calls[MI_FN_COUNT], failed[MI_FN_COUNT], left[MI_FN_COUNT];
    unsigned long callbacks[MI_CB_COUNT];
    unsigned long made[MI_KIND_COUNT], closed[MI_KIND_COUNT];
};

static struct account *_Atomic accounts[MOST_THREADS];
static atomic_uint used;
static _Thread_local struct account *own;

static struct account *mine(void)
{
    if (own == NULL) {
        unsigned number = atomic_fetch_add(&used, 1);

        own = calloc(1, sizeof *own);
        if (own == NULL || number >= MOST_THREADS) {
            abort();
        }
        own->tid = syscall(SYS_gettid);
        atomic_store(&accounts[number], own);
    }
    return own;
}

void account_begin(enum mi_function function)
{
    struct account *account = mine();

    account->sequence = account_fold(account->sequence, function, -1);
    account->all_calls++;
    account->calls[function]++;
}

void account_end(enum mi_function function, MI_Result returned)
{
    struct account *account = mine();

    account->sequence = account_fold(account->sequence, function, (int64_t)returned);
    account->failed[function] += returned != MI_RESULT_OK;
}

void account_callback(enum mi_callback callback)
{
    mine()->callbacks[callback]++;
}

void account_made(enum mi_kind kind)
{
    mine()->made[kind]++;
}

void account_closed(enum mi_kind kind)
{
    mine()->closed[kind]++;
}

void account_left(enum mi_function creator)
{
    mine()->left[creator]++;
}

unsigned long account_calls(void)
{
    return mine()->all_calls;
}

static void add_up(struct account *sum)
{
    for (unsigned i = 0; i < atomic_load(&used); i++) {
        const struct account *account = atomic_load(&accounts[i]);

        sum->all_calls += account->all_calls;
        for (size_t f = 0; f < MI_FN_COUNT; f++) {
            sum->calls[f] += account->calls[f];
            sum->failed[f] += account->failed[f];
            sum->left[f] += account->left[f];
        }
        for (size_t c = 0; c < MI_CB_COUNT; c++) {
            sum->callbacks[c] += account->callbacks[c];
        }
        for (size_t k = 0; k < MI_KIND_COUNT; k++) {
            sum->made[k] += account->made[k];
            sum->closed[k] += account->closed[k];
        }
    }
}

static void write_functions(FILE *file, const struct account *sum)
{
    const char *comma = "";

    fputs("  \"functions\": [", file);
    for (size_t f = 0; f < MI_FN_COUNT; f++) {
        if (sum->calls[f] + sum->left[f] > 0) {
            fprintf(file, "%s\n    {\"function\": \"%s\", \"calls\": %lu, \"failed\": %lu, \"left\": %lu}",
                    comma, mi_functions[f].name, sum->calls[f], sum->failed[f], sum->left[f]);
            comma = ",";
        }
    }
    fputs("],\n", file);
}

static void write_callbacks(FILE *file, const struct account *sum)
{
    const char *comma = "";

    fputs("  \"callbacks\": [", file);
    for (size_t c = 0; c < MI_CB_COUNT; c++) {
        if (sum->callbacks[c] > 0) {
            fprintf(file, "%s\n    {\"callback\": \"%s\", \"calls\": %lu}", comma, mi_callbacks[c].word,
                    sum->callbacks[c]);
            comma = ",";
        }
    }
    fputs("],\n", file);
}

static void write_handles(FILE *file, const struct account *sum)
{
    const char *comma = "";

    fputs("  \"handles\": {", file);
    for (size_t k = 0; k < MI_KIND_COUNT; k++) {
        if (sum->made[k] > 0) {
            fprintf(file, "%s\n    \"%s\": {\"created\": %lu, \"closed\": %lu}", comma, mi_kinds[k].word,
                    sum->made[k], sum->closed[k]);
            comma = ",";
        }
    }
    fputs("},\n", file);
}

static void write_threads(FILE *file)
{
    fputs("  \"threads\": [", file);
    for (unsigned i = 0; i < atomic_load(&used); i++) {
        const struct account *account = atomic_load(&accounts[i]);

        fprintf(file, "%s\n    {\"tid\": %ld, \"calls\": %lu, \"sequence\": \"%" PRIx64 "\"}",
                i > 0 ? "," : "", account->tid, account->all_calls, account->sequence);
    }
    fputs("]\n", file);
}

bool account_write(const char *path)
{
    static struct account sum;
    FILE *file = fopen(path, "w");

    if (file == NULL) {
        return false;
    }
    add_up(&sum);
    fprintf(file, "{\n  \"calls\": %lu,\n", sum.all_calls);
    write_functions(file, &sum);
    write_callbacks(file, &sum);
    write_handles(file, &sum);
    write_threads(file);
    fputs("}\n", file);
    return fclose(file) == 0;
}
