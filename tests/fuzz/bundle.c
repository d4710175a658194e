/* SPDX-License-Identifier: MIT */
/* Directories as one input; the mutator changes one file at a time. */
#include "bundle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* More is not read: no trace here needs it, and directories cost time. */
enum { ENTRIES_MAX = 24, NAME_MAX_BYTES = 60 };

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t limit, unsigned seed);

static void free_entry(void *data)
{
    struct bundle_entry *entry = data;

    g_free(entry->name);
    g_byte_array_unref(entry->bytes);
    g_free(entry);
}

static bool is_kind(char kind)
{
    return kind == 'f' || kind == 'p' || kind == 'l';
}

/* The entry that begins at *data; NULL: there is none. */
static struct bundle_entry *read_entry(const uint8_t **data, const uint8_t *end)
{
    const uint8_t *feed = memchr(*data, '\n', (size_t)(end - *data));
    char line[NAME_MAX_BYTES + 32], name[NAME_MAX_BYTES + 1], kind;
    size_t length = feed == NULL ? 0 : (size_t)(feed - *data), size;

    if (length == 0 || length >= sizeof(line)) {
        return NULL;
    }
    memcpy(line, *data, length);
    line[length] = '\0';
    if (sscanf(line, "@ %c %60s %zu", &kind, name, &size) != 3 || !is_kind(kind)) {
        return NULL;
    }
    struct bundle_entry *entry = g_new0(struct bundle_entry, 1);
    size = MIN(size, (size_t)(end - feed - 1));
    *entry = (struct bundle_entry){kind, g_strdup(name), g_byte_array_new()};
    g_byte_array_append(entry->bytes, feed + 1, (guint)size);
    *data = MIN(feed + 1 + size + 1, end);
    return entry;
}

GPtrArray *bundle_read(const uint8_t *data, size_t size)
{
    GPtrArray *entries = g_ptr_array_new_with_free_func(free_entry);
    const uint8_t *end = data + size;
    struct bundle_entry *entry;

    while (entries->len < ENTRIES_MAX && data < end && (entry = read_entry(&data, end)) != NULL) {
        g_ptr_array_add(entries, entry);
    }
    return entries;
}

size_t bundle_write(const GPtrArray *entries, uint8_t *data, size_t limit)
{
    size_t used = 0;

    for (guint i = 0; i < entries->len; i++) {
        const struct bundle_entry *entry = entries->pdata[i];
        g_autofree char *line = g_strdup_printf("@ %c %s %u\n", entry->kind, entry->name, entry->bytes->len);
        size_t length = strlen(line);
        if (used + length + entry->bytes->len + 1 > limit) {
            break;
        }
        memcpy(data + used, line, length);
        if (entry->bytes->len > 0) {
            memcpy(data + used + length, entry->bytes->data, entry->bytes->len);
        }
        used += length + entry->bytes->len;
        data[used++] = '\n';
    }
    return used;
}

static void make_special(const struct bundle_entry *entry)
{
    g_autofree char *path = g_build_filename(fuzz_directory(), entry->name, NULL);
    const char *bytes = entry->bytes->len > 0 ? (const char *)entry->bytes->data : "";
    g_autofree char *target = g_strndup(bytes, entry->bytes->len);

    if (fuzz_put(entry->name, NULL, 0) && unlink(path) == 0) {
        int made = entry->kind == 'p' ? mkfifo(path, 0600) : symlink(target, path);
        (void)made;
    }
}

void bundle_unpack(const GPtrArray *entries)
{
    fuzz_empty_directory();
    for (guint i = 0; i < entries->len; i++) {
        const struct bundle_entry *entry = entries->pdata[i];
        if (entry->kind == 'f') {
            fuzz_put(entry->name, entry->bytes->data, entry->bytes->len);
        } else {
            make_special(entry);
        }
    }
}

static void change_bytes(GByteArray *bytes, size_t room)
{
    guint length = bytes->len;

    g_byte_array_set_size(bytes, (guint)(length + room));
    g_byte_array_set_size(bytes, (guint)LLVMFuzzerMutate(bytes->data, length, length + room));
}

static void change_name(GRand *random, const GPtrArray *entries, struct bundle_entry *entry)
{
    static const char *const names[] = {"metadata", "index/channel0_0.idx", "channel0_1",   "a/metadata",
                                        "b",        "mitrace.json",         "a/channel0_0", "channel0_0"};
    const struct bundle_entry *like = entries->pdata[g_rand_int_range(random, 0, (gint32)entries->len)];
    bool known = g_rand_boolean(random);

    char *name = g_strdup(known ? names[g_rand_int_range(random, 0, G_N_ELEMENTS(names))] : like->name);

    g_free(entry->name);
    entry->name = name;
}

static void change_entry(GRand *random, GPtrArray *entries, size_t room)
{
    struct bundle_entry *entry = entries->pdata[g_rand_int_range(random, 0, (gint32)entries->len)];
    struct bundle_entry *copy;

    switch (g_rand_int_range(random, 0, 12)) {
    case 0:
        change_name(random, entries, entry);
        break;
    case 1:
        entry->kind = "fpl"[g_rand_int_range(random, 0, 3)];
        break;
    case 2:
        copy = g_memdup2(entry, sizeof(*entry));
        copy->name = g_strdup(entry->name);
        copy->bytes = g_byte_array_new();
        g_byte_array_append(copy->bytes, entry->bytes->data, entry->bytes->len);
        change_name(random, entries, copy);
        g_ptr_array_add(entries, copy);
        break;
    default:
        change_bytes(entry->bytes, MIN(room, 512));
        break;
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t limit, unsigned seed)
{
    g_autoptr(GPtrArray) entries = bundle_read(data, size);
    GRand *random = g_rand_new_with_seed(seed);

    if (entries->len == 0) {
        size = LLVMFuzzerMutate(data, size, limit);
    } else {
        change_entry(random, entries, limit > size + 64 ? limit - size - 64 : 1);
        size = bundle_write(entries, data, limit);
    }
    g_rand_free(random);
    return size;
}
