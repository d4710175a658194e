/* SPDX-License-Identifier: MIT */
/* Makes a forked process one in which a library may crash, loop or print. */
#include "source/ctf_confine.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

/* Twenty times what any trace needs. */
#define MEMORY_MAX ((rlim_t)512 << 20)

/* Where the pipe is, behind the standard descriptors. */
#define PIPE_DESCRIPTOR (STDERR_FILENO + 1)

/* Bytes of memory of its own that this process has: the sixth number of statm, in pages. */
static rlim_t memory_in_use(void)
{
    g_autofree char *text = NULL;

    if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL)) {
        return 0;
    }
    g_auto(GStrv) numbers = g_strsplit(text, " ", -1);
    rlim_t pages = g_strv_length(numbers) > 5 ? g_ascii_strtoull(numbers[5], NULL, 10) : 0;
    return pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* A crash ends this process, whatever handlers the program has. */
static void forget_handlers(void)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGTRAP, SIGFPE, SIGILL, SIGPROF};

    for (size_t i = 0; i < G_N_ELEMENTS(crashes); i++) {
        signal(crashes[i], SIG_DFL);
    }
}

/* Libraries print, and what the other process has open is none of this one's business: held open here, pipes
 * would not end. */
static void leave_descriptors(struct wire_writer *writer)
{
    dup2(writer->descriptor, PIPE_DESCRIPTOR);
    writer->descriptor = PIPE_DESCRIPTOR;
    int null = open("/dev/null", O_RDWR);
    for (int standard = STDIN_FILENO; null >= 0 && standard <= STDERR_FILENO; standard++) {
        dup2(null, standard);
    }
    close_range(PIPE_DESCRIPTOR + 1, ~0u, 0);
}

static void limit_memory(void)
{
    struct rlimit limit = {0};

    getrlimit(RLIMIT_DATA, &limit);
    limit.rlim_cur = MIN(limit.rlim_max, memory_in_use() + MEMORY_MAX);
    setrlimit(RLIMIT_DATA, &limit);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
}

void ctf_confine(struct wire_writer *writer)
{
    forget_handlers();
    leave_descriptors(writer);
    limit_memory();
}

void ctf_confine_watch(unsigned seconds)
{
    setitimer(ITIMER_PROF, &(struct itimerval){.it_value.tv_sec = (time_t)seconds}, NULL);
}
