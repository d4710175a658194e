/* SPDX-License-Identifier: MIT */
/* The pipeline: source -> model with rules attached -> findings named through symbols -> verdict. */
#include "analysis.h"
#include "coverage.h"
#include "source/ctf_find.h"

#include <signal.h>
#include <string.h>

struct analysis_private {
    struct rules *rules;
    struct coverage_tables *tables;
    GPtrArray *traces;   /* const char *: the paths that hold events */
    GPtrArray *infos;    /* struct launch_info *, of the traces that mitrace recorded */
    GHashTable *symbols; /* struct model_process * -> struct symbols * */
    GArray *known;       /* struct source_frame: what the trace itself says of addresses */
    GStringChunk *texts; /* of `known` */
    struct symbols_options symbols_options;
};

static void free_info(gpointer info)
{
    launch_info_clear(info);
    g_free(info);
}

static struct analysis *analysis_new(const char *const *paths, size_t count)
{
    struct analysis *analysis = g_new0(struct analysis, 1);
    struct analysis_private *private = g_new0(struct analysis_private, 1);

    analysis->private = private;
    analysis->paths = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < count; i++) {
        g_ptr_array_add(analysis->paths, g_strdup(paths[i]));
    }
    analysis->not_checked = g_ptr_array_new_with_free_func(g_free);
    analysis->model = model_new();
    private->rules = rules_new(analysis->model);
    private->tables = coverage_tables_new();
    private->traces = g_ptr_array_new();
    private->infos = g_ptr_array_new_with_free_func(free_info);
    private->symbols = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)symbols_free);
    private->known = g_array_new(FALSE, FALSE, sizeof(struct source_frame));
    private->texts = g_string_chunk_new(4096);
    return analysis;
}

void analysis_free(struct analysis *analysis)
{
    if (analysis == NULL) {
        return;
    }
    rules_free(analysis->private->rules);
    model_free(analysis->model);
    coverage_tables_free(analysis->private->tables);
    g_hash_table_unref(analysis->private->symbols);
    g_ptr_array_unref(analysis->private->traces);
    g_ptr_array_unref(analysis->private->infos);
    g_array_unref(analysis->private->known);
    g_string_chunk_free(analysis->private->texts);
    g_free(analysis->private);
    source_summary_clear(&analysis->summary);
    g_ptr_array_unref(analysis->not_checked);
    g_ptr_array_unref(analysis->paths);
    g_free(analysis);
}

static void take_event(void *context, const struct source_event *event)
{
    struct analysis *analysis = context;

    coverage_tables_take(analysis->private->tables, event);
    model_take(analysis->model, event);
}

static const char *keep(GStringChunk *texts, const char *text)
{
    return text == NULL ? NULL : g_string_chunk_insert_const(texts, text);
}

static void take_frame(void *context, const struct source_frame *frame)
{
    struct analysis_private *private = ((struct analysis *)context)->private;
    struct source_frame copy = *frame;

    copy.function = keep(private->texts, frame->function);
    copy.file = keep(private->texts, frame->file);
    copy.module = keep(private->texts, frame->module);
    g_array_append_val(private->known, copy);
}

/* What the launcher wrote beside the trace; text traces and foreign LTTng traces have nothing. */
static bool read_info(struct analysis *analysis, const char *path)
{
    g_autofree struct launch_info *info = g_new0(struct launch_info, 1);
    g_autoptr(GError) error = NULL;

    if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
        return false;
    }
    if (launch_read_info(path, info, &error)) {
        g_ptr_array_add(analysis->private->infos, g_steal_pointer(&info));
        return true;
    }
    if (!g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
        g_ptr_array_add(analysis->not_checked, g_strdup(error->message));
    }
    return false;
}

static bool holds_events(const char *directory)
{
    g_autoptr(GPtrArray) found = ctf_find(directory);

    return found->len > 0;
}

/* A run in which nobody used MI leaves the launcher's file and no trace: nothing to read, and no error. */
static void read_path(struct analysis *analysis, const char *path)
{
    if (!read_info(analysis, path) || holds_events(path)) {
        g_ptr_array_add(analysis->private->traces, (gpointer)path);
    }
}

static void read_infos(struct analysis *analysis)
{
    GPtrArray *infos = analysis->private->infos;

    for (guint i = 0; i < analysis->paths->len; i++) {
        read_path(analysis, analysis->paths->pdata[i]);
    }
    if (infos->len == 1) {
        analysis->program = infos->pdata[0];
        if (analysis->paths->len == 1) {
            model_only_run(analysis->model, analysis->program->run_id);
        }
    }
}

/* The trace cannot say that a signal ended a process; the launcher can, of the one it started. */
static void tell_ends(struct analysis *analysis)
{
    const GPtrArray *infos = analysis->private->infos;

    for (guint i = 0; i < infos->len; i++) {
        const struct launch_info *info = infos->pdata[i];
        if (!info->finished) {
            continue;
        }
        if (info->signal != 0) {
            model_set_end(analysis->model, (uint32_t)info->pid, MODEL_SIGNAL, info->signal);
        } else {
            model_set_end(analysis->model, (uint32_t)info->pid, MODEL_EXIT, info->status);
        }
    }
}

