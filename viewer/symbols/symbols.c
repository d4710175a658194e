/* SPDX-License-Identifier: MIT */
/* The modules and known addresses of a process, and the cache of what was looked up in them. */
#include "symbols/symbols.h"

#include "symbols/image.h"
#include "symbols/names.h"

#include <string.h>

struct module {
    uint64_t bias;
    uint64_t start;
    uint64_t end;
    const char *path;            /* interned */
    GBytes *build_id;            /* NULL when none was recorded */
    struct symbols_image *image; /* borrowed from images; NULL until first needed */
};

struct answer {
    size_t count;
    struct symbols_frame frames[];
};

struct symbols {
    struct symbols_search *search;
    GStringChunk *strings;
    GPtrArray *modules; /* of struct module *, disjoint, sorted by address */
    GHashTable
        *images; /* path and build-id to struct symbols_image *: libraries are unloaded and loaded again */
    GHashTable *known;  /* address to struct answer * */
    GHashTable *cache;  /* address to struct answer * */
    GPtrArray *answers; /* owns what known and cache ever held, because callers may */
};

static void free_module(void *data)
{
    struct module *module = data;
    if (module->build_id != NULL)
        g_bytes_unref(module->build_id);
    g_free(module);
}

static void free_image(void *data)
{
    symbols_image_free(data);
}

struct symbols *symbols_new(const struct symbols_options *options)
{
    struct symbols *symbols = g_new(struct symbols, 1);
    *symbols = (struct symbols){
        .search = symbols_search_new(options),
        .strings = g_string_chunk_new(4096),
        .modules = g_ptr_array_new_with_free_func(free_module),
        .images = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_image),
        .known = g_hash_table_new(NULL, NULL),
        .cache = g_hash_table_new(NULL, NULL),
        .answers = g_ptr_array_new_with_free_func(g_free),
    };
    return symbols;
}

void symbols_free(struct symbols *symbols)
{
    if (symbols == NULL)
        return;
    g_ptr_array_unref(symbols->modules);
    g_hash_table_unref(symbols->images);
    g_hash_table_unref(symbols->known);
    g_hash_table_unref(symbols->cache);
    g_ptr_array_unref(symbols->answers);
    symbols_search_free(symbols->search);
    g_string_chunk_free(symbols->strings);
    g_free(symbols);
}

/* The address of the code that is meant: the call, not what follows it. */
static uint64_t code_address(uint64_t return_address)
{
    return return_address != 0 ? return_address - 1 : 0;
}

static bool is_same_module(const struct module *a, const struct module *b)
{
    bool same_id = a->build_id == b->build_id ||
                   (a->build_id != NULL && b->build_id != NULL && g_bytes_equal(a->build_id, b->build_id));
    return a->bias == b->bias && a->start == b->start && a->end == b->end && a->path == b->path && same_id;
}

