/* SPDX-License-Identifier: MIT */
/* Keeps and searches the messages of LTTng's daemons. */
#include "launch/log.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

int launch_log_open(void)
{
    return memfd_create("mitrace-log", MFD_CLOEXEC);
}

/* All of it, however long; NULL: there is none. All writers share one offset, which is not ours to move. */
static GMappedFile *map(int log)
{
    return log < 0 ? NULL : g_mapped_file_new_from_fd(log, FALSE, NULL);
}

char *launch_log_last(int log)
{
    g_autoptr(GMappedFile) file = map(log);
    const char *text = file == NULL ? NULL : g_mapped_file_get_contents(file);
    gsize length = file == NULL ? 0 : g_mapped_file_get_length(file);
    const char *before;
    while (length > 0 && g_ascii_isspace(text[length - 1]))
        length--;
    if (length == 0)
        return g_strdup("it gave no reason");
    before = memrchr(text, '\n', length);
    return before == NULL ? g_strndup(text, length)
                          : g_strndup(before + 1, length - (gsize)(before + 1 - text));
}

/* lttng-consumerd 2.13: consumer.c, consumer-stream.c, ust-consumer.c. */
static bool tells_loss(const char *line)
{
    static const char *const messages[] = {"Error in write mmap", "Error consuming subbuffer",
                                           "Error writing to tracefile", "Failed to open stream file"};
    for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
        if (strstr(line, messages[i]) != NULL)
            return true;
    }
    return false;
}

/* "PERROR - TIME [PID/TID]: Error in write mmap (...): No space left on device (in FUNCTION() at FILE)"
 * without what only LTTng's authors need. */
static char *shorten(const char *line)
{
    const char *begin = strstr(line, "]: ");
    const char *end = strstr(line, " (in ");
    begin = begin == NULL ? line : begin + strlen("]: ");
    return end != NULL && end > begin ? g_strndup(begin, (gsize)(end - begin)) : g_strdup(begin);
}

char *launch_log_find_loss(int log)
{
    g_autoptr(GMappedFile) file = map(log);
    const char *text = file == NULL ? NULL : g_mapped_file_get_contents(file);
    gsize left = file == NULL ? 0 : g_mapped_file_get_length(file);
    while (left > 0) {
        const char *end = memchr(text, '\n', left);
        gsize length = end == NULL ? left : (gsize)(end - text);
        g_autofree char *line = g_strndup(text, length);
        if (tells_loss(line))
            return shorten(line);
        length += end != NULL;
        text += length;
        left -= length;
    }
    return NULL;
}
