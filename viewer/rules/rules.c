/* SPDX-License-Identifier: MIT */
/* One analysis: runs the code of all rules over a model and collects their findings. */
#include "rules/rules_internal.h"

static void free_finding(gpointer finding)
{
    finding_free(finding);
}

static void start_code(struct rules *rules, const struct rule_code *code)
{
    if (code == NULL || g_ptr_array_find(rules->codes, code, NULL)) {
        return;
    }
    g_ptr_array_add(rules->codes, (gpointer)code);
    g_ptr_array_add(rules->states, code->start == NULL ? NULL : code->start(rules, rules->model));
}

struct rules *rules_new(struct model *model)
{
    struct rules *rules = g_new0(struct rules, 1);

    rules->model = model;
    rules->codes = g_ptr_array_new();
    rules->states = g_ptr_array_new();
    rules->findings = g_ptr_array_new_with_free_func(free_finding);
    rules->hung = g_hash_table_new(NULL, NULL);
    for (size_t i = 0; i < rules_count; i++) {
        start_code(rules, rules_registry[i].code);
    }
    return rules;
}

void rules_free(struct rules *rules)
{
    if (rules == NULL) {
        return;
    }
    for (guint i = 0; i < rules->codes->len; i++) {
        const struct rule_code *code = rules->codes->pdata[i];
        if (code->stop != NULL) {
            code->stop(rules->states->pdata[i]);
        }
    }
    g_ptr_array_unref(rules->codes);
    g_ptr_array_unref(rules->states);
    g_ptr_array_unref(rules->findings);
    g_hash_table_unref(rules->hung);
    g_free(rules);
}

void rules_add(struct rules *rules, struct finding *finding)
{
    g_ptr_array_add(rules->findings, finding);
}

bool rules_trace_is_whole(const struct rules *rules)
{
    return rules->trace->summary->complete && rules->trace->summary->lost == 0;
}

const GPtrArray *rules_finish(struct rules *rules, const struct rules_trace *trace, rules_namer namer,
                              void *context)
{
    rules->trace = trace;
    rules->namer = namer;
    rules->context = context;
    for (guint i = 0; i < rules->codes->len; i++) {
        const struct rule_code *code = rules->codes->pdata[i];
        if (code->judge != NULL) {
            code->judge(rules, rules->states->pdata[i]);
        }
    }
    rules_group(rules);
    rules_fingerprint(rules);
    return rules->findings;
}
