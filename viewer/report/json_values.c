/* SPDX-License-Identifier: MIT */
/* Appends values to objects of cJSON. */
#include "report/json_values.h"

#include "report/safe.h"

#include <inttypes.h>

/* cJSON keeps numbers as double, which cannot hold times in nanoseconds. */
void json_add_integer(cJSON *object, const char *key, int64_t value)
{
    char digits[32];

    g_snprintf(digits, sizeof(digits), "%" PRId64, value);
    cJSON_AddRawToObject(object, key, digits);
}

void json_add_count(cJSON *object, const char *key, uint64_t value)
{
    json_add_integer(object, key, (int64_t)MIN(value, INT64_MAX));
}

void json_add_known(cJSON *object, const char *key, int64_t value, bool known)
{
    if (known) {
        json_add_integer(object, key, value);
    } else {
        cJSON_AddNullToObject(object, key);
    }
}

void json_add_text(cJSON *object, const char *key, const char *text)
{
    g_autofree char *safe = report_safe(text);

    cJSON_AddItemToObject(object, key, text == NULL ? cJSON_CreateNull() : cJSON_CreateString(safe));
}

void json_add_item_text(cJSON *array, const char *text)
{
    g_autofree char *safe = report_safe(text);

    cJSON_AddItemToArray(array, cJSON_CreateString(safe));
}
