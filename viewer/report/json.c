/* SPDX-License-Identifier: MIT */
/* The report for machines: schema mitrace-report/1, documented in tests/schema/mitrace-report-1.schema.json.
 */
#include "report/json_accept.h"
#include "report/json_values.h"
#include "report/report.h"
#include "report/stacks.h"

#define SCHEMA "mitrace-report/1"

static cJSON *new_frame(const struct symbols_frame *frame)
{
    cJSON *object = cJSON_CreateObject();

    json_add_text(object, "function", frame->function);
    json_add_text(object, "file", frame->file);
    json_add_known(object, "line", frame->line, frame->line > 0);
    json_add_text(object, "module", frame->module);
    json_add_count(object, "offset", frame->offset);
    return object;
}

static void add_stack(cJSON *object, const struct analysis *analysis, const struct model_site *site)
{
    g_autoptr(GPtrArray) frames = report_stack(analysis, site);
    cJSON *list = cJSON_AddArrayToObject(object, "stack");

    for (guint i = 0; i < frames->len; i++) {
        cJSON_AddItemToArray(list, new_frame(frames->pdata[i]));
    }
}

static void fill_site(cJSON *object, const struct analysis *analysis, const struct model_site *site)
{
    const char *function = site->function == MI_FN_none ? NULL : mi_functions[site->function].name;

    json_add_integer(object, "time_ns", site->time_ns);
    json_add_integer(object, "tid", site->thread->tid);
    json_add_text(object, "function", function);
    add_stack(object, analysis, site);
}

static void add_site(cJSON *object, const char *key, const struct analysis *analysis,
                     const struct model_site *site)
{
    if (site->thread == NULL) {
        cJSON_AddNullToObject(object, key);
    } else {
        fill_site(cJSON_AddObjectToObject(object, key), analysis, site);
    }
}

static void add_blocked(cJSON *object, const struct model_site *site, int64_t blocked_ns)
{
    json_add_text(object, "call", site->function == MI_FN_none ? NULL : mi_functions[site->function].name);
    json_add_known(object, "blocked_ns", blocked_ns, blocked_ns >= 0);
}

static void add_at(cJSON *object, const struct analysis *analysis, const struct finding *finding)
{
    add_site(object, "at", analysis, &finding->at);
    if (finding->at.thread != NULL) {
        add_blocked(cJSON_GetObjectItem(object, "at"), &finding->at, finding->blocked_ns);
    }
}

static void add_handle(cJSON *object, const struct finding_handle *handle)
{
    if (handle->kind == MI_KIND_none) {
        cJSON_AddNullToObject(object, "handle");
        return;
    }
    cJSON *item = cJSON_AddObjectToObject(object, "handle");
    json_add_text(item, "kind", mi_kinds[handle->kind].word);
    json_add_integer(item, "id", handle->id);
    json_add_text(item, "name", handle->name == NULL ? "" : handle->name);
    json_add_known(item, "parent", handle->parent, handle->parent != 0);
}

static void add_related_site(cJSON *list, const struct analysis *analysis, const char *what,
                             const struct model_site *site, int64_t blocked_ns)
{
    cJSON *item = cJSON_CreateObject();

    json_add_text(item, "what", what);
    if (site->thread != NULL) {
        fill_site(item, analysis, site);
        add_blocked(item, site, blocked_ns);
    }
    cJSON_AddItemToArray(list, item);
}

/* Findings that this one explains are related places, so that the list of findings counts causes. */
static void add_related(cJSON *object, const struct analysis *analysis, const struct finding *finding)
{
    cJSON *list = cJSON_AddArrayToObject(object, "related");

    for (guint i = 0; i < finding->related->len; i++) {
        const struct finding_related *related = finding->related->pdata[i];
        add_related_site(list, analysis, related->what, &related->site, -1);
    }
    for (guint i = 0; i < finding->consequences->len; i++) {
        const struct finding *consequence = finding->consequences->pdata[i];
        g_autofree char *what =
            g_strdup_printf("consequence: %s: %s", consequence->rule->id, consequence->message);
        add_related_site(list, analysis, what, &consequence->at, consequence->blocked_ns);
    }
}

static void add_chain(cJSON *object, const GPtrArray *chain)
{
    cJSON *list = cJSON_AddArrayToObject(object, "chain");

    for (guint i = 0; i < chain->len; i++) {
        const struct finding_link *link = chain->pdata[i];
        cJSON *item = cJSON_CreateObject();
        json_add_text(item, "from", link->from);
        json_add_text(item, "waits_for", link->waits_for);
        json_add_text(item, "because", link->because);
        cJSON_AddItemToArray(list, item);
    }
}

