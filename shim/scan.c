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
#include <sys/mman.h>

#define NAMES_SIZE \
    (256u << 10) /* for the objects that refer to MI, in one scan; too large for small stacks */

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

/* What a binding leads to that passes us by, and where it is to lead. */
struct detour {
    const char *name;
    void *passes_by; /* NULL: whatever is there */
    void *ours;
};

/* Not looked up yet: it leads to the object's own linkage table. */
static bool is_unbound(const struct link_map *object, const void *value)
{
    struct link_map *home = NULL;
    Dl_info info;

    return dladdr1(value, &info, (void **)&home, RTLD_DL_LINKMAP) != 0 && home == object;
}

/* Mend the bindings of one name in `object`. What leads to a third party's function stays: it stands before
 * us. */
static void bind(const struct link_map *object, const struct detour *detour)
{
    struct bindings bindings;

    if (!read_bindings(object->l_ld, &bindings)) {
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

/* libc's own function, whoever stands before it. */
static void *find_in_libc(const char *name)
{
    void *libc = preload_real_dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
    void *found = libc != NULL ? preload_dlsym(libc, name) : NULL;

    if (libc != NULL) {
        dlclose(libc);
    }
    return found;
}

static ssize_t (*libc_write)(int, const void *, size_t);
static int (*libc_close)(int);
static int (*libc_socket)(int, int, int);

/* Released first: afterwards the number may be the program's already. */
static int close_kept(int fd)
{
    preload_release_descriptor(fd);
    return libc_close(fd);
}

/* LTTng connects it, which may take time, before it tells its tracker and us. */
static int keep_socket(int domain, int type, int protocol)
{
    int fd = libc_socket(domain, type, protocol);

    return fd >= 0 ? mitrace_keep_descriptor(fd) : fd;
}

/* LTTng writes to wake its consumer, in the middle of a call of the program's: no place for a cancellation.
 */
static ssize_t write_on(int fd, const void *bytes, size_t count)
{
    int cancel;
    ssize_t written;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    written = libc_write(fd, bytes, count);
    pthread_setcancelstate(cancel, NULL);
    return written;
}

void preload_detach(const void *inside)
{
    static const char *const names[] = {"accept",   "bind",     "connect", "fcntl",   "ftruncate",
                                        "lseek",    "mmap",     "munmap",  "open",    "poll",
                                        "read",     "recvmsg",  "send",    "sendmsg", "setsockopt",
                                        "shm_open", "shutdown", "unlink",  "writev",  "pthread_create"};
    /* ThreadSanitizer cannot do without a thread that it does not know of */
    size_t count = sizeof(names) / sizeof(names[0]) - (preload_dlsym(RTLD_DEFAULT, "__tsan_init") != NULL);
    const struct detour own[] = {{"close", NULL, (void *)close_kept},
                                 {"socket", NULL, (void *)keep_socket},
                                 {"write", NULL, (void *)write_on},
                                 {"getenv", NULL, (void *)preload_getenv}};
    struct link_map *object = NULL;
    Dl_info info;

    libc_close = (int (*)(int))find_in_libc("close");
    libc_socket = (int (*)(int, int, int))find_in_libc("socket");
    libc_write = (ssize_t(*)(int, const void *, size_t))find_in_libc("write");
    if (libc_close == NULL || libc_socket == NULL || libc_write == NULL ||
        dladdr1(inside, &info, (void **)&object, RTLD_DL_LINKMAP) == 0 || object == NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const struct detour detour = {names[i], NULL, find_in_libc(names[i])};
        if (detour.ours != NULL) {
            bind(object, &detour);
        }
    }
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        bind(object, &own[i]);
    }
}

/* What one look at the loader's list finds. */
struct users {
    char *names; /* of the objects that refer to MI, one after the other, each with its NUL */
    size_t used;
    uint32_t objects; /* looked at or skipped */
    uint32_t skipped;
    uint32_t unloads;           /* so far */
    unsigned long long changes; /* loads and unloads so far */
};

/*
 * What a scan that is done had found: how many unloads there had been, and how many objects. Objects are
 * listed in the order of their loading, so these are the first of the list until another is unloaded.
 */
static _Atomic(uint64_t) mended;

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

/* Runs under the loader's lock: it only reads. */
static int note_user(struct dl_phdr_info *info, size_t size, void *context)
{
    struct users *users = context;
    const ElfW(Dyn) * dynamic;
    struct bindings bindings;

    (void)size;
    if (users->objects == 0) {
        uint64_t before = atomic_load(&mended);
        users->changes = info->dlpi_adds + info->dlpi_subs;
        users->unloads = (uint32_t)info->dlpi_subs;
        users->skipped = before >> 32 == users->unloads ? (uint32_t)before : 0;
    }
    if (users->objects++ < users->skipped) {
        return 0;
    }
    dynamic = dynamic_of(info);
    if (dynamic != NULL && read_bindings(dynamic, &bindings) &&
        inside_object(info, bindings.strings, bindings.strings_size) &&
        memmem(bindings.strings, bindings.strings_size, PRELOAD_MI, sizeof(PRELOAD_MI)) != NULL) {
        note_name(users, info->dlpi_name);
    }
    return 0;
}

/* Objects loaded and unloaded so far. */
static int count_changes(struct dl_phdr_info *info, size_t size, void *changes)
{
    (void)size;
    *(unsigned long long *)changes = info->dlpi_adds + info->dlpi_subs;
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
        const struct detour threads = {"pthread_create", find_in_libc("pthread_create"),
                                       (void *)pthread_create};
        bind(object, &begin);
        bind(home, &threads);
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

bool preload_scan(void)
{
    static _Atomic(unsigned long long) known; /* changes that a scan which is done had seen */
    unsigned long long changes = 0;
    struct users users = {0};

    dl_iterate_phdr(count_changes, &changes);
    if (changes == atomic_load(&known)) {
        return false;
    }
    users.names = mmap(NULL, NAMES_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (users.names == MAP_FAILED) { /* it is tried again the next time */
        return false;
    }
    dl_iterate_phdr(note_user, &users);
    mend_all(&users);
    atomic_store(&mended, (uint64_t)users.unloads << 32 | users.objects);
    atomic_store(&known, users.changes);
    munmap(users.names, NAMES_SIZE);
    return true;
}
