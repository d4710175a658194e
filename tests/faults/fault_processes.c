/* SPDX-License-Identifier: MIT */
/* The processes of a run: those that inherited its mark, whatever their names and parents are. */
#include "fault.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_of_run(const struct fault *fault, pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/environ", pid);
    g_autofree char *mark = g_strconcat("MITRACE_FAULT=", fault->folder, NULL);
    g_autofree char *environment = NULL;
    gsize length;

    return g_file_get_contents(path, &environment, &length, NULL) &&
           memmem(environment, length, mark, strlen(mark) + 1) != NULL;
}

/* A zombie waits for its parent, which may be init: it is nothing any more. */
static bool is_alive(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", pid);
    g_autofree char *text = NULL;
    const char *after_name;

    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        return false;
    }
    after_name = strrchr(text, ')');
    return after_name != NULL && strchr("ZX", after_name[2]) == NULL;
}

GArray *fault_processes(const struct fault *fault)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(pid_t));
    g_autoptr(GDir) processes = g_dir_open("/proc", 0, NULL);
    const char *name;

    while (processes != NULL && (name = g_dir_read_name(processes)) != NULL) {
        pid_t pid = (pid_t)strtol(name, NULL, 10);
        if (pid > 0 && pid != getpid() && pid != fault->mitrace && is_of_run(fault, pid) && is_alive(pid)) {
            g_array_append_val(found, pid);
        }
    }
    return found;
}

static bool is_named(pid_t pid, const char *name)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/comm", pid);
    g_autofree char *text = NULL;

    return g_file_get_contents(path, &text, NULL, NULL) && strcmp(g_strchomp(text), name) == 0;
}

static pid_t find(const struct fault *fault, const char *name)
{
    g_autoptr(GArray) processes = fault_processes(fault);

    for (guint i = 0; i < processes->len; i++) {
        pid_t pid = g_array_index(processes, pid_t, i);
        if (is_named(pid, name)) {
            return pid;
        }
    }
    return 0;
}

pid_t fault_process(const struct fault *fault, const char *name)
{
    pid_t pid = find(fault, name);

    while (pid == 0 && fault->mitrace > 0 && is_alive(fault->mitrace)) {
        g_usleep(1000);
        pid = find(fault, name);
    }
    return pid;
}

bool fault_await_end(const struct fault *fault, const char *name, double bound)
{
    gint64 deadline = g_get_monotonic_time() + (gint64)(bound * G_USEC_PER_SEC);

    while (find(fault, name) != 0) {
        if (g_get_monotonic_time() >= deadline) {
            return false;
        }
        g_usleep(200);
    }
    return true;
}
