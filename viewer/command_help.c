/* SPDX-License-Identifier: MIT */
/* Help on commands, from their tables. */
#include "command_help.h"

#include "output.h"

#include <string.h>

const struct option_row command_own_options[] = {
    {.name = "version", .help = "print the version and exit", .kind = OPTION_FLAG},
    {.name = NULL},
};

static void append_commands(GString *out)
{
    size_t width = 0;

    for (size_t i = 0; i < command_count; i++) {
        width = MAX(width, strlen(command_table[i]->name));
    }
    for (size_t i = 0; i < command_count; i++) {
        const struct command *command = command_table[i];
        g_string_append_printf(out, "  %-*s  %s\n", (int)width, command->name, command->synopsis);
    }
}

void command_help_print_all(void)
{
    g_autoptr(GString) out = g_string_new("Usage: mitrace COMMAND [ARGUMENT...]\n\n"
                                          "Shows why programs that use MI hang in a close, and which handles "
                                          "they never close.\n\nCommands:\n");
    append_commands(out);
    g_string_append(out, "\nOptions:\n");
    options_help(out, command_own_options);
    g_string_append(out, "\n\"mitrace COMMAND --help\" tells more of one command.\n");
    output_write(out);
}

static void append_usage(GString *out, const struct command *command)
{
    g_auto(GStrv) forms = g_strsplit(command->usage, "\n", -1);

    for (size_t i = 0; forms[i] != NULL; i++) {
        g_string_append_printf(out, "%s mitrace %s %s\n", i == 0 ? "Usage:" : "      ", command->name,
                               forms[i]);
    }
}

void command_help_print(const struct command *command)
{
    g_autoptr(GString) out = g_string_new(NULL);

    append_usage(out, command);
    g_string_append_printf(out, "\n%c%s.\n", g_ascii_toupper(command->synopsis[0]), command->synopsis + 1);
    if (command->details != NULL) {
        g_string_append_printf(out, "\n%s\n", command->details);
    }
    g_string_append(out, "\nOptions:\n");
    options_help(out, command->options);
    output_write(out);
}
