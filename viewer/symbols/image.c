/* SPDX-License-Identifier: MIT */
/* Combines a module, its separate debug file and their symbol tables. */
#include "symbols/image.h"

#include "symbols/debug_info.h"
#include "symbols/elf_file.h"
#include "symbols/elf_symbols.h"
#include "symbols/names.h"

enum { TABLE_COUNT = 3 };

struct symbols_image {
    GStringChunk *strings;
    Elf *module;
    Elf *debug; /* separate debug file, NULL when none was needed or found */
    struct symbols_debug_info *info;
    struct symbols_elf_symbols *tables[TABLE_COUNT]; /* best first; NULL where missing */
};

static Elf *find_debug_file(const struct symbols_search *search, const char *path, Elf *module,
                            GBytes *recorded)
{
    g_autoptr(GBytes) own = module != NULL ? symbols_elf_build_id(module) : NULL;
    GBytes *build_id = recorded != NULL ? recorded : own;
    Elf *debug = NULL;
    if (module != NULL && symbols_elf_section(module, ".debug_info") != NULL)
        return NULL;
    if (build_id != NULL)
        debug = symbols_search_build_id(search, build_id);
    if (debug == NULL && module != NULL)
        debug = symbols_search_debug_link(search, path, module, build_id);
    return debug;
}

struct symbols_image *symbols_image_new(const struct symbols_search *search, GStringChunk *strings,
                                        const char *path, GBytes *build_id)
{
    struct symbols_image *image = g_new(struct symbols_image, 1);
    Elf *module = symbols_search_module(search, path, build_id);
    Elf *debug = find_debug_file(search, path, module, build_id);
    *image = (struct symbols_image){
        .strings = strings,
        .module = module,
        .debug = debug,
        .info = symbols_debug_info_new(debug != NULL ? debug : module, search, strings),
        .tables = {symbols_elf_symbols_new(module, ".symtab"), symbols_elf_symbols_new(debug, ".symtab"),
                   symbols_elf_symbols_new(module, ".dynsym")},
    };
    return image;
}

void symbols_image_free(struct symbols_image *image)
{
    for (size_t i = 0; i < TABLE_COUNT; i++)
        symbols_elf_symbols_free(image->tables[i]);
    symbols_debug_info_free(image->info);
    elf_end(image->debug);
    elf_end(image->module);
    g_free(image);
}

static const char *find_symbol(const struct symbols_image *image, uint64_t address)
{
    const char *name = NULL;
    for (size_t i = 0; name == NULL && i < TABLE_COUNT; i++)
        name = symbols_elf_symbols_find(image->tables[i], address);
    return name;
}

/* gcc leaves the linkage name of some C++ functions to the symbol table; the bare name says too little. */
static void complete_name(const struct symbols_image *image, uint64_t address, struct symbols_frame *frame)
{
    const char *symbol = find_symbol(image, address);
    if (symbol != NULL && (frame->function == NULL || g_str_has_prefix(symbol, "_Z")))
        frame->function = symbols_name_function(image->strings, symbol);
}

void symbols_image_find(struct symbols_image *image, uint64_t address, GArray *frames)
{
    symbols_debug_info_find(image->info, address, frames);
    if (frames->len == 0)
        g_array_append_val(frames, ((struct symbols_frame){.function = NULL}));
    complete_name(image, address, &g_array_index(frames, struct symbols_frame, frames->len - 1));
}
