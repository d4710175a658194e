/* SPDX-License-Identifier: MIT */
/*
 * Watches for what a program may do, or nearly so, and what spoils the counts by which OMI's closes wait:
 * after it, the close of the session may wait for ever although nothing is open.
 */
#ifndef MITRACE_RULES_OMI_DEFECTS_H
#define MITRACE_RULES_OMI_DEFECTS_H

#include "model/model.h"

enum omi_defect_kind {
    OMI_EARLY_CLOSE, /* an operation failed inside the call that started it, and was closed in that callback
                      */
    OMI_ACK_CROSSED, /* the final result came while an earlier one was not acknowledged */
    OMI_START_DURING_CLOSE, /* an operation was started while its application was being closed */
    OMI_CLOSE_WHILE_READ    /* an operation was closed while another thread was reading its results */
};

struct omi_defect {
    enum omi_defect_kind kind;
    bool met;                       /* not only prepared */
    struct model_handle *session;   /* held */
    struct model_handle *operation; /* held */
    struct model_site site; /* the close, the start, or the cancel; else where the final result came */
};

struct omi_defects;

struct omi_defects *omi_defects_new(struct model *model); /* observes the model */
void omi_defects_free(struct omi_defects *defects);       /* before the model; NULL is allowed */

/* What was met first on `session`; NULL: nothing. */
const struct omi_defect *omi_defects_find(const struct omi_defects *defects,
                                          const struct model_handle *session);

#endif
