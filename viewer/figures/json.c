/* SPDX-License-Identifier: MIT */
/* Values in JSON that cJSON has no function for. */
#include "figures/json.h"

#include "report/safe.h"

#include <inttypes.h>

/* cJSON keeps numbers as double. */
void figures_json_integer(cJSON *object, const char *key, int64_t value)
{
    char digits[32];

    g_snprintf(digits, sizeof(digits), "%" PRId64, value);
    cJSON_AddRawToObject(object, key, digits);
}

void figures_json_count(cJSON *object, const char *key, uint64_t value)
{
    figures_json_integer(object, key, (int64_t)MIN(value, (uint64_t)INT64_MAX));
}

void figures_json_text(cJSON *object, const char *key, const char *text)
{
    g_autofree char *safe = report_safe(text);

    cJSON_AddItemToObject(object, key, text == NULL ? cJSON_CreateNull() : cJSON_CreateString(safe));
}

void figures_json_texts(cJSON *object, const char *key, const GPtrArray *texts)
{
    cJSON *list = cJSON_AddArrayToObject(object, key);

    for (guint i = 0; texts != NULL && i < texts->len; i++) {
        g_autofree char *safe = report_safe(texts->pdata[i]);
        cJSON_AddItemToArray(list, cJSON_CreateString(safe));
    }
}

void figures_json_append(GString *out, const cJSON *root)
{
    char *text = cJSON_Print(root);

    g_string_append_printf(out, "%s\n", text);
    cJSON_free(text);
}
