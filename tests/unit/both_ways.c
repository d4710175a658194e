/* SPDX-License-Identifier: MIT */
/* A declaration that nothing uses makes metadata that the direct reader leaves to libbabeltrace2. */
#include "both_ways.h"

#include "source/ctf_find.h"
#include "source/ctf_metadata.h"
#include "source/direct_layout.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char unexpected[] =
    "\ntypealias integer { size = 8; align = 8; signed = false; } := nowhere_used_t;\n";

static void take_event(void *context, const struct source_event *event)
{
    struct reading *reading = context;
    source_format_event(reading->text, event, NULL, NULL);
}

void reading_take(struct reading *reading, const char *path)
{
    struct source_handler handler = {take_event, NULL, reading};

    *reading = (struct reading){.text = g_string_new(NULL)};
    reading->good = source_read(&path, 1, &handler, &reading->summary, &reading->error);
    assert_int_equal(reading->good, reading->error == NULL);
}

void reading_clear(struct reading *reading)
{
    g_string_free(reading->text, TRUE);
    source_summary_clear(&reading->summary);
    g_clear_error(&reading->error);
}

bool reading_tells(const struct reading *reading, const char *part)
{
    for (guint i = 0; i < reading->summary.problems->len; i++) {
        if (strstr(reading->summary.problems->pdata[i], part) != NULL) {
            return true;
        }
    }
    return false;
}

static void assert_form(const char *metadata, bool direct)
{
    struct direct_layout *layout = direct_layout_new(metadata);

    assert_int_equal(layout != NULL, direct);
    direct_layout_free(layout);
}

static void copy_metadata(const char *from, const char *to)
{
    g_autofree char *path = g_build_filename(to, "metadata", NULL);
    char *text = NULL;

    assert_null(ctf_metadata_check(from, &text));
    assert_form(text, true);
    g_autofree char *changed = g_strconcat(text, unexpected, NULL);
    assert_form(changed, false);
    assert_true(g_file_set_contents(path, changed, -1, NULL));
    g_free(text);
}

static void copy_file(const char *from, const char *to)
{
    g_autofree char *bytes = NULL;
    gsize size = 0;

    assert_true(g_file_get_contents(from, &bytes, &size, NULL));
    assert_true(g_file_set_contents(to, bytes, (gssize)size, NULL));
}

static void copy_directory(const char *from, const char *to)
{
    g_autoptr(GDir) entries = g_dir_open(from, 0, NULL);
    const char *name = NULL;

    assert_int_equal(g_mkdir_with_parents(to, 0700), 0);
    copy_metadata(from, to);
    while ((name = g_dir_read_name(entries)) != NULL) {
        g_autofree char *source = g_build_filename(from, name, NULL);
        g_autofree char *target = g_build_filename(to, name, NULL);
        if (strcmp(name, "metadata") != 0 && g_file_test(source, G_FILE_TEST_IS_REGULAR)) {
            copy_file(source, target);
        }
    }
}

static void copy_traces(const char *path, const char *folder)
{
    g_autoptr(GPtrArray) traces = ctf_find(path);
    unsigned count = 0;

    for (guint i = 0; i < traces->len; i++) {
        const struct ctf_trace *trace = traces->pdata[i];
        for (guint j = 0; j < trace->paths->len; j++) {
            g_autofree char *to = g_strdup_printf("%s/%03u", folder, count++);
            copy_directory(trace->paths->pdata[j], to);
        }
    }
    assert_int_not_equal(count, 0);
}

void both_ways(const char *path, const char *folder, struct reading *direct, struct reading *library)
{
    copy_traces(path, folder);
    reading_take(direct, path);
    reading_take(library, folder);
}

void both_ways_equal(const struct reading *direct, const struct reading *library)
{
    assert_true(direct->good);
    assert_true(library->good);
    assert_string_equal(direct->text->str, library->text->str);
    assert_int_equal(direct->summary.events, library->summary.events);
    assert_int_equal(direct->summary.foreign, library->summary.foreign);
    assert_int_equal(direct->summary.lost, library->summary.lost);
    assert_int_equal(direct->summary.begin_ns, library->summary.begin_ns);
    assert_int_equal(direct->summary.end_ns, library->summary.end_ns);
    assert_int_equal(direct->summary.complete, library->summary.complete);
    assert_int_equal(direct->summary.problems->len, library->summary.problems->len);
}
