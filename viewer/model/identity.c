/* SPDX-License-Identifier: MIT */
/*
 * Which handle an event means. Words and addresses are reused, so a key leads to the newest handle that was
 * made with it; older ones stay behind it in a chain only while they can exist beside it: two applications of
 * one process may hand out equal words, and the struct of a serializer may be overwritten while it is open.
 */
#include "model/model_internal.h"

guint identity_hash(gconstpointer data)
{
    const struct model_key *key = data;
    uint64_t hash = (key->a * UINT64_C(0x9E3779B97F4A7C15)) ^ (key->b + key->kind);

    hash *= UINT64_C(0xC2B2AE3D27D4EB4F);
    return (guint)(hash >> 32);
}

gboolean identity_equal(gconstpointer left, gconstpointer right)
{
    const struct model_key *a = left, *b = right;

    return a->kind == b->kind && a->a == b->a && a->b == b->b;
}

GHashTable *identity_new(void)
{
    return g_hash_table_new(identity_hash, identity_equal);
}

static struct model_key make_key(enum mi_kind kind, uint64_t address, uint64_t r1, uint64_t r2)
{
    struct model_key key = {.kind = kind};

    switch (mi_kinds[kind].layout) {
    case MI_LAYOUT_WORDS_TABLE:
        key.a = r1;
        key.b = r2;
        break;
    case MI_LAYOUT_WORDS:
    case MI_LAYOUT_POINTER:
        key.a = address;
        break;
    case MI_LAYOUT_NOTHING:
        break;
    }
    return key;
}

static bool is_no_key(const struct model_key *key)
{
    return key->a == 0 && key->b == 0;
}

static const struct model_handle *application_of(const struct model_handle *handle)
{
    while (handle != NULL && handle->kind != MI_KIND_application) {
        handle = handle->parent;
    }
    return handle;
}

/* Does the existence of `newer`, with the same key, prove that the open handle `older` is gone? */
static bool proves_gone(const struct model_handle *newer, const struct model_handle *older)
{
    const struct model_handle *a = application_of(newer), *b = application_of(older);

    switch (mi_kinds[newer->kind].layout) {
    case MI_LAYOUT_POINTER:
        return true;
    case MI_LAYOUT_WORDS_TABLE:
        return newer->kind != MI_KIND_application && (a == NULL || b == NULL || a == b);
    default:
        return false;
    }
}

static struct model_handle *find_replaced(struct model_handle *newer)
{
    struct model_handle *older = g_hash_table_lookup(newer->process->own->by_key, &newer->key);

    while (older != NULL && older->state != MODEL_CLOSED && !proves_gone(newer, older)) {
        older = older->older;
    }
    return older;
}

/* Starts over each time: closing one handle may end the memory of another. */
static void replace_older(struct model_handle *newer)
{
    struct model_handle *older;

    while ((older = find_replaced(newer)) != NULL) {
        handles_closed(older);
        handles_forget(older);
    }
}

/* The place where a struct is remembered that a failed creation was given. */
static struct model_key *refused_at(struct model_process *process, const struct model_key *key)
{
    return &process->own->refused[identity_hash(key) % MODEL_REFUSED];
}

void identity_refused(struct model_process *process, enum mi_kind kind, uint64_t address)
{
    const struct model_key key = {.kind = kind, .a = address};

    if (process->own->refused == NULL) {
        process->own->refused = g_new0(struct model_key, MODEL_REFUSED);
    }
    *refused_at(process, &key) = key;
}

static bool is_refused(struct model_process *process, enum mi_kind kind, uint64_t address)
{
    const struct model_key key = {.kind = kind, .a = address};

    return process->own->refused != NULL && identity_equal(refused_at(process, &key), &key);
}

static void forget_refused(const struct model_handle *handle)
{
    const struct model_key key = {.kind = handle->kind, .a = handle->address};

    if (is_refused(handle->process, handle->kind, handle->address)) {
        *refused_at(handle->process, &key) = (struct model_key){0};
    }
}

void identity_bind(struct model_handle *handle)
{
    GHashTable *by_key = handle->process->own->by_key;

    if (handle->bound || handle->state == MODEL_CLOSED || handle->state == MODEL_FAILED) {
        return;
    }
    handle->key = make_key(handle->kind, handle->address, handle->r1, handle->r2);
    if (is_no_key(&handle->key)) {
        return;
    }
    replace_older(handle);
    forget_refused(handle);
    loans_forget(handle->process, &handle->key);
    handle->older = g_hash_table_lookup(by_key, &handle->key);
    g_hash_table_replace(by_key, &handle->key, handle);
    handle->bound = true;
}

void identity_unbind(struct model_handle *handle)
{
    GHashTable *by_key = handle->process->own->by_key;
    struct model_handle *newer;

    if (!handle->bound) {
        return;
    }
    handle->bound = false;
    newer = g_hash_table_lookup(by_key, &handle->key);
    if (newer != handle) {
        while (newer->older != handle) {
            newer = newer->older;
        }
        newer->older = handle->older;
    } else if (handle->older != NULL) {
        g_hash_table_replace(by_key, &handle->older->key, handle->older);
    } else {
        g_hash_table_remove(by_key, &handle->key);
    }
    handle->older = NULL;
}

/* What the key leaves open: words are copied, so the struct's address only prefers; for codecs it is the
 * reverse. */
static bool fits_best(const struct model_handle *handle, const struct model_words *words)
{
    if (mi_kinds[handle->kind].layout == MI_LAYOUT_WORDS) {
        return handle->r1 == words->r1 && handle->r2 == words->r2;
    }
    return handle->address == words->address;
}

