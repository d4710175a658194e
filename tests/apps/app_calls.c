/* SPDX-License-Identifier: MIT */
/*
 * The program's own count of its MI calls, in the file that MITRACE_APP_CALLS names: a 64-bit number, mapped,
 * so that it outlives any death, and forked children count into the same.
 */
#include "mi_client.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static _Atomic uint64_t *calls; /* NULL: nobody wants to know */

/* Before anything of the program, which may change its user or close descriptors. */
__attribute__((constructor(101))) static void map_calls(void)
{
    const char *path = getenv("MITRACE_APP_CALLS");
    int descriptor = path != NULL ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    void *page = MAP_FAILED;

    if (descriptor >= 0 && ftruncate(descriptor, sizeof(*calls)) == 0) {
        page = mmap(NULL, sizeof(*calls), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    calls = page != MAP_FAILED ? page : NULL;
}

void app_count_call(void)
{
    if (calls != NULL) {
        atomic_fetch_add_explicit(calls, 1, memory_order_relaxed);
    }
}

unsigned long app_calls(void)
{
    return calls != NULL ? atomic_load(calls) : 0;
}
