/* SPDX-License-Identifier: MIT */
/*
 * Mappings of this process, from the loader and from /proc/thread-self/maps, and their protection. The system
 * is asked directly: a program's own `open` may ask the loader for the real one, whose lock another thread
 * may hold that waits here.
 */
#include "memory.h"

#include "raw.h"

#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct mapping {
    uintptr_t start, end;
    int protection;
};

struct maps_reader {
    int fd;
    size_t used, at;
    char buffer[4096];
};

static int next_char(struct maps_reader *reader)
{
    if (reader->at == reader->used) {
        ssize_t got = raw_read(reader->fd, reader->buffer, sizeof(reader->buffer));
        if (got <= 0) {
            return -1;
        }
        reader->used = (size_t)got;
        reader->at = 0;
    }
    return (unsigned char)reader->buffer[reader->at++];
}

static bool read_hex(struct maps_reader *reader, uintptr_t *value)
{
    int c;

    *value = 0;
    while ((c = next_char(reader)) >= 0) {
        if (c >= '0' && c <= '9') {
            *value = *value * 16 + (uintptr_t)(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            *value = *value * 16 + (uintptr_t)(c - 'a' + 10);
        } else {
            return true; /* the separator is consumed */
        }
    }
    return false;
}

/* A line begins with `start-end rwxp `; the rest is skipped. */
static bool next_mapping(struct maps_reader *reader, struct mapping *mapping)
{
    static const struct {
        char letter;
        int bit;
    } letters[] = {{'r', PROT_READ}, {'w', PROT_WRITE}, {'x', PROT_EXEC}};
    int c;

    if (!read_hex(reader, &mapping->start) || !read_hex(reader, &mapping->end)) {
        return false;
    }
    mapping->protection = PROT_NONE;
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
        if (next_char(reader) == letters[i].letter) {
            mapping->protection |= letters[i].bit;
        }
    }
    do {
        c = next_char(reader);
    } while (c >= 0 && c != '\n');
    return true;
}

static bool open_maps(struct maps_reader *reader)
{
    reader->fd = raw_open("/proc/thread-self/maps", O_RDONLY | O_CLOEXEC);
    reader->used = reader->at = 0;
    return reader->fd >= 0;
}

/* Which of some addresses are code. */
struct code_search {
    void *const *addresses;
    size_t count;  /* of them */
    size_t wanted; /* that are not NULL */
    size_t found;
};

static size_t count_nulls(void *const *addresses, size_t count)
{
    size_t nulls = 0;

    for (size_t i = 0; i < count; i++) {
        nulls += addresses[i] == NULL;
    }
    return nulls;
}

static size_t count_inside(const struct code_search *search, uintptr_t start, uintptr_t end)
{
    size_t inside = 0;

    for (size_t i = 0; i < search->count; i++) {
        uintptr_t address = (uintptr_t)search->addresses[i];
        inside += address != 0 && address >= start && address < end;
    }
    return inside;
}

static int find_in_object(struct dl_phdr_info *info, size_t size, void *context)
{
    struct code_search *search = context;

    (void)size;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type == PT_LOAD && (segment->p_flags & PF_X) != 0) {
            uintptr_t start = info->dlpi_addr + segment->p_vaddr;
            search->found += count_inside(search, start, start + segment->p_memsz);
        }
    }
    return search->found == search->wanted;
}

static bool find_in_mappings(struct code_search *search)
{
    struct maps_reader reader;
    struct mapping mapping;

    search->found = 0;
    if (!open_maps(&reader)) {
        return false;
    }
    while (search->found < search->wanted && next_mapping(&reader, &mapping)) {
        if ((mapping.protection & PROT_EXEC) != 0) {
            search->found += count_inside(search, mapping.start, mapping.end);
        }
    }
    raw_close(reader.fd);
    return search->found == search->wanted;
}

/* The loader knows nearly all code, and the system takes a hundred times as long to list the mappings. */
bool memory_is_code(void *const *addresses, size_t count)
{
    struct code_search search = {.addresses = addresses, .count = count};

    search.wanted = count - count_nulls(addresses, count);
    return dl_iterate_phdr(find_in_object, &search) != 0 || find_in_mappings(&search);
}

/* The object around an address. */
struct home_search {
    uintptr_t address;
    uintptr_t home;
};

static int find_home(struct dl_phdr_info *info, size_t size, void *context)
{
    struct home_search *search = context;
    uintptr_t first = MEMORY_NO_HOME;
    bool inside = false;

    (void)size;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + segment->p_vaddr;
        if (segment->p_type == PT_LOAD) {
            first = start < first ? start : first;
            inside = inside || (search->address >= start && search->address < start + segment->p_memsz);
        }
    }
    search->home = inside ? first : search->home;
    return inside;
}

uintptr_t memory_home(const void *address)
{
    struct home_search search = {.address = (uintptr_t)address, .home = MEMORY_NO_HOME};

    dl_iterate_phdr(find_home, &search);
    return search.home;
}

static bool protection_of(uintptr_t start, uintptr_t end, int *protection)
{
    struct maps_reader reader;
    struct mapping mapping;
    bool found = false;

    if (!open_maps(&reader)) {
        return false;
    }
    while (!found && next_mapping(&reader, &mapping)) {
        found = start >= mapping.start && end <= mapping.end;
    }
    raw_close(reader.fd);
    *protection = mapping.protection;
    return found;
}

static void page_range(void *start, size_t size, uintptr_t *first, uintptr_t *length)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

    *first = (uintptr_t)start & ~(page - 1);
    *length = (((uintptr_t)start + size + page - 1) & ~(page - 1)) - *first;
}

static bool make_writable(void *start, size_t size, int *protection)
{
    uintptr_t first, length;

    if (!protection_of((uintptr_t)start, (uintptr_t)start + size, protection)) {
        return false;
    }
    page_range(start, size, &first, &length);
    return (*protection & PROT_WRITE) != 0 ||
           syscall(SYS_mprotect, first, length, (long)*protection | PROT_READ | PROT_WRITE) == 0;
}

static void restore(void *start, size_t size, int protection)
{
    uintptr_t first, length;

    if ((protection & PROT_WRITE) == 0) {
        page_range(start, size, &first, &length);
        syscall(SYS_mprotect, first, length, (long)protection);
    }
}

/*
 * The process that writes, 0: none. The child of a fork during a write would find it taken for ever, so it
 * takes it from its parent.
 */
static atomic_int writer;

static bool begin_writing(int self)
{
    int seen = 0;

    return atomic_compare_exchange_strong(&writer, &seen, self) ||
           (seen != self && atomic_compare_exchange_strong(&writer, &seen, self));
}

bool memory_write(void *start, size_t size, void (*write)(void *context), void *context)
{
    const struct timespec moment = {0, 50000};
    int protection, cancel, self = getpid();
    bool possible;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    while (!begin_writing(self)) {
        nanosleep(&moment, NULL); /* not sched_yield: the writer may have less priority */
    }
    possible = make_writable(start, size, &protection);
    if (possible) {
        write(context);
        restore(start, size, protection);
    }
    atomic_store(&writer, 0);
    pthread_setcancelstate(cancel, NULL);
    return possible;
}
