/* SPDX-License-Identifier: MIT */
/* Suppressions, baseline and limits as JSON. */
#include "report/json_accept.h"

#include "report/json_values.h"

static void add_suppressions(cJSON *object, const GPtrArray *entries)
{
    cJSON *list = cJSON_AddArrayToObject(object, "suppressions");

    for (guint i = 0; i < entries->len; i++) {
        const struct accept_entry *entry = entries->pdata[i];
        cJSON *item = cJSON_CreateObject();
        json_add_text(item, "entry", entry->text);
        json_add_text(item, "reason", entry->reason);
        json_add_text(item, "until", entry->until);
        cJSON_AddBoolToObject(item, "expired", entry->expired);
        json_add_count(item, "matched", entry->matched);
        json_add_count(item, "suppressed", entry->suppressed);
        cJSON_AddItemToArray(list, item);
    }
}

static void add_baseline(cJSON *object, const struct accept_baseline *baseline)
{
    cJSON *item;

    if (baseline == NULL) {
        cJSON_AddNullToObject(object, "baseline");
        return;
    }
    item = cJSON_AddObjectToObject(object, "baseline");
    json_add_text(item, "path", baseline->path);
    json_add_count(item, "known", baseline->found);
    json_add_count(item, "grown", baseline->grown);
    json_add_count(item, "new", baseline->fresh);
    json_add_known(item, "shrunk", baseline->shrunk, baseline->whole);
    json_add_known(item, "fixed", baseline->gone, baseline->whole);
    cJSON_AddBoolToObject(item, "updated", baseline->next != NULL);
}

static void add_limits(cJSON *object, const GArray *limits)
{
    cJSON *list = cJSON_AddArrayToObject(object, "max");

    for (guint i = 0; i < limits->len; i++) {
        const struct accept_limit *limit = &g_array_index(limits, struct accept_limit, i);
        cJSON *item = cJSON_CreateObject();
        json_add_text(item, "rule", limit->rule->id);
        json_add_count(item, "max", limit->most);
        json_add_count(item, "found", limit->found);
        cJSON_AddItemToArray(list, item);
    }
}

void json_add_accept(cJSON *root, const struct accept *accept)
{
    cJSON *object;

    if (!accept_in_use(accept)) {
        return;
    }
    object = cJSON_AddObjectToObject(root, "accepted");
    json_add_text(object, "fail_on",
                  accept->tolerance->fail_on == NULL ? "error" : accept->tolerance->fail_on);
    add_limits(object, accept->tolerance->limits);
    add_suppressions(object, accept->entries);
    add_baseline(object, accept->baseline);
}

void json_add_mark(cJSON *object, const struct accept *accept, const struct finding *finding)
{
    const struct accept_mark mark = accept_mark_of(accept, finding);

    if (accept_in_use(accept)) {
        cJSON_AddBoolToObject(object, "fails", mark.fails);
        json_add_known(object, "baseline_count", (int64_t)MIN(mark.known, INT64_MAX), mark.known > 0);
    }
}
