/* SPDX-License-Identifier: MIT */
/* The pipeline: traces -> model with rules attached -> findings named through symbols -> verdict. */
#include "analysis.h"
#include "analysis_internal.h"
#include "coverage.h"

#include <signal.h>
#include <string.h>

static void free_trace(gpointer data)
{
    struct analysis_trace *trace = data;

    if (trace->info != NULL) {
        launch_info_clear(trace->info);
        g_free(trace->info);
    }
    g_free(trace->path);
    g_free(trace);
}

static struct analysis *analysis_new(void)
{
    struct analysis *analysis = g_new0(struct analysis, 1);
    struct analysis_private *private = g_new0(struct analysis_private, 1);

    analysis->private = private;
    analysis->traces = g_ptr_array_new_with_free_func(free_trace);
    analysis->summary = (struct source_summary){.complete = true};
    analysis->summary.problems = g_ptr_array_new_with_free_func(g_free);
    analysis->not_checked = g_ptr_array_new_with_free_func(g_free);
    analysis->model = model_new();
    private->rules = rules_new(analysis->model);
    private->tables = coverage_tables_new();
    private->symbols = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)symbols_free);
    private->known = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
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
    g_hash_table_unref(analysis->private->known);
    g_string_chunk_free(analysis->private->texts);
    g_free(analysis->private);
    source_summary_clear(&analysis->summary);
    g_ptr_array_unref(analysis->not_checked);
    g_ptr_array_unref(analysis->traces);
    g_free(analysis);
}

const struct analysis_trace *analysis_trace_of(const struct analysis *analysis,
                                               const struct model_process *process)
{
    guint index = model_index_of(process);

    for (guint i = index == G_MAXUINT ? 0 : analysis->traces->len; i > 0; i--) {
        const struct analysis_trace *trace = analysis->traces->pdata[i - 1];
        if (trace->first_process <= index) {
            return trace;
        }
    }
    return NULL;
}

int64_t analysis_end_of(const struct analysis *analysis, const struct model_process *process)
{
    return model_end_of(analysis->model, process);
}

static const struct symbols_frame *name_address(void *context, struct model_process *process,
                                                uint64_t address, size_t *count)
{
    return analysis_lookup(context, process, address, count);
}

static bool any_timed_out(const GPtrArray *traces)
{
    for (guint i = 0; i < traces->len; i++) {
        const struct launch_info *info = ((const struct analysis_trace *)traces->pdata[i])->info;
        if (info != NULL && info->timed_out) {
            return true;
        }
    }
    return false;
}

static void add_findings(struct analysis *analysis)
{
    const struct rules_trace trace = {.summary = &analysis->summary,
                                      .timed_out = any_timed_out(analysis->traces)};

    analysis->findings = rules_finish(analysis->private->rules, &trace, name_address, analysis);
}

static GPtrArray *find_stack(void *context, const struct model_site *site)
{
    return analysis_stack(context, site);
}

/* Events are missing that could disprove what is only possible. */
static bool has_gaps(const struct analysis *analysis)
{
    return !analysis->summary.complete || analysis->summary.lost > 0 ||
           coverage_tables_any(analysis->private->tables);
}

/* Comes after coverage: of a trace that lacks something, nobody knows what is gone since the baseline. */
static void judge_findings(struct analysis *analysis, struct accept *accept)
{
    const struct accept_stacks stacks = {.find = find_stack, .context = analysis};
    const struct verdict_facts *facts = &analysis->facts;
    const struct accept_sums sums =
        accept_judge(accept, analysis->findings, &stacks, facts->seen && facts->whole);

    analysis->accept = accept;
    analysis->suppressed = sums.accepted;
    analysis->facts.failing = sums.failing;
    analysis->facts.unsure = has_gaps(analysis) ? sums.possible : 0;
}

struct analysis *analysis_run(const char *const *paths, size_t count, const struct analysis_options *options,
                              GError **error)
{
    static const struct analysis_options defaults = ANALYSIS_OPTIONS_DEFAULT;
    struct analysis *analysis = analysis_new();

    options = options == NULL ? &defaults : options;
    analysis->private->symbols_options = options->symbols;
    analysis->facts.findings_status = options->findings_status;
    analysis->facts.program_status = options->program_status;
    if (options->attach != NULL) {
        options->attach(options->attach_context, analysis);
    }
    for (size_t i = 0; i < count; i++) {
        if (!analysis_read(analysis, paths[i], error)) {
            analysis_free(analysis);
            return NULL;
        }
    }
    if (count == 1) {
        analysis->program = ((const struct analysis_trace *)analysis->traces->pdata[0])->info;
    }
    model_finish(analysis->model);
    add_findings(analysis);
    coverage_judge(analysis, analysis->private->tables);
    judge_findings(analysis, options->accept);
    return analysis;
}

static void add_own_modules(struct symbols *symbols, const struct model_process *process)
{
    for (guint i = 0; i < process->modules->len; i++) {
        const struct model_module *module = process->modules->pdata[i];
        symbols_add_module(symbols, module->base, module->start, module->end, module->path, module->build_id,
                           module->build_id_len);
    }
}

/* A forked child has its parent's modules until it loads its own. */
static void add_modules(struct symbols *symbols, const struct model_process *process)
{
    g_autoptr(GPtrArray) line = g_ptr_array_new();

    for (; process != NULL; process = process->forked_from) {
        g_ptr_array_add(line, (gpointer)process);
    }
    for (guint i = line->len; i > 0; i--) {
        add_own_modules(symbols, line->pdata[i - 1]);
    }
}

static struct symbols *new_symbols(const struct analysis *analysis, const struct model_process *process)
{
    const GArray *known = g_hash_table_lookup(analysis->private->known, GUINT_TO_POINTER(process->pid));
    const struct analysis_trace *trace = analysis_trace_of(analysis, process);
    struct symbols *symbols = symbols_new(&analysis->private->symbols_options);

    add_modules(symbols, process);
    for (guint i = 0; known != NULL && i < known->len; i++) {
        const struct analysis_frame *entry = &g_array_index(known, struct analysis_frame, i);
        const struct source_frame *frame = &entry->frame;
        if (entry->trace == trace) {
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
        symbols = new_symbols(analysis, process);
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
