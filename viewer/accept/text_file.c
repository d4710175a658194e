/* SPDX-License-Identifier: MIT */
/* Reads text files with a limit: a device or a mistaken name must not fill the memory. */
#include "accept/text_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

G_DEFINE_QUARK(mitrace - accept, accept_error)

/* Read all of `file`, at most one byte more than may be. Returns errno, 0 when it went well. */
static int read_all(FILE *file, GString *text)
{
    char buffer[8192];
    size_t got;

    while (text->len <= ACCEPT_FILE_MAX && (got = fread(buffer, 1, sizeof(buffer), file)) > 0) {
        g_string_append_len(text, buffer, (gssize)got);
    }
    return ferror(file) ? errno : 0;
}

static int read_path(const char *path, GString *text)
{
    FILE *file = fopen(path, "re");
    int number = file == NULL ? errno : read_all(file, text);

    if (file != NULL) {
        fclose(file);
    }
    return number;
}

char *accept_read_text(const char *path, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    int number = read_path(path, text);

    if (number != 0) {
        g_set_error(error, accept_error_quark(), 0, "cannot read %s: %s", path, g_strerror(number));
    } else if (text->len > ACCEPT_FILE_MAX) {
        g_set_error(error, accept_error_quark(), 0, "%s is longer than %u MiB", path, ACCEPT_FILE_MAX >> 20);
    } else if (memchr(text->str, '\0', text->len) != NULL) {
        g_set_error(error, accept_error_quark(), 0, "%s is no text: it holds a NUL byte", path);
    } else {
        return g_string_free(g_steal_pointer(&text), FALSE);
    }
    return NULL;
}
