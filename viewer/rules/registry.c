/* SPDX-License-Identifier: MIT */
/* The table of rules. Ids are an interface: they are never renamed. */
#include "rules/deadlock_rules.h"
#include "rules/leaks.h"
#include "rules/misuse_rules.h"
#include "rules/trace_quality.h"

#include <string.h>

#define DEADLOCK(rule_id, name, rule_title)                                                             \
    {                                                                                                   \
        .id = rule_id, .kind = FINDING_DEADLOCK, .severity = FINDING_ERROR, .title = rule_title,        \
        .help = help_##name, .leak = MI_KIND_none, .code = &deadlock_code, .deadlock = &deadlock_##name \
    }
#define MISUSE(rule_id, name, level, rule_title)                                                            \
    {                                                                                                       \
        .id = rule_id, .kind = FINDING_MISUSE, .severity = level, .title = rule_title, .help = help_##name, \
        .leak = MI_KIND_none, .code = &misuse_code, .misuse = &misuse_##name                                \
    }
#define LEAK(rule_id, name, rule_title)                                                      \
    {                                                                                        \
        .id = rule_id, .kind = FINDING_LEAK, .severity = FINDING_ERROR, .title = rule_title, \
        .help = help_leak_##name, .leak = MI_KIND_##name, .code = &leaks_code                \
    }
#define TRACE(rule_id, name, level, rule_title)                                                            \
    {                                                                                                      \
        .id = rule_id, .kind = FINDING_TRACE, .severity = level, .title = rule_title, .help = help_##name, \
        .leak = MI_KIND_none, .code = &trace_quality_code                                                  \
    }

/* clang-format off */
const struct rule rules_registry[] = {
    DEADLOCK("app-close-in-callback", app_close_in_callback,
             "MI_Application_Close inside a callback or a session-close completion of MI"),
    DEADLOCK("app-close-session-open", app_close_session_open,
             "MI_Application_Close waits for a session or hosted provider that is not closed"),
    DEADLOCK("session-close-in-callback", session_close_in_callback,
             "MI_Session_Close without a completion function inside a callback"),
    DEADLOCK("session-close-operation-open", session_close_operation_open,
             "MI_Session_Close waits for an operation that is not closed"),
    DEADLOCK("async-close-never-completes", async_close_never_completes,
             "MI_Session_Close with a completion function that is never called"),
    DEADLOCK("operation-close-undrained", operation_close_undrained,
             "MI_Operation_Close of a synchronous operation whose final result nobody read"),
    DEADLOCK("ack-never-given", ack_never_given,
             "a close waits for an operation one of whose results was never acknowledged"),
    DEADLOCK("blocking-call-in-callback", blocking_call_in_callback,
             "a blocking MI call on the thread that would have to deliver its result"),
    DEADLOCK("blocking-wait-in-callback", blocking_wait_in_callback,
             "a callback waits, outside MI, for what comes only after it has returned"),
    DEADLOCK("callback-blocked", callback_blocked,
             "a close or a getter waits for a callback that is stuck outside MI"),
    DEADLOCK("use-in-forked-child", use_in_forked_child,
             "a forked child waits for what only a thread of its parent could deliver"),
    DEADLOCK("closed-in-early-callback", closed_in_early_callback,
             "a session's close that hangs by a defect of OMI: an operation closed inside its own start"),
    DEADLOCK("session-close-stuck", session_close_stuck,
             "MI_Session_Close does not return although nothing under the session is open"),

    MISUSE("double-close", double_close, FINDING_ERROR, "a handle that is closed, or an object that is deleted, twice"),
    MISUSE("use-after-close", use_after_close, FINDING_ERROR,
           "a handle, object or result that is used after the program has given it up"),
    MISUSE("close-borrowed", close_borrowed, FINDING_ERROR,
           "a session or application that is closed by somebody who did not open it"),
    MISUSE("close-other-user", close_other_user, FINDING_WARNING,
           "a call that is refused because another user opened the session"),
    MISUSE("close-failed", close_failed, FINDING_WARNING, "a close that fails and leaves the handle open"),
    MISUSE("get-on-async-operation", get_on_async_operation, FINDING_WARNING,
           "a getter on an operation whose results go to a callback, or are of another kind"),
    MISUSE("close-during-use", close_during_use, FINDING_ERROR,
           "a handle that is closed, or read by a second thread, while a thread is inside a call on it"),
    MISUSE("delete-borrowed", delete_borrowed, FINDING_ERROR,
           "an instance or class that is deleted but belongs to MI"),
    MISUSE("start-during-close", start_during_close, FINDING_ERROR,
           "an operation that is started while its session is being closed"),
    MISUSE("application-churn", application_churn, FINDING_WARNING,
           "the last application is closed while another one opens its first session"),

    LEAK("leak-application", application, "an application that is never closed"),
    LEAK("leak-session", session, "a session that is never closed"),
    LEAK("leak-operation", operation, "an operation that is never closed"),
    LEAK("leak-instance", instance, "an instance that is never deleted"),
    LEAK("leak-class", class, "a reference to a class that is never deleted"),
    LEAK("leak-destination-options", destination_options, "destination options that are never deleted"),
    LEAK("leak-operation-options", operation_options, "operation options that are never deleted"),
    LEAK("leak-subscription-options", subscription_options,
         "subscription delivery options that are never deleted"),
    LEAK("leak-serializer", serializer, "a serializer that is never closed"),
    LEAK("leak-deserializer", deserializer, "a deserializer that is never closed"),
    LEAK("leak-hosted-provider", hosted_provider, "a hosted provider that is never closed"),

    TRACE("events-lost", events_lost, FINDING_WARNING, "events were lost while recording"),
    TRACE("trace-truncated", trace_truncated, FINDING_WARNING, "a part of the trace is missing"),
    TRACE("process-killed", process_killed, FINDING_NOTE, "a process was killed with handles open"),
};
/* clang-format on */

const size_t rules_count = G_N_ELEMENTS(rules_registry);

const struct rule *rules_find(const char *id)
{
    for (size_t i = 0; i < rules_count; i++) {
        if (strcmp(rules_registry[i].id, id) == 0) {
            return &rules_registry[i];
        }
    }
    return NULL;
}
