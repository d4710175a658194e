/* SPDX-License-Identifier: MIT */
/* Finds modules and their separate debug files below the sysroot. */
#include "symbols/search.h"

#include "symbols/elf_file.h"

#include <elfutils/libdwelf.h>
#include <string.h>

struct symbols_search {
    char *sysroot;
    GPtrArray *debug_dirs;
};

struct symbols_search *symbols_search_new(const struct symbols_options *options)
{
    struct symbols_search *search = g_new(struct symbols_search, 1);
    const GPtrArray *extra = options != NULL ? options->debug_dirs : NULL;
    search->sysroot = g_strdup(options != NULL ? options->sysroot : NULL);
    search->debug_dirs = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; extra != NULL && i < extra->len; i++)
        g_ptr_array_add(search->debug_dirs, g_strdup(extra->pdata[i]));
    g_ptr_array_add(search->debug_dirs, g_strdup("/usr/lib/debug"));
    return search;
}

void symbols_search_free(struct symbols_search *search)
{
    g_free(search->sysroot);
    g_ptr_array_unref(search->debug_dirs);
    g_free(search);
}

static bool has_build_id(Elf *elf, GBytes *build_id)
{
    g_autoptr(GBytes) found = symbols_elf_build_id(elf);
    return found != NULL && g_bytes_equal(found, build_id);
}

static Elf *open_if_same(const struct symbols_search *search, const char *path, GBytes *build_id)
{
    Elf *elf = symbols_elf_open(search->sysroot, path);
    if (elf == NULL || build_id == NULL || has_build_id(elf, build_id))
        return elf;
    elf_end(elf);
    return NULL;
}

/* The kernel's name for a file that was replaced while mapped. A build-id tells if the new one is equal. */
static char *without_deleted_mark(const char *path)
{
    static const char mark[] = " (deleted)";
    return g_str_has_suffix(path, mark) ? g_strndup(path, strlen(path) - strlen(mark)) : NULL;
}

Elf *symbols_search_module(const struct symbols_search *search, const char *path, GBytes *build_id)
{
    g_autofree char *original = without_deleted_mark(path);
    if (original != NULL && build_id != NULL)
        return open_if_same(search, original, build_id);
    return open_if_same(search, path, build_id);
}

static char *build_id_file(const char *debug_dir, GBytes *build_id)
{
    size_t length;
    const uint8_t *bytes = g_bytes_get_data(build_id, &length);
    GString *path = g_string_new(debug_dir);
    g_string_append_printf(path, "/.build-id/%02x/", bytes[0]);
    for (size_t i = 1; i < length; i++)
        g_string_append_printf(path, "%02x", bytes[i]);
    g_string_append(path, ".debug");
    return g_string_free(path, FALSE);
}

Elf *symbols_search_build_id(const struct symbols_search *search, GBytes *build_id)
{
    Elf *elf = NULL;
    for (unsigned i = 0; elf == NULL && i < search->debug_dirs->len; i++) {
        g_autofree char *path = build_id_file(search->debug_dirs->pdata[i], build_id);
        elf = open_if_same(search, path, build_id);
    }
    return elf;
}

/* The stripped module itself may bear the name that is looked for. */
static bool has_symbols(Elf *elf)
{
    return symbols_elf_section(elf, ".debug_info") != NULL || symbols_elf_section(elf, ".symtab") != NULL;
}

static Elf *open_debug_file(const struct symbols_search *search, const char *path, GBytes *build_id,
                            uint32_t sum)
{
    Elf *elf = open_if_same(search, path, build_id);
    if (elf == NULL || (has_symbols(elf) && (build_id != NULL || symbols_elf_checksum(elf) == sum)))
        return elf;
    elf_end(elf);
    return NULL;
}

/* The places where a debug file of this name may lie, for a module in directory. */
static GPtrArray *debug_link_places(const struct symbols_search *search, const char *directory,
                                    const char *name)
{
    GPtrArray *places = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(places, g_build_filename(directory, name, NULL));
    g_ptr_array_add(places, g_build_filename(directory, ".debug", name, NULL));
    for (unsigned i = 0; i < search->debug_dirs->len; i++)
        g_ptr_array_add(places, g_build_filename(search->debug_dirs->pdata[i], directory, name, NULL));
    return places;
}

Elf *symbols_search_debug_link(const struct symbols_search *search, const char *path, Elf *module,
                               GBytes *build_id)
{
    GElf_Word sum;
    const char *name = dwelf_elf_gnu_debuglink(module, &sum);
    g_autofree char *directory = g_path_get_dirname(path);
    g_autoptr(GPtrArray) places = NULL;
    Elf *elf = NULL;
    if (name == NULL || *name == '\0' || strchr(name, '/') != NULL)
        return NULL;
    places = debug_link_places(search, directory, name);
    for (unsigned i = 0; elf == NULL && i < places->len; i++)
        elf = open_debug_file(search, places->pdata[i], build_id, sum);
    return elf;
}

Elf *symbols_search_alternate(const struct symbols_search *search, const char *name, GBytes *build_id)
{
    Elf *elf = symbols_search_build_id(search, build_id);
    return elf != NULL ? elf : open_if_same(search, name, build_id);
}
