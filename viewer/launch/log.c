/* SPDX-License-Identifier: MIT */
/* Keeps and searches the messages of LTTng's daemons. */
#include "launch/log.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LONGEST (1 << 20)

int launch_log_open(void)
{
    return memfd_create("mitrace-log", MFD_CLOEXEC);
}

/* All writers share one offset, which is not ours to move. */
static char **read_lines(int log)
{
    g_autofree char *text = g_malloc(LONGEST + 1);
    ssize_t length = log < 0 ? 0 : pread(log, text, LONGEST, 0);
    text[MAX(length, 0)] = '\0';
    return g_strsplit(g_strchomp(text), "\n", -1);
}

char *launch_log_last(int log)
{
    g_auto(GStrv) lines = read_lines(log);
    guint count = g_strv_length(lines);
    if (count == 0 || *lines[count - 1] == '\0')
        return g_strdup("it gave no reason");
    return g_strdup(lines[count - 1]);
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
    g_auto(GStrv) lines = read_lines(log);
    for (char **line = lines; *line != NULL; line++) {
        if (tells_loss(*line))
            return shorten(*line);
    }
    return NULL;
}
