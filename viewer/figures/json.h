/* SPDX-License-Identifier: MIT */
/* Values in JSON that cJSON has no function for: integers beyond 2^53, and texts from a trace. */
#ifndef MITRACE_FIGURES_JSON_H
#define MITRACE_FIGURES_JSON_H

#include <cjson/cJSON.h>
#include <glib.h>
#include <stdint.h>

void figures_json_integer(cJSON *object, const char *key, int64_t value);
void figures_json_count(cJSON *object, const char *key, uint64_t value); /* at most INT64_MAX */
void figures_json_text(cJSON *object, const char *key,
                       const char *text); /* made harmless; NULL becomes null */
void figures_json_texts(cJSON *object, const char *key,
                        const GPtrArray *texts); /* an array of char *; NULL: empty */

/* Append the text of `root` and a line break. */
void figures_json_append(GString *out, const cJSON *root);

#endif
