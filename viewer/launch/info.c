/* SPDX-License-Identifier: MIT */
/* Reads and writes mitrace.json. */
#include "launch/info.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The longest command line of Linux, with each byte written as an escape of JSON. */
#define SIZE_MAX_BYTES (16u << 20)

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

static void add_argv(cJSON *root, char *const *argv)
{
    cJSON *list = cJSON_AddArrayToObject(root, "argv");
    for (; argv != NULL && *argv != NULL; argv++) {
        g_autofree char *text = g_utf8_make_valid(*argv, -1);
        cJSON_AddItemToArray(list, cJSON_CreateString(text));
    }
}

static void add_time(cJSON *root, const char *name, int64_t time_us)
{
    g_autoptr(GDateTime) seconds = g_date_time_new_from_unix_utc(time_us / G_USEC_PER_SEC);
    g_autoptr(GDateTime) time = g_date_time_add(seconds, time_us % G_USEC_PER_SEC);
    g_autofree char *text = time_us == 0 ? NULL : g_date_time_format_iso8601(time);
    cJSON_AddItemToObject(root, name, text == NULL ? cJSON_CreateNull() : cJSON_CreateString(text));
}

static void add_outcome(cJSON *root, const struct launch_info *info)
{
    cJSON_AddBoolToObject(root, "finished", info->finished);
    cJSON_AddNumberToObject(root, "status", info->status);
    cJSON_AddItemToObject(root, "signal",
                          info->signal == 0 ? cJSON_CreateNull() : cJSON_CreateNumber(info->signal));
    cJSON_AddBoolToObject(root, "timed_out", info->timed_out);
    cJSON_AddBoolToObject(root, "complete", info->complete);
    cJSON_AddNumberToObject(root, "lost", (double)info->lost);
}

bool launch_write_info(const char *directory, const struct launch_info *info, GError **error)
{
    g_autoptr(cJSON) root = cJSON_CreateObject();
    g_autofree char *path = g_build_filename(directory, LAUNCH_INFO_FILE, NULL);
    char *text;
    bool written;
    cJSON_AddStringToObject(root, "schema", LAUNCH_INFO_SCHEMA);
    cJSON_AddStringToObject(root, "mitrace", info->version);
    cJSON_AddStringToObject(root, "run", info->run_id);
    add_argv(root, info->argv);
    cJSON_AddNumberToObject(root, "arguments", info->arguments);
    cJSON_AddNumberToObject(root, "pid", info->pid);
    add_outcome(root, info);
    add_time(root, "start", info->start_us);
    add_time(root, "end", info->end_us);
    text = cJSON_Print(root);
    written = g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
    cJSON_free(text);
    return written;
}

static char *get_text(const cJSON *root, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(root, name));
    return g_strdup(text == NULL ? "" : text);
}

static double get_number(const cJSON *root, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(root, name);
    return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

/* A number from a file that anyone may have edited: casting one that does not fit is undefined. */
static int get_int(const cJSON *root, const char *name)
{
    return (int)CLAMP(get_number(root, name), G_MININT, G_MAXINT);
}

static bool get_bool(const cJSON *root, const char *name)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(root, name));
}

static int64_t get_time(const cJSON *root, const char *name)
{
    g_autofree char *text = get_text(root, name);
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, NULL);
    if (time == NULL)
        return 0;
    return g_date_time_to_unix(time) * G_USEC_PER_SEC + g_date_time_get_microsecond(time);
}

static char **get_argv(const cJSON *root)
{
    GPtrArray *list = g_ptr_array_new();
    const cJSON *item;
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(root, "argv"))
    {
        if (cJSON_IsString(item))
            g_ptr_array_add(list, g_strdup(item->valuestring));
    }
    g_ptr_array_add(list, NULL);
    return (char **)g_ptr_array_free(list, FALSE);
}

/* Files of older versions hold all arguments, and no number. */
static unsigned get_arguments(const cJSON *root, char *const *argv)
{
    int kept = (int)g_strv_length((char **)argv) - 1;
    return (unsigned)MAX(MAX(get_int(root, "arguments"), kept), 0);
}

static void decode(const cJSON *root, struct launch_info *info)
{
    info->run_id = get_text(root, "run");
    info->argv = get_argv(root);
    info->arguments = get_arguments(root, info->argv);
    info->version = get_text(root, "mitrace");
    info->pid = get_int(root, "pid");
    info->finished = get_bool(root, "finished");
    info->status = get_int(root, "status");
    info->signal = get_int(root, "signal");
    info->timed_out = get_bool(root, "timed_out");
    info->complete = get_bool(root, "complete");
    info->lost = (uint64_t)CLAMP(get_number(root, "lost"), 0.0, 9e15);
    info->start_us = get_time(root, "start");
    info->end_us = get_time(root, "end");
}

/* All of the file, of which not more than `size` bytes; NULL and errno: not readable. */
static char *read_descriptor(int descriptor, size_t size)
{
    char *text = g_malloc(size + 1);
    size_t done = 0;
    ssize_t got;
    while (done < size && (got = read(descriptor, text + done, size - done)) != 0) {
        if (got < 0 && errno != EINTR) {
            g_free(text);
            return NULL;
        }
        done += got > 0 ? (size_t)got : 0;
    }
    text[done] = '\0';
    return text;
}

/* Traces come from anywhere: what stands for the file may be a pipe, a device, or endless. */
static char *read_file(const char *path, GError **error)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    struct stat status;
    char *text = NULL;
    if (descriptor >= 0 && fstat(descriptor, &status) == 0) {
        errno = EINVAL;
        if (S_ISREG(status.st_mode) && status.st_size <= SIZE_MAX_BYTES)
            text = read_descriptor(descriptor, (size_t)status.st_size);
    }
    if (text == NULL) {
        int number = errno;
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(number), "cannot read %s: %s", path,
                    number == EINVAL ? "it is no regular file, or far too long" : g_strerror(number));
    }
    if (descriptor >= 0)
        close(descriptor);
    return text;
}

bool launch_read_info(const char *directory, struct launch_info *info, GError **error)
{
    g_autofree char *path = g_build_filename(directory, LAUNCH_INFO_FILE, NULL);
    g_autofree char *text = NULL;
    g_autofree char *schema = NULL;
    g_autoptr(cJSON) root = NULL;
    memset(info, 0, sizeof *info);
    text = read_file(path, error);
    if (text == NULL)
        return false;
    root = cJSON_Parse(text);
    schema = get_text(root, "schema");
    if (strcmp(schema, LAUNCH_INFO_SCHEMA) != 0) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: not a description of schema %s", path,
                    LAUNCH_INFO_SCHEMA);
        return false;
    }
    decode(root, info);
    return true;
}

void launch_info_clear(struct launch_info *info)
{
    g_free(info->run_id);
    g_strfreev(info->argv);
    g_free(info->version);
    memset(info, 0, sizeof *info);
}
