/* SPDX-License-Identifier: MIT */
/*
 * Which modules are mapped where, so that addresses can be named offline. LTTng's own state dump knows those
 * present at the start only, and its preload for later ones breaks RUNPATH look-ups.
 */
#include "record.h"

#include <elf.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <stdlib.h>

struct module {
    uint64_t base, start, end;
    uint64_t name; /* hash: another library can be mapped to the same addresses */
    bool seen;     /* in this walk */
};

/* The modules that were said, under `lock`; grows, never shrinks. */
static struct module *known;
static size_t known_count, known_room;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long long known_changes;

/* FNV-1a */
static uint64_t hash_name(const char *name)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (; name != NULL && *name != '\0'; name++) {
        hash = (hash ^ (unsigned char)*name) * 0x100000001b3u;
    }
    return hash;
}

static void find_range(const struct dl_phdr_info *info, struct module *module)
{
    module->base = info->dlpi_addr;
    module->name = hash_name(info->dlpi_name);
    module->start = UINT64_MAX;
    module->end = 0;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type == PT_LOAD) {
            uint64_t start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
            uint64_t end = start + info->dlpi_phdr[i].p_memsz;
            module->start = start < module->start ? start : module->start;
            module->end = end > module->end ? end : module->end;
        }
    }
}

static void find_build_id(const struct dl_phdr_info *info, struct mi_event *event)
{
    event->build_id = (const uint8_t *)"";
    event->build_id_len = 0;
    for (size_t i = 0; i < info->dlpi_phnum && event->build_id_len == 0; i++) {
        const char *at = (const char *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
        const char *end = at + info->dlpi_phdr[i].p_memsz;

        while (info->dlpi_phdr[i].p_type == PT_NOTE && at + sizeof(ElfW(Nhdr)) <= end) {
            const ElfW(Nhdr) *note = (const void *)at;
            const char *name = at + sizeof(*note);
            const char *content = name + ((note->n_namesz + 3u) & ~3u);

            if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && memcmp(name, "GNU", 4) == 0 &&
                content + note->n_descsz <= end) {
                event->build_id = (const uint8_t *)content;
                event->build_id_len = note->n_descsz;
            }
            at = content + ((note->n_descsz + 3u) & ~3u);
        }
    }
}

/* The main program has no name in the loader's list. */
static const char *path_of(const struct dl_phdr_info *info, char *buffer, size_t size)
{
    if (info->dlpi_name != NULL && info->dlpi_name[0] != '\0') {
        return info->dlpi_name;
    }
    return realpath("/proc/thread-self/exe", buffer) != NULL && size > 0 ? buffer : "";
}

static void say_load(const struct dl_phdr_info *info, const struct module *module)
{
    char buffer[PATH_MAX];

    RECORD(module_load, record_thread(), {
        event->base = module->base;
        event->start = module->start;
        event->end = module->end;
        find_build_id(info, event);
        RECORD_TEXT(event, path, path_of(info, buffer, sizeof(buffer)));
    });
}

static struct module *find_known(const struct module *module)
{
    for (size_t i = 0; i < known_count; i++) {
        if (known[i].base == module->base && known[i].start == module->start && known[i].end == module->end &&
            known[i].name == module->name) {
            return &known[i];
        }
    }
    return NULL;
}

static void remember(const struct module *module)
{
    if (known_count == known_room) {
        size_t room = known_room * 2 + 64;
        struct module *larger = realloc(known, room * sizeof(*larger));
        if (larger == NULL) {
            return; /* it will be said again: harmless */
        }
        known = larger;
        known_room = room;
    }
    known[known_count] = *module;
    known[known_count++].seen = true;
}

static int meet(struct dl_phdr_info *info, size_t size, void *context)
{
    struct module module = {0};
    struct module *before;

    (void)size;
    (void)context;
    __atomic_store_n(&known_changes, info->dlpi_adds + info->dlpi_subs, __ATOMIC_RELAXED);
    find_range(info, &module);
    before = find_known(&module);
    if (before != NULL) {
        before->seen = true;
    } else if (module.end > module.start) {
        say_load(info, &module);
        remember(&module);
    }
    return 0;
}

static void forget_unloaded(void)
{
    size_t kept = 0;

    for (size_t i = 0; i < known_count; i++) {
        if (known[i].seen) {
            known[kept++] = known[i];
        } else {
            RECORD(module_unload, record_thread(), { event->base = known[i].base; });
        }
    }
    known_count = kept;
}

static int count_changes(struct dl_phdr_info *info, size_t size, void *changes)
{
    (void)size;
    *(unsigned long long *)changes = info->dlpi_adds + info->dlpi_subs;
    return 1;
}

static void say_changes(void)
{
    unsigned long long changes = 0;

    dl_iterate_phdr(count_changes, &changes);
    if (changes == __atomic_load_n(&known_changes, __ATOMIC_RELAXED) || pthread_mutex_trylock(&lock) != 0) {
        return; /* another thread is saying it */
    }
    for (size_t i = 0; i < known_count; i++) {
        known[i].seen = false;
    }
    dl_iterate_phdr(meet, NULL);
    forget_unloaded();
    pthread_mutex_unlock(&lock);
}

void record_modules(void)
{
    if (!record_knows_itself()) {
        return;
    }
    record_preload->gate_enter();
    say_changes();
    record_preload->gate_leave();
}

void record_modules_again(void)
{
    record_modules_lock();
    known_count = 0;
    __atomic_store_n(&known_changes, 0, __ATOMIC_RELAXED);
    record_modules_unlock();
}

void record_modules_lock(void)
{
    pthread_mutex_lock(&lock);
}

void record_modules_unlock(void)
{
    pthread_mutex_unlock(&lock);
}
