/* SPDX-License-Identifier: MIT */
/* Indexes DWARF units and their functions by address. */
#include "symbols/debug_units.h"

#include "symbols/spans.h"

#include <dwarf.h>

enum { DEPTH_MAX = 64 };

struct unit {
    Dwarf_Die die;
    struct symbols_spans *functions; /* values are DIE offsets; NULL until first asked for */
};

struct symbols_debug_units {
    Dwarf *dwarf;
    GArray *array;               /* of struct unit */
    struct symbols_spans *spans; /* values are indexes into array */
};

/* Where DWARF nests functions: local classes and nested functions lie inside their function. */
static bool may_hold_functions(Dwarf_Die *die)
{
    switch (dwarf_tag(die)) {
    case DW_TAG_namespace:
    case DW_TAG_module:
    case DW_TAG_subprogram:
    case DW_TAG_lexical_block:
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
        return true;
    default:
        return false;
    }
}

static bool add_ranges(struct symbols_spans *spans, Dwarf_Die *die, uint64_t value)
{
    Dwarf_Addr base;
    Dwarf_Addr start;
    Dwarf_Addr end;
    ptrdiff_t next = 0;
    while ((next = dwarf_ranges(die, next, &base, &start, &end)) > 0)
        if (!symbols_spans_add(spans, start, end, value, 0))
            return false;
    return true;
}

/* A walk through the DIEs below a unit that keeps its own stack: hostile files nest without end. */
struct walk {
    Dwarf_Die die;
    Dwarf_Die parents[DEPTH_MAX];
    unsigned depth;
};

static bool walk_down(struct walk *walk)
{
    Dwarf_Die child;
    if (walk->depth == DEPTH_MAX || !may_hold_functions(&walk->die) || dwarf_child(&walk->die, &child) != 0)
        return false;
    walk->parents[walk->depth++] = walk->die;
    walk->die = child;
    return true;
}

static bool walk_on(struct walk *walk)
{
    if (walk_down(walk))
        return true;
    while (dwarf_siblingof(&walk->die, &walk->die) != 0) {
        if (walk->depth == 0)
            return false;
        walk->die = walk->parents[--walk->depth];
    }
    return true;
}

static struct symbols_spans *index_functions(Dwarf_Die *unit)
{
    struct symbols_spans *functions = symbols_spans_new();
    struct walk walk = {.depth = 0};
    bool more = dwarf_child(unit, &walk.die) == 0;
    while (more) {
        if (dwarf_tag(&walk.die) == DW_TAG_subprogram &&
            !add_ranges(functions, &walk.die, dwarf_dieoffset(&walk.die)))
            break;
        more = walk_on(&walk);
    }
    symbols_spans_sort(functions);
    return functions;
}

static void index_units(struct symbols_debug_units *units)
{
    Dwarf_CU *cu = NULL;
    struct unit unit = {.functions = NULL};
    while (dwarf_get_units(units->dwarf, cu, &cu, NULL, NULL, &unit.die, NULL) == 0) {
        if (unit.die.addr == NULL)
            continue;
        if (!add_ranges(units->spans, &unit.die, units->array->len))
            break;
        g_array_append_val(units->array, unit);
    }
    symbols_spans_sort(units->spans);
}

struct symbols_debug_units *symbols_debug_units_new(Dwarf *dwarf)
{
    struct symbols_debug_units *units = g_new(struct symbols_debug_units, 1);
    units->dwarf = dwarf;
    units->array = g_array_new(FALSE, FALSE, sizeof(struct unit));
    units->spans = symbols_spans_new();
    index_units(units);
    return units;
}

void symbols_debug_units_free(struct symbols_debug_units *units)
{
    if (units == NULL)
        return;
    for (unsigned i = 0; i < units->array->len; i++)
        symbols_spans_free(g_array_index(units->array, struct unit, i).functions);
    g_array_free(units->array, TRUE);
    symbols_spans_free(units->spans);
    g_free(units);
}

bool symbols_debug_units_find(struct symbols_debug_units *units, uint64_t address, Dwarf_Die *unit,
                              Dwarf_Die *function)
{
    struct unit *found;
    uint64_t value;
    *function = (Dwarf_Die){.addr = NULL};
    if (!symbols_spans_find(units->spans, address, &value))
        return false;
    found = &g_array_index(units->array, struct unit, value);
    *unit = found->die;
    if (found->functions == NULL)
        found->functions = index_functions(&found->die);
    if (symbols_spans_find(found->functions, address, &value) &&
        dwarf_offdie(units->dwarf, value, function) == NULL)
        function->addr = NULL;
    return true;
}
