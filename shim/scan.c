/* SPDX-License-Identifier: MIT */
/*
 * Bindings that pass the preload by: an object loaded with RTLD_DEEPBIND finds MI and libc before us. Its
 * entries in the global offset table are mended after it was loaded.
 */
#include "memory.h"
#include "preload.h"

#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define MOST_USERS 64 /* objects that refer to MI, in one scan */

/* The parts of an object's dynamic section that name its bindings. */
struct bindings {
    const ElfW(Sym) * symbols;
    const char *strings;
    size_t strings_size;
    const ElfW(Rela) * tables[2];
    size_t sizes[2];
};

static bool read_bindings(const ElfW(Dyn) * entry, struct bindings *bindings)
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

static bool is_binding_of(const struct bindings *bindings, const ElfW(Rela) * relocation, const char *name)
{
    size_t type = ELF64_R_TYPE(relocation->r_info);
    const ElfW(Sym) *symbol = &bindings->symbols[ELF64_R_SYM(relocation->r_info)];

    return (type == R_X86_64_JUMP_SLOT || type == R_X86_64_GLOB_DAT || type == R_X86_64_64) &&
           symbol->st_name < bindings->strings_size && strcmp(bindings->strings + symbol->st_name, name) == 0;
}

static void write_slot(void **slot, void *value)
{
    int protection;

    if (*slot != value && memory_unlock(slot, sizeof(*slot), &protection)) {
        __atomic_store_n(slot, value, __ATOMIC_RELEASE);
        memory_restore(slot, sizeof(*slot), protection);
    }
}

/* Let every binding of `name` in `object` lead to `function`. */
static void bind(const struct link_map *object, const char *name, void *function)
{
    struct bindings bindings;

    if (!read_bindings(object->l_ld, &bindings)) {
        return;
    }
    for (size_t table = 0; table < 2; table++) {
        for (size_t i = 0; i < bindings.sizes[table] / sizeof(ElfW(Rela)); i++) {
            const ElfW(Rela) *relocation = &bindings.tables[table][i];
            if (is_binding_of(&bindings, relocation, name)) {
                write_slot((void **)(object->l_addr + relocation->r_offset), function);
            }
        }
    }
}

struct users {
    const void *addresses[MOST_USERS]; /* one inside of each object that names MI */
    size_t count;
    unsigned long long changes; /* objects loaded and unloaded so far */
    unsigned long long known;   /* that number at the last scan */
};

static bool inside_object(const struct dl_phdr_info *info, const void *start, size_t size)
{
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        uintptr_t first = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
        if (info->dlpi_phdr[i].p_type == PT_LOAD && (uintptr_t)start >= first &&
            (uintptr_t)start + size <= first + info->dlpi_phdr[i].p_memsz) {
            return true;
        }
    }
    return false;
}

/* Runs under the loader's lock: it only reads. */
static int note_user(struct dl_phdr_info *info, size_t size, void *context)
{
    struct users *users = context;
    const ElfW(Dyn) *dynamic = NULL;
    struct bindings bindings;

    (void)size;
    users->changes = info->dlpi_adds + info->dlpi_subs;
    if (users->changes == users->known) {
        return 1;
    }
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type == PT_DYNAMIC) {
            dynamic = (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
        }
    }
    if (dynamic != NULL && users->count < MOST_USERS && read_bindings(dynamic, &bindings) &&
        inside_object(info, bindings.strings, bindings.strings_size) &&
        memmem(bindings.strings, bindings.strings_size, PRELOAD_MI, sizeof(PRELOAD_MI)) != NULL) {
        users->addresses[users->count++] = dynamic;
    }
    return 0;
}

/* `object` names MI: as a caller, as its home, or as ourselves. */
static void mend(const struct link_map *object, const struct link_map *ourselves)
{
    struct link_map *home = NULL;
    void *handle, *real;
    Dl_info info;

    if (object == ourselves ||
        (handle = preload_real_dlopen(object->l_name, RTLD_LAZY | RTLD_NOLOAD)) == NULL) {
        return;
    }
    real = preload_dlsym(handle, PRELOAD_MI);
    if (real != NULL && dladdr1(real, &info, (void **)&home, RTLD_DL_LINKMAP) != 0 && home != NULL &&
        home != ourselves) {
        bind(object, PRELOAD_MI, (void *)preload_stand_in((shim_initialize_fn)real));
        bind(home, "pthread_create", (void *)pthread_create);
    }
    dlclose(handle);
}

bool preload_scan(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static _Atomic(unsigned long long) known;
    struct users users = {.known = atomic_load(&known)};
    struct link_map *ourselves = NULL, *object;
    Dl_info info;

    dl_iterate_phdr(note_user, &users);
    if (users.changes == users.known || pthread_mutex_trylock(&lock) != 0) {
        return false;
    }
    if (dladdr1((void *)preload_scan, &info, (void **)&ourselves, RTLD_DL_LINKMAP) != 0) {
        for (size_t i = 0; i < users.count; i++) {
            if (dladdr1(users.addresses[i], &info, (void **)&object, RTLD_DL_LINKMAP) != 0 &&
                object != NULL) {
                mend(object, ourselves);
            }
        }
    }
    atomic_store(&known, users.changes);
    pthread_mutex_unlock(&lock);
    return true;
}
