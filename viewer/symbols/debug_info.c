/* SPDX-License-Identifier: MIT */
/* Reads functions, inlined calls and lines from DWARF. */
#include "symbols/debug_info.h"

#include "symbols/debug_units.h"
#include "symbols/names.h"

#include <dwarf.h>
#include <elfutils/libdwelf.h>
#include <string.h>

enum { INLINED_MAX = 256 };

struct symbols_debug_info {
    Dwarf *dwarf;
    Elf *alternate_elf;
    Dwarf *alternate;
    struct symbols_debug_units *units;
    GStringChunk *strings;
};

/* Without help libdw looks for the file dwz split off by itself, outside the sysroot and with an open that
 * can block. So it gets that file from us, or its DWARF is not used. */
static bool attach_alternate(struct symbols_debug_info *info, const struct symbols_search *search)
{
    const char *name;
    const void *id;
    ssize_t length = dwelf_dwarf_gnu_debugaltlink(info->dwarf, &name, &id);
    g_autoptr(GBytes) build_id = NULL;
    if (length <= 0)
        return true;
    build_id = g_bytes_new(id, (size_t)length);
    info->alternate_elf = symbols_search_alternate(search, name, build_id);
    info->alternate = dwarf_begin_elf(info->alternate_elf, DWARF_C_READ, NULL);
    if (info->alternate == NULL)
        return false;
    dwarf_setalt(info->dwarf, info->alternate);
    return true;
}

struct symbols_debug_info *symbols_debug_info_new(Elf *elf, const struct symbols_search *search,
                                                  GStringChunk *strings)
{
    Dwarf *dwarf = dwarf_begin_elf(elf, DWARF_C_READ, NULL);
    struct symbols_debug_info *info;
    if (dwarf == NULL)
        return NULL;
    info = g_new0(struct symbols_debug_info, 1);
    info->dwarf = dwarf;
    info->strings = strings;
    if (!attach_alternate(info, search)) {
        symbols_debug_info_free(info);
        return NULL;
    }
    info->units = symbols_debug_units_new(dwarf);
    return info;
}

void symbols_debug_info_free(struct symbols_debug_info *info)
{
    if (info == NULL)
        return;
    symbols_debug_units_free(info->units);
    dwarf_end(info->dwarf);
    dwarf_end(info->alternate);
    elf_end(info->alternate_elf);
    g_free(info);
}

static const char *linkage_name(Dwarf_Die *die)
{
    static const unsigned names[] = {DW_AT_linkage_name, DW_AT_MIPS_linkage_name};
    Dwarf_Attribute attribute;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (dwarf_attr_integrate(die, names[i], &attribute) != NULL)
            return dwarf_formstring(&attribute);
    return NULL;
}

/* C functions with an assembler label have a linkage name as well, but nobody calls them that. */
static const char *function_name(const struct symbols_debug_info *info, Dwarf_Die *die)
{
    const char *linkage = linkage_name(die);
    if (linkage != NULL && strncmp(linkage, "_Z", 2) == 0)
        return symbols_name_function(info->strings, linkage);
    return symbols_name_text(info->strings, dwarf_diename(die));
}

static unsigned number_attribute(Dwarf_Die *die, unsigned name)
{
    Dwarf_Attribute attribute;
    Dwarf_Word value = 0;
    if (dwarf_formudata(dwarf_attr(die, name, &attribute), &value) != 0 || value > G_MAXUINT)
        return 0;
    return (unsigned)value;
}

/* libdw joins the compilation directory only to files that lie right in it. */
static const char *source_file(const struct symbols_debug_info *info, Dwarf_Die *unit, const char *path)
{
    Dwarf_Attribute attribute;
    const char *directory = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
    g_autofree char *joined = NULL;
    if (path == NULL || directory == NULL || *path == '/' || g_str_has_prefix(path, directory))
        return symbols_name_file(info->strings, path);
    joined = g_build_filename(directory, path, NULL);
    return symbols_name_file(info->strings, joined);
}

/* Sets the place of the code itself. */
static void set_line(const struct symbols_debug_info *info, Dwarf_Die *unit, uint64_t address,
                     struct symbols_frame *frame)
{
    Dwarf_Line *row = dwarf_getsrc_die(unit, address);
    int line = 0;
    if (row == NULL)
        return;
    frame->file = source_file(info, unit, dwarf_linesrc(row, NULL, NULL));
    if (dwarf_lineno(row, &line) == 0 && line > 0)
        frame->line = (unsigned)line;
}

/* Sets the place of the call that was replaced by the body of inlined. */
static void set_call(const struct symbols_debug_info *info, Dwarf_Die *unit, Dwarf_Die *inlined,
                     struct symbols_frame *frame)
{
    Dwarf_Files *files;
    size_t count;
    const char *path = NULL;
    if (dwarf_getsrcfiles(unit, &files, &count) == 0)
        path = dwarf_filesrc(files, number_attribute(inlined, DW_AT_call_file), NULL, NULL);
    frame->file = source_file(info, unit, path);
    frame->line = number_attribute(inlined, DW_AT_call_line);
}

static bool is_scope(Dwarf_Die *die)
{
    int tag = dwarf_tag(die);
    return tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block || tag == DW_TAG_try_block ||
           tag == DW_TAG_catch_block;
}

/* The inlined calls around address in function, outermost first. */
static GArray *find_inlined(Dwarf_Die *function, uint64_t address)
{
    GArray *inlined = g_array_new(FALSE, FALSE, sizeof(Dwarf_Die));
    Dwarf_Die die;
    int status = dwarf_child(function, &die);
    while (status == 0 && inlined->len < INLINED_MAX) {
        if (!is_scope(&die) || dwarf_haspc(&die, address) != 1) {
            status = dwarf_siblingof(&die, &die);
            continue;
        }
        if (dwarf_tag(&die) == DW_TAG_inlined_subroutine)
            g_array_append_val(inlined, die);
        status = dwarf_child(&die, &die);
    }
    return inlined;
}

static void add_function_frames(const struct symbols_debug_info *info, Dwarf_Die *unit, Dwarf_Die *function,
                                struct symbols_frame frame, uint64_t address, GArray *frames)
{
    g_autoptr(GArray) inlined = find_inlined(function, address);
    for (unsigned i = inlined->len; i > 0; i--) {
        Dwarf_Die *die = &g_array_index(inlined, Dwarf_Die, i - 1);
        frame.function = function_name(info, die);
        frame.inlined = true;
        g_array_append_val(frames, frame);
        set_call(info, unit, die, &frame);
    }
    frame.function = function_name(info, function);
    frame.inlined = false;
    g_array_append_val(frames, frame);
}

void symbols_debug_info_find(struct symbols_debug_info *info, uint64_t address, GArray *frames)
{
    struct symbols_frame frame = {.function = NULL};
    Dwarf_Die unit;
    Dwarf_Die function;
    if (info == NULL || !symbols_debug_units_find(info->units, address, &unit, &function))
        return;
    set_line(info, &unit, address, &frame);
    if (function.addr != NULL)
        add_function_frames(info, &unit, &function, frame, address, frames);
    else
        g_array_append_val(frames, frame);
}
