/* SPDX-License-Identifier: MIT */
/* Starts children that read traces, and takes what they send. */
#include "source/ctf_child.h"

#include "source/ctf_confine.h"
#include "source/ctf_losses.h"
#include "source/ctf_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct child_stream {
    struct source_stream base;
    char *name;
    struct ctf_copy *copy;
    struct source_summary *summary;
    pid_t pid;
    char *crash;                /* why the child ended before its time; NULL: it has not */
    struct wire_writer *writer; /* the child's, in shared memory: what it holds outlives a crash */
    struct wire_reader reader;
};

static int wait_for_child(struct child_stream *stream)
{
    int status = 0;

    while (waitpid(stream->pid, &status, 0) < 0 && errno == EINTR) {
    }
    stream->pid = 0;
    return status;
}

/* The child closed the pipe too early: find out why. Records that it had ready when it crashed can still be
 * read; when it was killed, perhaps while it wrote them, it is not known which they are. */
static void inspect_crash(struct child_stream *stream)
{
    int status = wait_for_child(stream);
    bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;

    stream->crash = g_strdup_printf("the process that read it %s",
                                    killed ? "was killed" : "crashed: the trace is damaged");
    if (!killed) {
        wire_inherit(&stream->reader, stream->writer);
    }
}

static const struct wire_record *read_record(struct child_stream *stream)
{
    const struct wire_record *record = wire_read(&stream->reader);

    if (record == NULL && stream->pid > 0) {
        inspect_crash(stream);
        record = wire_read(&stream->reader);
    }
    return record;
}

static bool take_end(struct child_stream *stream, const struct wire_record *record)
{
    struct wire_counts counts;

    if (record->size == sizeof(counts)) {
        memcpy(&counts, record->data, sizeof(counts));
        stream->summary->lost += counts.lost;
        stream->summary->foreign += counts.foreign;
    }
    return false;
}

static const char *why(const struct child_stream *stream)
{
    return stream->crash != NULL ? stream->crash : "the trace is damaged";
}

static bool take_crash(struct child_stream *stream)
{
    source_problem(stream->summary, "%s: nothing after %" G_GINT64_FORMAT ".%09d could be read: %s",
                   stream->name, CTF_SECONDS(stream->base.event.time_ns), why(stream));
    return false;
}

static void take_problem(struct child_stream *stream, const struct wire_record *record)
{
    source_problem(stream->summary, "%.*s", (int)record->size, (const char *)record->data);
}

static bool next_from_child(struct source_stream *base, GError **error)
{
    struct child_stream *stream = (struct child_stream *)base;

    (void)error;
    for (;;) {
        const struct wire_record *record = read_record(stream);
        if (record != NULL && record->kind == WIRE_PROBLEM) {
            take_problem(stream, record);
        } else if (record != NULL && record->kind == WIRE_END) {
            return take_end(stream, record);
        } else if (record != NULL && record->kind == WIRE_EVENT && wire_unpack(record, &stream->base.event)) {
            return true;
        } else {
            return take_crash(stream);
        }
    }
}

/* The child ends by itself when nobody reads from the pipe. */
static void close_child(struct source_stream *base)
{
    struct child_stream *stream = (struct child_stream *)base;

    close(stream->reader.descriptor);
    if (stream->pid > 0) {
        wait_for_child(stream);
    }
    munmap(stream->writer, sizeof(*stream->writer));
    ctf_copy_unref(stream->copy);
    g_free(stream->crash);
    g_free(stream->name);
    g_free(stream);
}

_Noreturn static void be_child(const GPtrArray *parts, struct wire_writer *writer)
{
    ctf_confine(writer);
    ctf_reader_send(parts, writer, ctf_confine_watch);
    _exit(0);
}

static bool start_child(struct child_stream *stream, const GPtrArray *parts, GError **error)
{
    int ends[2] = {-1, -1};
    bool good = pipe2(ends, O_CLOEXEC) == 0;

    stream->reader.descriptor = ends[0];
    stream->writer->descriptor = ends[1];
    stream->pid = good ? fork() : -1;
    if (stream->pid == 0) {
        be_child(parts, stream->writer);
    }
    if (stream->pid < 0) {
        g_set_error(error, SOURCE_ERROR, 0, "cannot start a process to read %s: %s", stream->name,
                    g_strerror(errno));
    }
    if (good) {
        close(ends[1]);
    }
    return stream->pid > 0;
}

static struct wire_writer *map_writer(GError **error)
{
    void *memory =
        mmap(NULL, sizeof(struct wire_writer), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED) {
        g_set_error(error, SOURCE_ERROR, 0, "no memory to read traces with: %s", g_strerror(errno));
        return NULL;
    }
    return memory;
}

struct source_stream *ctf_child_new(const char *name, const GPtrArray *parts, struct ctf_copy *copy,
                                    struct source_summary *summary, GError **error)
{
    static const struct source_stream_ops ops = {next_from_child, close_child};
    struct wire_writer *writer = map_writer(error);

    if (writer == NULL) {
        return NULL;
    }
    struct child_stream *stream = g_new0(struct child_stream, 1);
    stream->base.ops = &ops;
    stream->name = g_strdup(name);
    stream->copy = ctf_copy_ref(copy);
    stream->summary = summary;
    stream->writer = writer;
    if (!start_child(stream, parts, error)) {
        close_child(&stream->base);
        return NULL;
    }
    return &stream->base;
}

bool ctf_child_open(struct source_stream *base)
{
    struct child_stream *stream = (struct child_stream *)base;
    const struct wire_record *record = read_record(stream);

    for (; record != NULL && record->kind == WIRE_PROBLEM; record = read_record(stream)) {
        take_problem(stream, record);
    }
    if (record == NULL || (record->kind != WIRE_READY && record->kind != WIRE_FAILED)) {
        source_problem(stream->summary, "%s cannot be read: %s", stream->name, why(stream));
    }
    return record != NULL && record->kind == WIRE_READY;
}
