/* SPDX-License-Identifier: MIT */
/* A run as a JSON report tells it. Whatever stands in the file, it is either understood or refused. */
#include "diff/side.h"

#include <cjson/cJSON.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCHEMA "mitrace-report/1"

/* Some hundred thousand findings. */
#define SIZE_MAX_BYTES (256u << 20)

G_DEFINE_QUARK(mitrace - diff, diff_error)

/* Always false. `what` is wrong with the file. */
G_GNUC_PRINTF(3, 4) static bool refuse(const char *path, GError **error, const char *what, ...)
{
    va_list arguments;

    va_start(arguments, what);
    g_autofree char *text = g_strdup_vprintf(what, arguments);
    va_end(arguments);
    g_set_error(error, diff_error_quark(), 0, "cannot read report %s: %s", path, text);
    return false;
}

bool diff_is_report(const char *path)
{
    char begin[256];
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ssize_t length = -1;

    if (file < 0) {
        return false;
    }
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
        length = read(file, begin, sizeof(begin) - 1);
    }
    close(file);
    begin[MAX(length, 0)] = '\0';
    return begin[strspn(begin, " \t\r\n")] == '{';
}

static const char *text_of(const cJSON *object, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static uint64_t count_of(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

    if (!cJSON_IsNumber(item) || !(item->valuedouble > 0)) {
        return 0;
    }
    return item->valuedouble >= 1e18 ? (uint64_t)1e18 : (uint64_t)item->valuedouble;
}

static bool find_severity(const char *word, enum finding_severity *severity)
{
    for (enum finding_severity i = FINDING_NOTE; i <= FINDING_ERROR; i++) {
        if (g_strcmp0(word, finding_severity_word(i)) == 0) {
            *severity = i;
            return true;
        }
    }
    return false;
}

static bool find_kind(const char *word, enum finding_kind *kind)
{
    for (enum finding_kind i = FINDING_LEAK; i <= FINDING_TRACE; i++) {
        if (g_strcmp0(word, finding_kind_word(i)) == 0) {
            *kind = i;
            return true;
        }
    }
    return false;
}

/* The innermost frame of where it happened, or else of where the handle was created; NULL: there is none. */
static char *place_of(const cJSON *finding)
{
    const cJSON *at = cJSON_GetObjectItemCaseSensitive(finding, "at");
    const cJSON *site = cJSON_IsObject(at) ? at : cJSON_GetObjectItemCaseSensitive(finding, "created");
    const cJSON *frame = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(site, "stack"), 0);
    const struct symbols_frame named = {.function = text_of(frame, "function"),
                                        .file = text_of(frame, "file"),
                                        .line = (unsigned)MIN(count_of(frame, "line"), UINT_MAX),
                                        .module = text_of(frame, "module"),
                                        .offset = count_of(frame, "offset")};

    return frame == NULL ? NULL : diff_side_place(&named);
}

static bool add_finding(struct diff_side *side, const cJSON *item)
{
    const char *rule = text_of(item, "rule"), *message = text_of(item, "message");
    const char *fingerprint = text_of(item, "fingerprint");
    struct diff_finding found = {.count = count_of(item, "count")};

    if (rule == NULL || message == NULL || fingerprint == NULL || found.count == 0 ||
        !find_severity(text_of(item, "severity"), &found.severity) ||
        !find_kind(text_of(item, "kind"), &found.kind)) {
        return false;
    }
    if (text_of(item, "suppressed_by") == NULL) {
        found.rule = g_strdup(rule);
        found.message = g_strdup(message);
        found.fingerprint = g_strdup(fingerprint);
        found.place = place_of(item);
        diff_side_add(side, g_memdup2(&found, sizeof(found)));
    }
    return true;
}

static void add_handles(struct diff_side *side, const cJSON *process)
{
    const cJSON *handles = cJSON_GetObjectItemCaseSensitive(process, "handles");

    for (size_t kind = 0; kind < MI_KIND_COUNT; kind++) {
        const cJSON *counts = mi_kinds[kind].word == NULL
                                  ? NULL
                                  : cJSON_GetObjectItemCaseSensitive(handles, mi_kinds[kind].word);
        side->handles[kind].created += count_of(counts, "created");
        side->handles[kind].open += count_of(counts, "live");
    }
}

static bool add_all(struct diff_side *side, const cJSON *root, GError **error)
{
    const cJSON *findings = cJSON_GetObjectItemCaseSensitive(root, "findings");
    const cJSON *trace = cJSON_GetObjectItemCaseSensitive(root, "trace");
    const cJSON *item;

    if (!cJSON_IsArray(findings) || !cJSON_IsObject(trace)) {
        return refuse(side->path, error, "it has no list of findings or says nothing of the trace");
    }
    cJSON_ArrayForEach(item, findings)
    {
        if (!add_finding(side, item)) {
            return refuse(side->path, error, "one of its findings is not as schema " SCHEMA " says");
        }
    }
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(root, "processes"))
    {
        add_handles(side, item);
    }
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(trace, "not_checked"))
    {
        if (cJSON_IsString(item)) {
            g_ptr_array_add(side->not_checked, g_strdup(item->valuestring));
        }
    }
    side->complete = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(trace, "complete"));
    return true;
}

static bool read_root(struct diff_side *side, const cJSON *root, GError **error)
{
    const char *schema = text_of(root, "schema");

    if (root == NULL) {
        return refuse(side->path, error, "it is not valid JSON");
    }
    if (schema == NULL || strcmp(schema, SCHEMA) != 0) {
        return refuse(side->path, error,
                      "its schema is not " SCHEMA " (mitrace report --format json writes it)");
    }
    return add_all(side, root, error);
}

struct diff_side *diff_side_read(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) failure = NULL;
    gsize length = 0;
    struct stat status;
    struct diff_side *side;
    cJSON *root;

    if (stat(path, &status) == 0 && status.st_size > SIZE_MAX_BYTES) {
        refuse(path, error, "it is longer than %u MiB", SIZE_MAX_BYTES >> 20);
        return NULL;
    }
    if (!g_file_get_contents(path, &text, &length, &failure)) {
        refuse(path, error, "%s", failure->message);
        return NULL;
    }
    side = diff_side_empty(path);
    side->report = true;
    root = cJSON_ParseWithLength(text, length);
    if (!read_root(side, root, error)) {
        g_clear_pointer(&side, diff_side_free);
    }
    cJSON_Delete(root);
    return side;
}
