/* SPDX-License-Identifier: MIT */
/* `mitrace help man`: the man page, made from the same tables as --help and `mitrace explain`. */
#include "cmd_help.h"

#include "command_help.h"
#include "output.h"
#include "rules/rules.h"

/* Text of ours in roff: backslashes and dashes are escaped, a line that begins with a dot or quote is
 * shielded. */
static void append_text(GString *out, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        bool begins = at == text || at[-1] == '\n';

        if (begins && (*at == '.' || *at == '\'')) {
            g_string_append(out, "\\&");
        }
        if (*at == '\\' || *at == '-') {
            g_string_append_c(out, '\\');
        }
        g_string_append(out, *at == '\\' ? "e" : (const char[]){*at, '\0'});
    }
}

/* Paragraphs are divided by empty lines; indented ones are examples. */
static void append_paragraphs(GString *out, const char *text)
{
    g_auto(GStrv) paragraphs = g_strsplit(text, "\n\n", -1);

    for (size_t i = 0; paragraphs[i] != NULL; i++) {
        bool example = g_str_has_prefix(paragraphs[i], "    ");

        g_string_append(out, example ? ".IP\n.nf\n" : ".IP\n");
        append_text(out, paragraphs[i]);
        g_string_append(out, example ? "\n.fi\n" : "\n");
    }
}

static void append_options(GString *out, const struct option_row *rows)
{
    for (const struct option_row *row = rows; row != NULL && row->name != NULL; row++) {
        g_string_append(out, ".IP\n");
        if (row->letter != 0) {
            g_string_append_printf(out, "\\fB\\-%c\\fR, ", row->letter);
        }
        g_string_append(out, "\\fB\\-\\-");
        append_text(out, row->name);
        g_string_append_printf(out, "\\fR%s%s: ", row->argument != NULL ? " " : "",
                               row->argument != NULL ? row->argument : "");
        append_text(out, row->help);
        g_string_append_c(out, '\n');
    }
}

static void append_command(GString *out, const struct command *command)
{
    g_auto(GStrv) forms = g_strsplit(command->usage, "\n", -1);

    g_string_append(out, ".TP\n");
    for (size_t i = 0; forms[i] != NULL; i++) {
        g_string_append_printf(out, "%s\\fBmitrace %s\\fR ", i > 0 ? ".br\n" : "", command->name);
        append_text(out, forms[i]);
        g_string_append_c(out, '\n');
        if (i == 0) {
            append_text(out, command->synopsis);
            g_string_append(out, ".\n");
        }
    }
    if (command->details != NULL) {
        append_paragraphs(out, command->details);
    }
    append_options(out, command->options);
}

static void append_rules(GString *out)
{
    for (size_t i = 0; i < rules_count; i++) {
        g_string_append(out, ".TP\n.B ");
        append_text(out, rules_registry[i].id);
        g_string_append_printf(out, "\n(%s, %s) ", finding_kind_word(rules_registry[i].kind),
                               finding_severity_word(rules_registry[i].severity));
        append_text(out, rules_registry[i].title);
        g_string_append(out, ".\n");
    }
}

void help_man(void)
{
    g_autoptr(GString) out = g_string_new(NULL);

    g_string_append(
        out, ".TH MITRACE 1 \"\" \"mitrace " MITRACE_VERSION "\" \"User commands\"\n"
             ".SH NAME\nmitrace \\- why programs that use MI hang in a close, and which handles they leak\n"
             ".SH SYNOPSIS\n.B mitrace\n.I COMMAND\n[\\fIARGUMENT\\fR...]\n.SH COMMANDS\n");
    for (size_t i = 0; i < command_count; i++) {
        append_command(out, command_table[i]);
    }
    g_string_append(
        out, ".SH RULES\n\\fBmitrace explain\\fR \\fIRULE\\fR tells what a rule means and how to mend it.\n");
    append_rules(out);
    g_string_append(
        out, ".SH EXIT STATUS\nOf \\fBcheck\\fR:\n"
             ".TP\n0\nno finding that fails, and everything could be checked\n"
             ".TP\n1\nfindings that fail\n"
             ".TP\n2\nwrong usage\n"
             ".TP\n3\ncould not check: no trace, events lost, nothing of MI seen\n"
             ".TP\nother\nno finding, but PROGRAM failed: its status, 128 + signal, 124 at the time limit\n"
             ".PP\n\\fBrecord\\fR exits as PROGRAM did.\n"
             ".SH SEE ALSO\n.BR lttng (1),\n.BR babeltrace2 (1)\n");
    output_write(out);
}
