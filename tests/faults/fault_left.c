/* SPDX-License-Identifier: MIT */
/* What a run leaves behind: processes, files, shared memory, mounts. */
#include "fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A killed launcher's remains are cleared away by another process, in its own time. */
enum { PATIENCE_MS = 10000, POLL_MS = 20 };

static const char *const shared_places[] = {"/dev/shm", "/run/lttng"};

/* A wait page belongs to all programs that LTTng traces: it is nobody's only when nobody has it open. */
static bool is_in_use(const char *path)
{
    int file = strstr(path, "/lttng-ust-wait-") == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
    bool free = file >= 0 && fcntl(file, F_SETLEASE, F_WRLCK) == 0;

    if (file >= 0) {
        close(file);
    }
    return file >= 0 && !free;
}

static bool counts(const char *path)
{
    struct stat status;

    return lstat(path, &status) == 0 && status.st_uid == getuid() && !is_in_use(path);
}

static void list(GHashTable *seen, const char *place)
{
    g_autoptr(GDir) directory = g_dir_open(place, 0, NULL);
    const char *name;

    while (directory != NULL && (name = g_dir_read_name(directory)) != NULL) {
        char *path = g_build_filename(place, name, NULL);
        if (counts(path)) {
            g_hash_table_add(seen, path);
        } else {
            g_free(path);
        }
    }
}

static void list_mounts(GHashTable *seen)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents("/proc/self/mountinfo", &text, NULL, NULL)) {
        return;
    }
    lines = g_strsplit(text, "\n", -1);
    for (size_t i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++) {
        g_hash_table_add(seen, g_strconcat("mount ", lines[i], NULL));
    }
}

static GHashTable *look(void)
{
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(shared_places); i++) {
        list(seen, shared_places[i]);
    }
    list_mounts(seen);
    return seen;
}

void fault_look(struct fault *fault)
{
    if (fault->before != NULL) {
        g_hash_table_unref(fault->before);
    }
    fault->before = look();
}

static void add_new(GString *left, const struct fault *fault)
{
    g_autoptr(GHashTable) now = look();
    GHashTableIter entries;
    gpointer path;

    g_hash_table_iter_init(&entries, now);
    while (g_hash_table_iter_next(&entries, &path, NULL)) {
        if (!g_hash_table_contains(fault->before, path)) {
            g_string_append_printf(left, "\n  %s", (const char *)path);
        }
    }
}

/* In directories of the run's own nothing may be. */
static void add_all_in(GString *left, const char *own, const char *title)
{
    g_autoptr(GDir) directory = g_dir_open(own, 0, NULL);
    const char *name;

    while (directory != NULL && (name = g_dir_read_name(directory)) != NULL) {
        g_string_append_printf(left, "\n  %s/%s", title, name);
    }
}

/* Other runs use these places too: a directory is ours if the library in it is that of our folder. */
static void add_ours_in(GString *left, const struct fault *fault, const char *place)
{
    g_autoptr(GDir) directory = g_dir_open(place, 0, NULL);
    const char *name;

    while (directory != NULL && (name = g_dir_read_name(directory)) != NULL) {
        g_autofree char *link = g_build_filename(place, name, "libmitrace.so", NULL);
        g_autofree char *library = g_str_has_prefix(name, "mitrace-") ? g_file_read_link(link, NULL) : NULL;
        if (library != NULL && g_str_has_prefix(library, fault->folder)) {
            g_string_append_printf(left, "\n  %s/%s", place, name);
        }
    }
}

static void add_temporary(GString *left, const struct fault *fault)
{
    static const char *const others[] = {"/tmp", "/var/tmp", "/dev/shm"};
    g_autofree char *home = g_build_filename(fault->folder, "home", NULL);

    add_all_in(left, fault->tmp, "TMPDIR");
    add_all_in(left, home, "HOME");
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        add_ours_in(left, fault, others[i]);
    }
}

/* The program may leave processes of its own. */
static bool may_stay(const struct fault *fault, pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/exe", pid);
    g_autofree char *program = g_file_read_link(path, NULL);

    return fault->own_program != NULL && g_strcmp0(program, fault->own_program) == 0;
}

static void add_processes(GString *left, const struct fault *fault)
{
    g_autoptr(GArray) processes = fault_processes(fault);

    for (guint i = 0; i < processes->len; i++) {
        pid_t pid = g_array_index(processes, pid_t, i);
        g_autofree char *path = g_strdup_printf("/proc/%d/comm", pid);
        g_autofree char *name = NULL;
        if (!may_stay(fault, pid) && g_file_get_contents(path, &name, NULL, NULL)) {
            g_string_append_printf(left, "\n  process %d %s", pid, g_strchomp(name));
        }
    }
}

static GString *find_left(const struct fault *fault)
{
    GString *left = g_string_new(NULL);

    add_processes(left, fault);
    add_temporary(left, fault);
    add_new(left, fault);
    return left;
}

void fault_assert_nothing_left(struct fault *fault)
{
    GString *left = find_left(fault);

    for (unsigned waited = 0; left->len > 0 && waited < PATIENCE_MS; waited += POLL_MS) {
        g_usleep(POLL_MS * 1000);
        g_string_free(left, TRUE);
        left = find_left(fault);
    }
    if (left->len > 0) {
        fail_msg("left behind:%s", left->str);
    }
    g_string_free(left, TRUE);
}
