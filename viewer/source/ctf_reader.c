/* SPDX-License-Identifier: MIT */
/* Reads parts of traces and writes their events to a pipe. */
#include "source/ctf_reader.h"

#include "source/ctf_stream.h"
#include "source/merge.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

/* Twenty times what any trace needs. */
#define MEMORY_MAX ((rlim_t)512 << 20)

/* Seconds of processor time after which it is clear that libbabeltrace2 loops: while it opens a trace, and
 * for a stretch of EVENTS_WATCHED events; between two of ours there may be a hundred million of others. */
#define OPENING_SECONDS 4
#define READING_SECONDS 300
#define EVENTS_WATCHED  65536u

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

/* This process ends by SIGPROF unless it comes here again in time. */
static void watch(time_t seconds)
{
    setitimer(ITIMER_PROF, &(struct itimerval){.it_value.tv_sec = seconds}, NULL);
}

/* Pass on the problems from `first` on. Returns how many there are. */
static guint send_problems(struct wire_writer *writer, const struct source_summary *summary, guint first)
{
    for (guint i = first; i < summary->problems->len; i++) {
        wire_write_text(writer, WIRE_PROBLEM, g_ptr_array_index(summary->problems, i));
    }
    return summary->problems->len;
}

static void send_events(struct wire_writer *writer, GPtrArray *streams)
{
    GError *unused = NULL; /* these streams report what they cannot read as problems */
    watch(READING_SECONDS);
    bool good = merge_start(streams, &unused);

    for (guint count = 1; good && streams->len > 0 && !writer->failed; count++) {
        if (count % EVENTS_WATCHED == 0) {
            watch(READING_SECONDS);
        }
        wire_write_event(writer, &merge_first(streams)->event);
        good = merge_advance(streams, &unused);
    }
    g_clear_error(&unused);
}

/* The streams of all parts that can be read; NULL when none can, which the last problem tells. */
static GPtrArray *open_parts(const GPtrArray *parts, struct source_summary *summary)
{
    struct ctf_plugins plugins = {NULL, NULL};
    g_autoptr(GPtrArray) streams = merge_new();
    g_autoptr(GError) missing = NULL;
    guint failed = 0;

    if (!ctf_plugins_find(&plugins, &missing)) {
        source_problem(summary, "%s", missing->message);
        failed = parts->len;
    }
    for (guint i = 0; missing == NULL && i < parts->len; i++) {
        const struct ctf_part *part = g_ptr_array_index(parts, i);
        g_autoptr(GError) failure = NULL;
        struct source_stream *stream = ctf_stream_new(part, &plugins, summary, &failure);
        if (stream != NULL) {
            g_ptr_array_add(streams, stream);
        } else if (failure != NULL) {
            source_problem(summary, "%s cannot be read: %s", part->name, failure->message);
            failed++;
        }
    }
    ctf_plugins_release(&plugins);
    return failed < parts->len ? g_steal_pointer(&streams) : NULL;
}

static void send_parts(struct wire_writer *writer, const GPtrArray *parts)
{
    struct source_summary summary = {.problems = g_ptr_array_new_with_free_func(g_free)};
    g_autoptr(GPtrArray) streams = open_parts(parts, &summary);
    guint sent = send_problems(writer, &summary, 0);

    wire_write(writer, streams != NULL ? WIRE_READY : WIRE_FAILED, NULL, 0);
    wire_flush(writer);
    if (streams != NULL) {
        send_events(writer, streams);
        send_problems(writer, &summary, sent);
        struct wire_counts counts = {summary.lost, summary.foreign};
        wire_write(writer, WIRE_END, &counts, sizeof(counts));
        wire_flush(writer);
    }
    source_summary_clear(&summary);
}

_Noreturn void ctf_reader_run(const GPtrArray *parts, struct wire_writer *writer)
{
    forget_handlers();
    leave_descriptors(writer);
    limit_memory();
    watch(OPENING_SECONDS);
    send_parts(writer, parts);
    _exit(0);
}
