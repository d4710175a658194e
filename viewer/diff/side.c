/* SPDX-License-Identifier: MIT */
/* A run as an analysis saw it. */
#include "diff/side.h"

#include "report/stacks.h"
#include "symbols/format.h"

static void free_finding(gpointer data)
{
    struct diff_finding *finding = data;

    g_free(finding->fingerprint);
    g_free(finding->rule);
    g_free(finding->message);
    g_free(finding->place);
    g_free(finding);
}

struct diff_side *diff_side_empty(const char *path)
{
    struct diff_side *side = g_new0(struct diff_side, 1);

    side->path = g_strdup(path);
    side->not_checked = g_ptr_array_new_with_free_func(g_free);
    side->findings = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_finding);
    return side;
}

void diff_side_free(struct diff_side *side)
{
    if (side != NULL) {
        g_hash_table_unref(side->findings);
        g_ptr_array_unref(side->not_checked);
        stats_free(side->stats);
        g_free(side->path);
        g_free(side);
    }
}

void diff_side_add(struct diff_side *side, struct diff_finding *finding)
{
    struct diff_finding *known;

    if (finding->fingerprint[0] == '\0') {
        g_free(finding->fingerprint);
        finding->fingerprint = g_strdup(finding->rule);
    }
    known = g_hash_table_lookup(side->findings, finding->fingerprint);
    if (known != NULL) {
        known->count += finding->count;
        free_finding(finding);
    } else {
        g_hash_table_insert(side->findings, finding->fingerprint, finding);
    }
}

char *diff_side_place(const struct symbols_frame *frame)
{
    GString *place = g_string_new(NULL);

    symbols_format_frame(place, frame);
    return g_string_free(place, FALSE);
}

static char *place_of(const struct analysis *analysis, const struct finding *found)
{
    const struct model_site *site = found->at.thread != NULL ? &found->at : &found->created;
    g_autoptr(GPtrArray) frames = report_stack(analysis, site);

    return frames->len == 0 ? NULL : diff_side_place(frames->pdata[0]);
}

static void add_findings(struct diff_side *side, const struct analysis *analysis)
{
    const GPtrArray *findings = analysis->findings;

    for (guint i = 0; i < findings->len; i++) {
        const struct finding *found = findings->pdata[i];
        if (found->suppressed_by == NULL) {
            struct diff_finding *finding = g_new0(struct diff_finding, 1);
            finding->fingerprint = g_strdup(found->fingerprint == NULL ? "" : found->fingerprint);
            finding->rule = g_strdup(found->rule->id);
            finding->message = g_strdup(found->message);
            finding->place = place_of(analysis, found);
            finding->severity = found->severity;
            finding->kind = found->rule->kind;
            finding->count = found->count;
            diff_side_add(side, finding);
        }
    }
}

static void add_handles(struct diff_side *side, const struct model_process *process)
{
    for (size_t kind = 0; kind < MI_KIND_COUNT; kind++) {
        uint64_t created = process->counts[kind].created, closed = process->counts[kind].closed;
        side->handles[kind].created += created;
        side->handles[kind].open += created > closed ? created - closed : 0;
    }
}

struct diff_side *diff_side_new(const char *path, const struct analysis *analysis, struct stats *stats)
{
    struct diff_side *side = diff_side_empty(path);
    const GPtrArray *processes = model_processes(analysis->model);

    side->stats = stats;
    side->complete = analysis->summary.complete;
    for (guint i = 0; i < analysis->not_checked->len; i++) {
        g_ptr_array_add(side->not_checked, g_strdup(analysis->not_checked->pdata[i]));
    }
    add_findings(side, analysis);
    for (guint i = 0; i < processes->len; i++) {
        add_handles(side, processes->pdata[i]);
    }
    return side;
}
