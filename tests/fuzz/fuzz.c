/* SPDX-License-Identifier: MIT */
/* Files in memory, a directory to write in, and the checks of output. */
#include "fuzz.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

G_GNUC_PRINTF(1, 2) static void fail(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fprintf(stderr, "fuzz: %s\n", message);
    abort();
}

static void write_all(int descriptor, const uint8_t *data, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t written = write(descriptor, data + done, size - done);
        if (written < 0) {
            fail("cannot write: %s", g_strerror(errno));
        }
        done += (size_t)written;
    }
}

const char *fuzz_file(unsigned slot, const uint8_t *data, size_t size)
{
    static struct {
        int descriptor;
        char path[64];
    } files[2];

    if (files[slot].descriptor == 0) {
        files[slot].descriptor = memfd_create("fuzz", MFD_CLOEXEC);
        g_snprintf(files[slot].path, sizeof(files[slot].path), "/proc/self/fd/%d", files[slot].descriptor);
    }
    if (files[slot].descriptor < 0 || ftruncate(files[slot].descriptor, 0) != 0) {
        fail("no file in memory: %s", g_strerror(errno));
    }
    lseek(files[slot].descriptor, 0, SEEK_SET);
    write_all(files[slot].descriptor, data, size);
    return files[slot].path;
}

static char *directory;
static pid_t owner;

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    return place->level == 0 ? 0 : remove(path);
}

void fuzz_empty_directory(void)
{
    nftw(fuzz_directory(), remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* Forked readers end without this, and would not own the directory. */
static void remove_directory(void)
{
    if (getpid() == owner) {
        fuzz_empty_directory();
        g_rmdir(directory);
    }
}

const char *fuzz_directory(void)
{
    if (directory == NULL) {
        directory = g_build_filename(g_get_tmp_dir(), "mitrace-fuzz-XXXXXX", NULL);
        if (g_mkdtemp(directory) == NULL) {
            fail("no directory in %s: %s", g_get_tmp_dir(), g_strerror(errno));
        }
        owner = getpid();
        atexit(remove_directory);
    }
    return directory;
}

/* Links may lead out of the directory: nothing is written there. */
static bool is_inside(const char *path)
{
    g_autofree char *home = realpath(fuzz_directory(), NULL), *real = realpath(path, NULL);

    return home != NULL && real != NULL && g_str_has_prefix(real, home) &&
           (real[strlen(home)] == '/' || real[strlen(home)] == '\0');
}

bool fuzz_put(const char *name, const uint8_t *data, size_t size)
{
    g_autofree char *joined = g_build_filename(fuzz_directory(), name, NULL);
    g_autofree char *path = g_canonicalize_filename(joined, NULL);
    g_autofree char *folder = g_path_get_dirname(path);

    if (!g_str_has_prefix(path, directory) || path[strlen(directory)] != '/' ||
        g_mkdir_with_parents(folder, 0700) != 0 || !is_inside(folder)) {
        return false;
    }
    remove(path);
    FILE *file = fopen(path, "wxe");
    if (file == NULL) {
        return false;
    }
    write_all(fileno(file), data, size);
    return fclose(file) == 0;
}

bool fuzz_cut(const char *name)
{
    g_autofree char *path = g_build_filename(fuzz_directory(), name, NULL);
    struct stat status;

    return is_inside(path) && stat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
           truncate(path, status.st_size - 1) == 0;
}

static bool is_harmless(gunichar character)
{
    bool turns = (character >= 0x202A && character <= 0x202E) ||
                 (character >= 0x2066 && character <= 0x2069) || character == 0x200E || character == 0x200F ||
                 character == 0x061C;

    return character == '\n' ||
           !(g_unichar_iscntrl(character) || turns || character == 0x2028 || character == 0x2029);
}

void fuzz_check_text(const char *what, const char *text, size_t length)
{
    const char *end = NULL;

    if (!g_utf8_validate_len(text, length, &end)) {
        fail("%s: byte 0x%02x at %zu is no UTF-8", what, (unsigned char)*end, (size_t)(end - text));
    }
    for (const char *at = text; at < text + length; at = g_utf8_next_char(at)) {
        if (!is_harmless(g_utf8_get_char(at))) {
            fail("%s: U+%04X at %zu", what, g_utf8_get_char(at), (size_t)(at - text));
        }
    }
}

void fuzz_check_json(const char *what, const char *text)
{
    cJSON *first = cJSON_ParseWithOpts(text, NULL, true);
    char *printed = first == NULL ? NULL : cJSON_Print(first);
    cJSON *second = printed == NULL ? NULL : cJSON_Parse(printed);

    if (second == NULL || !cJSON_Compare(first, second, true)) {
        fail("%s: no JSON, or another one when it is read back", what);
    }
    cJSON_Delete(second);
    cJSON_free(printed);
    cJSON_Delete(first);
}

void fuzz_check_error(const GError *error)
{
    if (error == NULL || error->message[0] == '\0') {
        fail("failed without a word");
    }
    if (strchr(error->message, '\n') != NULL) {
        fail("an error of several lines: %s", error->message);
    }
}
