/* SPDX-License-Identifier: MIT */
/* `mitrace events`: a trace as readable text, which every command reads as a trace again. */
#include "command.h"
#include "coverage.h"
#include "launch/info.h"
#include "output.h"
#include "source/source.h"
#include "symbols/symbols.h"

#include <stdlib.h>

struct events_options {
    gboolean raw;
};

static const struct option_row events_rows[] = {
    {.name = "raw",
     .help = "print addresses without their names",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct events_options, raw)},
    {.name = NULL},
};

/* What is known of addresses in one process. */
struct process_names {
    struct symbols *symbols;
    uint32_t parent; /* whose modules a forked process has; 0: none */
};

struct printer {
    GString *line;
    GHashTable *processes; /* pid -> struct process_names * */
    gboolean raw;
    const char *run;  /* only processes of this run; NULL: all */
    GHashTable *ours; /* pids of them, a set */
    gboolean begun;   /* the header is printed: not before there is anything to print */
};

static void free_names(void *data)
{
    struct process_names *names = data;
    symbols_free(names->symbols);
    g_free(names);
}

static struct process_names *add_names(struct printer *printer, uint32_t pid, uint32_t parent)
{
    struct process_names *names = g_new0(struct process_names, 1);

    names->symbols = symbols_new(NULL);
    names->parent = parent;
    g_hash_table_replace(printer->processes, GUINT_TO_POINTER(pid), names);
    return names;
}

static struct process_names *find_names(struct printer *printer, uint32_t pid)
{
    struct process_names *names = g_hash_table_lookup(printer->processes, GUINT_TO_POINTER(pid));
    return names != NULL ? names : add_names(printer, pid, 0);
}

static void add_module(struct printer *printer, const struct mi_event *data)
{
    g_autofree char *path = g_strndup(data->path_len > 0 ? data->path : "", data->path_len);
    symbols_add_module(find_names(printer, data->pid)->symbols, data->base, data->start, data->end, path,
                       data->build_id, data->build_id_len);
}

/* A pid that starts or forks off is a new process, whoever had it before. */
static void learn(struct printer *printer, const struct source_event *event)
{
    switch ((int)event->id) {
    case MI_EV_process_start:
        add_names(printer, event->data.pid, 0);
        break;
    case MI_EV_process_fork:
        add_names(printer, event->data.pid, event->data.parent);
        break;
    case MI_EV_module_load:
        add_module(printer, &event->data);
        break;
    }
}

/* The innermost frame of an address; several are there when functions were inlined. */
static bool name_address(void *context, uint32_t pid, uint64_t address, struct source_frame *frame)
{
    struct printer *printer = context;
    struct process_names *names = find_names(printer, pid);
    size_t count = 0;
    const struct symbols_frame *found = symbols_lookup(names->symbols, address, &count);

    if (found->module == NULL && found->function == NULL && names->parent != 0 && names->parent != pid) {
        found = symbols_lookup(find_names(printer, names->parent)->symbols, address, &count);
    }
    *frame = (struct source_frame){pid,         address,       found->function, found->file,
                                   found->line, found->module, found->offset};
    return true;
}

static void take_frame(void *context, const struct source_frame *frame)
{
    symbols_add_known(find_names(context, frame->pid)->symbols, frame->address, frame->function, frame->file,
                      frame->line, frame->module, frame->offset);
}

/* Nobody reads any further once standard output fails. */
static void print(const GString *text)
{
    if (!output_write(text)) {
        exit(output_finish(EXIT_CLEAN));
    }
}

static void begin(struct printer *printer)
{
    g_string_truncate(printer->line, 0);
    if (!printer->begun) {
        source_format_header(printer->line);
        printer->begun = TRUE;
    }
}

/* Where LTTng's session daemon had to be shared, a trace holds events of other runs too. */
static bool is_ours(struct printer *printer, const struct source_event *event)
{
    gpointer pid = GUINT_TO_POINTER(event->data.pid);
    const struct mi_event *data = &event->data;

    if (printer->run == NULL) {
        return true;
    }
    if (event->id == MI_EV_process_start) {
        bool same =
            data->run_len == strlen(printer->run) && memcmp(data->run, printer->run, data->run_len) == 0;
        same ? g_hash_table_add(printer->ours, pid) : g_hash_table_remove(printer->ours, pid);
    } else if (event->id == MI_EV_process_fork &&
               g_hash_table_contains(printer->ours, GUINT_TO_POINTER(data->parent))) {
        g_hash_table_add(printer->ours, pid);
    }
    return g_hash_table_contains(printer->ours, pid);
}

static void take_event(void *context, const struct source_event *event)
{
    struct printer *printer = context;

    if (!is_ours(printer, event)) {
        return;
    }
    if (!printer->raw) {
        learn(printer, event);
    }
    begin(printer);
    source_format_event(printer->line, event, printer->raw ? NULL : name_address, printer);
    print(printer->line);
}

/* Which run a single trace directory of ours is about. */
static const char *find_run(const struct options_rest *rest, struct launch_info *info)
{
    return rest->count == 1 && launch_read_info(rest->arguments[0], info, NULL) ? info->run_id : NULL;
}

static int print_traces(const struct options_rest *rest, gboolean raw)
{
    g_autoptr(GString) line = g_string_new(NULL);
    g_autoptr(GHashTable) processes = g_hash_table_new_full(NULL, NULL, NULL, free_names);
    g_autoptr(GHashTable) ours = g_hash_table_new(NULL, NULL);
    struct launch_info info = {0};
    struct printer printer = {.line = line, .processes = processes, .raw = raw, .ours = ours};
    struct source_handler handler = {take_event, raw ? NULL : take_frame, &printer};
    const char *const *paths = (const char *const *)rest->arguments;
    struct source_summary summary;
    g_autoptr(GError) error = NULL;
    bool good;

    printer.run = find_run(rest, &info);
    good = source_read(paths, (size_t)rest->count, &handler, &summary, &error);
    if (printer.run != NULL) {
        coverage_add_recording(&summary, &info, rest->arguments[0]);
    }
    if (good || printer.begun) {
        begin(&printer);
        source_format_summary(line, &summary);
        print(line);
    }
    source_summary_clear(&summary);
    launch_info_clear(&info);
    return good ? EXIT_CLEAN : command_failure("%s", error->message);
}

static int events(const struct command *command, int argc, char **argv)
{
    struct events_options options = {FALSE};
    struct options_rest rest;
    int status = command_parse(command, argc, argv, &options, &rest);

    if (status >= 0) {
        return status;
    }
    if (rest.count == 0) {
        return command_usage_error(command, "no trace given");
    }
    return print_traces(&rest, options.raw);
}

const struct command cmd_events = {
    .name = "events",
    .synopsis = "print the events of traces as text",
    .usage = "[options] TRACE...",
    .details =
        "TRACE is a directory with an LTTng trace in it, a text that this command printed, or - for such a\n"
        "text on standard input. Every command reads the printed text as a trace again.",
    .options = events_rows,
    .run = events,
};
