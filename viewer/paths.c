/* SPDX-License-Identifier: MIT */
/* Looks for libmitrace.so relative to the running program, so that a moved installation still works. */
#include "paths.h"

#include <stdbool.h>
#include <unistd.h>

#define LIBRARY "libmitrace.so"

G_DEFINE_QUARK(mitrace - paths, paths_error)

/* Directory of the running program, NULL when /proc does not tell. */
static char *program_directory(void)
{
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);

    return program == NULL ? NULL : g_path_get_dirname(program);
}

static char *existing(const char *directory, const char *below)
{
    g_autofree char *path = g_build_filename(directory, below, LIBRARY, NULL);

    return g_file_test(path, G_FILE_TEST_IS_REGULAR) ? g_canonicalize_filename(path, NULL) : NULL;
}

static char *find(const char *directory)
{
    static const char *const places[] = {
        "../shim",        "../lib/x86_64-linux-gnu/mitrace", "../lib64/mitrace",
        "../lib/mitrace", "../lib/x86_64-linux-gnu",         "../lib64",
        "../lib"};
    char *found = NULL;

    for (size_t i = 0; directory != NULL && found == NULL && i < G_N_ELEMENTS(places); i++) {
        found = existing(directory, places[i]);
    }
#ifdef MITRACE_LIBDIR
    found = found != NULL ? found : existing(MITRACE_LIBDIR, ".");
#endif
    return found;
}

char *paths_preload(GError **error)
{
    const char *named = g_getenv("MITRACE_PRELOAD");
    g_autofree char *directory = program_directory();
    char *found = NULL;

    if (named != NULL && named[0] != '\0') {
        if (g_file_test(named, G_FILE_TEST_IS_REGULAR)) {
            return g_canonicalize_filename(named, NULL);
        }
        g_set_error(error, paths_error_quark(), 0, "MITRACE_PRELOAD names %s, which is no file", named);
        return NULL;
    }
    found = find(directory);
    if (found == NULL) {
        g_set_error(error, paths_error_quark(), 0,
                    LIBRARY " was not found beside %s: install it, or name it in MITRACE_PRELOAD",
                    directory == NULL ? "this program" : directory);
    }
    return found;
}
