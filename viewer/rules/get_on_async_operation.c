/* SPDX-License-Identifier: MIT */
/* get-on-async-operation: a getter is asked for results that go to a callback, or that are of another kind.
 */
#include "rules/misuse_rules.h"

static const char *what_it_yields(enum mi_callback callback)
{
    return callback == MI_CB_class_result        ? "classes"
           : callback == MI_CB_indication_result ? "indications"
                                                 : "instances";
}

static bool is_refused_getter(const struct misuse_call *seen)
{
    return seen->handle != NULL && (mi_functions[seen->call->function].roles & MI_ROLE_RESULTS) != 0 &&
           seen->call->ending != MODEL_ENDED && seen->result == MISUSE_INVALID_PARAMETER &&
           !seen->handle->doubtful;
}

static void left(const struct misuse_call *seen)
{
    const struct model_handle *operation = seen->handle;
    struct finding *finding;
    enum mi_callback kind;

    if (!is_refused_getter(seen)) {
        return;
    }
    kind = mi_functions[operation->created.function].result_callback;
    if (!operation->asynchronous && kind == mi_functions[seen->call->function].result_callback) {
        return;
    }
    finding = misuse_new(seen, FINDING_WARNING, operation);
    if (operation->asynchronous) {
        misuse_explain(finding, "; MI refuses it", "its results go to its %s callback",
                       mi_callbacks[kind].title);
    } else {
        misuse_explain(finding, "; MI refuses it", "its results are %s", what_it_yields(kind));
    }
    misuse_add(seen, finding);
}

/* The getter for what the operation yields. */
static const char *right_getter(enum mi_callback kind)
{
    for (size_t function = 0; function < MI_FN_COUNT; function++) {
        if ((mi_functions[function].roles & MI_ROLE_RESULTS) != 0 &&
            mi_functions[function].result_callback == kind) {
            return mi_functions[function].name;
        }
    }
    return "the getter of its kind";
}

static void advise(struct finding *finding)
{
    enum mi_callback kind = mi_functions[finding->created.function].result_callback;

    if (mi_functions[finding->at.function].result_callback == kind) {
        finding_set_advice(finding, "Take the results in the callback, or start the operation without %s.",
                           mi_callbacks[kind].title);
    } else {
        finding_set_advice(finding, "Call %s instead.", right_getter(kind));
    }
}

const struct misuse_rule misuse_get_on_async_operation = {.left = left, .advise = advise};

const char help_get_on_async_operation[] =
    "A getter was called on an operation that cannot answer it: its results go to a callback, or they are of "
    "another "
    "kind (instances, classes, indications).\n"
    "\n"
    "An operation is asynchronous when it was started with the callback for its kind of result: "
    "instanceResult, "
    "classResult for classes, indicationResult for subscriptions. Then there is nothing to read. Otherwise "
    "the "
    "getter for "
    "that kind is the only way to the results; any other returns INVALID_PARAMETER at once and reads "
    "nothing, "
    "so that a "
    "loop that waits for moreResults to become false never ends, and the close hangs.\n"
    "\n"
    "Use either callbacks or the getter, and the getter that fits.\n"
    "\n"
    "    MI_Session_GetClass(&session, 0, NULL, ns, name, NULL, &operation);\n"
    "    MI_Operation_GetClass(&operation, &found, &more, &result, NULL, NULL);\n";
