/* SPDX-License-Identifier: MIT */
/* Puts suppressions, baseline and tolerances together. */
#include "accept/accept.h"

#include "accept/text_file.h"

static char *today(void)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();

    return g_date_time_format(now, "%Y-%m-%d");
}

static bool read_environment(struct accept *accept, const char *day, GError **error)
{
    const char *list = g_getenv(ACCEPT_ENVIRONMENT);
    g_auto(GStrv) paths = g_strsplit(list == NULL ? "" : list, ":", -1);
    bool good = true;

    for (char **path = paths; good && *path != NULL; path++) {
        good = **path == '\0' || accept_read(accept->entries, *path, day, error);
    }
    return good;
}

static bool read_suppressions(struct accept *accept, const struct accept_options *options, GError **error)
{
    const GPtrArray *paths = options->suppressions;
    g_autofree char *day = options->today == NULL ? today() : g_strdup(options->today);
    bool good = (options->no_builtin || accept_add_builtin(accept->entries, day, error)) &&
                read_environment(accept, day, error);

    for (guint i = 0; good && paths != NULL && i < paths->len; i++) {
        good = accept_read(accept->entries, paths->pdata[i], day, error);
    }
    return good;
}

static bool read_baseline(struct accept *accept, const struct accept_options *options, GError **error)
{
    if (options->baseline == NULL && options->update_baseline) {
        g_set_error(error, accept_error_quark(), 0, "--update-baseline needs --baseline FILE");
        return false;
    }
    if (options->baseline != NULL) {
        accept->baseline = accept_baseline_read(options->baseline, options->update_baseline, error);
    }
    return options->baseline == NULL || accept->baseline != NULL;
}

static bool read_tolerance(struct accept *accept, const struct accept_options *options, GError **error)
{
    const GPtrArray *limits = options->limits;
    bool good = options->fail_on == NULL || accept_fail_on(accept->tolerance, options->fail_on, error);

    for (guint i = 0; good && limits != NULL && i < limits->len; i++) {
        good = accept_add_limit(accept->tolerance, limits->pdata[i], error);
    }
    return good;
}

struct accept *accept_new(const struct accept_options *options, GError **error)
{
    struct accept *accept = g_new0(struct accept, 1);

    accept->entries = accept_entries_new();
    accept->tolerance = accept_tolerance_new();
    accept->show_suppressed = options->show_suppressed;
    accept->marks = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    if (!read_tolerance(accept, options, error) || !read_suppressions(accept, options, error) ||
        !read_baseline(accept, options, error)) {
        g_clear_pointer(&accept, accept_free);
    }
    return accept;
}

void accept_free(struct accept *accept)
{
    if (accept != NULL) {
        g_ptr_array_unref(accept->entries);
        accept_baseline_free(accept->baseline);
        accept_tolerance_free(accept->tolerance);
        g_hash_table_unref(accept->marks);
        g_free(accept);
    }
}

/* What the baseline says of a finding that no suppression accepts. Returns how many of it are new. */
static uint64_t ask_baseline(struct accept *accept, struct finding *finding,
                             const struct accept_places *places, struct accept_mark *mark)
{
    struct accept_baseline *baseline = accept->baseline;
    const struct accept_known present = {.fingerprint = finding->fingerprint,
                                         .rule = (char *)finding->rule->id,
                                         .message = finding->message,
                                         .function = (char *)accept_function_of(places),
                                         .count = finding->count};

    if (baseline == NULL) {
        return finding->count;
    }
    mark->known = accept_baseline_take(baseline, &present);
    if (mark->known < finding->count && baseline->next == NULL) {
        return finding->count - mark->known;
    }
    finding->suppressed_by = g_strdup_printf("baseline %s", baseline->path);
    return 0;
}

static void judge_one(struct accept *accept, struct finding *finding, const struct accept_stacks *stacks)
{
    struct accept_places places = accept_places_of(finding, stacks);
    struct accept_mark *mark = g_new0(struct accept_mark, 1);
    const struct accept_entry *entry = accept_match(accept->entries, finding->rule->id, &places);

    g_hash_table_insert(accept->marks, finding, mark);
    if (entry == NULL) {
        accept_count(accept->tolerance, finding->rule, ask_baseline(accept, finding, &places, mark));
    } else {
        finding->suppressed_by = g_strdup(entry->text);
        if (accept->baseline != NULL) {
            accept_baseline_pass(accept->baseline, finding->fingerprint);
        }
    }
    accept_places_clear(&places);
}

/* After all were counted: a limit is for all findings of its rule together. */
static void decide(struct accept *accept, const struct finding *finding)
{
    struct accept_mark *mark = g_hash_table_lookup(accept->marks, finding);

    if (mark != NULL && finding->suppressed_by == NULL) {
        mark->fails = accept_fails_by(accept->tolerance, finding);
        mark->tolerated = !mark->fails && finding->severity == FINDING_ERROR;
    }
}

static void judge_all(struct accept *accept, const GPtrArray *findings, const struct accept_stacks *stacks,
                      bool whole)
{
    if (accept->baseline != NULL) {
        accept->baseline->whole = whole;
    }
    for (guint i = 0; i < findings->len; i++) {
        struct finding *finding = findings->pdata[i];
        if (finding->rule->kind != FINDING_TRACE) {
            judge_one(accept, finding, stacks);
        }
    }
    if (accept->baseline != NULL) {
        accept_baseline_finish(accept->baseline);
    }
    for (guint i = 0; i < findings->len; i++) {
        decide(accept, findings->pdata[i]);
    }
}

struct accept_sums accept_judge(struct accept *accept, const GPtrArray *findings,
                                const struct accept_stacks *stacks, bool whole)
{
    struct accept_sums sums = {0};

    if (accept != NULL) {
        judge_all(accept, findings, stacks, whole);
    }
    for (guint i = 0; i < findings->len; i++) {
        const struct finding *finding = findings->pdata[i];
        bool error = finding->rule->kind != FINDING_TRACE && finding->severity == FINDING_ERROR;
        bool fails = accept == NULL ? error : accept_mark_of(accept, finding).fails;
        sums.accepted += finding->suppressed_by != NULL;
        sums.failing += fails;
        sums.possible += fails && finding->certainty == FINDING_POSSIBLE;
    }
    return sums;
}

bool accept_save(struct accept *accept, GError **error)
{
    return accept == NULL || accept->baseline == NULL || accept->baseline->next == NULL ||
           accept_baseline_write(accept->baseline, error);
}

struct accept_mark accept_mark_of(const struct accept *accept, const struct finding *finding)
{
    const struct accept_mark *mark = accept == NULL ? NULL : g_hash_table_lookup(accept->marks, finding);

    return mark == NULL ? (struct accept_mark){0} : *mark;
}

bool accept_in_use(const struct accept *accept)
{
    bool used = accept != NULL && (accept->baseline != NULL || accept->tolerance->fail_on != NULL ||
                                   accept->tolerance->limits->len > 0);

    for (guint i = 0; accept != NULL && !used && i < accept->entries->len; i++) {
        const struct accept_entry *entry = accept->entries->pdata[i];
        used = !entry->builtin || entry->matched > 0;
    }
    return used;
}
