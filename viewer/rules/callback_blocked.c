/* SPDX-License-Identifier: MIT */
/* callback-blocked: others wait for a callback that does not return, and is in no call of MI. */
#include "rules/deadlock_rules.h"

static bool explains(const struct waiter *waiter, const struct wait_reason *reason)
{
    return reason->cause == WAIT_OUTSIDE && waiter->quiet_ns >= DEADLOCK_PATIENCE_NS;
}

static bool has_made_a_call(const struct deadlock_root *root)
{
    return root->waiter->site.function != MI_FN_none;
}

/* " since MI_Operation_Close in on_disk (inventory.c:33)", "" when the callback has made no call. */
static char *since(const struct deadlock_root *root)
{
    const struct model_site *site = &root->waiter->site;
    g_autofree char *in = rules_in(root->rules, site);

    return has_made_a_call(root) ? g_strdup_printf(", since %s%s", mi_functions[site->function].name, in)
                                 : g_strdup("");
}

/* A callback's entry has no stack; the last call in it has. */
static void relate_callback(const struct deadlock_root *root, const char *callback)
{
    const struct model_activity *activity = root->waiter->callback;

    finding_relate(root->finding, &activity->site, activity->handle, "%s was entered", callback);
    if (has_made_a_call(root)) {
        finding_relate(root->finding, &root->waiter->site, activity->handle, "its last call of MI");
    }
}

static void tell(const struct deadlock_root *root)
{
    enum { NS_PER_S = 1000000000 };
    const char *call = mi_functions[root->face->function].name;
    double seconds = (double)root->waiter->quiet_ns / NS_PER_S;
    g_autofree char *what = deadlock_what(root);
    g_autofree char *callback = rules_callback_title(root->waiter->callback);
    g_autofree char *made = rules_made_in(root->rules, root->waiter->handle);
    g_autofree char *last = since(root);

    finding_set_message(root->finding, "%s: %s%s has not returned for %.1f s%s", what, callback, made,
                        seconds, last);
    finding_set_advice(
        root->finding,
        "Find out what the callback waits for outside MI; often it is a lock that is held around %s. "
        "Release it before that call, or do not wait for it inside the callback.",
        call);
    finding_link(root->finding, g_strdup_printf("thread %u", root->waiter->thread->tid),
                 g_strdup("something outside MI"),
                 g_strdup_printf("it is inside %s and has made no call of MI for %.1f s", callback, seconds));
    relate_callback(root, callback);
}

const struct deadlock_rule deadlock_callback_blocked = {.explains = explains, .tell = tell};

const char help_callback_blocked[] =
    "A close, or a call that reads results, waits for a callback that does not return. The callback is not "
    "inside a call of "
    "MI: it waits for something else, such as a lock, or it never stops working.\n"
    "\n"
    "One thread of MI runs the callbacks of all operations, sessions and applications of the process. While "
    "it is stuck in "
    "one of them, nothing else is delivered, and no operation whose callback runs is done. The usual case is "
    "a lock of the "
    "program: one thread holds it while it calls MI_Session_Close, and the callback wants it.\n"
    "\n"
    "What the callback waits for cannot be seen. The finding is made when a callback that others wait for "
    "has shown no sign "
    "of life for a second until the program was stopped, so it is always marked as possible.\n"
    "\n"
    "Do not hold a lock that a callback takes while calling something of MI that waits. Do work that can "
    "wait on a thread of "
    "your own.\n"
    "\n"
    "    lock(&client->lock);\n"
    "    session = take_session(client);\n"
    "    unlock(&client->lock);                        /* before the close, which waits for callbacks */\n"
    "    MI_Session_Close(&session, NULL, NULL);\n";
