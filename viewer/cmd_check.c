/* SPDX-License-Identifier: MIT */
/* `mitrace check`: a verdict on traces, or on a program that is run for it. */
#include "judge.h"
#include "recording.h"
#include "scratch.h"

#include <string.h>

struct check_options {
    const char *output;
    GPtrArray *reports; /* const char *: FORMAT:FILE */
    gint64 error_exitcode;
    struct recording_options recording;
    struct judge_options judge;
    struct accept_options accept;
    struct accept *accepted; /* made of `accept` before anything runs */
};

static const char report_help[] = "write a further report, in one of the forms:"
#define REPORT_FORMAT(name) " " #name
#include "report/formats.def"
    ;

static const struct option_row rows[] = {
    {"output", 'o', "DIR", "keep the trace in DIR", OPTION_STRING, offsetof(struct check_options, output), 0},
    {"report", 'r', "FORMAT:FILE", report_help, OPTION_LIST, offsetof(struct check_options, reports), 0},
    {"error-exitcode", 'e', "N", "exit status when something is found (default: 1)", OPTION_NUMBER,
     offsetof(struct check_options, error_exitcode), 255},
    RECORDING_OPTION_ROWS(check_options),
    ACCEPT_OPTION_ROWS(check_options),
    JUDGE_OPTION_ROWS(check_options),
    {.name = NULL},
};

/* "json:out.json" -> its format, and the file in `file`. NULL after a usage error was reported. */
static const struct report_format *split_report(const struct command *command, const char *text,
                                                const char **file)
{
    const char *colon = strchr(text, ':');
    g_autofree char *name = colon == NULL ? NULL : g_strndup(text, (gsize)(colon - text));

    if (colon == NULL || colon[1] == '\0') {
        command_usage_error(command, "--report needs FORMAT:FILE, not \"%s\"", text);
        return NULL;
    }
    *file = colon + 1;
    return judge_format(command, name);
}

static bool check_reports(const struct command *command, const GPtrArray *reports)
{
    const char *file;

    for (guint i = 0; reports != NULL && i < reports->len; i++) {
        if (split_report(command, reports->pdata[i], &file) == NULL) {
            return false;
        }
    }
    return true;
}

static bool write_reports(const struct command *command, const GPtrArray *reports,
                          const struct analysis *analysis)
{
    bool good = true;

    for (guint i = 0; reports != NULL && i < reports->len; i++) {
        const char *file = NULL;
        const struct report_format *format = split_report(command, reports->pdata[i], &file);
        good = judge_write(analysis, format, file) && good;
    }
    return good;
}

/* Print the main report to `out` and the others to their files. Returns the exit status. */
static int tell(const struct command *command, const struct check_options *options,
                const struct analysis *analysis, FILE *out)
{
    const struct report_style style = report_style_of(out);
    int status = verdict_exit_code(&analysis->facts);

    report_text.write(out, analysis, &style, NULL);
    if (options->accept.generate) {
        report_suppressions.write(stderr, analysis, &style, NULL);
    }
    if (!write_reports(command, options->reports, analysis) && status == EXIT_CLEAN) {
        status = EXIT_UNKNOWN;
    }
    return status;
}

static struct analysis_options analysis_options(const struct check_options *options, int program_status)
{
    struct analysis_options values = ANALYSIS_OPTIONS_DEFAULT;

    values.accept = options->accepted;
    values.findings_status = (int)options->error_exitcode;
    values.program_status = program_status;
    return values;
}

static int check_traces(const struct command *command, const struct check_options *options,
                        const struct options_rest *rest)
{
    const struct analysis_options values = analysis_options(options, 0);
    int status = EXIT_USAGE;
    struct analysis *analysis = judge_traces(command, rest, &options->judge, &values, &status);

    if (analysis != NULL) {
        status = tell(command, options, analysis, stdout);
        analysis_free(analysis);
    }
    return status;
}

/* Judge the trace in `directory` after PROGRAM left with `program_status`; `clean` tells whether it may go.
 */
static int judge_run(const struct command *command, const struct check_options *options, char *directory,
                     int program_status, bool *clean)
{
    const struct analysis_options values = analysis_options(options, program_status);
    const struct options_rest trace = {.arguments = &directory, .count = 1};
    int status = EXIT_UNKNOWN;
    struct analysis *analysis = judge_traces(command, &trace, &options->judge, &values, &status);

    *clean = false;
    if (analysis == NULL) {
        return program_status != 0 ? program_status : status;
    }
    status = tell(command, options, analysis, stderr);
    *clean = verdict_of(&analysis->facts) == VERDICT_CLEAN;
    analysis_free(analysis);
    return status;
}

