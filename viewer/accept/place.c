/* SPDX-License-Identifier: MIT */
/* Gathers the places of a finding, and names one of them so that it is found again next year. */
#include "accept/place.h"

#include "accept/suppressions.h"
#include "rules/rules.h"

#include <string.h>

static struct accept_place place_of(const struct model_site *site, const struct accept_stacks *stacks)
{
    bool call = site->thread != NULL && site->function != MI_FN_none;

    return (struct accept_place){.call = call ? mi_functions[site->function].name : NULL,
                                 .frames = stacks->find(stacks->context, site)};
}

struct accept_places accept_places_of(const struct finding *finding, const struct accept_stacks *stacks)
{
    return (struct accept_places){.created = place_of(&finding->created, stacks),
                                  .at = place_of(&finding->at, stacks)};
}

void accept_places_clear(struct accept_places *places)
{
    g_clear_pointer(&places->created.frames, g_ptr_array_unref);
    g_clear_pointer(&places->at.frames, g_ptr_array_unref);
}

static bool is_known(const struct accept_place *place)
{
    return place->call != NULL || place->frames->len > 0;
}

/* The place to speak of: a hang is where it is stuck, a leak where it was created. */
static const struct accept_place *main_place(const struct accept_places *places)
{
    return is_known(&places->at) ? &places->at : &places->created;
}

static const char *first_function(const struct accept_place *place)
{
    for (guint i = 0; i < place->frames->len; i++) {
        const struct symbols_frame *frame = place->frames->pdata[i];
        if (frame->function != NULL) {
            return frame->function;
        }
    }
    return NULL;
}

const char *accept_function_of(const struct accept_places *places)
{
    return first_function(main_place(places));
}

/* What a line of the file cannot hold, or would read otherwise, becomes `*`; too much is left out. */
static void append_pattern(GString *out, const char *word, const char *name)
{
    g_string_append(out, word);
    gsize begin = out->len;

    for (; *name != '\0' && out->len - begin < ACCEPT_PATTERN_MAX - 1; name++) {
        bool plain = g_ascii_isgraph(*name) && *name != '#';
        bool blank = *name == ' ' && out->len > begin && g_ascii_isgraph(name[1]) && name[1] != '#';
        if (plain || blank) {
            g_string_append_c(out, *name);
        } else if (out->len == begin || out->str[out->len - 1] != '*') {
            g_string_append_c(out, '*');
        }
    }
    g_string_append(out, *name != '\0' || out->len == begin ? "*" : "");
}

/* A name that begins like "module:" must not be taken for one. */
static const char *word_before(const char *function)
{
    const char *colon = strchr(function, ':');

    return colon != NULL && colon[1] != ':' ? "function:" : "";
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

char *accept_entry_for(const struct finding *finding, const struct accept_stacks *stacks)
{
    struct accept_places places = accept_places_of(finding, stacks);
    const struct accept_place *place = main_place(&places);
    const char *function = first_function(place);
    const struct symbols_frame *frame = place->frames->len > 0 ? place->frames->pdata[0] : NULL;
    GString *out = g_string_new(finding->rule->id);

    g_string_append_c(out, ':');
    if (function != NULL) {
        append_pattern(out, word_before(function), function);
    } else if (frame != NULL && frame->module != NULL && *base_name(frame->module) != '\0') {
        append_pattern(out, "module:", base_name(frame->module));
    } else {
        g_string_append(out, place->call != NULL ? place->call : "*");
    }
    accept_places_clear(&places);
    return g_string_free(out, FALSE);
}
