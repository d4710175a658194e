/* SPDX-License-Identifier: MIT */
/* `mitrace timeline`: what threads did, in the order of time, and what they are inside of at the end. */
#include "judge.h"
#include "output.h"
#include "timeline/timeline.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct timeline_command {
    const char *from;
    const char *to;
    gint64 thread;
    gint64 width;
    gboolean all;
    struct judge_options judge;
};

static const struct option_row rows[] = {
    {"from", 0, "SEC", "begin at SEC seconds after the trace's first event", OPTION_STRING,
     offsetof(struct timeline_command, from), 0},
    {"to", 0, "SEC", "end at SEC seconds after the trace's first event", OPTION_STRING,
     offsetof(struct timeline_command, to), 0},
    {"thread", 't', "TID", "show this thread only", OPTION_NUMBER, offsetof(struct timeline_command, thread),
     G_MAXUINT32},
    {"width", 'w', "N", "cut lines to N columns, 0: never (default: the width of the terminal)",
     OPTION_NUMBER, offsetof(struct timeline_command, width), 10000},
    {"all", 'a', NULL, "a line for every call, also for many in a row that are alike", OPTION_FLAG,
     offsetof(struct timeline_command, all), 0},
    JUDGE_OPTION_ROWS(timeline_command),
    {.name = NULL},
};

enum { WIDTH_OF_TERMINAL = -1 };

static unsigned width_of_terminal(void)
{
    struct winsize size;

    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* "1.5", "+1.5" as a timeline prints it. */
static bool parse_time(const char *text, int64_t *time_ns)
{
    const char *digits = text[0] == '+' ? text + 1 : text;
    char *end = NULL;
    double seconds = g_ascii_strtod(digits, &end);

    if (!g_ascii_isdigit(digits[0]) || *end != '\0' || !(seconds <= 9e9)) {
        return false;
    }
    *time_ns = (int64_t)(seconds * 1e9 + 0.5);
    return true;
}

/* -1: done. */
static int take_options(const struct command *command, const struct timeline_command *values,
                        struct timeline_options *options)
{
    *options = (struct timeline_options){
        .from_ns = INT64_MIN, .to_ns = INT64_MAX, .tid = (uint32_t)values->thread, .all = values->all};
    if (values->from != NULL && !parse_time(values->from, &options->from_ns)) {
        return command_usage_error(command, "--from needs seconds, such as 1.5, not \"%s\"", values->from);
    }
    if (values->to != NULL && !parse_time(values->to, &options->to_ns)) {
        return command_usage_error(command, "--to needs seconds, such as 1.5, not \"%s\"", values->to);
    }
    if (options->to_ns < options->from_ns) {
        return command_usage_error(command, "--to %s is before --from %s", values->to, values->from);
    }
    options->width = values->width == WIDTH_OF_TERMINAL ? width_of_terminal() : (unsigned)values->width;
    options->colour = report_style_of(stdout).colour;
    return -1;
}

/* Nobody reads any further once standard output fails. */
static void write_lines(const GString *lines)
{
    if (!output_write(lines)) {
        exit(output_finish(EXIT_CLEAN));
    }
}

struct attachment {
    const struct timeline_options *options;
    struct timeline *timeline;
};

static void attach(void *context, const struct analysis *analysis)
{
    struct attachment *attachment = context;

    attachment->timeline = timeline_new(analysis, attachment->options, write_lines);
}

static int show(const struct command *command, const struct options_rest *rest,
                const struct judge_options *judge, const struct timeline_options *options)
{
    struct attachment attachment = {.options = options};
    struct analysis_options analysis_options = ANALYSIS_OPTIONS_DEFAULT;
    int status = EXIT_CLEAN;

    analysis_options.attach = attach;
    analysis_options.attach_context = &attachment;
    struct analysis *analysis = judge_traces(command, rest, judge, &analysis_options, &status);
    if (analysis != NULL) {
        timeline_finish(attachment.timeline);
        analysis_free(analysis);
    }
    timeline_free(attachment.timeline);
    return status;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct timeline_command values = {.width = WIDTH_OF_TERMINAL};
    struct timeline_options options;
    struct options_rest rest;
    int status = command_parse(command, argc, argv, &values, &rest);

    if (status < 0) {
        status = take_options(command, &values, &options);
        options.several = rest.count > 1;
    }
    if (status < 0) {
        status = show(command, &rest, &values.judge, &options);
    }
    judge_options_clear(&values.judge);
    return status;
}

const struct command cmd_timeline = {
    .name = "timeline",
    .synopsis = "print calls and callbacks in the order of time, and what threads wait for at the end",
    .usage = "[options] TRACE...",
    .details =
        "A call that something else happens during has two lines, one ending in \"{\" and one beginning "
        "with\n"
        "\"}\". Calls inside a callback, and callbacks inside a call, are indented. Times are seconds since\n"
        "the trace's first event, as in reports.",
    .options = rows,
    .run = run,
};
