/* SPDX-License-Identifier: MIT */
/* close-other-user: MI refuses a call because the thread runs as another user than the one that opened the
 * session. */
#include "rules/misuse_rules.h"

/* MI compares with the ids of the session's creation; other handles have no owner. */
static const struct model_handle *session_of(const struct model_handle *handle)
{
    const struct model_handle *session = handle->kind == MI_KIND_operation ? handle->parent : handle;

    return session != NULL && session->kind == MI_KIND_session ? session : NULL;
}

static bool is_refused(const struct misuse_call *seen)
{
    const struct model_handle *made = seen->call->made;

    return seen->result == MISUSE_ACCESS_DENIED || (made != NULL && made->failed_start);
}

static bool differs(const struct model_site *site, const struct model_site *other)
{
    return site->uid != other->uid || site->gid != other->gid;
}

static bool carries_user(enum mi_function function)
{
    enum mi_event_class class = mi_functions[function].entry;

    for (size_t i = 0; i < mi_classes[class].count; i++) {
        if (mi_classes[class].fields[i] == MI_FIELD_uid) {
            return true;
        }
    }
    return false;
}

static void left(const struct misuse_call *seen)
{
    const struct model_handle *session = seen->handle == NULL ? NULL : session_of(seen->handle);
    const struct model_site *site = &seen->call->site;
    struct finding *finding;

    if (session == NULL || !is_refused(seen) || !carries_user(seen->call->function) ||
        !differs(site, &session->created)) {
        return;
    }
    finding = misuse_new(seen, FINDING_WARNING, seen->handle);
    misuse_explain(finding, "; MI refuses it",
                   "the thread runs as user %u, group %u; user %u, group %u opened the session", site->uid,
                   site->gid, session->created.uid, session->created.gid);
    finding_relate(finding, &session->created, session, "the session was opened");
    misuse_add(seen, finding);
}

static void advise(struct finding *finding)
{
    const struct finding_related *opened = finding->related->pdata[0];

    finding_set_advice(
        finding, "Call %s as user %u, group %u: on a thread that keeps these ids, or before they change.",
        mi_functions[finding->at.function].name, opened->site.uid, opened->site.gid);
}

const struct misuse_rule misuse_close_other_user = {.left = left, .advise = advise};

const char help_close_other_user[] =
    "MI refused a call with ACCESS_DENIED because the calling thread has another real user or group id than "
    "the one that "
    "opened the session.\n"
    "\n"
    "Closes, getters, acknowledgements and starts are all checked. A close that was refused closes nothing: "
    "the handle "
    "stays open, and the close of what it belongs to will wait for it. An acknowledgement that was refused "
    "is "
    "still owed. "
    "Effective ids do not matter, real ids do. libc's setuid changes all threads, the raw system call "
    "changes "
    "one.\n"
    "\n"
    "Close as the user who opened, before privileges are given up, or keep a thread that does not give them "
    "up and let it "
    "make these calls.\n"
    "\n"
    "    MI_Session_Close(&session, NULL, NULL);\n"
    "    MI_Application_Close(&application);\n"
    "    setresuid(user, user, user);                  /* not before */\n";
