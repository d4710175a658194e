/* SPDX-License-Identifier: MIT */
/* The fields of an event, as metadata describes them. */
#ifndef MITRACE_SOURCE_DIRECT_FIELDS_H
#define MITRACE_SOURCE_DIRECT_FIELDS_H

#include "source/direct_layout.h"
#include "source/direct_tokens.h"

/* Take the fields of `event` up to and with the closing brace. False: some are of another form. */
bool direct_fields_take(struct direct_tokens *tokens, struct direct_event *event);

#endif
