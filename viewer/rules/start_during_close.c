/* SPDX-License-Identifier: MIT */
/* start-during-close: an operation is started, and MI starts it, on a session that is being closed. */
#include "rules/misuse_rules.h"

/* The close that was running: the session's, or its application's. */
static const struct model_handle *find_closing(const struct misuse_call *seen)
{
    const struct model_handle *session = seen->handle;
    bool own = session->closing.thread != NULL && session->closing.time_ns <= seen->call->begin_ns &&
               session->state != MODEL_LIVE;

    return own ? session : session->parent;
}

static bool is_accepted_start(const struct misuse_call *seen)
{
    const struct model_handle *made = seen->call->made;

    return seen->handle != NULL && mi_functions[seen->call->function].made == MI_KIND_operation &&
           made != NULL && !made->failed_start && !made->doubtful;
}

static void left(const struct misuse_call *seen)
{
    const struct model_handle *closing;
    g_autofree char *title = NULL, *operation = NULL, *then = NULL;
    struct finding *finding;

    if (seen->call->ending != MODEL_ENDING || !is_accepted_start(seen)) {
        return;
    }
    closing = find_closing(seen);
    if (closing == NULL || closing->closing.thread == NULL) {
        return;
    }
    title = rules_handle_title(closing);
    operation = rules_handle_title(seen->call->made);
    then = g_strdup_printf("; MI started %s all the same, and may now wait for ever", operation);
    finding = misuse_new(seen, FINDING_ERROR, seen->handle);
    misuse_explain(finding, then, "%s on %s was running", mi_functions[closing->closing.function].name,
                   title);
    finding_relate(finding, &closing->closing, closing, "%s was called",
                   mi_functions[closing->closing.function].name);
    misuse_add(seen, finding);
}

static void advise(struct finding *finding)
{
    const struct finding_related *close = finding->related->pdata[0];

    finding_set_advice(finding, "Stop the threads that start operations before %s is called.",
                       mi_functions[close->site.function].name);
}

const struct misuse_rule misuse_start_during_close = {.left = left, .advise = advise};

const char help_start_during_close[] =
    "An operation was started on a session while MI_Session_Close on it, or MI_Application_Close on its "
    "application, was "
    "running on another thread, and MI did start it.\n"
    "\n"
    "OMI then counts one operation too few: the close waits for ever, or returns before everything has "
    "ended. "
    "When MI "
    "refuses the start, nothing is wrong.\n"
    "\n"
    "Stop the threads that start operations before anything is closed: tell them, wait for them, and close "
    "then.\n"
    "\n"
    "    atomic_store(&stopping, true);\n"
    "    pthread_join(poller, NULL);\n"
    "    MI_Session_Close(&session, NULL, NULL);\n"
    "    MI_Application_Close(&application);\n";
