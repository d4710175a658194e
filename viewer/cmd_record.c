/* SPDX-License-Identifier: MIT */
/* `mitrace record`: run a program under the shim and keep the trace. */
#include "recording.h"

#include "launch/unseen.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <inttypes.h>

struct record_options {
    const char *output;
    struct recording_options recording;
};

static const struct option_row rows[] = {
    {"output", 'o', "DIR", "write the trace to DIR (default: ./mitrace-PROGRAM-DATE-TIME)", OPTION_STRING,
     offsetof(struct record_options, output), 0},
    RECORDING_OPTION_ROWS(record_options),
    {.name = NULL},
};

/* A new directory named after the program and the time; NULL after the error was reported. */
static char *make_directory(const char *program)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *time = g_date_time_format(now, "%Y%m%d-%H%M%S");
    g_autofree char *base = g_path_get_basename(program);
    g_autofree char *stem = g_strdup_printf("mitrace-%s-%s", base, time);
    g_autofree char *path = g_strdup(stem);

    for (unsigned number = 2; g_mkdir(path, 0700) != 0; number++) {
        if (errno != EEXIST) {
            command_failure("cannot create %s: %s", path, g_strerror(errno));
            return NULL;
        }
        g_free(path);
        path = g_strdup_printf("%s-%u", stem, number);
    }
    return g_steal_pointer(&path);
}

static void tell(const char *directory, const struct launch_result *result)
{
    g_autoptr(GString) more = g_string_new(NULL);

    if (result->lost_hint > 0) {
        g_string_append_printf(more, " (%" PRIu64 " events lost: --lossless keeps them)", result->lost_hint);
    }
    if (result->flaw != NULL) {
        g_string_append_printf(more, " (it may not be whole: %s)", result->flaw);
    }
    if (result->silent && result->unseen == NULL) {
        command_note("no MI call was recorded. " LAUNCH_UNSEEN_WHERE);
    }
    command_note("the trace is in %s%s", directory, more->str);
}

static int record_in(const struct record_options *options, char **program, const char *directory)
{
    struct launch_result result;
    bool ran = recording_run(&options->recording, program, directory, &result);
    int status = ran ? launch_exit_code(&result) : result.exit_status;

    if (ran && result.problem == NULL) {
        tell(directory, &result);
    } else if (options->output == NULL) {
        g_rmdir(directory);
    }
    launch_result_clear(&result);
    return status;
}

static int record(const struct record_options *options, char **program)
{
    g_autofree char *made = options->output == NULL ? make_directory(program[0]) : NULL;
    const char *directory = options->output == NULL ? made : options->output;

    return directory == NULL ? EXIT_UNKNOWN : record_in(options, program, directory);
}

static int run(const struct command *command, int argc, char **argv)
{
    struct record_options options = {.recording = RECORDING_DEFAULTS};
    struct options_rest rest;
    int status = command_parse(command, argc, argv, &options, &rest);

    if (status >= 0) {
        return status;
    }
    if (rest.count == 0) {
        return command_usage_error(command, "no program given");
    }
    status = recording_check(command, &options.recording);
    return status >= 0 ? status : record(&options, rest.arguments);
}

const struct command cmd_record = {
    .name = "record",
    .synopsis = "run a program and write a trace of its MI calls",
    .usage = "[options] -- PROGRAM [ARG...]",
    .details =
        "PROGRAM keeps its input, output and exit status; when a signal kills it, the status is 128 + the\n"
        "signal's number, and 124 when --timeout stopped it. Needs neither root nor a running daemon.\n"
        "\n" RECORDING_HELP,
    .options = rows,
    .program = TRUE,
    .run = run,
};
