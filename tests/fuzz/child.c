/* SPDX-License-Identifier: MIT */
/* Memory that both processes share, and crash handlers that look whose code is at fault. */
#include "child.h"

#include "source/ctf_confine.h"
#include "source/ctf_reader.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <sanitizer/asan_interface.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FRAMES_MAX = 64 };

/* libFuzzer's counters of what was reached, and the places that they stand for. */
extern uint8_t __start___sancov_cntrs[], __stop___sancov_cntrs[];
struct place {
    uintptr_t address, flags;
};
extern const struct place __start___sancov_pcs[], __stop___sancov_pcs[];

void __real_ctf_confine(struct wire_writer *writer);
void __wrap_ctf_confine(struct wire_writer *writer);
void __real_ctf_reader_send(const GPtrArray *parts, struct wire_writer *writer, ctf_watch watch);
void __wrap_ctf_reader_send(const GPtrArray *parts, struct wire_writer *writer, ctf_watch watch);
void __ubsan_on_report(void);
void __ubsan_get_current_report_data(const char **kind, const char **message, const char **file,
                                     unsigned *line, unsigned *column, char **memory);

static struct {
    char crash[1024]; /* of our code; empty: there was none */
    void *frames[FRAMES_MAX];
    int frame_count;
    uint8_t counters[];
} * shared;
static pid_t parent;
static uintptr_t ours_begin, ours_end;

static size_t counter_count(void)
{
    return (size_t)(__stop___sancov_cntrs - __start___sancov_cntrs);
}

static bool is_ours(const void *address)
{
    return (uintptr_t)address >= ours_begin && (uintptr_t)address < ours_end;
}

static bool is_theirs(const void *address)
{
    Dl_info info;

    return dladdr(address, &info) != 0 && info.dli_fname != NULL &&
           strstr(info.dli_fname, "babeltrace") != NULL;
}

/* Who called what crashed: libc, GLib and the sanitizers are nobody's. The handler was called at `from`. */
static bool is_our_fault(const void *from)
{
    bool behind = false, ours = false;

    shared->frame_count = backtrace(shared->frames, FRAMES_MAX);
    for (int i = 0; !ours && i < shared->frame_count && !is_theirs(shared->frames[i]); i++) {
        behind = behind || shared->frames[i] == from;
        ours = behind && is_ours(shared->frames[i]);
    }
    return ours;
}

_Noreturn static void end(const char *crash)
{
    if (crash != NULL) {
        g_strlcpy(shared->crash, crash, sizeof(shared->crash));
    }
    memcpy(shared->counters, __start___sancov_cntrs, counter_count());
    _exit(1);
}

static void on_signal(int number)
{
    char line[64];

    g_snprintf(line, sizeof(line), "killed by signal %d", number);
    end(is_our_fault(__builtin_return_address(0)) ? line : NULL);
}

static void on_asan_report(const char *report)
{
    if (getpid() != parent) {
        end(is_our_fault(__builtin_return_address(0)) ? report : NULL);
    }
}

/* Only our code has these checks. */
void __ubsan_on_report(void)
{
    const char *kind, *message, *file;
    char text[1024], *memory;
    unsigned line, column;

    if (shared != NULL && getpid() != parent) {
        __ubsan_get_current_report_data(&kind, &message, &file, &line, &column, &memory);
        g_snprintf(text, sizeof(text), "%s:%u:%u: %s: %s", file, line, column, kind, message);
        is_our_fault(__builtin_return_address(0));
        end(text);
    }
}

void __wrap_ctf_confine(struct wire_writer *writer)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGTRAP, SIGFPE, SIGILL};

    __real_ctf_confine(writer);
    for (size_t i = 0; i < G_N_ELEMENTS(crashes); i++) {
        sigaction(crashes[i], &(struct sigaction){.sa_handler = on_signal, .sa_flags = SA_ONSTACK}, NULL);
    }
}

void __wrap_ctf_reader_send(const GPtrArray *parts, struct wire_writer *writer, ctf_watch watch)
{
    __real_ctf_reader_send(parts, writer, watch);
    memcpy(shared->counters, __start___sancov_cntrs, counter_count());
}

void child_prepare(void)
{
    void *frame;

    shared = mmap(NULL, sizeof(*shared) + counter_count(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                  -1, 0);
    if (shared == MAP_FAILED) {
        abort();
    }
    parent = getpid();
    ours_begin = UINTPTR_MAX;
    for (const struct place *place = __start___sancov_pcs; place < __stop___sancov_pcs; place++) {
        ours_begin = MIN(ours_begin, place->address);
        ours_end = MAX(ours_end, place->address + 1);
    }
    backtrace(&frame, 1); /* loads what it needs here, not in a process without memory */
    __asan_set_error_report_callback(on_asan_report);
}

/* The library's plugins are loaded in that process only: their frames have no names here. */
static void print_crash(void)
{
    char line[1024];

    fprintf(stderr, "fuzz: the reading process crashed in our code: %s\n", shared->crash);
    for (int i = 0; i < shared->frame_count; i++) {
        __sanitizer_symbolize_pc((char *)shared->frames[i] - 1, "%p %f %L", line, sizeof(line));
        fprintf(stderr, "    %s\n", line);
    }
}

void child_check(void)
{
    for (size_t i = 0; i < counter_count(); i++) {
        __start___sancov_cntrs[i] = MAX(__start___sancov_cntrs[i], shared->counters[i]);
        shared->counters[i] = 0;
    }
    if (shared->crash[0] != '\0') {
        print_crash();
        abort();
    }
}
