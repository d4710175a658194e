/* SPDX-License-Identifier: MIT */
/*
 * Bindings that pass the preload by: an object loaded with RTLD_DEEPBIND finds MI and libc before us. Its
 * entries in the global offset table are mended after it was loaded.
 */
#include "bindings.h"
#include "preload.h"

#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

/* For the objects that refer to MI, in one scan; too large for small stacks. */
#define NAMES_SIZE (256u << 10)

/* The loader's list of objects. */
struct list {
    size_t objects;
    unsigned long long loads, unloads; /* so far */
};

/*
 * How many loads there had been when a scan that is done began. New objects go to the end of the loader's
 * list: only the last ones, as many as there were loads since then, can be unseen.
 */
static _Atomic(unsigned long long) mended;

/* What a scan finds. */
struct users {
    char *names; /* of the objects that refer to MI, one after the other, each with its NUL */
    size_t used;
    struct list list; /* when it began */
    size_t visited, seen_before;
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

static const ElfW(Dyn) * dynamic_of(const struct dl_phdr_info *info)
{
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type == PT_DYNAMIC) {
            return (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
        }
    }
    return NULL;
}

static void note_name(struct users *users, const char *name)
{
    size_t size = strlen(name) + 1;

    if (size <= NAMES_SIZE - users->used) {
        memcpy(users->names + users->used, name, size);
        users->used += size;
    }
}

/* The first so many objects of `list` need no look, after `unloads` of them. */
static size_t count_seen(const struct list *list, unsigned long long unloads)
{
    unsigned long long unsure = list->loads - atomic_load(&mended) + unloads - list->unloads;

    return list->objects > unsure ? list->objects - (size_t)unsure : 0;
}

/* Runs under the loader's lock: it only reads. */
static int note_user(struct dl_phdr_info *info, size_t size, void *context)
{
    struct users *users = context;
    const ElfW(Dyn) * dynamic;
    struct bindings bindings;

    (void)size;
    if (users->visited == 0) {
        users->seen_before = count_seen(&users->list, info->dlpi_subs);
    }
    if (users->visited++ < users->seen_before) {
        return 0;
    }
    dynamic = dynamic_of(info);
    if (dynamic != NULL && bindings_read(dynamic, &bindings) &&
        inside_object(info, bindings.strings, bindings.strings_size) &&
        memmem(bindings.strings, bindings.strings_size, PRELOAD_MI, sizeof(PRELOAD_MI)) != NULL) {
        note_name(users, info->dlpi_name);
    }
    return 0;
}

static int look(struct dl_phdr_info *info, size_t size, void *context)
{
    struct list *list = context;

    (void)size;
    list->loads = info->dlpi_adds;
    list->unloads = info->dlpi_subs;
    list->objects++;
    return 0;
}

/* Only loads and unloads. */
static int look_shortly(struct dl_phdr_info *info, size_t size, void *context)
{
    look(info, size, context);
    return 1;
}

/* The object called `name` names MI: as a caller, as its home, or as ourselves. */
static void mend(const char *name, const struct link_map *ourselves)
{
    struct link_map *object = NULL, *home = NULL;
    void *handle = preload_real_dlopen(name, RTLD_LAZY | RTLD_NOLOAD), *real;
    Dl_info info;

    if (handle == NULL) {
        return;
    }
    real = preload_dlsym(handle, PRELOAD_MI);
    if (real != NULL && dlinfo(handle, RTLD_DI_LINKMAP, &object) == 0 && object != ourselves &&
        dladdr1(real, &info, (void **)&home, RTLD_DL_LINKMAP) != 0 && home != NULL && home != ourselves) {
        const struct detour begin = {PRELOAD_MI, real, (void *)preload_stand_in((shim_initialize_fn)real)};
        const struct detour threads = {"pthread_create", bindings_find_in_libc("pthread_create"),
                                       (void *)pthread_create};
        bindings_mend(object, &begin);
        bindings_mend(home, &threads);
    }
    dlclose(handle);
}

/* Mend what refers to MI. Any number of threads may be at it: they come to the same result. */
static void mend_all(const struct users *users)
{
    struct link_map *ourselves = NULL;
    Dl_info info;

    if (dladdr1((void *)preload_scan, &info, (void **)&ourselves, RTLD_DL_LINKMAP) != 0) {
        for (size_t at = 0; at < users->used; at += strlen(users->names + at) + 1) {
            mend(users->names + at, ourselves);
        }
    }
}

static void scan(void)
{
    struct users users = {0};

    dl_iterate_phdr(look, &users.list);
    users.names = mmap(NULL, NAMES_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (users.names != MAP_FAILED) { /* else the next scan finds it */
        dl_iterate_phdr(note_user, &users);
        mend_all(&users);
        atomic_store(&mended, users.list.loads);
        munmap(users.names, NAMES_SIZE);
    }
}

bool preload_scan(void)
{
    static _Atomic(unsigned long long) known; /* changes of the list that were met */
    unsigned long long changes;
    struct list list = {0};

    dl_iterate_phdr(look_shortly, &list);
    if (list.loads != atomic_load(&mended)) {
        scan();
    }
    changes = list.loads + list.unloads;
    return atomic_exchange(&known, changes) != changes;
}
