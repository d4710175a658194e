/* SPDX-License-Identifier: MIT */
/* Differences for machines: schema mitrace-diff/1. */
#include "figures/json.h"
#include "diff/diff.h"

#define SCHEMA "mitrace-diff/1"

static void add_side(cJSON *root, const char *key, const struct diff_side *side)
{
    cJSON *item = cJSON_AddObjectToObject(root, key);

    figures_json_text(item, "path", side->path);
    figures_json_text(item, "form", side->report ? "report" : "trace");
    cJSON_AddBoolToObject(item, "complete", side->complete);
    figures_json_texts(item, "not_checked", side->not_checked);
}

static void add_findings(cJSON *root, const struct diff *diff)
{
    cJSON *list = cJSON_AddArrayToObject(root, "findings");

    for (guint i = 0; i < diff->changes->len; i++) {
        const struct diff_change *change = &g_array_index(diff->changes, struct diff_change, i);
        const struct diff_finding *finding = change->after != NULL ? change->after : change->before;
        cJSON *item = cJSON_CreateObject();
        figures_json_text(item, "change", diff_word(change->kind));
        figures_json_text(item, "rule", finding->rule);
        figures_json_text(item, "severity", finding_severity_word(finding->severity));
        figures_json_text(item, "kind", finding_kind_word(finding->kind));
        figures_json_text(item, "fingerprint", finding->fingerprint);
        figures_json_text(item, "message", finding->message);
        figures_json_text(item, "place", finding->place);
        figures_json_count(item, "old_count", change->before == NULL ? 0 : change->before->count);
        figures_json_count(item, "new_count", change->after == NULL ? 0 : change->after->count);
        cJSON_AddItemToArray(list, item);
    }
}

static void add_numbers(cJSON *object, const char *key, const struct diff_numbers *numbers)
{
    cJSON *item = cJSON_AddObjectToObject(object, key);

    figures_json_count(item, "old", numbers->before);
    figures_json_count(item, "new", numbers->after);
    cJSON_AddBoolToObject(item, "changed", numbers->changed);
}

static void add_handles(cJSON *root, const GArray *handles)
{
    cJSON *list = cJSON_AddArrayToObject(root, "handles");

    for (guint i = 0; i < handles->len; i++) {
        const struct diff_handle *row = &g_array_index(handles, struct diff_handle, i);
        cJSON *item = cJSON_CreateObject();
        figures_json_text(item, "kind", mi_kinds[row->kind].word);
        add_numbers(item, "created", &row->created);
        add_numbers(item, "open", &row->open);
        cJSON_AddItemToArray(list, item);
    }
}

static void add_functions(cJSON *root, const GArray *functions)
{
    cJSON *list;

    if (functions == NULL) {
        cJSON_AddNullToObject(root, "functions");
        return;
    }
    list = cJSON_AddArrayToObject(root, "functions");
    for (guint i = 0; i < functions->len; i++) {
        const struct diff_function *row = &g_array_index(functions, struct diff_function, i);
        cJSON *item = cJSON_CreateObject();
        figures_json_text(item, "function", mi_functions[row->function].name);
        add_numbers(item, "calls", &row->calls);
        add_numbers(item, "failed", &row->failed);
        add_numbers(item, "never_returned", &row->unreturned);
        add_numbers(item, "p50_ns", &row->p50);
        add_numbers(item, "p99_ns", &row->p99);
        cJSON_AddItemToArray(list, item);
    }
}

void diff_append_json(GString *out, const struct diff *diff, int exit_code)
{
    cJSON *root = cJSON_CreateObject();

    figures_json_text(root, "schema", SCHEMA);
    figures_json_text(root, "mitrace", MITRACE_VERSION);
    figures_json_integer(root, "exit_code", exit_code);
    add_side(root, "old", diff->before);
    add_side(root, "new", diff->after);
    add_findings(root, diff);
    add_handles(root, diff->handles);
    add_functions(root, diff->functions);
    figures_json_append(out, root);
    cJSON_Delete(root);
}
