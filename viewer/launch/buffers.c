/* SPDX-License-Identifier: MIT */
/* Chooses the sizes of the trace buffers by the shared memory that there is. */
#include "launch/buffers.h"

#include "launch/launch.h"
#include "launch/wait_page.h"

#include <inttypes.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define DEFAULT_SUBBUF_SIZE  (UINT64_C(1) << 20)
#define SMALLEST_SUBBUF_SIZE (UINT64_C(1) << 16)
#define DEFAULT_SUBBUF_COUNT 4
#define FIXED_COST           (UINT64_C(3) << 19) /* bytes, of metadata channel and daemon */
#define EXTRA_SUBBUFS        1                   /* LTTng-UST allocates one more than was asked for */

/* The size of a sub-buffer with which nothing else would fit any more. */
static uint64_t largest(uint64_t available, unsigned cpus, unsigned count)
{
    return available < FIXED_COST ? 0 : (available - FIXED_COST) / cpus / (count + EXTRA_SUBBUFS);
}

uint64_t launch_session_fit(uint64_t available, unsigned cpus, unsigned count)
{
    uint64_t usable = largest(available, cpus, count) / 2;
    uint64_t size = DEFAULT_SUBBUF_SIZE;
    while (size >= SMALLEST_SUBBUF_SIZE && size > usable)
        size /= 2;
    return size >= SMALLEST_SUBBUF_SIZE ? size : 0;
}

static bool is_power_of_two(uint64_t number)
{
    return number != 0 && (number & (number - 1)) == 0;
}

static uint64_t available_shared_memory(void)
{
    struct statvfs status;
    if (access(LAUNCH_SHM_DIRECTORY, W_OK | X_OK) != 0)
        return 0; /* LTTng would record nothing and say nothing */
    return statvfs(LAUNCH_SHM_DIRECTORY, &status) == 0 ? (uint64_t)status.f_bavail * status.f_frsize : 0;
}

bool launch_buffers_choose(struct launch_session *session, GError **error)
{
    unsigned cpus = (unsigned)sysconf(_SC_NPROCESSORS_CONF);
    uint64_t available = available_shared_memory();
    if (session->subbuf_count == 0)
        session->subbuf_count = DEFAULT_SUBBUF_COUNT;
    if (session->subbuf_size == 0)
        session->subbuf_size = launch_session_fit(available, cpus, session->subbuf_count);
    else if (session->subbuf_size > largest(available, cpus, session->subbuf_count))
        session->subbuf_size = 0;
    if (session->subbuf_size == 0) {
        g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD,
                    "the trace buffers of %u CPUs do not fit in " LAUNCH_SHM_DIRECTORY ", which has %" PRIu64
                    " MiB free: enlarge it, or choose smaller buffers",
                    cpus, available >> 20);
        return false;
    }
    if (!is_power_of_two(session->subbuf_size) || !is_power_of_two(session->subbuf_count) ||
        session->subbuf_size < (uint64_t)sysconf(_SC_PAGESIZE)) {
        g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD,
                    "size and number of sub-buffers must be powers of two, and the size at least %ld bytes",
                    sysconf(_SC_PAGESIZE));
        return false;
    }
    return true;
}
