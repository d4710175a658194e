/* SPDX-License-Identifier: MIT */
/* Reads the functions of an ELF symbol table. */
#include "symbols/elf_symbols.h"

#include "symbols/elf_file.h"
#include "symbols/spans.h"

#include <string.h>

struct symbols_elf_symbols {
    Elf *elf;
    size_t names;                /* section index of the string table */
    struct symbols_spans *spans; /* values are offsets into names */
};

static bool is_function(const GElf_Sym *symbol)
{
    int type = GELF_ST_TYPE(symbol->st_info);
    return (type == STT_FUNC || type == STT_GNU_IFUNC) && symbol->st_shndx != SHN_UNDEF;
}

/* Of the names of one function, people know the public one: read rather than __read or __GI___read. */
static int rank_name(Elf *elf, size_t names, const GElf_Sym *symbol)
{
    const char *name = elf_strptr(elf, names, symbol->st_name);
    int underscores = name != NULL ? (int)MIN(strspn(name, "_"), 8) : 8;
    return (GELF_ST_BIND(symbol->st_info) == STB_LOCAL ? 0 : 10) - underscores;
}

static void read_table(struct symbols_elf_symbols *symbols, Elf_Data *data, int count)
{
    GElf_Sym symbol;
    for (int i = 0; i < count && gelf_getsym(data, i, &symbol) != NULL; i++) {
        int rank;
        if (!is_function(&symbol))
            continue;
        rank = rank_name(symbols->elf, symbols->names, &symbol);
        if (!symbols_spans_add(symbols->spans, symbol.st_value, symbol.st_value + symbol.st_size,
                               symbol.st_name, rank))
            break;
    }
    symbols_spans_sort(symbols->spans);
}

struct symbols_elf_symbols *symbols_elf_symbols_new(Elf *elf, const char *table)
{
    Elf_Scn *section = elf != NULL ? symbols_elf_section(elf, table) : NULL;
    struct symbols_elf_symbols *symbols;
    GElf_Shdr header;
    Elf_Data *data;
    if (section == NULL || gelf_getshdr(section, &header) == NULL || header.sh_entsize == 0)
        return NULL;
    data = elf_getdata(section, NULL);
    if (data == NULL)
        return NULL;
    symbols = g_new(struct symbols_elf_symbols, 1);
    *symbols =
        (struct symbols_elf_symbols){.elf = elf, .names = header.sh_link, .spans = symbols_spans_new()};
    read_table(symbols, data, (int)MIN(header.sh_size / header.sh_entsize, G_MAXINT));
    return symbols;
}

void symbols_elf_symbols_free(struct symbols_elf_symbols *symbols)
{
    if (symbols == NULL)
        return;
    symbols_spans_free(symbols->spans);
    g_free(symbols);
}

const char *symbols_elf_symbols_find(const struct symbols_elf_symbols *symbols, uint64_t address)
{
    uint64_t name;
    if (symbols == NULL || !symbols_spans_find(symbols->spans, address, &name))
        return NULL;
    return elf_strptr(symbols->elf, symbols->names, name);
}
