/* SPDX-License-Identifier: MIT */
/* `mitrace help`: help on commands and on topics. */
#include "cmd_help.h"

#include "command_help.h"

#include <string.h>

static int help(const struct command *command, int argc, char **argv)
{
    struct options_rest rest;
    int status = command_parse(command, argc, argv, NULL, &rest);

    if (status >= 0) {
        return status;
    }
    if (rest.count == 0) {
        command_help_print_all();
        return EXIT_CLEAN;
    }
    bool api = strcmp(rest.arguments[0], "api") == 0;
    if (rest.count > (api ? 2 : 1)) {
        return command_usage_error(command, "too many arguments");
    }
    if (api) {
        return help_api(command, rest.arguments[1]);
    }
    if (strcmp(rest.arguments[0], "man") == 0) {
        help_man();
        return EXIT_CLEAN;
    }
    const struct command *topic = command_find(rest.arguments[0]);
    if (topic == NULL) {
        return command_unknown(rest.arguments[0]);
    }
    command_help_print(topic);
    return EXIT_CLEAN;
}

const struct command cmd_help = {
    .name = "help",
    .synopsis = "explain a command, or list the MI functions that are recorded",
    .usage = "[COMMAND]\napi [NAME]\nman",
    .details =
        "\"help api\" lists every MI function that mitrace knows, with the handle it acts on, its role and\n"
        "its events; NAME selects functions by a part of their name. \"help man\" prints the man page.",
    .run = help,
};
