/* SPDX-License-Identifier: MIT */
/* From a command line to an analysis, and from an analysis to a file. */
#include "judge.h"

#include <errno.h>
#include <string.h>

void judge_options_clear(struct judge_options *options)
{
    g_clear_pointer(&options->debug_dirs, g_ptr_array_unref);
}

struct accept *judge_accept(const struct command *command, const struct accept_options *options)
{
    g_autoptr(GError) error = NULL;
    struct accept *accept = accept_new(options, &error);

    if (accept == NULL) {
        command_usage_error(command, "%s", error->message);
    }
    return accept;
}

void judge_accept_options_clear(struct accept_options *options)
{
    g_clear_pointer(&options->suppressions, g_ptr_array_unref);
    g_clear_pointer(&options->limits, g_ptr_array_unref);
}

struct analysis *judge_traces(const struct command *command, const struct options_rest *rest,
                              const struct judge_options *options, const struct analysis_options *analysis,
                              int *status)
{
    struct analysis_options values = ANALYSIS_OPTIONS_DEFAULT;
    g_autoptr(GError) error = NULL;
    struct analysis *result = NULL;

    if (rest->count == 0) {
        *status = command_usage_error(command, "no trace given");
        return NULL;
    }
    values = analysis != NULL ? *analysis : values;
    values.symbols = (struct symbols_options){.sysroot = options->sysroot, .debug_dirs = options->debug_dirs};
    result = analysis_run((const char *const *)rest->arguments, (size_t)rest->count, &values, &error);
    if (result != NULL && !accept_save(values.accept, &error)) {
        g_clear_pointer(&result, analysis_free);
    }
    if (result == NULL) {
        *status = command_failure("%s", error->message);
    }
    return result;
}

const struct report_format *judge_format(const struct command *command, const char *name)
{
    const struct report_format *format = report_find(name);

    if (format == NULL) {
        g_autofree char *names = report_names();
        command_usage_error(command, "unknown format \"%s\": it is one of %s", name, names);
    }
    return format;
}

static bool write_file(const struct analysis *analysis, const struct report_format *format, const char *path,
                       GError **error)
{
    FILE *out = fopen(path, "we");
    struct report_style style = {.colour = false};
    bool good = out != NULL && format->write(out, analysis, &style, error);
    bool failed = out == NULL || ferror(out) != 0;

    failed = (out != NULL && fclose(out) != 0) || failed;
    if (failed && (error == NULL || *error == NULL)) {
        int number = errno;
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(number), "cannot write %s: %s", path,
                    g_strerror(number));
    }
    return good && !failed;
}

bool judge_write(const struct analysis *analysis, const struct report_format *format, const char *path)
{
    g_autoptr(GError) error = NULL;
    bool good;

    if (path == NULL || strcmp(path, "-") == 0) {
        struct report_style style = report_style_of(stdout);
        good = format->write(stdout, analysis, &style, &error);
    } else {
        good = write_file(analysis, format, path, &error);
    }
    if (!good) {
        command_failure("%s", error->message);
    }
    return good;
}
