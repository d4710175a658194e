/* SPDX-License-Identifier: MIT */
/* From the options of a command to a recorded run. */
#include "recording.h"
#include "paths.h"

#include <math.h>

/* Seconds of --timeout; 0: none. NAN when it is no such number. */
static double timeout_seconds(const char *text)
{
    char *end = NULL;
    double seconds = text == NULL ? 0 : g_ascii_strtod(text, &end);

    if (text == NULL) {
        return 0;
    }
    return g_ascii_isdigit(text[0]) && *end == '\0' && seconds > 0 && seconds < 1e9 ? seconds : NAN;
}

int recording_check(const struct command *command, const struct recording_options *options)
{
    if (isnan(timeout_seconds(options->timeout))) {
        return command_usage_error(command, "--timeout needs a number of seconds above 0, not \"%s\"",
                                   options->timeout);
    }
    return -1;
}

bool recording_run(const struct recording_options *options, char **argv, const char *directory,
                   struct launch_result *result)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *preload = paths_preload(&error);
    const struct launch_options launch = {.argv = argv,
                                          .trace_dir = directory,
                                          .preload = preload,
                                          .timeout_seconds = timeout_seconds(options->timeout),
                                          .stack_depth = (unsigned)options->depth,
                                          .all_calls = options->all_calls,
                                          .keep_arguments = options->keep_arguments,
                                          .lossless = options->lossless};

    *result = (struct launch_result){.exit_status = LAUNCH_EXIT_CANNOT_RECORD};
    if (preload == NULL && g_getenv("MITRACE_PRELOAD") == NULL) {
        g_clear_error(&error); /* an installation that is not whole: the program runs all the same */
    }
    if (error != NULL || !launch_program(&launch, result, &error)) {
        command_failure("%s", error->message);
        return false;
    }
    if (result->problem != NULL) {
        command_failure("%s was not recorded: %s", argv[0], result->problem);
    } else if (result->unseen != NULL) {
        command_note("%s", result->unseen);
    }
    return true;
}
