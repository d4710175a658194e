/* SPDX-License-Identifier: MIT */
/* Reads and writes the file of a baseline. Anybody may have edited or merged it: nothing in it is trusted. */
#include "accept/baseline.h"
#include "accept/text_file.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

enum { FINGERPRINT_DIGITS = 16 };

#define COUNT_MAX 9007199254740992.0 /* 2^53: a double holds every integer below */

G_GNUC_PRINTF(2, 3) static bool fail(GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, accept_error_quark(), 0, message);
    return false;
}

static const char *text_of(const cJSON *item, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, key));
}

static char *copy_of(const cJSON *item, const char *key)
{
    const char *text = text_of(item, key);

    return g_strdup(text == NULL ? "" : text);
}

static bool is_fingerprint(const char *text)
{
    return text != NULL && strlen(text) == FINGERPRINT_DIGITS &&
           strspn(text, "0123456789abcdef") == FINGERPRINT_DIGITS;
}

/* 0: it is no count. */
static uint64_t count_of(const cJSON *item)
{
    const cJSON *count = cJSON_GetObjectItemCaseSensitive(item, "count");
    double value = cJSON_IsNumber(count) ? count->valuedouble : 0;

    return value >= 1 && value <= COUNT_MAX && (double)(uint64_t)value == value ? (uint64_t)value : 0;
}

static bool take_item(struct accept_baseline *baseline, const cJSON *item, unsigned number, GError **error)
{
    const char *fingerprint = text_of(item, "fingerprint");
    struct accept_known *known;

    if (!is_fingerprint(fingerprint)) {
        return fail(error, "%s: finding %u has no fingerprint of %d hex digits", baseline->path, number,
                    FINGERPRINT_DIGITS);
    }
    if (count_of(item) == 0 || text_of(item, "rule") == NULL) {
        return fail(error, "%s: finding %u (%s) has no rule, or no count from 1", baseline->path, number,
                    fingerprint);
    }
    known = g_new0(struct accept_known, 1);
    known->fingerprint = g_strdup(fingerprint);
    known->rule = copy_of(item, "rule");
    known->message = copy_of(item, "message");
    known->function = copy_of(item, "function");
    known->count = count_of(item);
    return accept_baseline_add(baseline, known) ||
           fail(error, "%s: the fingerprint of finding %u (%s) stands there twice", baseline->path, number,
                known->fingerprint);
}

static bool take_root(struct accept_baseline *baseline, const cJSON *root, GError **error)
{
    const cJSON *findings = cJSON_GetObjectItemCaseSensitive(root, "findings"), *item;
    unsigned number = 0;

    if (g_strcmp0(text_of(root, "schema"), ACCEPT_BASELINE_SCHEMA) != 0 || !cJSON_IsArray(findings)) {
        return fail(error, "%s is no baseline of schema %s", baseline->path, ACCEPT_BASELINE_SCHEMA);
    }
    cJSON_ArrayForEach(item, findings)
    {
        if (!take_item(baseline, item, ++number, error)) {
            return false;
        }
    }
    return true;
}

static unsigned line_of(const char *text, const char *place)
{
    unsigned line = 1;

    for (; text < place && *text != '\0'; text++) {
        line += *text == '\n';
    }
    return line;
}

static bool take_text(struct accept_baseline *baseline, const char *text, GError **error)
{
    const char *end = text;
    g_autoptr(cJSON) root = cJSON_ParseWithOpts(text, &end, true);

    if (root == NULL) {
        return fail(error, "%s:%u: this is no JSON", baseline->path, line_of(text, end));
    }
    return take_root(baseline, root, error);
}

/* Told before a program runs for hours, not after. */
static bool may_write(const char *path, GError **error)
{
    g_autofree char *directory = g_path_get_dirname(path);
    bool good = access(directory, W_OK) == 0;

    return good || fail(error, "cannot write the baseline %s: %s", path, g_strerror(errno));
}

struct accept_baseline *accept_baseline_read(const char *path, bool update, GError **error)
{
    struct accept_baseline *baseline = accept_baseline_new(path, update);
    bool exists = g_file_test(path, G_FILE_TEST_EXISTS);
    g_autofree char *text = exists ? accept_read_text(path, error) : NULL;
    bool good = exists ? text != NULL && take_text(baseline, text, error) : update;

    good = good && (!update || may_write(path, error));
    if (!exists && !update) {
        fail(error, "there is no baseline %s: --update-baseline makes one", path);
    }
    if (!good) {
        g_clear_pointer(&baseline, accept_baseline_free);
    }
    return baseline;
}

static gint compare(gconstpointer left, gconstpointer right)
{
    const struct accept_known *a = *(const struct accept_known *const *)left,
                              *b = *(const struct accept_known *const *)right;
    int rule = strcmp(a->rule, b->rule), function = strcmp(a->function, b->function);

    return rule != 0 ? rule : function != 0 ? function : strcmp(a->fingerprint, b->fingerprint);
}

static cJSON *new_item(const struct accept_known *known)
{
    cJSON *item = cJSON_CreateObject();
    char count[32];

    /* cJSON rounds large numbers */
    g_snprintf(count, sizeof(count), "%" PRIu64, known->count);
    cJSON_AddStringToObject(item, "rule", known->rule);
    cJSON_AddStringToObject(item, "function", known->function);
    cJSON_AddRawToObject(item, "count", count);
    cJSON_AddStringToObject(item, "message", known->message);
    cJSON_AddStringToObject(item, "fingerprint", known->fingerprint);
    return item;
}

static char *print(GPtrArray *list)
{
    g_autoptr(cJSON) root = cJSON_CreateObject();
    cJSON *findings;

    g_ptr_array_sort(list, compare);
    cJSON_AddStringToObject(root, "schema", ACCEPT_BASELINE_SCHEMA);
    findings = cJSON_AddArrayToObject(root, "findings");
    for (guint i = 0; i < list->len; i++) {
        cJSON_AddItemToArray(findings, new_item(list->pdata[i]));
    }
    char *text = cJSON_Print(root);
    char *lines = g_strconcat(text, "\n", NULL);
    cJSON_free(text);
    return lines;
}

/* GLib puts a new file in the place of the old one: give it the old one's mode, whatever the umask. */
static bool replace(const char *path, const char *text, GError **error)
{
    struct stat status;
    bool exists = stat(path, &status) == 0;
    int mode = exists ? (int)(status.st_mode & 07777) : 0666;

    if (exists && !S_ISREG(status.st_mode)) {
        return fail(error, "%s is no regular file", path);
    }
    if (strlen(text) > ACCEPT_FILE_MAX) {
        return fail(error, "%s would be longer than %u MiB", path, ACCEPT_FILE_MAX >> 20);
    }
    return g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, mode, error) &&
           (!exists || g_chmod(path, (mode_t)mode) == 0 ||
            fail(error, "cannot set the mode of %s: %s", path, g_strerror(errno)));
}

bool accept_baseline_write(struct accept_baseline *baseline, GError **error)
{
    g_autofree char *text = print(baseline->next);
    char *target = realpath(baseline->path, NULL);
    bool good = replace(target == NULL ? baseline->path : target, text, error);

    free(target);
    if (!good) {
        g_prefix_error(error, "cannot write the baseline: ");
    }
    return good;
}
