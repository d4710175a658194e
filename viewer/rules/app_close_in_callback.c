/* SPDX-License-Identifier: MIT */
/* app-close-in-callback: MI_Application_Close where MI forbids it, so that it waits for its own caller. */
#include "rules/deadlock_rules.h"

static bool explains(const struct waiter *waiter, const struct wait_reason *reason)
{
    return waiter->function == MI_FN_application_close &&
           (reason->cause == WAIT_OWN_CALLBACK || reason->cause == WAIT_OWN_DELIVERY);
}

static void tell(const struct deadlock_root *root)
{
    g_autofree char *what = deadlock_what(root);
    g_autofree char *callback = rules_callback_title(root->reason->callback);

    finding_set_message(root->finding, "%s: it was called inside %s", what, callback);
    finding_set_advice(root->finding, "Return from the callback first: wake another thread in it, and call "
                                      "MI_Application_Close on that thread.");
    deadlock_tell_callback(root);
}

const struct deadlock_rule deadlock_app_close_in_callback = {.explains = explains, .tell = tell};

const char help_app_close_in_callback[] =
    "MI_Application_Close was called inside a callback of MI: a result callback, or the completion function "
    "of "
    "MI_Session_Close.\n"
    "\n"
    "The close returns when every session of the application is gone. A session is gone when its operations "
    "are, and "
    "an operation is gone only after its callback has returned. So the close waits for the callback, and the "
    "callback "
    "waits for the close. When the call came back this time, because the callback belonged to something "
    "else, the rule "
    "is broken all the same and the finding is a warning.\n"
    "\n"
    "Close the application on a thread of your own. The callback only tells that thread that the work is "
    "done.\n"
    "\n"
    "    static void on_closed(void *context)          /* completion of MI_Session_Close */\n"
    "    {\n"
    "        sem_post(&((struct client *)context)->closed);\n"
    "    }\n"
    "\n"
    "    MI_Session_Close(&client->session, client, on_closed);\n"
    "    sem_wait(&client->closed);                    /* main thread */\n"
    "    MI_Application_Close(&client->application);\n";
