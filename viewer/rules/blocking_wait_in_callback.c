/* SPDX-License-Identifier: MIT */
/* blocking-wait-in-callback: a callback does not return after it has asked for what comes only after it has
 * returned. */
#include "rules/deadlock_rules.h"

static bool explains(const struct waiter *waiter, const struct wait_reason *reason)
{
    return reason->cause == WAIT_AFTER_CALLBACK && waiter->quiet_ns >= DEADLOCK_PATIENCE_NS;
}

static void tell_close(const struct deadlock_root *root, const char *callback)
{
    g_autofree char *title = rules_handle_title(root->handle);
    g_autofree char *in = rules_in(root->rules, &root->handle->closing);

    finding_set_at(root->finding, &root->handle->closing);
    finding_set_message(
        root->finding,
        "%s has not returned since it called MI_Session_Close on %s%s: that completes only after the "
        "callback has returned",
        callback, title, in);
    finding_set_advice(
        root->finding,
        "Do not wait for the completion inside the callback: return from it after MI_Session_Close, and do "
        "the rest in the completion function or on another thread.");
    finding_link(root->finding, g_strdup(title), g_strdup(callback),
                 g_strdup_printf("the close of %s cannot complete before that callback has returned", title));
}

static void tell_start(const struct deadlock_root *root, const char *callback)
{
    g_autofree char *title = rules_handle_title(root->handle);
    g_autofree char *in = rules_in(root->rules, &root->handle->created);

    finding_set_at(root->finding, &root->handle->created);
    finding_set_message(
        root->finding,
        "%s has not returned since it started %s%s: the results of that come only after the callback has "
        "returned",
        callback, title, in);
    finding_set_advice(
        root->finding,
        "Do not wait for %s inside the callback: return from it, and go on in the callback of %s or on "
        "another thread.",
        title, title);
    finding_link(root->finding, g_strdup(title), g_strdup_printf("thread %u", root->waiter->thread->tid),
                 g_strdup_printf("that thread delivers MI's results and is inside %s", callback));
}

static void tell(const struct deadlock_root *root)
{
    const struct model_activity *activity = root->reason->callback;
    bool closes = root->handle->kind == MI_KIND_session;
    g_autofree char *callback = rules_callback_title(activity);
    g_autofree char *title = rules_handle_title(root->handle);

    finding_link(root->finding, g_strdup(callback),
                 closes ? g_strdup_printf("the completion of %s's close", title)
                        : g_strdup_printf("the result of %s", title),
                 g_strdup_printf("thread %u has not returned from it since it asked for that",
                                 root->waiter->thread->tid));
    (closes ? tell_close : tell_start)(root, callback);
    finding_relate(root->finding, &activity->site, activity->handle, "%s was entered", callback);
}

const struct deadlock_rule deadlock_blocking_wait_in_callback = {.explains = explains, .tell = tell};

const char help_blocking_wait_in_callback[] =
    "A callback asked MI for something that comes only after the callback has returned, and then did not "
    "return.\n"
    "\n"
    "A session whose close was given a completion function completes after the callbacks of its operations "
    "have returned. "
    "The results of an operation that is started inside a callback come on the same thread of MI, after the "
    "callback. A "
    "callback that waits for either, on a semaphore, a condition variable or by asking again and again, "
    "waits for ever, and "
    "with it every other operation of the process.\n"
    "\n"
    "How the callback waits cannot be seen. The finding is made when a callback has asked for such a thing "
    "and has shown no "
    "sign of life for a second until the program was stopped, so it is always marked as possible.\n"
    "\n"
    "Return from the callback. Do what has to come afterwards in the completion function, in the callback of "
    "the next "
    "operation, or on a thread of your own.\n"
    "\n"
    "    static void on_instance(...)                  /* result callback */\n"
    "    {\n"
    "        MI_Operation_Close(operation);\n"
    "        MI_Session_Close(&client->session, client, on_session_closed);\n"
    "    }                                             /* no waiting here */\n";
