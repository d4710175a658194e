/* SPDX-License-Identifier: MIT */
/* What --fail-on and --max say, and what follows for a finding. */
#include "accept/tolerance.h"

#include "accept/text_file.h"

#include <errno.h>
#include <string.h>

struct accept_tolerance *accept_tolerance_new(void)
{
    struct accept_tolerance *tolerance = g_new0(struct accept_tolerance, 1);

    tolerance->least = FINDING_ERROR;
    tolerance->rules = g_ptr_array_new();
    tolerance->limits = g_array_new(FALSE, FALSE, sizeof(struct accept_limit));
    return tolerance;
}

void accept_tolerance_free(struct accept_tolerance *tolerance)
{
    if (tolerance != NULL) {
        g_ptr_array_unref(tolerance->rules);
        g_array_unref(tolerance->limits);
        g_free(tolerance);
    }
}

static bool select_severity(struct accept_tolerance *tolerance, const char *word)
{
    for (int severity = FINDING_NOTE; severity <= FINDING_ERROR; severity++) {
        if (strcmp(word, finding_severity_word((enum finding_severity)severity)) == 0) {
            tolerance->least = MIN(tolerance->least, severity);
            return true;
        }
    }
    return false;
}

static bool select_kind(struct accept_tolerance *tolerance, const char *word)
{
    for (int kind = 0; kind < FINDING_TRACE; kind++) {
        if (strcmp(word, finding_kind_word((enum finding_kind)kind)) == 0) {
            tolerance->kinds[kind] = true;
            return true;
        }
    }
    return false;
}

/* A rule about the program: what a trace lacks has an exit status of its own. */
static const struct rule *find_rule(const char *id)
{
    const struct rule *rule = rules_find(id);

    return rule != NULL && rule->kind != FINDING_TRACE ? rule : NULL;
}

static bool select_rule(struct accept_tolerance *tolerance, const char *word)
{
    const struct rule *rule = find_rule(word);

    if (rule != NULL) {
        g_ptr_array_add(tolerance->rules, (gpointer)rule);
    }
    return rule != NULL;
}

bool accept_fail_on(struct accept_tolerance *tolerance, const char *list, GError **error)
{
    g_auto(GStrv) words = g_strsplit(list, ",", -1);

    tolerance->fail_on = list;
    tolerance->least = FINDING_ERROR + 1;
    for (char **word = words; *word != NULL; word++) {
        g_strstrip(*word);
        if (!select_severity(tolerance, *word) && !select_kind(tolerance, *word) &&
            !select_rule(tolerance, *word)) {
            g_set_error(error, accept_error_quark(), 0,
                        "--fail-on: \"%s\" is neither a rule about programs nor error, warning, note, leak, "
                        "deadlock or misuse",
                        *word);
            return false;
        }
    }
    if (words[0] == NULL) {
        g_set_error(error, accept_error_quark(), 0, "--fail-on needs a list, such as deadlock,leak-session");
        return false;
    }
    return true;
}

static struct accept_limit *find_limit(const struct accept_tolerance *tolerance, const struct rule *rule)
{
    for (guint i = 0; i < tolerance->limits->len; i++) {
        struct accept_limit *limit = &g_array_index(tolerance->limits, struct accept_limit, i);
        if (limit->rule == rule) {
            return limit;
        }
    }
    return NULL;
}

static bool parse_count(const char *text, uint64_t *count)
{
    char *end = NULL;

    errno = 0;
    *count = g_ascii_strtoull(text, &end, 10);
    return g_ascii_isdigit(text[0]) && *end == '\0' && errno == 0;
}

bool accept_add_limit(struct accept_tolerance *tolerance, const char *text, GError **error)
{
    const char *sign = strchr(text, '=');
    g_autofree char *id = g_strndup(text, sign == NULL ? strlen(text) : (gsize)(sign - text));
    struct accept_limit limit = {.rule = find_rule(id)}, *known;

    if (sign == NULL || !parse_count(sign + 1, &limit.most)) {
        g_set_error(error, accept_error_quark(), 0,
                    "--max needs RULE=N with a number from 0, such as leak-operation=3, not \"%s\"", text);
        return false;
    }
    if (limit.rule == NULL) {
        g_set_error(error, accept_error_quark(), 0,
                    "--max: \"%s\" is no rule about programs: mitrace explain lists the rules", id);
        return false;
    }
    known = find_limit(tolerance, limit.rule);
    if (known != NULL) {
        *known = limit;
    } else {
        g_array_append_val(tolerance->limits, limit);
    }
    return true;
}

void accept_count(struct accept_tolerance *tolerance, const struct rule *rule, uint64_t count)
{
    struct accept_limit *limit = find_limit(tolerance, rule);

    if (limit != NULL) {
        limit->found += count;
    }
}

bool accept_fails_by(const struct accept_tolerance *tolerance, const struct finding *finding)
{
    const struct accept_limit *limit = find_limit(tolerance, finding->rule);

    if (limit != NULL) {
        return limit->found > limit->most;
    }
    return (int)finding->severity >= tolerance->least || tolerance->kinds[finding->rule->kind] ||
           g_ptr_array_find(tolerance->rules, finding->rule, NULL);
}
