/* SPDX-License-Identifier: MIT */
/*
 * application-churn: the last application that is connected is closed on one thread while another thread
 * connects the first session of a new one. OMI ends and starts its delivering thread there without a lock.
 */
#include "rules/misuse_rules.h"

/* A third application that is connected all the while keeps MI's thread alive. */
struct anchor {
    const struct model_handle *closing, *connecting;
    bool found;
};

static void look_for_anchor(struct model_handle *handle, void *context)
{
    struct anchor *anchor = context;

    anchor->found = anchor->found || (handle->kind == MI_KIND_application && handle->connected &&
                                      handle->state == MODEL_LIVE && handle != anchor->closing &&
                                      handle != anchor->connecting);
}

static bool is_anchored(const struct model_handle *closing, const struct model_handle *connecting)
{
    struct anchor anchor = {.closing = closing, .connecting = connecting};

    model_each_open(closing->process, look_for_anchor, &anchor);
    return anchor.found;
}

/* The innermost call of `thread`, when it is the one that closes a connected application (`closes`) or
 * connects a new one. */
static const struct model_activity *counterpart(const struct model_thread *thread, bool closes)
{
    const struct model_activity *call = model_blocked_call(thread);
    enum mi_function wanted = closes ? MI_FN_application_close : MI_FN_application_new_session;

    return call != NULL && call->function == wanted && call->handle != NULL &&
                   call->handle->process == thread->process && call->handle->connected == closes
               ? call
               : NULL;
}

static void tell(const struct misuse_call *seen, const struct model_activity *other)
{
    struct finding *finding = misuse_new(seen, FINDING_WARNING, seen->handle);
    g_autofree char *there = rules_handle_title(other->handle);

    misuse_explain(finding, "; MI's delivering thread may be ended and started at once",
                   "%s on %s was running", mi_functions[other->function].name, there);
    finding_relate(finding, &other->site, other->handle, "%s was called", mi_functions[other->function].name);
    misuse_add(seen, finding);
}

/* Its end has not begun when sessions are open and somebody else must close them first; but that may be any
 * time. */
static void entered(const struct misuse_call *seen)
{
    bool closes = seen->call->function == MI_FN_application_close;
    bool connects = seen->call->function == MI_FN_application_new_session;
    GHashTableIter iterator;
    gpointer thread;

    if (seen->handle == NULL || seen->call->ending != MODEL_NOT_ENDING || !(closes || connects) ||
        seen->handle->connected != closes) {
        return;
    }
    g_hash_table_iter_init(&iterator, seen->thread->process->threads);
    while (g_hash_table_iter_next(&iterator, NULL, &thread)) {
        const struct model_activity *other = thread == seen->thread ? NULL : counterpart(thread, !closes);
        if (other != NULL && other->handle != seen->handle && !is_anchored(seen->handle, other->handle)) {
            tell(seen, other);
            return;
        }
    }
}

static void advise(struct finding *finding)
{
    finding_set_advice(finding,
                       "Keep one application with a session open for as long as the process uses MI, or let "
                       "the close return before the next application opens a session.");
}

const struct misuse_rule misuse_application_churn = {.entered = entered, .advise = advise};

const char help_application_churn[] =
    "One thread was closing the only application that had sessions while another thread opened the first "
    "session of a "
    "new one. It went well this time.\n"
    "\n"
    "All applications of a process share one thread that delivers results. OMI starts it with the first "
    "session of an "
    "application, counts, and ends it with the last application that had one; between the two nothing is "
    "locked. When "
    "they meet, the new application may use a thread that is being ended, or one that is not ready. "
    "Applications that "
    "are closed before the next one is opened are fine, however many.\n"
    "\n"
    "One application for each process is enough. Open it at the start, use it from all threads, and close it "
    "at the end.\n"
    "\n"
    "    MI_Application_Initialize(0, name, NULL, &application);   /* once, in main */\n"
    "    MI_Application_NewSession(&application, ..., &session);   /* wherever one is needed */\n";
