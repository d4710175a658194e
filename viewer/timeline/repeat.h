/* SPDX-License-Identifier: MIT */
/* Many lines that are alike become one that counts them. */
#ifndef MITRACE_TIMELINE_REPEAT_H
#define MITRACE_TIMELINE_REPEAT_H

#include "timeline/line.h"

struct repeat;

struct repeat *repeat_new(const struct timeline_options *options); /* borrowed */
void repeat_free(struct repeat *repeat);

/* Is `line` like the one that was remembered, and directly after it? Then it is counted and needs not be
 * written. */
bool repeat_take(struct repeat *repeat, const struct line *line);

/* Before another line is written: append what was counted. */
void repeat_tell(struct repeat *repeat, GString *out);

/* `line` was written. */
void repeat_remember(struct repeat *repeat, const struct line *line);

#endif
