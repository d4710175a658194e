/* SPDX-License-Identifier: MIT */
/* Mappings of this process, from /proc/self/maps, and their protection. */
#include "memory.h"

#include <fcntl.h>
#include <sys/mman.h>
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
        ssize_t got = read(reader->fd, reader->buffer, sizeof(reader->buffer));
        if (got <= 0) {
            return -1;
        }
        reader->used = (size_t)got;
        reader->at = 0;
    }
    return reader->buffer[reader->at++];
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
    reader->fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    reader->used = reader->at = 0;
    return reader->fd >= 0;
}

bool memory_is_code(void *const *addresses, size_t count)
{
    struct maps_reader reader;
    struct mapping mapping;
    size_t found = 0, wanted = 0;

    if (!open_maps(&reader)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        wanted += addresses[i] != NULL;
    }
    while (found < wanted && next_mapping(&reader, &mapping)) {
        for (size_t i = 0; i < count && (mapping.protection & PROT_EXEC) != 0; i++) {
            uintptr_t address = (uintptr_t)addresses[i];
            found += addresses[i] != NULL && address >= mapping.start && address < mapping.end;
        }
    }
    close(reader.fd);
    return found == wanted;
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
    close(reader.fd);
    *protection = mapping.protection;
    return found;
}

static void page_range(void *start, size_t size, uintptr_t *first, uintptr_t *length)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

    *first = (uintptr_t)start & ~(page - 1);
    *length = (((uintptr_t)start + size + page - 1) & ~(page - 1)) - *first;
}

bool memory_unlock(void *start, size_t size, int *protection)
{
    uintptr_t first, length;

    if (!protection_of((uintptr_t)start, (uintptr_t)start + size, protection)) {
        return false;
    }
    page_range(start, size, &first, &length);
    return (*protection & PROT_WRITE) != 0 ||
           mprotect((void *)first, length, *protection | PROT_READ | PROT_WRITE) == 0;
}

void memory_restore(void *start, size_t size, int protection)
{
    uintptr_t first, length;

    if ((protection & PROT_WRITE) == 0) {
        page_range(start, size, &first, &length);
        mprotect((void *)first, length, protection);
    }
}