static void find_end(struct analysis *analysis)
{
    const struct launch_info *program = analysis->program;
    bool known = program != NULL && program->finished && analysis->summary.events > 0;

    analysis->end_ns = analysis->summary.end_ns;
    if (known) {
        analysis->end_ns = MAX(analysis->end_ns, program->end_us * 1000);
    }
}

/* The rules count until the last event; a hung program stays in its call until it is stopped. */
static void extend_blocked(GPtrArray *findings, int64_t by_ns)
{
    for (guint i = 0; i < findings->len; i++) {
        struct finding *finding = findings->pdata[i];
        if (finding->blocked_ns >= 0) {
            finding->blocked_ns += by_ns;
        }
        extend_blocked(finding->consequences, by_ns);
    }
}

static const struct symbols_frame *name_address(void *context, struct model_process *process,
                                                uint64_t address, size_t *count)
{
    return analysis_lookup(context, process, address, count);
}

static void add_findings(struct analysis *analysis, enum finding_severity fail_on)
{
    const struct rules_trace trace = {.summary = &analysis->summary,
                                      .timed_out = analysis->program != NULL && analysis->program->timed_out};

    analysis->findings = rules_finish(analysis->private->rules, &trace, name_address, analysis);
    extend_blocked((GPtrArray *)analysis->findings, analysis->end_ns - analysis->summary.end_ns);
    for (guint i = 0; i < analysis->findings->len; i++) {
        const struct finding *finding = analysis->findings->pdata[i];
        if (finding->suppressed_by != NULL) {
            analysis->suppressed++;
        } else if (finding->rule->kind != FINDING_TRACE && finding->severity >= fail_on) {
            analysis->facts.failing++;
        }
    }
}

struct analysis *analysis_run(const char *const *paths, size_t count, const struct analysis_options *options,
                              GError **error)
{
    static const struct analysis_options defaults = ANALYSIS_OPTIONS_DEFAULT;
    struct analysis *analysis = analysis_new(paths, count);
    const GPtrArray *traces = analysis->private->traces;
    const struct source_handler handler = {.event = take_event, .frame = take_frame, .context = analysis};

    options = options == NULL ? &defaults : options;
    analysis->private->symbols_options = options->symbols;
    analysis->facts.findings_status = options->findings_status;
    analysis->facts.program_status = options->program_status;
    read_infos(analysis);
    if (!source_read((const char *const *)traces->pdata, traces->len, &handler, &analysis->summary, error)) {
        analysis_free(analysis);
        return NULL;
    }
    tell_ends(analysis);
    find_end(analysis);
    model_finish(analysis->model);
    add_findings(analysis, options->fail_on);
    coverage_judge(analysis, analysis->private->tables, analysis->private->infos);
    return analysis;
}

/* A forked child has its parent's modules until it loads its own. */
static void add_modules(struct symbols *symbols, const struct model_process *process)
{
    if (process->forked_from != NULL) {
        add_modules(symbols, process->forked_from);
    }
    for (guint i = 0; i < process->modules->len; i++) {
        const struct model_module *module = process->modules->pdata[i];
        symbols_add_module(symbols, module->base, module->start, module->end, module->path, module->build_id,
                           module->build_id_len);
    }
}

static struct symbols *new_symbols(const struct analysis_private *private,
                                   const struct model_process *process)
{
    struct symbols *symbols = symbols_new(&private->symbols_options);

    add_modules(symbols, process);
    for (guint i = 0; i < private->known->len; i++) {
        const struct source_frame *frame = &g_array_index(private->known, struct source_frame, i);
        if (frame->pid == process->pid) {
            symbols_add_known(symbols, frame->address, frame->function, frame->file, frame->line,
                              frame->module, frame->offset);
        }
    }
    return symbols;
}

const struct symbols_frame *analysis_lookup(const struct analysis *analysis, struct model_process *process,
                                            uint64_t address, size_t *count)
{
    GHashTable *table = analysis->private->symbols;
    struct symbols *symbols = g_hash_table_lookup(table, process);

    if (symbols == NULL) {
        symbols = new_symbols(analysis->private, process);
        g_hash_table_insert(table, process, symbols);
    }
    return symbols_lookup(symbols, address, count);
}

char *analysis_process_name(const struct model_process *process)
{
    g_autofree char *base =
        process->path[0] == '\0' ? g_strdup("process") : g_path_get_basename(process->path);

    return g_strdup_printf("%s (pid %u)", base, process->pid);
}

char *analysis_signal_name(int number)
{
    const char *name = sigabbrev_np(number);

    return name == NULL ? g_strdup_printf("signal %d", number) : g_strdup_printf("SIG%s", name);
}
