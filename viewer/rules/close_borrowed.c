/* SPDX-License-Identifier: MIT */
/* close-borrowed: a session or application is closed that the program has not opened: it was lent to it. */
#include "rules/misuse_rules.h"

/* Everything that was opened in this process was seen. */
static bool knows_all(const struct model_process *process)
{
    return process->started_in_trace && process->forked_from == NULL && process->missed_ns == 0 &&
           process->unpatched == 0;
}

static void left(const struct misuse_call *seen)
{
    const struct model_activity *call = seen->call;
    bool closes = call->function == MI_FN_session_close || call->function == MI_FN_application_close;
    struct finding *finding;

    if (!closes || call->handle != NULL || seen->result != 0 || call->words.r2 == 0 ||
        !knows_all(seen->thread->process)) {
        return;
    }
    finding = misuse_new(seen, FINDING_ERROR, NULL);
    misuse_explain(finding, "", "the program did not open this %s",
                   mi_kinds[mi_functions[call->function].kind].title);
    misuse_add(seen, finding);
}

static void advise(struct finding *finding)
{
    finding_set_advice(finding, "Remove this %s: whoever opened it closes it.",
                       mi_functions[finding->at.function].name);
}

const struct misuse_rule misuse_close_borrowed = {.left = left, .advise = advise};

const char help_close_borrowed[] =
    "A session or application was closed that no call in this process has opened.\n"
    "\n"
    "A provider gets a session of its host by MI_Context_GetLocalSession. All providers share it, it ends "
    "with "
    "the host, "
    "and it must not be closed: OMI closes it for everybody, and if somebody else uses it, waits for them. "
    "What "
    "MI_Session_GetApplication says of such a session is the host's, too.\n"
    "\n"
    "Close what was opened with MI_Application_Initialize or MI_Application_NewSession, and nothing else. "
    "Operations that "
    "were started on a borrowed session are the program's own and have to be closed.\n"
    "\n"
    "    MI_Context_GetLocalSession(context, &session);\n"
    "    MI_Session_GetInstance(&session, ..., &operation);\n"
    "    ...\n"
    "    MI_Operation_Close(&operation);               /* and no MI_Session_Close(&session) */\n";