static cJSON *new_finding(const struct analysis *analysis, const struct finding *finding)
{
    cJSON *object = cJSON_CreateObject();

    json_add_text(object, "rule", finding->rule->id);
    json_add_text(object, "severity", finding_severity_word(finding->severity));
    json_add_text(object, "certainty", finding_certainty_word(finding->certainty));
    json_add_text(object, "kind", finding_kind_word(finding->rule->kind));
    json_add_count(object, "count", finding->count);
    json_add_text(object, "message", finding->message);
    json_add_text(object, "advice", finding->advice == NULL ? "" : finding->advice);
    json_add_text(object, "fingerprint", finding->fingerprint == NULL ? "" : finding->fingerprint);
    json_add_known(object, "pid", finding->process == NULL ? 0 : finding->process->pid,
                   finding->process != NULL);
    add_handle(object, &finding->handle);
    add_site(object, "created", analysis, &finding->created);
    add_at(object, analysis, finding);
    add_related(object, analysis, finding);
    add_chain(object, finding->chain);
    json_add_text(object, "suppressed_by", finding->suppressed_by);
    json_add_mark(object, analysis->accept, finding);
    return object;
}

static void add_trace(cJSON *root, const struct analysis *analysis)
{
    const struct source_summary *summary = &analysis->summary;
    cJSON *trace = cJSON_AddObjectToObject(root, "trace");
    cJSON *paths = cJSON_AddArrayToObject(trace, "paths");

    for (guint i = 0; i < analysis->traces->len; i++) {
        json_add_item_text(paths, ((const struct analysis_trace *)analysis->traces->pdata[i])->path);
    }
    json_add_count(trace, "events", summary->events);
    json_add_count(trace, "lost", summary->lost);
    json_add_integer(trace, "begin_ns", summary->begin_ns);
    json_add_integer(trace, "end_ns", summary->end_ns);
    cJSON_AddBoolToObject(trace, "complete", summary->complete);
    cJSON *not_checked = cJSON_AddArrayToObject(trace, "not_checked");
    for (guint i = 0; i < analysis->not_checked->len; i++) {
        json_add_item_text(not_checked, analysis->not_checked->pdata[i]);
    }
}

static void add_program(cJSON *root, const struct launch_info *program)
{
    if (program == NULL) {
        cJSON_AddNullToObject(root, "program");
        return;
    }
    cJSON *object = cJSON_AddObjectToObject(root, "program");
    cJSON *argv = cJSON_AddArrayToObject(object, "argv");
    for (char **argument = program->argv; argument != NULL && *argument != NULL; argument++) {
        json_add_item_text(argv, *argument);
    }
    json_add_count(object, "arguments", program->arguments);
    json_add_known(object, "status", program->status, program->finished);
    json_add_known(object, "signal", program->signal, program->signal != 0);
    cJSON_AddBoolToObject(object, "timed_out", program->timed_out);
}

static cJSON *new_process(const struct model_process *process)
{
    static const char *const ends[] = {[MODEL_RUNNING] = "running",
                                       [MODEL_EXIT] = "exit",
                                       [MODEL_UNDERSCORE_EXIT] = "exit",
                                       [MODEL_EXEC] = "exec",
                                       [MODEL_SIGNAL] = "signal"};
    g_autofree char *name = g_path_get_basename(process->path);
    cJSON *object = cJSON_CreateObject();

    json_add_integer(object, "pid", process->pid);
    json_add_text(object, "name", process->path[0] == '\0' ? "" : name);
    json_add_text(object, "ended", ends[process->end]);
    cJSON *handles = cJSON_AddObjectToObject(object, "handles");
    for (unsigned kind = 0; kind < MI_KIND_COUNT; kind++) {
        uint64_t created = process->counts[kind].created, closed = process->counts[kind].closed;
        if (created > 0) {
            cJSON *counts = cJSON_AddObjectToObject(handles, mi_kinds[kind].word);
            json_add_count(counts, "created", created);
            json_add_count(counts, "closed", closed);
            json_add_count(counts, "live", created > closed ? created - closed : 0);
        }
    }
    return object;
}

static cJSON *new_report(const struct analysis *analysis)
{
    const GPtrArray *processes = model_processes(analysis->model);
    cJSON *root = cJSON_CreateObject();

    json_add_text(root, "schema", SCHEMA);
    json_add_text(root, "mitrace", MITRACE_VERSION);
    json_add_text(root, "verdict", verdict_word(verdict_of(&analysis->facts)));
    json_add_integer(root, "exit_code", verdict_exit_code(&analysis->facts));
    add_trace(root, analysis);
    add_program(root, analysis->program);
    cJSON *list = cJSON_AddArrayToObject(root, "processes");
    for (guint i = 0; i < processes->len; i++) {
        cJSON_AddItemToArray(list, new_process(processes->pdata[i]));
    }
    list = cJSON_AddArrayToObject(root, "findings");
    for (guint i = 0; i < analysis->findings->len; i++) {
        cJSON_AddItemToArray(list, new_finding(analysis, analysis->findings->pdata[i]));
    }
    json_add_count(root, "suppressed", analysis->suppressed);
    json_add_accept(root, analysis->accept);
    return root;
}

static bool write_json(FILE *out, const struct analysis *analysis, const struct report_style *style,
                       GError **error)
{
    cJSON *root = new_report(analysis);
    char *text = cJSON_Print(root);

    (void)style;
    (void)error;
    fprintf(out, "%s\n", text);
    cJSON_free(text);
    cJSON_Delete(root);
    return true;
}

const struct report_format report_json = {
    .name = "json",
    .description = "for machines: schema " SCHEMA,
    .write = write_json,
};
