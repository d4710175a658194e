/* SPDX-License-Identifier: MIT */
/* `mitrace help api`: the MI functions that are recorded, and what mitrace knows of them. */
#include "cmd_help.h"
#include "mi_names.h"
#include "output.h"

#include <string.h>

enum { COLUMN_FUNCTION, COLUMN_HANDLE, COLUMN_EVENTS, COLUMN_RECORDED, COLUMN_ROLES, COLUMN_COUNT };

struct api_row {
    char *cells[COLUMN_COUNT];
};

static void clear_row(void *data)
{
    struct api_row *row = data;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        g_free(row->cells[i]);
    }
}

static void append_role(GString *out, const char *role, const char *object)
{
    if (out->len > 0) {
        g_string_append(out, ", ");
    }
    g_string_append(out, role);
    if (object != NULL) {
        g_string_append_printf(out, " %s", object);
    }
}

static char *roles_text(const struct mi_function_info *function)
{
    static const struct {
        enum mi_role role;
        const char *text;
        bool made; /* followed by the kind of handle that is handed out */
    } texts[] = {
        {MI_ROLE_CREATES, "creates", true},
        {MI_ROLE_CLOSES, "closes", false},
        {MI_ROLE_BLOCKS, "may block", false},
        {MI_ROLE_CALLBACKS, "takes callbacks", false},
        {MI_ROLE_RESULTS, "hands out results", false},
        {MI_ROLE_ALIAS, "hands out a copy of the", true},
    };
    GString *out = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        if ((function->roles & texts[i].role) != 0) {
            append_role(out, texts[i].text, texts[i].made ? mi_kinds[function->made].title : NULL);
        }
    }
    return g_string_free(out, FALSE);
}

static char *events_text(enum mi_function function)
{
    for (size_t id = 0; id < MI_EV_COUNT; id++) {
        if (mi_events[id].function == function && mi_events[id].phase == MI_PHASE_ENTRY) {
            size_t stem = strlen(mi_events[id].name) - strlen("entry");
            return g_strdup_printf("mi:%.*s*", (int)stem, mi_events[id].name);
        }
    }
    return g_strdup("");
}

static struct api_row make_row(enum mi_function id)
{
    const struct mi_function_info *function = &mi_functions[id];
    bool acts_on_none = function->kind == MI_KIND_none;

    return (struct api_row){{
        [COLUMN_FUNCTION] = g_strdup(function->name),
        [COLUMN_HANDLE] = g_strdup(acts_on_none ? "-" : mi_kinds[function->kind].title),
        [COLUMN_EVENTS] = events_text(id),
        [COLUMN_RECORDED] = g_strdup(function->always ? "always" : "--all-calls"),
        [COLUMN_ROLES] = roles_text(function),
    }};
}

static bool contains(const char *name, const char *part)
{
    g_autofree char *folded_name = g_ascii_strdown(name, -1);
    g_autofree char *folded_part = g_ascii_strdown(part, -1);
    return strstr(folded_name, folded_part) != NULL;
}

static GArray *collect_rows(const char *name)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct api_row));
    struct api_row titles = {{g_strdup("FUNCTION"), g_strdup("HANDLE"), g_strdup("EVENTS"),
                              g_strdup("RECORDED"), g_strdup("ROLES")}};

    g_array_set_clear_func(rows, clear_row);
    g_array_append_val(rows, titles);
    for (enum mi_function id = MI_FN_none + 1; id < MI_FN_COUNT; id++) {
        if (name == NULL || contains(mi_functions[id].name, name)) {
            struct api_row row = make_row(id);
            g_array_append_val(rows, row);
        }
    }
    return rows;
}

static int column_width(const GArray *rows, size_t column)
{
    size_t width = 0;

    for (guint i = 0; i < rows->len; i++) {
        width = MAX(width, strlen(g_array_index(rows, struct api_row, i).cells[column]));
    }
    return (int)width;
}

static void print_rows(const GArray *rows)
{
    g_autoptr(GString) out = g_string_new(NULL);
    int widths[COLUMN_COUNT];

    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        widths[column] = column_width(rows, column);
    }
    for (guint i = 0; i < rows->len; i++) {
        const struct api_row *row = &g_array_index(rows, struct api_row, i);
        for (size_t column = 0; column < COLUMN_ROLES; column++) {
            g_string_append_printf(out, "%-*s  ", widths[column], row->cells[column]);
        }
        g_string_append_printf(out, "%s\n", row->cells[COLUMN_ROLES]);
    }
    output_write(out);
}

int help_api(const struct command *command, const char *name)
{
    g_autoptr(GArray) rows = collect_rows(name);

    if (rows->len == 1) {
        return command_usage_error(command, "no MI function with \"%s\" in its name", name);
    }
    print_rows(rows);
    return EXIT_CLEAN;
}