static struct model_handle *choose(struct model_handle *newest, const struct model_words *words)
{
    struct model_handle *open = NULL;

    if (newest->older == NULL) {
        return newest;
    }
    for (struct model_handle *handle = newest; handle != NULL; handle = handle->older) {
        if (handle->state != MODEL_CLOSED && fits_best(handle, words)) {
            return handle;
        }
        open = open == NULL && handle->state != MODEL_CLOSED ? handle : open;
    }
    return open == NULL ? newest : open;
}

/* A codec used at an unknown address is a copy by value. When several might be meant, none is certain any
 * longer. */
static struct model_handle *find_copied(struct model_process *process, enum mi_kind kind,
                                        const struct model_words *words)
{
    struct model_handle *found = NULL;

    for (struct model_handle *handle = process->own->open[kind]; handle != NULL; handle = handle->next) {
        if (handle->state == MODEL_LIVE && handle->r1 == words->r1 && handle->r2 == words->r2) {
            handle->doubtful = handle->doubtful || found != NULL;
            found = found == NULL ? handle : found;
        }
    }
    return found;
}

/* A closed codec's address may hold the copy of an open one by now, or not: of that one nothing is certain
 * any longer. */
static struct model_handle *find_codec(struct model_process *process, enum mi_kind kind,
                                       const struct model_words *words, struct model_handle *here)
{
    struct model_handle *copied =
        here == NULL || here->state == MODEL_CLOSED ? find_copied(process, kind, words) : NULL;

    if (copied == NULL) {
        return here;
    }
    copied->doubtful = copied->doubtful || here != NULL;
    return copied;
}

static struct model_handle *find_here(struct model_process *process, enum mi_kind kind,
                                      const struct model_words *words)
{
    const struct model_key key = make_key(kind, words->address, words->r1, words->r2);
    struct model_handle *handle;

    if (is_no_key(&key)) {
        return NULL;
    }
    handle = g_hash_table_lookup(process->own->by_key, &key);
    handle = handle == NULL ? NULL : choose(handle, words);
    if (mi_kinds[kind].layout == MI_LAYOUT_WORDS) {
        handle = find_codec(process, kind, words, handle);
    }
    return handle != NULL && handle->close_accepted && is_refused(process, kind, words->address) ? NULL
                                                                                                 : handle;
}

struct model_handle *identity_find(struct model_process *process, enum mi_kind kind,
                                   const struct model_words *words)
{
    struct model_handle *handle = find_here(process, kind, words);

    while (handle == NULL && process->forked_from != NULL) {
        int64_t fork_ns = process->begin_ns;
        process = process->forked_from;
        handle = find_here(process, kind, words);
        if (handle != NULL && handle->created.time_ns >= fork_ns) {
            return NULL;
        }
    }
    return handle;
}

struct model_handle *identity_object(struct model_process *process, enum mi_kind kind, uint64_t address)
{
    const struct model_key key = {.kind = kind, .a = address};
    struct model_handle *handle = g_hash_table_lookup(process->own->by_key, &key);

    return handle == NULL || handle->state == MODEL_CLOSED ? NULL : handle;
}

void identity_borrowed(struct model_process *process, enum mi_kind kind, uint64_t address)
{
    const struct model_key key = {.kind = kind, .a = address};
    struct model_handle *handle = g_hash_table_lookup(process->own->by_key, &key);

    loans_forget(process, &key);
    if (handle != NULL) {
        handles_closed(handle);
        handles_forget(handle);
    }
}

void identity_forget(struct model_process *process, enum mi_kind kind, const struct model_words *words)
{
    const struct model_key key = make_key(kind, words->address, words->r1, words->r2);
    struct model_handle *handle = g_hash_table_lookup(process->own->by_key, &key);

    if (handle != NULL && handle->state == MODEL_CLOSED) {
        handles_forget(handle);
    }
}

GHashTable *identity_new_tokens(void)
{
    return g_hash_table_new(g_int64_hash, g_int64_equal);
}

/* The field of the handle that holds this token (0: a free one); NULL: there is none. */
static uint64_t *token_field(struct model_handle *handle, uint64_t token)
{
    uint64_t *const fields[] = {&handle->close_token, &handle->other_token, &handle->token};

    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (*fields[i] == token) {
            return fields[i];
        }
    }
    return NULL;
}

/* The field is the key in the table. */
static void enter_token(struct model_handle *handle, uint64_t *field, uint64_t token)
{
    *field = token;
    g_hash_table_replace(handle->process->own->by_token, field, handle);
}

void identity_add_token(struct model_handle *handle, uint64_t token)
{
    uint64_t *field;

    if (token == 0 || token_field(handle, token) != NULL) {
        return;
    }
    field = handle->kind == MI_KIND_operation && handle->token == 0 ? &handle->token : token_field(handle, 0);
    if (field != NULL) {
        enter_token(handle, field, token);
    }
}

void identity_drop_token(struct model_handle *handle, uint64_t token)
{
    GHashTable *by_token = handle->process->own->by_token;
    uint64_t *field = token == 0 ? NULL : token_field(handle, token);

    if (field == NULL) {
        return;
    }
    if (g_hash_table_lookup(by_token, field) == handle) {
        g_hash_table_remove(by_token, field);
    }
    *field = 0;
}

struct model_handle *identity_by_token(struct model_process *process, uint64_t token)
{
    return token == 0 ? NULL : g_hash_table_lookup(process->own->by_token, &token);
}
