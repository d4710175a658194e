/* SPDX-License-Identifier: MIT */
/* Findings: made, filled, freed. */
#include "rules/finding.h"

#include "rules/rules.h"

const char *finding_severity_word(enum finding_severity severity)
{
    static const char *const words[] = {
        [FINDING_NOTE] = "note", [FINDING_WARNING] = "warning", [FINDING_ERROR] = "error"};

    return words[severity];
}

const char *finding_certainty_word(enum finding_certainty certainty)
{
    static const char *const words[] = {[FINDING_OBSERVED] = "observed", [FINDING_POSSIBLE] = "possible"};

    return words[certainty];
}

const char *finding_kind_word(enum finding_kind kind)
{
    static const char *const words[] = {[FINDING_LEAK] = "leak",
                                        [FINDING_DEADLOCK] = "deadlock",
                                        [FINDING_MISUSE] = "misuse",
                                        [FINDING_TRACE] = "trace"};

    return words[kind];
}

static void free_related(gpointer data)
{
    struct finding_related *related = data;

    model_set_site(&related->site, NULL);
    g_free(related->what);
    g_free(related->handle.name);
    g_free(related);
}

static void free_link(gpointer data)
{
    struct finding_link *link = data;

    g_free(link->from);
    g_free(link->waits_for);
    g_free(link->because);
    g_free(link);
}

static void free_consequence(gpointer data)
{
    finding_free(data);
}

struct finding *finding_new(const struct rule *rule, struct model_process *process)
{
    struct finding *finding = g_new0(struct finding, 1);

    finding->rule = rule;
    finding->severity = rule->severity;
    finding->certainty = FINDING_OBSERVED;
    finding->process = process;
    finding->count = 1;
    finding->blocked_ns = -1;
    finding->message = g_strdup("");
    finding->advice = g_strdup("");
    finding->fingerprint = g_strdup("");
    finding->related = g_ptr_array_new_with_free_func(free_related);
    finding->chain = g_ptr_array_new_with_free_func(free_link);
    finding->consequences = g_ptr_array_new_with_free_func(free_consequence);
    return finding;
}

void finding_free(struct finding *finding)
{
    if (finding == NULL) {
        return;
    }
    model_set_site(&finding->created, NULL);
    model_set_site(&finding->at, NULL);
    g_ptr_array_unref(finding->related);
    g_ptr_array_unref(finding->chain);
    g_ptr_array_unref(finding->consequences);
    g_free(finding->handle.name);
    g_free(finding->message);
    g_free(finding->advice);
    g_free(finding->fingerprint);
    g_free(finding->suppressed_by);
    g_free(finding);
}

static void copy_handle(struct finding_handle *copy, const struct model_handle *about)
{
    g_free(copy->name);
    *copy = (struct finding_handle){0};
    if (about != NULL) {
        copy->kind = about->kind;
        copy->id = about->id;
        copy->name = g_strdup(about->name);
        copy->parent = about->parent == NULL ? 0 : about->parent->id;
    }
}

void finding_set_handle(struct finding *finding, const struct model_handle *about)
{
    copy_handle(&finding->handle, about);
    model_set_site(&finding->created, about == NULL ? NULL : &about->created);
}

void finding_set_at(struct finding *finding, const struct model_site *site)
{
    model_set_site(&finding->at, site);
}

void finding_set_message(struct finding *finding, const char *format, ...)
{
    va_list arguments;

    g_free(finding->message);
    va_start(arguments, format);
    finding->message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

void finding_set_advice(struct finding *finding, const char *format, ...)
{
    va_list arguments;

    g_free(finding->advice);
    va_start(arguments, format);
    finding->advice = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

void finding_relate(struct finding *finding, const struct model_site *site, const struct model_handle *about,
                    const char *what, ...)
{
    struct finding_related *related = g_new0(struct finding_related, 1);
    va_list arguments;

    va_start(arguments, what);
    related->what = g_strdup_vprintf(what, arguments);
    va_end(arguments);
    model_set_site(&related->site, site);
    copy_handle(&related->handle, about);
    g_ptr_array_add(finding->related, related);
}

void finding_link(struct finding *finding, char *from, char *waits_for, char *because)
{
    struct finding_link *link = g_new0(struct finding_link, 1);

    link->from = from;
    link->waits_for = waits_for;
    link->because = because;
    g_ptr_array_add(finding->chain, link);
}

void finding_occurred(struct finding *finding, int64_t time_ns)
{
    bool first = finding->first_ns == 0 && finding->last_ns == 0;

    finding->first_ns = first ? time_ns : MIN(finding->first_ns, time_ns);
    finding->last_ns = first ? time_ns : MAX(finding->last_ns, time_ns);
}
