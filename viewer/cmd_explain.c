/* SPDX-License-Identifier: MIT */
/* `mitrace explain`: what a rule means, or the list of all rules. */
#include "command.h"
#include "output.h"
#include "report/prose.h"
#include "rules/rules.h"

#include <stdbool.h>
#include <string.h>

static int id_width(void)
{
    size_t width = 0;

    for (size_t i = 0; i < rules_count; i++) {
        width = MAX(width, strlen(rules_registry[i].id));
    }
    return (int)width;
}

static void append_kind(GString *out, enum finding_kind kind, const char *heading)
{
    int width = id_width();
    bool first = true;

    for (size_t i = 0; i < rules_count; i++) {
        const struct rule *rule = &rules_registry[i];
        if (rule->kind != kind) {
            continue;
        }
        if (first) {
            g_string_append_printf(out, "%s%s\n", out->len > 0 ? "\n" : "", heading);
            first = false;
        }
        g_string_append_printf(out, "  %-*s  ", width, rule->id);
        report_append_wrapped(out, rule->title, (unsigned)width + 4, REPORT_WIDTH);
        g_string_append_c(out, '\n');
    }
}

static int list_rules(void)
{
    static const struct {
        enum finding_kind kind;
        const char *heading;
    } kinds[] = {{FINDING_DEADLOCK, "Deadlocks: a call that cannot return"},
                 {FINDING_MISUSE, "Misuse: a documented rule is broken"},
                 {FINDING_LEAK, "Leaks: a handle that is never closed"},
                 {FINDING_TRACE, "Trace: what could not be checked"}};
    g_autoptr(GString) out = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        append_kind(out, kinds[i].kind, kinds[i].heading);
    }
    g_string_append(out,
                    "\n\"mitrace explain RULE\" tells what a rule means and how to fix what it finds.\n");
    output_write(out);
    return EXIT_CLEAN;
}

/* Lines that are indented, as examples are, stay as they are; the others are paragraphs to wrap. */
static void append_help(GString *out, const char *help)
{
    g_auto(GStrv) lines = g_strsplit(help, "\n", -1);

    for (char **line = lines; *line != NULL; line++) {
        if (g_ascii_isspace(**line)) {
            g_string_append(out, *line);
        } else {
            report_append_wrapped(out, *line, 0, REPORT_WIDTH);
        }
        g_string_append_c(out, '\n');
    }
    while (out->len > 0 && out->str[out->len - 1] == '\n') {
        g_string_truncate(out, out->len - 1);
    }
    g_string_append_c(out, '\n');
}

static int explain(const struct rule *rule)
{
    g_autoptr(GString) out = g_string_new(NULL);

    g_string_append_printf(out, "%s (%s, %s)\n", rule->id, finding_kind_word(rule->kind),
                           finding_severity_word(rule->severity));
    report_append_wrapped(out, rule->title, 0, REPORT_WIDTH);
    g_string_append(out, "\n\n");
    append_help(out, rule->help);
    output_write(out);
    return EXIT_CLEAN;
}

static int unknown_rule(const struct command *command, const char *id)
{
    g_autofree const char **ids = g_new(const char *, rules_count);
    const char *nearest = NULL;

    for (size_t i = 0; i < rules_count; i++) {
        ids[i] = rules_registry[i].id;
    }
    nearest = options_nearest(id, ids, rules_count);
    if (nearest != NULL) {
        return command_usage_error(command, "unknown rule \"%s\", did you mean \"%s\"?", id, nearest);
    }
    return command_usage_error(command, "unknown rule \"%s\": \"mitrace explain\" lists them all", id);
}

static int run(const struct command *command, int argc, char **argv)
{
    struct options_rest rest;
    int status = command_parse(command, argc, argv, NULL, &rest);

    if (status >= 0) {
        return status;
    }
    if (rest.count == 0) {
        return list_rules();
    }
    if (rest.count > 1) {
        return command_usage_error(command, "one rule at a time");
    }
    const struct rule *rule = rules_find(rest.arguments[0]);
    return rule == NULL ? unknown_rule(command, rest.arguments[0]) : explain(rule);
}

const struct command cmd_explain = {
    .name = "explain",
    .synopsis = "tell what a rule means, why it happens and how to fix it",
    .usage = "[RULE]",
    .details = "Without RULE: the list of all rules.",
    .run = run,
};