/* What to do with a trace that was made for this check: nobody but us knows where it is. */
static void dispose(struct scratch *scratch, const char *directory, bool clean)
{
    if (scratch != NULL && clean) {
        scratch_remove(scratch);
    } else {
        scratch_keep(scratch);
        command_note("the trace is in %s", directory);
    }
}

/* PROGRAM ran, but there is nothing to judge it by. */
static int give_up(const struct launch_result *result)
{
    int status = launch_exit_code(result);

    return status != 0 ? status : EXIT_UNKNOWN;
}

static int check_program_in(const struct command *command, const struct check_options *options,
                            char **program, char *directory, struct scratch *scratch)
{
    bool clean = false;
    struct launch_result result;
    bool ran = recording_run(&options->recording, program, directory, &result);
    int status = ran ? give_up(&result) : result.exit_status;

    if (!ran || result.problem != NULL) {
        scratch_remove(scratch);
    } else {
        if (result.flaw != NULL) {
            command_note("the trace may not be whole: %s", result.flaw);
        }
        status = judge_run(command, options, directory, launch_exit_code(&result), &clean);
        dispose(scratch, directory, clean);
    }
    launch_result_clear(&result);
    return status;
}

static int check_program(const struct command *command, const struct check_options *options, char **program)
{
    g_autoptr(GError) error = NULL;
    struct scratch *scratch = options->output == NULL
                                  ? scratch_create("the trace", "set TMPDIR, or name one with -o", &error)
                                  : NULL;
    g_autofree char *directory = g_strdup(scratch == NULL ? options->output : scratch_path(scratch));

    if (directory == NULL) {
        return command_failure("%s", error->message);
    }
    return check_program_in(command, options, program, directory, scratch);
}

/* TRACE arguments and PROGRAM exclude each other, and so do the options that only make sense with PROGRAM. */
static int check_arguments(const struct command *command, const struct check_options *options,
                           const struct options_rest *rest)
{
    const struct recording_options *recording = &options->recording;
    bool records = options->output != NULL || recording->timeout != NULL || recording->all_calls ||
                   recording->lossless || recording->keep_arguments || recording->depth != RECORDING_DEPTH;

    if (rest->dashes > 0) {
        return command_usage_error(command, "give either traces or -- PROGRAM, not both");
    }
    if (rest->count == 0) {
        return command_usage_error(command, "no trace and no -- PROGRAM given");
    }
    if (rest->dashes < 0 && records) {
        return command_usage_error(command, "options for recording need -- PROGRAM");
    }
    return check_reports(command, options->reports) ? recording_check(command, recording) : EXIT_USAGE;
}

static int check(const struct command *command, struct check_options *options,
                 const struct options_rest *rest)
{
    int status = check_arguments(command, options, rest);

    if (status >= 0) {
        return status;
    }
    options->accepted = judge_accept(command, &options->accept);
    if (options->accepted == NULL) {
        return EXIT_USAGE;
    }
    return rest->dashes == 0 ? check_program(command, options, rest->arguments)
                             : check_traces(command, options, rest);
}

static int run(const struct command *command, int argc, char **argv)
{
    struct check_options options = {.error_exitcode = EXIT_FINDINGS, .recording = RECORDING_DEFAULTS};
    struct options_rest rest;
    int status = command_parse(command, argc, argv, &options, &rest);

    if (status < 0) {
        status = check(command, &options, &rest);
    }
    accept_free(options.accepted);
    judge_accept_options_clear(&options.accept);
    g_clear_pointer(&options.reports, g_ptr_array_unref);
    judge_options_clear(&options.judge);
    return status;
}

const struct command cmd_check = {
    .name = "check",
    .synopsis = "judge a program, or traces of one: whether it hangs in MI, what it leaks",
    .usage = "[options] TRACE...\n[options] -- PROGRAM [ARG...]",
    .details =
        "The report goes to standard output for traces, and to standard error after PROGRAM's own output.\n"
        "The trace of PROGRAM is deleted when the verdict is clean, unless -o keeps it.\n"
        "\n"
        "Exit status: 0 clean; 1 something that fails was found (--error-exitcode sets another number);\n"
        "2 wrong usage; 3 nothing that fails was found, but not everything could be checked. With PROGRAM\n"
        "and nothing found: PROGRAM's own status when it failed, 124 when --timeout stopped it.\n"
        "\n" RECORDING_HELP "\n" ACCEPT_HELP "\n"
        "--generate-suppressions prints entries for such a file on standard error, after the report.",
    .options = rows,
    .run = run,
};
