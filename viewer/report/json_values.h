/* SPDX-License-Identifier: MIT */
/* Values as JSON has them in reports: integers beyond 2^53, foreign texts made harmless, null for the
 * unknown. */
#ifndef MITRACE_REPORT_JSON_VALUES_H
#define MITRACE_REPORT_JSON_VALUES_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

void json_add_integer(cJSON *object, const char *key, int64_t value);
void json_add_count(cJSON *object, const char *key, uint64_t value); /* beyond INT64_MAX: INT64_MAX */

/* null when the value is not `known`. */
void json_add_known(cJSON *object, const char *key, int64_t value, bool known);

/* NULL becomes null. */
void json_add_text(cJSON *object, const char *key, const char *text);
void json_add_item_text(cJSON *array, const char *text);

#endif
