/* SPDX-License-Identifier: MIT */
/* The table of sub-commands, their help, and how one is chosen. */
#include "command.h"

#include "command_help.h"
#include "output.h"
#include "report/safe.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct command *const command_table[] = {
#define COMMAND(name) &cmd_##name,
#include "commands.def"
};

const size_t command_count = G_N_ELEMENTS(command_table);

/* Messages name files, options and what traces said: whatever is in them, they are one harmless line. */
static void tell(const char *message)
{
    g_autofree char *safe = report_safe(message);

    fprintf(stderr, "mitrace%s\n", safe);
}

static void tell_formatted(const char *format, va_list arguments)
{
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    g_autofree char *line = g_strconcat(": ", message, NULL);

    tell(line);
}

void command_note(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell_formatted(format, arguments);
    va_end(arguments);
}

int command_failure(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell_formatted(format, arguments);
    va_end(arguments);
    return EXIT_UNKNOWN;
}

int command_usage_error(const struct command *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *line =
        g_strdup_printf(" %s: %s (see mitrace %s --help)", command->name, message, command->name);
    tell(line);
    return EXIT_USAGE;
}

int command_parse(const struct command *command, int argc, char **argv, void *values,
                  struct options_rest *rest)
{
    g_autoptr(GError) error = NULL;

    if (!options_parse(command->options, command->program, argc, argv, values, rest, &error)) {
        return command_usage_error(command, "%s", error->message);
    }
    if (rest->help) {
        command_help_print(command);
        return EXIT_CLEAN;
    }
    return -1;
}

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(command_table[i]->name, name) == 0) {
            return command_table[i];
        }
    }
    return NULL;
}

int command_unknown(const char *name)
{
    const char *names[G_N_ELEMENTS(command_table)];

    for (size_t i = 0; i < command_count; i++) {
        names[i] = command_table[i]->name;
    }
    const char *nearest = options_nearest(name, names, command_count);
    if (nearest != NULL) {
        command_note("unknown command \"%s\", did you mean \"%s\"?", name, nearest);
    } else {
        command_note("unknown command \"%s\" (see mitrace --help)", name);
    }
    return EXIT_USAGE;
}

/* The program's own options, before any command. Returns -1 when the command shall go on. */
static int parse_own(int argc, char **argv, struct options_rest *rest)
{
    struct {
        gboolean version;
    } own = {FALSE};
    g_autoptr(GError) error = NULL;

    if (!options_parse(command_own_options, TRUE, argc, argv, &own, rest, &error)) {
        command_note("%s (see mitrace --help)", error->message);
        return EXIT_USAGE;
    }
    if (rest->help) {
        command_help_print_all();
        return EXIT_CLEAN;
    }
    if (own.version) {
        printf("mitrace %s\n", MITRACE_VERSION);
        return EXIT_CLEAN;
    }
    return -1;
}

static int run(int argc, char **argv)
{
    struct options_rest rest;
    int status = parse_own(argc, argv, &rest);

    if (status >= 0) {
        return status;
    }
    if (rest.count == 0) {
        command_note("no command given (see mitrace --help)");
        return EXIT_USAGE;
    }
    const struct command *command = command_find(rest.arguments[0]);
    if (command == NULL) {
        return command_unknown(rest.arguments[0]);
    }
    return command->run(command, rest.count - 1, rest.arguments + 1);
}

int command_main(int argc, char **argv)
{
    return output_finish(run(argc > 0 ? argc - 1 : 0, argv + (argc > 0)));
}
