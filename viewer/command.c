/* SPDX-License-Identifier: MIT */
/* The table of sub-commands, their help, and how one is chosen. */
#include "command.h"

#include "command_help.h"
#include "output.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct command *const command_table[] = {
#define COMMAND(name) &cmd_##name,
#include "commands.def"
};

const size_t command_count = G_N_ELEMENTS(command_table);

int command_failure(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fprintf(stderr, "mitrace: %s\n", message);
    return EXIT_UNKNOWN;
}

int command_usage_error(const struct command *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fprintf(stderr, "mitrace %s: %s (see mitrace %s --help)\n", command->name, message, command->name);
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
        fprintf(stderr, "mitrace: unknown command \"%s\", did you mean \"%s\"?\n", name, nearest);
    } else {
        fprintf(stderr, "mitrace: unknown command \"%s\" (see mitrace --help)\n", name);
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
        fprintf(stderr, "mitrace: %s (see mitrace --help)\n", error->message);
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
        fprintf(stderr, "mitrace: no command given (see mitrace --help)\n");
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
