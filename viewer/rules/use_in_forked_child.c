/* SPDX-License-Identifier: MIT */
/* use-in-forked-child: a forked child waits for results that no thread of it delivers. */
#include "rules/deadlock_rules.h"

/* A close may return without a result, and often does. */
static bool explains(const struct waiter *waiter, const struct wait_reason *reason)
{
    bool needs_result =
        waiter->function != MI_FN_session_close && waiter->function != MI_FN_application_close;

    return reason->cause == WAIT_NO_DELIVERY && (needs_result || waiter->quiet_ns >= DEADLOCK_PATIENCE_NS);
}

/* The parent's handle that it all came from; NULL: the child has an application of its own. */
static const struct model_handle *find_inherited(const struct waiter *waiter)
{
    const struct model_handle *handle = waiter->handle;

    if (handle->process != waiter->thread->process) {
        return handle;
    }
    while (handle != NULL && handle->inherited == NULL) {
        handle = handle->parent;
    }
    return handle == NULL ? NULL : handle->inherited;
}

static void tell_inherited(const struct deadlock_root *root, const struct model_handle *inherited)
{
    g_autofree char *named = deadlock_named(root, inherited);

    finding_set_advice(
        root->finding,
        "Do not use %s of process %u after the fork: call MI_Application_Initialize only after forking, or "
        "let the child execute a program of its own (exec).",
        named, inherited->process->pid);
    if (inherited != root->waiter->handle) {
        g_autofree char *title = rules_handle_title(inherited);
        finding_relate(root->finding, &inherited->created, inherited, "%s was made in process %u", title,
                       inherited->process->pid);
    }
}

static void tell_own(const struct deadlock_root *root, const struct model_handle *left)
{
    g_autofree char *named = deadlock_named(root, left);
    g_autofree char *title = rules_handle_title(left);

    finding_set_advice(
        root->finding,
        "Fork before the parent opens a session: an application of the child's own does not help as long as "
        "%s of process %u is in use. Or let the child execute a program of its own (exec).",
        named, left->process->pid);
    finding_relate(root->finding, &left->created, left, "%s, in use when process %u forked, was made", title,
                   left->process->pid);
}

static void tell(const struct deadlock_root *root)
{
    const struct model_process *child = root->waiter->thread->process;
    const struct model_handle *inherited = find_inherited(root->waiter);
    g_autofree char *what = deadlock_what(root);
    g_autofree char *title = rules_handle_title(root->waiter->handle);

    finding_set_message(
        root->finding,
        "%s: process %u is a forked child, and the thread that delivers MI's results stayed in its parent "
        "%u",
        what, child->pid, child->parent_pid);
    finding_link(
        root->finding, g_strdup(title), g_strdup("MI's delivering thread"),
        g_strdup_printf("process %u has none: it stayed in process %u at the fork, and MI starts no other",
                        child->pid, child->parent_pid));
    if (inherited != NULL) {
        tell_inherited(root, inherited);
    } else {
        tell_own(root, child->delivery_left);
    }
}

const struct deadlock_rule deadlock_use_in_forked_child = {.explains = explains, .tell = tell};

const char help_use_in_forked_child[] =
    "A process that was forked while its parent had MI in use waits for a result or a close.\n"
    "\n"
    "A thread of MI delivers all results. fork() copies only the thread that calls it, so the child has MI's "
    "data, with the "
    "handles of its parent, but not that thread. Nothing that needs a result ever comes back. MI also "
    "believes that the "
    "thread runs, so that an application of the child's own does not get one either, unless the parent had "
    "not opened a "
    "session yet or had closed its applications.\n"
    "\n"
    "Fork first and initialise MI then, in each process that needs it; or execute a program in the child "
    "right after the "
    "fork. A child that does not touch MI is harmless.\n"
    "\n"
    "    pid_t child = fork();                         /* before MI_Application_Initialize */\n"
    "    if (child == 0)\n"
    "        _exit(work());                            /* with an application of its own */\n"
    "    MI_Application_Initialize(0, \"parent\", NULL, &application);\n";
