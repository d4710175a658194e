/* SPDX-License-Identifier: MIT */
/* session-close-stuck: nothing of a session is open any more, and its close does not end. */
#include "rules/deadlock_rules.h"

bool deadlock_nothing_open(const struct waiter *waiter, const struct wait_reason *reason)
{
    bool spoilt = reason->cause == WAIT_DEFECT && reason->defect->kind != OMI_EARLY_CLOSE;

    return waiter->function == MI_FN_session_close && (spoilt || reason->cause == WAIT_NOTHING) &&
           waiter->quiet_ns >= DEADLOCK_PATIENCE_NS;
}

static bool explains(const struct waiter *waiter, const struct wait_reason *reason)
{
    return waiter->call != NULL && deadlock_nothing_open(waiter, reason);
}

/* What was met, where, and how not to meet it, by enum omi_defect_kind. The first two go on after an
 * operation's name. */
static const struct {
    const char *met, *here, *advice;
} stories[] = {
    [OMI_EARLY_CLOSE] = {"", "", ""},
    [OMI_ACK_CROSSED] =
        {"got its final result while an earlier one was not acknowledged, which OMI does not cope with",
         "was cancelled or closed too early",
         "Acknowledge each result inside its callback, or at least before MI_Operation_Cancel, "
         "MI_Operation_Close and the closes of session and application. This is a defect of OMI."},
    [OMI_START_DURING_CLOSE] =
        {"was started while MI_Application_Close was running", "was started",
         "Start nothing any more once MI_Application_Close has been called: stop the threads that "
         "start operations before it."},
    [OMI_CLOSE_WHILE_READ] =
        {"was closed while another thread was reading its results", "was closed",
         "Let the reading thread get the last result first (MI_Operation_Cancel makes it come soon), "
         "and call MI_Operation_Close then."},
};

static void tell_defect(const struct deadlock_root *root, const char *what)
{
    const struct omi_defect *defect = root->reason->defect;
    g_autofree char *named = deadlock_named(root, defect->operation);
    g_autofree char *title = rules_handle_title(defect->operation);

    finding_set_message(root->finding, "%s although nothing is open in it: %s %s", what, named,
                        stories[defect->kind].met);
    finding_set_advice(root->finding, "%s", stories[defect->kind].advice);
    deadlock_link(root, root->handle, "a count of MI that never gets there", "%s %s", title,
                  stories[defect->kind].met);
    finding_relate(root->finding, &defect->site, defect->operation, "%s %s", title,
                   stories[defect->kind].here);
}

void deadlock_tell_nothing_open(const struct deadlock_root *root)
{
    g_autofree char *what = deadlock_what(root);

    if (root->reason->defect != NULL) {
        tell_defect(root, what);
        return;
    }
    finding_set_message(root->finding, "%s although nothing is open in it", what);
    finding_set_advice(
        root->finding,
        "Nothing that the program did explains this. Look in a debugger at what MI's threads do while it "
        "hangs, and whether the session was closed by two threads at once.");
    deadlock_link(root, root->handle, "MI itself",
                  "every operation was closed and has delivered its last result");
}

const struct deadlock_rule deadlock_session_close_stuck = {.explains = explains,
                                                           .tell = deadlock_tell_nothing_open};

const char help_session_close_stuck[] =
    "MI_Session_Close does not return although nothing under the session is open: every operation was "
    "closed, and has "
    "delivered its last result, which was acknowledged. The peer has no part in this.\n"
    "\n"
    "OMI counts what is open, and these things are known to spoil its counts:\n"
    "\n"
    "An operation was started while MI_Application_Close was running on another thread. MI starts it all the "
    "same, without "
    "counting it, and counts its end.\n"
    "\n"
    "An operation was closed on one thread while another was reading its results: the final result may then "
    "be taken "
    "without being acknowledged.\n"
    "\n"
    "With manual acknowledgement, an operation was cancelled or closed while an earlier result was not "
    "acknowledged. OMI "
    "takes the late acknowledgement for that of the final result. This is a defect of OMI and may also "
    "crash.\n"
    "\n"
    "When one of these was seen, the finding names it. Otherwise it is made when the close has shown no "
    "progress for a second "
    "until the program was stopped, and marked as possible.\n"
    "\n"
    "    stop_threads_that_start_operations();\n"
    "    MI_Session_Close(&session, NULL, NULL);\n"
    "    MI_Application_Close(&application);\n";
