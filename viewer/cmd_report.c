/* SPDX-License-Identifier: MIT */
/* `mitrace report`: findings and summary of traces, in any format. */
#include "judge.h"

struct report_options {
    const char *format;
    const char *output;
    struct judge_options judge;
    struct accept_options accept;
};

static const char format_help[] = "form of the report, text if not given:"
#define REPORT_FORMAT(name) " " #name
#include "report/formats.def"
    ;

static const struct option_row rows[] = {
    {"format", 'f', "FORMAT", format_help, OPTION_STRING, offsetof(struct report_options, format), 0},
    {"output", 'o', "FILE", "write the report to FILE instead of standard output", OPTION_STRING,
     offsetof(struct report_options, output), 0},
    ACCEPT_OPTION_ROWS(report_options),
    JUDGE_OPTION_ROWS(report_options),
    {.name = NULL},
};

static int write_report(const struct command *command, const struct report_options *options,
                        const struct options_rest *rest, struct accept *accept)
{
    const struct report_format *format =
        options->accept.generate ? &report_suppressions : judge_format(command, options->format);
    struct analysis_options values = ANALYSIS_OPTIONS_DEFAULT;
    struct analysis *analysis = NULL;
    int status = EXIT_USAGE;

    if (format == NULL) {
        return EXIT_USAGE;
    }
    values.accept = accept;
    analysis = judge_traces(command, rest, &options->judge, &values, &status);
    if (analysis == NULL) {
        return status;
    }
    status = judge_write(analysis, format, options->output) ? EXIT_CLEAN : EXIT_UNKNOWN;
    analysis_free(analysis);
    return status;
}

static int report(const struct command *command, const struct report_options *options,
                  const struct options_rest *rest)
{
    struct accept *accept = judge_accept(command, &options->accept);
    int status = accept == NULL ? EXIT_USAGE : write_report(command, options, rest, accept);

    accept_free(accept);
    return status;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct report_options options = {.format = "text"};
    struct options_rest rest;
    int status = command_parse(command, argc, argv, &options, &rest);

    if (status < 0) {
        status = report(command, &options, &rest);
    }
    judge_accept_options_clear(&options.accept);
    judge_options_clear(&options.judge);
    return status;
}

const struct command cmd_report = {
    .name = "report",
    .synopsis = "print what was found in traces, and how many handles they hold",
    .usage = "[options] TRACE...",
    .details =
        "TRACE is a directory that \"mitrace record\" or LTTng wrote, a text trace, or \"-\" for a text "
        "trace\n"
        "on standard input. Several are read as one. The exit status is 0 whatever was found: \"mitrace\n"
        "check\" is the command that judges.\n"
        "\n" ACCEPT_HELP "\n"
        "--generate-suppressions prints entries for such a file instead of the report.",
    .options = rows,
    .run = run,
};
