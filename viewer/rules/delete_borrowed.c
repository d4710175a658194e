/* SPDX-License-Identifier: MIT */
/* delete-borrowed: an instance or class is deleted that belongs to an operation, or is a part of something
 * else. */
#include "rules/misuse_rules.h"

static void tell_loan(const struct misuse_call *seen, const struct model_loan *loan)
{
    bool class = loan->key.kind == MI_KIND_class;
    struct finding *finding = misuse_new(seen, class ? FINDING_WARNING : FINDING_ERROR, loan->owner);

    misuse_explain(finding, class ? "; MI ignores it" : "; MI goes on using it, or has freed it itself",
                   "it belongs to the %s, which handed it out", mi_kinds[loan->owner->kind].title);
    finding_relate(finding, &loan->lent, loan->owner, "it was handed out");
    misuse_add(seen, finding);
}

/* Whoever makes an instance for the program is seen to do so, unless there is a second MI or an event is
 * missing. */
static bool knows_all(const struct model_process *process)
{
    return process->started_in_trace && process->missed_ns == 0 && process->unpatched == 0 &&
           process->unseen_error_ns == 0 && !process->several_tables[MI_KIND_instance];
}

static void tell_unknown(const struct misuse_call *seen)
{
    struct finding *finding = misuse_new(seen, FINDING_ERROR, NULL);

    misuse_explain(finding, "",
                   "the program did not make this instance: it is a part of another one, or MI's");
    misuse_add(seen, finding);
}

/* What has ended may have made room for something of the program's own that nobody saw. */
static bool is_certain(const struct model_process *process, const struct model_loan *loan)
{
    return loan->ended.thread == NULL || (!misuse_has_second_mi(process, loan->key.kind) &&
                                          loan->ended.time_ns >= process->unseen_error_ns);
}

static void entered(const struct misuse_call *seen)
{
    const struct model_activity *call = seen->call;
    struct model_process *process = seen->thread->process;
    enum mi_kind kind = mi_functions[call->function].kind;
    const struct model_loan *loan;

    if (call->handle != NULL || process->forked_from != NULL ||
        (kind != MI_KIND_instance && kind != MI_KIND_class) ||
        (mi_functions[call->function].roles & MI_ROLE_CLOSES) == 0) {
        return;
    }
    loan = model_loan_at(process, kind, call->words.address);
    if (loan != NULL && is_certain(process, loan)) {
        tell_loan(seen, loan);
    } else if (loan == NULL && call->function == MI_FN_instance_delete && call->words.address != 0 &&
               knows_all(process)) {
        tell_unknown(seen);
    }
}

static void advise(struct finding *finding)
{
    finding_set_advice(finding,
                       "Remove this %s. To keep the object for longer, clone it and delete the clone.",
                       mi_functions[finding->at.function].name);
}

const struct misuse_rule misuse_delete_borrowed = {.entered = entered, .advise = advise};

const char help_delete_borrowed[] =
    "An instance or class was deleted that is not the program's.\n"
    "\n"
    "Results of getters and callbacks, their error details included, belong to the operation, and an "
    "instance "
    "that is the "
    "value of another one belongs to that. MI frees them itself. OMI frees a part of such an instance at "
    "once "
    "and goes on "
    "using the rest; deleting a class that belongs to an operation does nothing there (a warning).\n"
    "\n"
    "The program deletes what it has made: with MI_Application_NewInstance, MI_Application_NewClass, the "
    "Clone functions, "
    "a deserializer, MI_Instance_GetClass, MI_Class_GetParentClass, and the error details that functions "
    "other "
    "than those of operations hand out.\n"
    "\n"
    "    MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL);\n"
    "    MI_Instance_Clone(instance, &copy);           /* `instance` stays MI's */\n"
    "    ...\n"
    "    MI_Instance_Delete(copy);\n";
