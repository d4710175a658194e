/* SPDX-License-Identifier: MIT */
/* Cleans, demangles and normalises names that come from foreign files. */
#include "symbols/names.h"

#include "symbols/demangle.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A name from a hostile file must not speak to the reader's terminal. */
static void mask_control_characters(char *text)
{
    while (*text != '\0') {
        char *next = g_utf8_next_char(text);
        if (g_unichar_iscntrl(g_utf8_get_char(text)))
            memset(text, '?', (size_t)(next - text));
        text = next;
    }
}

const char *symbols_name_text(GStringChunk *strings, const char *text)
{
    g_autofree char *clean = NULL;
    if (text == NULL)
        return NULL;
    clean = g_utf8_make_valid(text, -1);
    mask_control_characters(clean);
    return g_string_chunk_insert_const(strings, clean);
}

/* Leaves out the symbol version, and of C++ names what the compiler adds to its clones, as in "_Z1fv.cold".
 */
static size_t name_length(const char *symbol)
{
    return strcspn(symbol, strncmp(symbol, "_Z", 2) == 0 ? "@." : "@");
}

const char *symbols_name_function(GStringChunk *strings, const char *symbol)
{
    g_autofree char *name = NULL;
    const char *result;
    char *readable;
    if (symbol == NULL)
        return NULL;
    name = g_strndup(symbol, name_length(symbol));
    readable = symbols_demangle(name);
    result = symbols_name_text(strings, readable != NULL ? readable : name);
    free(readable);
    return result;
}

static bool is_dots(const char *part, const char *dots)
{
    return strcmp(part, dots) == 0;
}

/* The parts of a path that remain: ".." takes back the part before it, if there is one. */
static GPtrArray *resolve_parts(char **parts, bool absolute)
{
    GPtrArray *kept = g_ptr_array_new();
    for (; *parts != NULL; parts++) {
        bool can_go_up = kept->len > 0 && !is_dots(g_ptr_array_index(kept, kept->len - 1), "..");
        if (**parts == '\0' || is_dots(*parts, "."))
            continue;
        if (!is_dots(*parts, "..") || (!can_go_up && !absolute))
            g_ptr_array_add(kept, *parts);
        else if (can_go_up)
            g_ptr_array_remove_index(kept, kept->len - 1);
    }
    g_ptr_array_add(kept, NULL);
    return kept;
}

const char *symbols_name_file(GStringChunk *strings, const char *path)
{
    g_auto(GStrv) parts = NULL;
    g_autoptr(GPtrArray) kept = NULL;
    g_autofree char *joined = NULL;
    g_autofree char *result = NULL;
    if (path == NULL)
        return NULL;
    parts = g_strsplit(path, "/", -1);
    kept = resolve_parts(parts, *path == '/');
    joined = g_strjoinv("/", (char **)kept->pdata);
    result = g_strconcat(*path == '/' ? "/" : "", joined, NULL);
    return symbols_name_text(strings, result);
}
