/* SPDX-License-Identifier: MIT */
/* See undelivered.h. LTTng's index of a stream tells the times of its packets: a header, then a record of the
 * same length for each packet, big-endian. */
#include "launch/undelivered.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#define MAGIC   UINT32_C(0xC1F1DCC1)
#define SUFFIX  ".idx"
#define DEEPEST 8 /* DIRECTORY/ust/uid/UID/64-bit/index/STREAM.idx */

struct index_header {
    guint32 magic;
    guint32 major;
    guint32 minor;
    guint32 record_size;
};

struct index_record {
    guint64 offset;
    guint64 packet_size;
    guint64 content_size;
    guint64 timestamp_begin;
    guint64 timestamp_end;
};

struct search {
    uint64_t stopped_ns;
    uint64_t earliest_ns; /* end of a stream that is held up; 0: none is */
    char *stream;         /* its name; NULL: none */
};

/* When the last packet ends, 0: there is none. False: it is no index that we know. */
static bool read_end(const char *path, uint64_t *end)
{
    g_autofree char *bytes = NULL;
    struct index_header header;
    struct index_record last;
    gsize size, record_size;

    if (!g_file_get_contents(path, &bytes, &size, NULL) || size < sizeof header) {
        return false;
    }
    memcpy(&header, bytes, sizeof header);
    record_size = GUINT32_FROM_BE(header.record_size);
    if (GUINT32_FROM_BE(header.magic) != MAGIC || record_size < sizeof last ||
        (size - sizeof header) % record_size != 0) {
        return false;
    }
    *end = 0;
    if (size > sizeof header) {
        memcpy(&last, bytes + size - record_size, sizeof last);
        *end = GUINT64_FROM_BE(last.timestamp_end);
    }
    return true;
}

static void look_at_stream(struct search *search, const char *path)
{
    uint64_t end;

    if (!read_end(path, &end) || end >= search->stopped_ns ||
        (search->stream != NULL && end >= search->earliest_ns)) {
        return;
    }
    g_free(search->stream);
    search->stream = g_path_get_basename(path);
    search->stream[strlen(search->stream) - strlen(SUFFIX)] = '\0';
    search->earliest_ns = end;
}

static void look_into(struct search *search, const char *directory, unsigned depth)
{
    g_autoptr(GDir) entries = g_dir_open(directory, 0, NULL);
    const char *name;

    while (entries != NULL && (name = g_dir_read_name(entries)) != NULL) {
        g_autofree char *path = g_build_filename(directory, name, NULL);
        if (g_str_has_suffix(name, SUFFIX)) {
            look_at_stream(search, path);
        } else if (depth < DEEPEST && !g_file_test(path, G_FILE_TEST_IS_SYMLINK) &&
                   g_file_test(path, G_FILE_TEST_IS_DIR)) {
            look_into(search, path, depth + 1);
        }
    }
}

char *launch_undelivered_find(const char *directory, uint64_t stopped_ns)
{
    struct search search = {.stopped_ns = stopped_ns};
    g_autofree char *stream = NULL;

    if (g_getenv("LTTNG_UST_CLOCK_PLUGIN") != NULL) { /* its times are not ours */
        return NULL;
    }
    look_into(&search, directory, 0);
    stream = search.stream;
    if (stream == NULL) {
        return NULL;
    }
    if (search.earliest_ns == 0) {
        return g_strdup_printf("a process ended while it wrote an event, and nothing of stream %s could "
                               "be read",
                               stream);
    }
    return g_strdup_printf("a process ended while it wrote an event, and the last %.3f s of stream %s "
                           "cannot be read",
                           (double)(stopped_ns - search.earliest_ns) / 1e9, stream);
}