/* The index of the first module that ends behind an address. */
static unsigned first_behind(const struct symbols *symbols, uint64_t address)
{
    unsigned low = 0, high = symbols->modules->len;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (((const struct module *)symbols->modules->pdata[middle])->end > address)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static bool has_module(const struct symbols *symbols, const struct module *module)
{
    unsigned i = first_behind(symbols, module->start);
    return i < symbols->modules->len && is_same_module(symbols->modules->pdata[i], module);
}

static int is_cached_in(void *address, void *answer, void *data)
{
    const struct module *module = data;
    uint64_t code = code_address(GPOINTER_TO_SIZE(address));
    (void)answer;
    return code >= module->start && code < module->end;
}

static void forget_range(struct symbols *symbols, struct module *module)
{
    g_hash_table_foreach_remove(symbols->cache, is_cached_in, module);
}

/* Returns where in the list the module belongs. */
static unsigned remove_overlapping(struct symbols *symbols, const struct module *module)
{
    unsigned first = first_behind(symbols, module->start), last = first;
    for (; last < symbols->modules->len; last++) {
        struct module *old = symbols->modules->pdata[last];
        if (old->start >= module->end)
            break;
        forget_range(symbols, old);
    }
    if (last > first)
        g_ptr_array_remove_range(symbols->modules, first, last - first);
    return first;
}

void symbols_add_module(struct symbols *symbols, uint64_t bias, uint64_t start, uint64_t end,
                        const char *path, const uint8_t *build_id, size_t build_id_len)
{
    struct module *module = g_new0(struct module, 1);
    module->bias = bias;
    module->start = start;
    module->end = end;
    module->path = g_string_chunk_insert_const(symbols->strings, path);
    if (build_id_len > 0)
        module->build_id = g_bytes_new(build_id, build_id_len);
    if (start >= end || has_module(symbols, module)) {
        free_module(module);
        return;
    }
    unsigned place = remove_overlapping(symbols, module);
    forget_range(symbols, module);
    g_ptr_array_insert(symbols->modules, (int)place, module);
}

static struct answer *new_answer(struct symbols *symbols, const struct symbols_frame *frames, size_t count)
{
    struct answer *answer = g_malloc(sizeof *answer + count * sizeof *frames);
    answer->count = count;
    memcpy(answer->frames, frames, count * sizeof *frames);
    g_ptr_array_add(symbols->answers, answer);
    return answer;
}

static bool is_same_frame(const struct symbols_frame *a, const struct symbols_frame *b)
{
    return a->function == b->function && a->file == b->file && a->line == b->line && a->module == b->module &&
           a->offset == b->offset;
}

void symbols_add_known(struct symbols *symbols, uint64_t address, const char *function, const char *file,
                       unsigned line, const char *module, uint64_t offset)
{
    const struct symbols_frame frame = {
        .function = symbols_name_text(symbols->strings, function),
        .file = symbols_name_text(symbols->strings, file),
        .line = line,
        .module = symbols_name_text(symbols->strings, module),
        .address = address,
        .offset = offset,
    };
    const struct answer *old = g_hash_table_lookup(symbols->known, GSIZE_TO_POINTER(address));
    if (old == NULL || !is_same_frame(old->frames, &frame))
        g_hash_table_insert(symbols->known, GSIZE_TO_POINTER(address), new_answer(symbols, &frame, 1));
}

static struct module *find_module(const struct symbols *symbols, uint64_t code)
{
    unsigned i = first_behind(symbols, code);
    struct module *module = i < symbols->modules->len ? symbols->modules->pdata[i] : NULL;
    return module != NULL && module->start <= code ? module : NULL;
}

static char *image_key(const struct module *module)
{
    GString *key = g_string_new(NULL);
    size_t length = 0;
    const uint8_t *bytes = module->build_id != NULL ? g_bytes_get_data(module->build_id, &length) : NULL;
    for (size_t i = 0; i < length; i++)
        g_string_append_printf(key, "%02x", bytes[i]);
    g_string_append_printf(key, " %s", module->path);
    return g_string_free(key, FALSE);
}

static struct symbols_image *module_image(struct symbols *symbols, struct module *module)
{
    g_autofree char *key = NULL;
    if (module->image != NULL)
        return module->image;
    key = image_key(module);
    module->image = g_hash_table_lookup(symbols->images, key);
    if (module->image == NULL) {
        module->image = symbols_image_new(symbols->search, symbols->strings, module->path, module->build_id);
        g_hash_table_insert(symbols->images, g_steal_pointer(&key), module->image);
    }
    return module->image;
}

static struct answer *look_up(struct symbols *symbols, uint64_t address)
{
    g_autoptr(GArray) frames = g_array_new(FALSE, FALSE, sizeof(struct symbols_frame));
    uint64_t code = code_address(address);
    struct module *module = find_module(symbols, code);
    if (module != NULL)
        symbols_image_find(module_image(symbols, module), code - module->bias, frames);
    else
        g_array_append_val(frames, ((struct symbols_frame){.function = NULL}));
    for (unsigned i = 0; i < frames->len; i++) {
        struct symbols_frame *frame = &g_array_index(frames, struct symbols_frame, i);
        frame->module = module != NULL ? module->path : NULL;
        frame->address = address;
        frame->offset = module != NULL ? address - module->bias : address;
    }
    return new_answer(symbols, (const struct symbols_frame *)(void *)frames->data, frames->len);
}

const struct symbols_frame *symbols_lookup(struct symbols *symbols, uint64_t address, size_t *count)
{
    struct answer *answer = g_hash_table_lookup(symbols->known, GSIZE_TO_POINTER(address));
    if (answer == NULL)
        answer = g_hash_table_lookup(symbols->cache, GSIZE_TO_POINTER(address));
    if (answer == NULL) {
        answer = look_up(symbols, address);
        g_hash_table_insert(symbols->cache, GSIZE_TO_POINTER(address), answer);
    }
    *count = answer->count;
    return answer->frames;
}
