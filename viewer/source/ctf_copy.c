/* SPDX-License-Identifier: MIT */
/* Makes private copies of damaged traces. */
#include "source/ctf_copy.h"

#include "scratch.h"
#include "source/ctf_packets.h"
#include "source/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

struct ctf_copy {
    unsigned references;
    struct scratch *scratch;
    unsigned directories;
};

struct ctf_copy *ctf_copy_new(GError **error)
{
    struct scratch *scratch = scratch_create("a copy of the trace", "set TMPDIR", error);

    if (scratch == NULL) {
        return NULL;
    }
    struct ctf_copy *copy = g_new0(struct ctf_copy, 1);
    copy->references = 1;
    copy->scratch = scratch;
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
    if (copy != NULL && --copy->references == 0) {
        scratch_remove(copy->scratch);
        g_free(copy);
    }
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
    g_autofree char *target = g_strdup_printf("%s/%u", scratch_path(copy->scratch), copy->directories++);

    if (!add_all(directory, target, files, metadata)) {
        g_set_error(error, SOURCE_ERROR, 0, "cannot copy to %s: %s", target, g_strerror(errno));
        return NULL;
    }
    return g_steal_pointer(&target);
}
