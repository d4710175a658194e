/* SPDX-License-Identifier: MIT */
/* Makes private copies of damaged traces, and has them removed by a process that outlives this one. */
#include "source/ctf_copy.h"

#include "source/ctf_packets.h"
#include "source/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct ctf_copy {
    unsigned references;
    char *root;
    unsigned directories;
    pid_t guard;
    int lifeline; /* while this end of a pipe is open, the guard waits */
};

static void remove_tree(char *root)
{
    char *roots[] = {root, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);

    if (tree == NULL) {
        return;
    }
    for (FTSENT *entry = fts_read(tree); entry != NULL; entry = fts_read(tree)) {
        if (entry->fts_info == FTS_DP) {
            rmdir(entry->fts_accpath);
        } else if (entry->fts_info != FTS_D) {
            unlink(entry->fts_accpath);
        }
    }
    fts_close(tree);
}

/* In the guard. It keeps no other file of this process open and does not hear the terminal's signals. */
_Noreturn static void guard(char *root, int lifeline)
{
    static const int ignored[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE};
    char byte;

    setsid();
    for (size_t i = 0; i < G_N_ELEMENTS(ignored); i++) {
        signal(ignored[i], SIG_IGN);
    }
    dup2(lifeline, STDIN_FILENO);
    close_range(STDIN_FILENO + 1, ~0u, 0);
    while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR) {
    }
    remove_tree(root);
    _exit(0);
}

static bool start_guard(struct ctf_copy *copy)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0) {
        return false;
    }
    copy->guard = fork();
    if (copy->guard == 0) {
        guard(copy->root, ends[0]);
    }
    close(ends[0]);
    copy->lifeline = ends[1];
    return copy->guard > 0;
}

struct ctf_copy *ctf_copy_new(GError **error)
{
    char *root = g_build_filename(g_get_tmp_dir(), "mitrace-XXXXXX", NULL);

    if (mkdtemp(root) == NULL) {
        g_set_error(error, SOURCE_ERROR, 0, "no temporary directory can be made in %s: %s (set TMPDIR)",
                    g_get_tmp_dir(), g_strerror(errno));
        g_free(root);
        return NULL;
    }
    struct ctf_copy *copy = g_new0(struct ctf_copy, 1);
    copy->references = 1;
    copy->root = root;
    copy->lifeline = -1;
    if (!start_guard(copy)) {
        g_set_error(error, SOURCE_ERROR, 0, "cannot start a process: %s", g_strerror(errno));
        ctf_copy_unref(copy);
        return NULL;
    }
    return copy;
}

struct ctf_copy *ctf_copy_ref(struct ctf_copy *copy)
{
    if (copy != NULL) {
        copy->references++;
    }
    return copy;
}

void ctf_copy_unref(struct ctf_copy *copy)
{
    if (copy == NULL || --copy->references > 0) {
        return;
    }
    if (copy->lifeline >= 0) {
        close(copy->lifeline);
    }
    if (copy->guard > 0) {
        while (waitpid(copy->guard, NULL, 0) < 0 && errno == EINTR) {
        }
    } else {
        remove_tree(copy->root);
    }
    g_free(copy->root);
    g_free(copy);
}

static bool copy_bytes(int from, int to, uint64_t count)
{
    char buffer[65536];

    while (count > 0) {
        ssize_t got = read(from, buffer, MIN(count, sizeof(buffer)));
        if (got <= 0 || write(to, buffer, (size_t)got) != got) {
            errno = got == 0 ? EIO : errno;
            return false;
        }
        count -= (uint64_t)got;
    }
    return true;
}

static bool copy_part(const char *from, const char *to, uint64_t count)
{
    int source = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = source >= 0 && target >= 0 && copy_bytes(source, target, count);
    int reason = errno;

    if (source >= 0) {
        close(source);
    }
    if (target >= 0) {
        close(target);
    }
    errno = reason;
    return good;
}

static bool add_file(const char *directory, const char *target, const struct ctf_file *file)
{
    g_autofree char *from = g_build_filename(directory, file->name, NULL);
    g_autofree char *to = g_build_filename(target, file->name, NULL);

    if (!file->is_stream || file->extent.whole == 0) {
        return true;
    }
    if (file->flaw == NULL) {
        return symlink(from, to) == 0;
    }
    return copy_part(from, to, file->extent.whole);
}

static bool add_metadata(const char *directory, const char *target, const char *metadata)
{
    g_autofree char *from = g_build_filename(directory, "metadata", NULL);
    g_autofree char *to = g_build_filename(target, "metadata", NULL);

    if (metadata != NULL) {
        return g_file_set_contents(to, metadata, -1, NULL);
    }
    return symlink(from, to) == 0;
}

static bool add_all(const char *directory, const char *target, const GPtrArray *files, const char *metadata)
{
    bool good = mkdir(target, 0700) == 0 && add_metadata(directory, target, metadata);

    for (guint i = 0; good && i < files->len; i++) {
        good = add_file(directory, target, g_ptr_array_index(files, i));
    }
    return good;
}

char *ctf_copy_add(struct ctf_copy *copy, const char *directory, const GPtrArray *files, const char *metadata,
                   GError **error)
{
    g_autofree char *target = g_strdup_printf("%s/%u", copy->root, copy->directories++);

    if (!add_all(directory, target, files, metadata)) {
        g_set_error(error, SOURCE_ERROR, 0, "cannot copy to %s: %s", copy->root, g_strerror(errno));
        return NULL;
    }
    return g_steal_pointer(&target);
}
