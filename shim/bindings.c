/* SPDX-License-Identifier: MIT */
/* See bindings.h. */
#include "bindings.h"

#include "memory.h"
#include "preload.h"

#include <dlfcn.h>
#include <string.h>

bool bindings_read(const ElfW(Dyn) * entry, struct bindings *bindings)
{
    memset(bindings, 0, sizeof(*bindings));
    for (; entry->d_tag != DT_NULL; entry++) {
        switch (entry->d_tag) {
        case DT_SYMTAB:
            bindings->symbols = (const void *)entry->d_un.d_ptr;
            break;
        case DT_STRTAB:
            bindings->strings = (const void *)entry->d_un.d_ptr;
            break;
        case DT_STRSZ:
            bindings->strings_size = entry->d_un.d_val;
            break;
        case DT_RELA:
            bindings->tables[0] = (const void *)entry->d_un.d_ptr;
            break;
        case DT_RELASZ:
            bindings->sizes[0] = entry->d_un.d_val;
            break;
        case DT_JMPREL:
            bindings->tables[1] = (const void *)entry->d_un.d_ptr;
            break;
        case DT_PLTRELSZ:
            bindings->sizes[1] = entry->d_un.d_val;
            break;
        default:
            break;
        }
    }
    return bindings->symbols != NULL && bindings->strings != NULL;
}

bool bindings_has_soname(const struct link_map *object, const char *name)
{
    struct bindings bindings;

    if (!bindings_read(object->l_ld, &bindings)) {
        return false;
    }
    for (const ElfW(Dyn) *entry = object->l_ld; entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_SONAME) {
            return strcmp(bindings.strings + entry->d_un.d_val, name) == 0;
        }
    }
    return false;
}

static bool is_binding_of(const struct bindings *bindings, const ElfW(Rela) * relocation, const char *name)
{
    size_t type = ELF64_R_TYPE(relocation->r_info);
    const ElfW(Sym) *symbol = &bindings->symbols[ELF64_R_SYM(relocation->r_info)];

    return (type == R_X86_64_JUMP_SLOT || type == R_X86_64_GLOB_DAT || type == R_X86_64_64) &&
           symbol->st_name < bindings->strings_size && strcmp(bindings->strings + symbol->st_name, name) == 0;
}

struct binding {
    void **slot;
    void *value;
};

static void write_binding(void *context)
{
    const struct binding *binding = context;

    __atomic_store_n(binding->slot, binding->value, __ATOMIC_RELEASE);
}

static void write_slot(void **slot, void *value)
{
    struct binding binding = {slot, value};

    if (*slot != value) {
        memory_write(slot, sizeof(*slot), write_binding, &binding);
    }
}

/* Not looked up yet: it leads to the object's own linkage table. */
static bool is_unbound(const struct link_map *object, const void *value)
{
    struct link_map *home = NULL;
    Dl_info info;

    return dladdr1(value, &info, (void **)&home, RTLD_DL_LINKMAP) != 0 && home == object;
}

void bindings_mend(const struct link_map *object, const struct detour *detour)
{
    struct bindings bindings;

    if (!bindings_read(object->l_ld, &bindings)) {
        return;
    }
    for (size_t table = 0; table < 2; table++) {
        for (size_t i = 0; i < bindings.sizes[table] / sizeof(ElfW(Rela)); i++) {
            const ElfW(Rela) *relocation = &bindings.tables[table][i];
            void **slot = (void **)(object->l_addr + relocation->r_offset);
            if (is_binding_of(&bindings, relocation, detour->name) &&
                (detour->passes_by == NULL || *slot == detour->passes_by || is_unbound(object, *slot))) {
                write_slot(slot, detour->ours);
            }
        }
    }
}

void *bindings_find_in_libc(const char *name)
{
    void *libc = preload_real_dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
    void *found = libc != NULL ? preload_dlsym(libc, name) : NULL;

    if (libc != NULL) {
        dlclose(libc);
    }
    return found;
}
