/* SPDX-License-Identifier: MIT */
/* Which finding an entry describes, and which entry accepts it. */
#include "accept/suppressions.h"

#include "accept/glob.h"
#include "accept/text_file.h"

#include <string.h>

static void free_entry(gpointer data)
{
    struct accept_entry *entry = data;

    g_free(entry->text);
    g_free(entry->rule);
    g_free(entry->glob);
    g_free(entry->until);
    g_free(entry->reason);
    g_free(entry);
}

GPtrArray *accept_entries_new(void)
{
    return g_ptr_array_new_with_free_func(free_entry);
}

bool accept_read(GPtrArray *entries, const char *path, const char *today, GError **error)
{
    g_autofree char *text = accept_read_text(path, error);

    return text != NULL && accept_parse(entries, path, text, today, error);
}

bool accept_add_builtin(GPtrArray *entries, const char *today, GError **error)
{
    static const char text[] = ""
#define BUILTIN(rule, pattern, reason) rule ":" pattern " # reason: " reason "\n"
#include "accept/builtin.def"
        ;
    guint first = entries->len;
    bool good = accept_parse(entries, "built-in", text, today, error);

    for (guint i = first; i < entries->len; i++) {
        ((struct accept_entry *)entries->pdata[i])->builtin = true;
    }
    return good;
}

static bool is_function(const char *glob, const struct symbols_frame *frame)
{
    return frame->function != NULL && accept_glob(glob, frame->function);
}

/* A path, or its last part: people write either. */
static bool is_path(const char *glob, const char *path)
{
    const char *slash = path == NULL ? NULL : strrchr(path, '/');

    return path != NULL && (accept_glob(glob, path) || (slash != NULL && accept_glob(glob, slash + 1)));
}

static bool is_module(const char *glob, const struct symbols_frame *frame)
{
    return is_path(glob, frame->module);
}

static bool is_file(const char *glob, const struct symbols_frame *frame)
{
    return is_path(glob, frame->file);
}

static bool describes_place(const struct accept_entry *entry, const struct accept_place *place)
{
    static bool (*const tests[])(const char *, const struct symbols_frame *) = {
        [ACCEPT_FUNCTION] = is_function, [ACCEPT_MODULE] = is_module, [ACCEPT_FILE] = is_file};

    if (entry->target == ACCEPT_FUNCTION && place->call != NULL && accept_glob(entry->glob, place->call)) {
        return true;
    }
    for (guint i = 0; i < place->frames->len; i++) {
        if (tests[entry->target](entry->glob, place->frames->pdata[i])) {
            return true;
        }
    }
    return false;
}

/* `RULE:*` also describes what has no stack. */
static bool describes_all(const struct accept_entry *entry)
{
    return entry->target == ACCEPT_FUNCTION && strcmp(entry->glob, "*") == 0;
}

static bool describes(const struct accept_entry *entry, const char *id, const struct accept_places *places)
{
    return accept_glob(entry->rule, id) &&
           (describes_all(entry) || describes_place(entry, &places->created) ||
            describes_place(entry, &places->at));
}

const struct accept_entry *accept_match(const GPtrArray *entries, const char *id,
                                        const struct accept_places *places)
{
    struct accept_entry *first = NULL;

    for (guint i = 0; i < entries->len; i++) {
        struct accept_entry *entry = entries->pdata[i];
        if (describes(entry, id, places)) {
            entry->matched++;
            first = first == NULL && !entry->expired ? entry : first;
        }
    }
    if (first != NULL) {
        first->suppressed++;
    }
    return first;
}
