/* SPDX-License-Identifier: MIT */
/* What was accepted, and what fails: optional keys of the JSON report. */
#ifndef MITRACE_REPORT_JSON_ACCEPT_H
#define MITRACE_REPORT_JSON_ACCEPT_H

#include "accept/accept.h"

#include <cjson/cJSON.h>

/* "accepted" of the report. Nothing when acceptance is not in use. */
void json_add_accept(cJSON *root, const struct accept *accept);

/* "fails" and "baseline_count" of a finding. Nothing when acceptance is not in use. */
void json_add_mark(cJSON *object, const struct accept *accept, const struct finding *finding);

#endif
