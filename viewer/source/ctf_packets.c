/* SPDX-License-Identifier: MIT */
/* Walks stream files from packet header to packet header. */
#include "source/ctf_packets.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PACKET_MAGIC 0xC1FC1FC1u

_Static_assert(sizeof(struct ctf_packet_header) == 64, "as LTTng writes it");

static void free_file(void *data)
{
    struct ctf_file *file = data;
    g_free(file->name);
    g_free(file);
}

const char *ctf_packet_check(const struct ctf_packet_header *header, uint64_t left, uint64_t *size)
{
    if (header->magic != PACKET_MAGIC) {
        return "is damaged: no packet begins where one should";
    }
    *size = header->packet_bits / 8;
    if (header->packet_bits % 8 != 0 || *size < sizeof(*header) ||
        header->content_bits > header->packet_bits || header->content_bits < 8 * sizeof(*header)) {
        return "is damaged: impossible size of a packet";
    }
    /* A recording that is saved from memory after a crash does not know the end of its last packets. */
    if (header->timestamp_end != 0 && header->timestamp_begin > header->timestamp_end) {
        return "is damaged: a packet ends before it begins";
    }
    return *size > left ? "is cut inside a packet" : NULL;
}

/* Read and check the packet behind those that are known to be complete. */
static const char *check_next(int descriptor, const struct ctf_file *file, struct ctf_packet_header *header,
                              uint64_t *size)
{
    uint64_t begin = file->extent.whole, left = file->size - begin;

    if (left < sizeof(*header)) {
        return "is cut inside a packet";
    }
    if (pread(descriptor, header, sizeof(*header), (off_t)begin) != (ssize_t)sizeof(*header)) {
        return "cannot be read";
    }
    return ctf_packet_check(header, left, size);
}

/* Whether the file begins as a packet does, as far as it goes. */
static bool begins_packet(int descriptor, uint64_t size)
{
    const uint32_t magic = PACKET_MAGIC;
    uint32_t begin = 0;
    size_t length = MIN(size, sizeof(begin));
    return pread(descriptor, &begin, length, 0) == (ssize_t)length && memcmp(&begin, &magic, length) == 0;
}

static void extend(struct ctf_extent *extent, const struct ctf_packet_header *header, uint64_t size)
{
    if (extent->whole == 0) {
        extent->stream_id = header->stream_id;
        extent->stream_instance_id = header->stream_instance_id;
        extent->first_begin = header->timestamp_begin;
    }
    extent->last_begin = header->timestamp_begin;
    extent->whole += size;
}

static void walk(int descriptor, struct ctf_file *file)
{
    while (file->flaw == NULL && file->extent.whole < file->size) {
        struct ctf_packet_header header;
        uint64_t size = 0;
        file->flaw = check_next(descriptor, file, &header, &size);
        if (file->flaw == NULL) {
            extend(&file->extent, &header, size);
        }
    }
}

static void check_file(const char *path, struct ctf_file *file)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    struct stat status;

    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        file->flaw = errno == EACCES ? "cannot be read: permission denied" : "cannot be read";
    } else if (!S_ISREG(status.st_mode)) {
        file->flaw = "is no regular file";
    } else {
        file->size = (uint64_t)status.st_size;
        file->is_stream = begins_packet(descriptor, file->size);
        file->flaw = file->is_stream ? NULL : "is no stream of events";
        walk(descriptor, file);
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
}

static int by_name(const void *a, const void *b)
{
    const struct ctf_file *const *first = a;
    const struct ctf_file *const *second = b;
    return strcmp((*first)->name, (*second)->name);
}

/* Directories (index/) and hidden files hold no events. */
static bool may_be_stream(const char *path, const char *name)
{
    struct stat status;
    return strcmp(name, "metadata") != 0 && name[0] != '.' &&
           !(stat(path, &status) == 0 && S_ISDIR(status.st_mode));
}

static GPtrArray *list_files(const char *directory)
{
    GPtrArray *files = g_ptr_array_new_with_free_func(free_file);
    g_autoptr(GDir) entries = g_dir_open(directory, 0, NULL);

    for (const char *name = NULL; entries != NULL && (name = g_dir_read_name(entries)) != NULL;) {
        g_autofree char *path = g_build_filename(directory, name, NULL);
        if (may_be_stream(path, name)) {
            struct ctf_file *file = g_new0(struct ctf_file, 1);
            file->name = g_strdup(name);
            check_file(path, file);
            g_ptr_array_add(files, file);
        }
    }
    g_ptr_array_sort(files, by_name);
    return files;
}

GPtrArray *ctf_check_files(const char *directory, enum ctf_files_state *state)
{
    GPtrArray *files = list_files(directory);
    bool flawed = false, lttng = false;

    for (guint i = 0; i < files->len; i++) {
        const struct ctf_file *file = g_ptr_array_index(files, i);
        lttng = lttng || (file->is_stream && file->size > 0);
        flawed = flawed || file->flaw != NULL;
    }
    *state = !flawed ? CTF_FILES_WHOLE : lttng ? CTF_FILES_FLAWED : CTF_FILES_OTHER;
    return files;
}
