/* SPDX-License-Identifier: MIT */
/* Reading callgrind's profiles: names are given once as "(7) name" and then as "(7)". */
#include "callgrind.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    GHashTable *objects; /* "(7)" -> file */
    const char *caller;  /* object of the function being read; the table's */
    const char *callee;  /* object of the next call */
    const char *library;
    long calls;
};

bool callgrind_is_here(void)
{
    g_autofree char *path = g_find_program_in_path("valgrind");

    return path != NULL;
}

static const char *object_of(struct reading *reading, const char *text)
{
    size_t length = strcspn(text, " ");
    g_autofree char *id = g_strndup(text, length);

    if (text[length] == ' ') {
        g_hash_table_replace(reading->objects, g_strdup(id), g_path_get_basename(text + length));
    }
    return g_hash_table_lookup(reading->objects, id);
}

static bool calls_for_the_program(const char *object)
{
    return object != NULL && !g_str_has_prefix(object, "ld-linux") && !g_str_has_prefix(object, "libc.so");
}

static void count(struct reading *reading, long calls)
{
    if (g_strcmp0(reading->callee, reading->library) == 0 &&
        g_strcmp0(reading->caller, reading->library) != 0 && calls_for_the_program(reading->caller)) {
        reading->calls += calls;
    }
    reading->callee = reading->caller; /* cob= holds for one call */
}

static void read_line(struct reading *reading, const char *line)
{
    if (g_str_has_prefix(line, "ob=")) {
        reading->caller = object_of(reading, line + 3);
        reading->callee = reading->caller;
    } else if (g_str_has_prefix(line, "cob=")) {
        reading->callee = object_of(reading, line + 4);
    } else if (g_str_has_prefix(line, "calls=")) {
        count(reading, strtol(line + 6, NULL, 10));
    }
}

long callgrind_calls_into(const char *path, const char *library)
{
    struct reading reading = {.library = library};
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        return -1;
    }
    reading.objects = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    lines = g_strsplit(text, "\n", -1);
    for (size_t i = 0; lines[i] != NULL; i++) {
        read_line(&reading, lines[i]);
    }
    g_hash_table_destroy(reading.objects);
    return reading.calls;
}
