/* SPDX-License-Identifier: MIT */
/* Looks up addresses of this very program, and offers the room files that are wrong in every way. */
#include "symbols/demangle.h"
#include "symbols/format.h"
#include "symbols/spans.h"
#include "symbols/symbols.h"

#include <fcntl.h>
#include <ftw.h>
#include <gelf.h>
#include <glib/gstdio.h>
#include <link.h>
#include <linux/openat2.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#define NOINLINE __attribute__((noinline))

/* ---- this program as a module ---- */

struct self {
    uint64_t bias;
    uint64_t start;
    uint64_t end;
    char *path;
    uint8_t build_id[64];
    size_t build_id_len;
};

static struct self self;

static void add_build_id(const struct dl_phdr_info *info, const ElfW(Phdr) * segment)
{
    const char *at = (const char *)(info->dlpi_addr + segment->p_vaddr);
    const char *end = at + segment->p_memsz;
    while (at + sizeof(ElfW(Nhdr)) < end) {
        ElfW(Nhdr) note;
        const char *name = at + sizeof note;
        memcpy(&note, at, sizeof note);
        at = name + ((note.n_namesz + 3U) & ~3U);
        if (note.n_type == NT_GNU_BUILD_ID && note.n_descsz <= sizeof self.build_id &&
            strcmp(name, "GNU") == 0) {
            self.build_id_len = note.n_descsz;
            memcpy(self.build_id, at, note.n_descsz);
        }
        at += (note.n_descsz + 3U) & ~3U;
    }
}

static void add_segment(const struct dl_phdr_info *info, const ElfW(Phdr) * segment)
{
    uint64_t start = info->dlpi_addr + segment->p_vaddr;
    if (segment->p_type == PT_NOTE)
        add_build_id(info, segment);
    if (segment->p_type != PT_LOAD)
        return;
    self.start = MIN(self.start, start);
    self.end = MAX(self.end, start + segment->p_memsz);
}

/* The first object is the program. */
static int read_program(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    (void)data;
    self.bias = info->dlpi_addr;
    self.start = UINT64_MAX;
    self.path = g_file_read_link("/proc/self/exe", NULL);
    for (unsigned i = 0; i < info->dlpi_phnum; i++)
        add_segment(info, &info->dlpi_phdr[i]);
    return 1;
}

static int set_up_self(void **state)
{
    (void)state;
    dl_iterate_phdr(read_program, NULL);
    return self.path != NULL ? 0 : -1;
}

static int tear_down_self(void **state)
{
    (void)state;
    g_free(self.path);
    return 0;
}

static void add_self(struct symbols *symbols, const char *path)
{
    symbols_add_module(symbols, self.bias, self.start, self.end, path, self.build_id, self.build_id_len);
}

/* ---- calls whose place is known ---- */

struct site {
    uint64_t address;
    unsigned line;
};

static NOINLINE uint64_t return_address(void)
{
    return (uint64_t)(uintptr_t)__builtin_extract_return_addr(__builtin_return_address(0));
}

/* The store keeps the call from becoming a jump, which would leave no return address here. */
static NOINLINE void call_plainly(struct site *site)
{
    site->address = return_address(), site->line = __LINE__;
}

static inline __attribute__((always_inline)) void inner(struct site *site)
{
    site->address = return_address(), site->line = __LINE__;
}

static inline __attribute__((always_inline)) unsigned outer(struct site *site)
{
    inner(site);
    return __LINE__ - 1;
}

static NOINLINE void call_through_inlined(struct site *site, unsigned *outer_line, unsigned *own_line)
{
    *outer_line = outer(site);
    *own_line = __LINE__ - 1;
}

/* A C function that bears the mangled name of demo::size(int). */
NOINLINE void call_mangled(struct site *site) __asm__("_ZN4demo4sizeEi");
void call_mangled(struct site *site)
{
    site->address = return_address(), site->line = __LINE__;
}

static struct site plain_site(void)
{
    struct site site;
    call_plainly(&site);
    return site;
}

/* ---- temporary files ---- */

static int make_directory(void **state)
{
    *state = g_dir_make_tmp("mitrace-symbols-XXXXXX", NULL);
    return *state != NULL ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static int remove_directory(void **state)
{
    int result = nftw(*state, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    g_free(*state);
    return result;
}

static void write_file(const char *path, const char *contents, size_t size)
{
    g_autofree char *directory = g_path_get_dirname(path);
    assert_int_equal(g_mkdir_with_parents(directory, 0700), 0);
    assert_true(g_file_set_contents(path, contents, (gssize)size, NULL));
}

static void copy_self(const char *path)
{
    g_autofree char *contents = NULL;
    gsize size;
    assert_true(g_file_get_contents(self.path, &contents, &size, NULL));
    write_file(path, contents, size);
}

static char *build_id_path(const char *debug_dir)
{
    GString *path = g_string_new(debug_dir);
    g_string_append_printf(path, "/.build-id/%02x/", self.build_id[0]);
    for (size_t i = 1; i < self.build_id_len; i++)
        g_string_append_printf(path, "%02x", self.build_id[i]);
    g_string_append(path, ".debug");
    return g_string_free(path, FALSE);
}

/* ---- assertions ---- */

static const struct symbols_frame *look_up_one(struct symbols *symbols, uint64_t address)
{
    size_t count = 0;
    const struct symbols_frame *frame = symbols_lookup(symbols, address, &count);
    assert_int_equal(count, 1);
    assert_false(frame->inlined);
    assert_int_equal(frame->address, address);
    return frame;
}

static void assert_place(const struct symbols_frame *frame, const char *function, unsigned line)
{
    assert_non_null(frame->function);
    assert_string_equal(frame->function, function);
    assert_non_null(frame->file);
    assert_true(g_path_is_absolute(frame->file));
    assert_true(g_str_has_suffix(frame->file, "/test_symbols.c"));
    assert_int_equal(frame->line, line);
}

static void assert_nothing_but_module(const struct symbols_frame *frame, const char *path, uint64_t bias)
{
    assert_null(frame->function);
    assert_null(frame->file);
    assert_int_equal(frame->line, 0);
    assert_string_equal(frame->module, path);
    assert_int_equal(frame->offset, frame->address - bias);
}

/* Whatever lies at path, it must not be taken for this program. */
static void assert_useless_module(const char *path)
{
    struct symbols *symbols = symbols_new(NULL);
    struct site site = plain_site();
    add_self(symbols, path);
    assert_nothing_but_module(look_up_one(symbols, site.address), path, self.bias);
    symbols_free(symbols);
}

/* ---- lookups ---- */

static void test_function_and_line(void **state)
{
    struct symbols *symbols = symbols_new(NULL);
    struct site site = plain_site();
    const struct symbols_frame *frame;
    (void)state;
    add_self(symbols, self.path);
    frame = look_up_one(symbols, site.address);
    assert_place(frame, "call_plainly", site.line);
    assert_string_equal(frame->module, self.path);
    assert_int_equal(frame->offset, site.address - self.bias);
    symbols_free(symbols);
}

static void test_inlined_functions(void **state)
{
    struct symbols *symbols = symbols_new(NULL);
    struct site site;
    unsigned outer_line;
    unsigned own_line;
    size_t count;
    const struct symbols_frame *frames;
    (void)state;
    call_through_inlined(&site, &outer_line, &own_line);
    add_self(symbols, self.path);
    frames = symbols_lookup(symbols, site.address, &count);
    assert_int_equal(count, 3);
    assert_place(&frames[0], "inner", site.line);
    assert_place(&frames[1], "outer", outer_line);
    assert_place(&frames[2], "call_through_inlined", own_line);
    assert_true(frames[0].inlined && frames[1].inlined && !frames[2].inlined);
    assert_int_equal(frames[0].offset, frames[2].offset);
    symbols_free(symbols);
}

static void test_mangled_name(void **state)
{
    struct symbols *symbols = symbols_new(NULL);
    char *readable = symbols_demangle("_Z1fv");
    struct site site;
    (void)state;
    call_mangled(&site);
    add_self(symbols, self.path);
    assert_place(look_up_one(symbols, site.address), readable != NULL ? "demo::size(int)" : "_ZN4demo4sizeEi",
                 site.line);
    free(readable);
    symbols_free(symbols);
}

static void test_result_is_cached_and_stays_valid(void **state)
{
    struct symbols *symbols = symbols_new(NULL);
    struct site site = plain_site();
    const struct symbols_frame *frame;
    (void)state;
    add_self(symbols, self.path);
    frame = look_up_one(symbols, site.address);
    add_self(symbols, self.path);
    assert_ptr_equal(look_up_one(symbols, site.address), frame);
    symbols_add_module(symbols, self.bias, self.start, self.end, "/nowhere/new.so", NULL, 0);
    assert_nothing_but_module(look_up_one(symbols, site.address), "/nowhere/new.so", self.bias);
    assert_place(frame, "call_plainly", site.line);
    symbols_free(symbols);
}

static void test_dynamic_symbol(void **state)
{
    struct symbols *symbols = symbols_new(NULL);
    Dl_info info;
    struct link_map *map = NULL;
    uint64_t address = (uint64_t)(uintptr_t)&g_strdup;
    (void)state;
    assert_true(dladdr1(&g_strdup, &info, (void **)&map, RTLD_DL_LINKMAP) != 0);
    symbols_add_module(symbols, map->l_addr, map->l_addr, address + 64, info.dli_fname, NULL, 0);
    assert_string_equal(look_up_one(symbols, address + 1)->function, "g_strdup");
    symbols_free(symbols);
}

static void test_address_in_no_module(void **state)
{
    struct symbols *symbols = symbols_new(NULL);
    const struct symbols_frame *frame = look_up_one(symbols, 0x7f12);
    (void)state;
    assert_null(frame->function);
    assert_null(frame->module);
    assert_int_equal(frame->offset, 0x7f12);
    assert_null(look_up_one(symbols, 0)->module);
    assert_null(look_up_one(symbols, UINT64_MAX)->module);
    symbols_free(symbols);
}

static void test_module_bounds_are_those_of_the_call(void **state)
{
    struct symbols *symbols = symbols_new(NULL);
    (void)state;
    assert_null(look_up_one(symbols, 0x1001)->module);
    symbols_add_module(symbols, 0x1000, 0x1000, 0x2000, "/nowhere/a.so", NULL, 0);
    assert_null(look_up_one(symbols, 0x1000)->module);
    assert_nothing_but_module(look_up_one(symbols, 0x1001), "/nowhere/a.so", 0x1000);
    assert_nothing_but_module(look_up_one(symbols, 0x2000), "/nowhere/a.so", 0x1000);
    assert_null(look_up_one(symbols, 0x2001)->module);
    symbols_free(symbols);
}

static void test_overlapping_module_is_replaced(void **state)
{
    struct symbols *symbols = symbols_new(NULL);
    (void)state;
    symbols_add_module(symbols, 0x1000, 0x1000, 0x3000, "/nowhere/a.so", NULL, 0);
    symbols_add_module(symbols, 0x4000, 0x4000, 0x5000, "/nowhere/b.so", NULL, 0);
    assert_string_equal(look_up_one(symbols, 0x1500)->module, "/nowhere/a.so");
    assert_string_equal(look_up_one(symbols, 0x2500)->module, "/nowhere/a.so");
    symbols_add_module(symbols, 0x2000, 0x2000, 0x3000, "/nowhere/c.so", NULL, 0);
    assert_null(look_up_one(symbols, 0x1500)->module);
    assert_string_equal(look_up_one(symbols, 0x2500)->module, "/nowhere/c.so");
    assert_string_equal(look_up_one(symbols, 0x4500)->module, "/nowhere/b.so");
    symbols_free(symbols);
}

static void test_known_wins(void **state)
{
    struct symbols *symbols = symbols_new(NULL);
    struct site site = plain_site();
    const struct symbols_frame *frame;
    (void)state;
    add_self(symbols, self.path);
    symbols_add_known(symbols, site.address, "close_all", "client.c", 42, "/opt/app", 0x12);
    frame = look_up_one(symbols, site.address);
    assert_string_equal(frame->function, "close_all");
    assert_string_equal(frame->file, "client.c");
    assert_int_equal(frame->line, 42);
    assert_string_equal(frame->module, "/opt/app");
    assert_int_equal(frame->offset, 0x12);
    symbols_add_known(symbols, site.address, "close_all", "client.c", 42, "/opt/app", 0x12);
    assert_ptr_equal(look_up_one(symbols, site.address), frame);
    symbols_add_known(symbols, site.address, NULL, NULL, 0, NULL, 0);
    assert_null(look_up_one(symbols, site.address)->function);
    assert_string_equal(frame->function, "close_all");
    symbols_free(symbols);
}

static void test_known_text_is_made_harmless(void **state)
{
    struct symbols *symbols = symbols_new(NULL);
    (void)state;
    symbols_add_known(symbols, 1, "a\x1b[2Jb\n", "c\xff.c", 1, NULL, 0);
    assert_string_equal(look_up_one(symbols, 1)->function, "a?[2Jb?");
    assert_true(g_utf8_validate(look_up_one(symbols, 1)->file, -1, NULL));
    symbols_free(symbols);
}

static void test_free_of_nothing(void **state)
{
    (void)state;
    symbols_free(NULL);
}

/* ---- which file may speak for a module ---- */

static struct symbols *symbols_if_build_id(const struct symbols_options *options)
{
    if (self.build_id_len == 0)
        skip();
    return symbols_new(options);
}

static void test_rebuilt_file_is_not_used(void **state)
{
    struct symbols *symbols = symbols_if_build_id(NULL);
    struct site site = plain_site();
    (void)state;
    self.build_id[0] ^= 1;
    add_self(symbols, self.path);
    self.build_id[0] ^= 1;
    assert_nothing_but_module(look_up_one(symbols, site.address), self.path, self.bias);
    symbols_free(symbols);
}

static void test_file_without_recorded_build_id_is_used(void **state)
{
    struct symbols *symbols = symbols_new(NULL);
    struct site site = plain_site();
    (void)state;
    symbols_add_module(symbols, self.bias, self.start, self.end, self.path, NULL, 0);
    assert_place(look_up_one(symbols, site.address), "call_plainly", site.line);
    symbols_free(symbols);
}

static void test_deleted_file_is_used_when_its_build_id_proves_it(void **state)
{
    struct symbols *symbols = symbols_new(NULL);
    struct site site = plain_site();
    g_autofree char *path = g_strconcat(self.path, " (deleted)", NULL);
    (void)state;
    symbols_add_module(symbols, self.bias, self.start, self.end, path, NULL, 0);
    assert_nothing_but_module(look_up_one(symbols, site.address), path, self.bias);
    add_self(symbols, path);
    if (self.build_id_len > 0)
        assert_place(look_up_one(symbols, site.address), "call_plainly", site.line);
    symbols_free(symbols);
}

static void test_sysroot(void **state)
{
    const struct symbols_options options = {.sysroot = *state};
    struct symbols *symbols = symbols_new(&options);
    struct site site = plain_site();
    g_autofree char *copy = g_build_filename(*state, "opt/app", NULL);
    copy_self(copy);
    add_self(symbols, "/opt/app");
    assert_place(look_up_one(symbols, site.address), "call_plainly", site.line);
    add_self(symbols, self.path);
    assert_nothing_but_module(look_up_one(symbols, site.address), self.path, self.bias);
    symbols_free(symbols);
}

/* Old kernels, some containers and valgrind do not have what this takes. */
static bool can_confine_links(const char *directory)
{
    struct open_how how = {.flags = O_PATH, .resolve = RESOLVE_IN_ROOT};
    int root = open(directory, O_PATH | O_CLOEXEC);
    int fd = (int)syscall(SYS_openat2, root, "/", &how, sizeof how);
    close(root);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static struct symbols *symbols_if_confined(const struct symbols_options *options)
{
    if (!can_confine_links(options->sysroot))
        skip();
    return symbols_new(options);
}

static void test_links_stay_in_sysroot(void **state)
{
    const struct symbols_options options = {.sysroot = *state};
    struct symbols *symbols = symbols_if_confined(&options);
    struct site site = plain_site();
    g_autofree char *copy = g_build_filename(*state, "opt/app", NULL);
    g_autofree char *inside = g_build_filename(*state, "inside", NULL);
    g_autofree char *outside = g_build_filename(*state, "outside", NULL);
    copy_self(copy);
    assert_int_equal(symlink("/opt/app", inside), 0);
    assert_int_equal(symlink(self.path, outside), 0);
    add_self(symbols, "/inside");
    assert_place(look_up_one(symbols, site.address), "call_plainly", site.line);
    add_self(symbols, "/outside");
    assert_nothing_but_module(look_up_one(symbols, site.address), "/outside", self.bias);
    symbols_free(symbols);
}

static void test_debug_file_by_build_id(void **state)
{
    GPtrArray debug_dirs = {.pdata = state, .len = 1};
    const struct symbols_options options = {.debug_dirs = &debug_dirs};
    struct symbols *symbols = symbols_if_build_id(&options);
    struct site site = plain_site();
    g_autofree char *path = build_id_path(*state);
    copy_self(path);
    add_self(symbols, "/nowhere/stripped");
    assert_place(look_up_one(symbols, site.address), "call_plainly", site.line);
    symbols_free(symbols);
}

static void test_debug_file_below_sysroot(void **state)
{
    const struct symbols_options options = {.sysroot = *state};
    struct symbols *symbols = symbols_if_build_id(&options);
    struct site site = plain_site();
    g_autofree char *debug_dir = g_build_filename(*state, "usr/lib/debug", NULL);
    g_autofree char *path = build_id_path(debug_dir);
    copy_self(path);
    add_self(symbols, "/nowhere/stripped");
    assert_place(look_up_one(symbols, site.address), "call_plainly", site.line);
    symbols_free(symbols);
}

static void test_debug_file_of_other_build_is_not_used(void **state)
{
    const struct symbols_options options = {.sysroot = *state};
    struct symbols *symbols = symbols_if_build_id(&options);
    struct site site = plain_site();
    g_autofree char *debug_dir = g_build_filename(*state, "usr/lib/debug", NULL);
    g_autofree char *path = NULL;
    self.build_id[1] ^= 1;
    path = build_id_path(debug_dir);
    copy_self(path);
    add_self(symbols, "/nowhere/stripped");
    self.build_id[1] ^= 1;
    assert_nothing_but_module(look_up_one(symbols, site.address), "/nowhere/stripped", self.bias);
    symbols_free(symbols);
}

/* ---- .gnu_debuglink ---- */

static uint32_t checksum(const char *path)
{
    g_autofree char *contents = NULL;
    gsize size;
    uint32_t sum = UINT32_MAX;
    assert_true(g_file_get_contents(path, &contents, &size, NULL));
    for (gsize i = 0; i < size; i++)
        for (int bit = 0; bit < 8; bit++) {
            uint32_t input = (uint32_t)((uint8_t)contents[i] >> bit) & 1U;
            sum = ((sum ^ input) & 1U) != 0 ? (sum >> 1) ^ 0xEDB88320U : sum >> 1;
        }
    return ~sum;
}

static void add_section(Elf *elf, unsigned name, GElf_Word type, void *contents, size_t size)
{
    Elf_Scn *section = elf_newscn(elf);
    Elf_Data *data = elf_newdata(section);
    GElf_Shdr header;
    data->d_buf = contents;
    data->d_size = size;
    gelf_getshdr(section, &header);
    header.sh_name = name;
    header.sh_type = type;
    gelf_update_shdr(section, &header);
}

/* Writes a module without build-id and symbols that only says: my debug file is app.debug with this checksum.
 */
static void write_stripped_module(const char *path, uint32_t sum)
{
    static char names[] = "\0.gnu_debuglink\0.shstrtab";
    char link[16] = "app.debug";
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    Elf *elf;
    GElf_Ehdr header;
    memcpy(link + 12, &sum, sizeof sum);
    elf_version(EV_CURRENT);
    elf = elf_begin(fd, ELF_C_WRITE, NULL);
    assert_non_null(elf);
    gelf_newehdr(elf, ELFCLASS64);
    add_section(elf, 1, SHT_PROGBITS, link, sizeof link);
    add_section(elf, 16, SHT_STRTAB, names, sizeof names);
    gelf_getehdr(elf, &header);
    header.e_type = ET_DYN;
    header.e_machine = EM_X86_64;
    header.e_version = EV_CURRENT;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_shstrndx = 2;
    gelf_update_ehdr(elf, &header);
    assert_true(elf_update(elf, ELF_C_WRITE) > 0);
    elf_end(elf);
    close(fd);
}

static void look_up_by_debug_link(const char *directory, uint32_t change, bool found)
{
    struct symbols *symbols = symbols_new(NULL);
    struct site site = plain_site();
    g_autofree char *module = g_build_filename(directory, "app", NULL);
    g_autofree char *debug = g_build_filename(directory, ".debug", "app.debug", NULL);
    copy_self(debug);
    write_stripped_module(module, checksum(debug) ^ change);
    symbols_add_module(symbols, self.bias, self.start, self.end, module, NULL, 0);
    if (found)
        assert_place(look_up_one(symbols, site.address), "call_plainly", site.line);
    else
        assert_nothing_but_module(look_up_one(symbols, site.address), module, self.bias);
    symbols_free(symbols);
}

static void test_debug_link(void **state)
{
    look_up_by_debug_link(*state, 0, true);
}

static void test_debug_link_with_wrong_checksum(void **state)
{
    look_up_by_debug_link(*state, 1, false);
}

/* ---- files that are wrong ---- */

static void test_missing_and_special_files(void **state)
{
    g_autofree char *fifo = g_build_filename(*state, "fifo.so", NULL);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_useless_module(fifo);
    assert_useless_module(*state);
    assert_useless_module("/nowhere/missing.so");
    assert_useless_module("/nowhere/gone.so (deleted)");
    assert_useless_module("/dev/zero");
    assert_useless_module("[vdso]");
    assert_useless_module("linux-vdso.so.1");
    assert_useless_module("");
    assert_int_equal(chdir("/"), 0);
    assert_useless_module(self.path + 1);
}

static void test_garbage_file(void **state)
{
    static const char garbage[] =
        "\177ELF\2\1\1 this is no ELF file, although it begins like one ...........";
    g_autofree char *path = g_build_filename(*state, "garbage.so", NULL);
    write_file(path, garbage, sizeof garbage);
    assert_useless_module(path);
    write_file(path, "#!/bin/sh\n", 10);
    assert_useless_module(path);
    write_file(path, "", 0);
    assert_useless_module(path);
}

/* Any answer will do, if there is one. */
static void look_up_in(const char *path)
{
    struct symbols *symbols = symbols_new(NULL);
    struct site site = plain_site();
    size_t count = 0;
    symbols_add_module(symbols, self.bias, self.start, self.end, path, NULL, 0);
    symbols_lookup(symbols, site.address, &count);
    assert_in_range(count, 1, 300);
    symbols_free(symbols);
}

static void test_truncated_file(void **state)
{
    g_autofree char *path = g_build_filename(*state, "short.so", NULL);
    g_autofree char *contents = NULL;
    gsize size;
    assert_true(g_file_get_contents(self.path, &contents, &size, NULL));
    for (gsize i = 0; i < 40; i++) {
        write_file(path, contents, size * i / 40);
        look_up_in(path);
    }
}

static void test_damaged_file(void **state)
{
    g_autofree char *path = g_build_filename(*state, "damaged.so", NULL);
    g_autofree char *contents = NULL;
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    gsize size;
    assert_true(g_file_get_contents(self.path, &contents, &size, NULL));
    for (int i = 0; i < 60; i++) {
        g_autofree char *damaged = g_memdup2(contents, size);
        for (gsize n = 0; n < 1 + size / 1000; n++)
            damaged[64 + (gsize)g_rand_int(random) % (size - 64)] = (char)g_rand_int(random);
        write_file(path, damaged, size);
        look_up_in(path);
    }
}

/* ---- names, ranges, texts ---- */

static void test_demangle_refuses(void **state)
{
    g_autoptr(GString) bomb = g_string_new("_Z1f1AIiiE");
    (void)state;
    assert_null(symbols_demangle("main"));
    assert_null(symbols_demangle("_Znonsense"));
    for (char c = '0'; c <= '9'; c++)
        g_string_append_printf(bomb, "S_IS%c_S%c_E", c, c);
    for (char c = 'A'; c <= 'Z'; c++)
        g_string_append_printf(bomb, "S_IS%c_S%c_E", c, c);
    assert_null(symbols_demangle(bomb->str));
    assert_null(symbols_demangle("_Z1fIJiiiiiiiiEEvDp1AIT_Dp1AIT_Dp1AIT_DpT_EEE"));
}

static uint64_t find_span(const struct symbols_spans *spans, uint64_t address)
{
    uint64_t value = 0;
    return symbols_spans_find(spans, address, &value) ? value : 0;
}

static void test_spans(void **state)
{
    struct symbols_spans *spans = symbols_spans_new();
    (void)state;
    symbols_spans_add(spans, 10, 100, 1, 0);
    symbols_spans_add(spans, 20, 30, 2, 0);
    symbols_spans_add(spans, 40, 50, 3, 5);
    symbols_spans_add(spans, 40, 50, 4, 1);
    symbols_spans_add(spans, 40, 60, 5, 9);
    symbols_spans_add(spans, 70, 70, 6, 0);
    symbols_spans_sort(spans);
    assert_int_equal(find_span(spans, 9), 0);
    assert_int_equal(find_span(spans, 10), 1);
    assert_int_equal(find_span(spans, 29), 2);
    assert_int_equal(find_span(spans, 30), 1);
    assert_int_equal(find_span(spans, 45), 3);
    assert_int_equal(find_span(spans, 55), 5);
    assert_int_equal(find_span(spans, 70), 1);
    assert_int_equal(find_span(spans, 100), 0);
    symbols_spans_free(spans);
}

static void assert_format(const struct symbols_frame *frame, const char *expected)
{
    g_autoptr(GString) text = g_string_new("#0 ");
    symbols_format_frame(text, frame);
    assert_string_equal(text->str + 3, expected);
}

static void test_format(void **state)
{
    struct symbols_frame frame = {.function = "open_session",
                                  .file = "client.c",
                                  .line = 42,
                                  .module = "/usr/lib/libfoo.so",
                                  .address = 0x7f12,
                                  .offset = 0x1234};
    (void)state;
    assert_format(&frame, "open_session at client.c:42");
    frame.line = 0;
    assert_format(&frame, "open_session (libfoo.so+0x1234)");
    frame.function = NULL;
    assert_format(&frame, "0x7f12 (libfoo.so+0x1234)");
    frame.module = "[vdso]";
    assert_format(&frame, "0x7f12 ([vdso]+0x1234)");
    frame.module = NULL;
    assert_format(&frame, "0x7f12");
    frame.line = 7;
    assert_format(&frame, "0x7f12 at client.c:7");
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_function_and_line),
        cmocka_unit_test(test_inlined_functions),
        cmocka_unit_test(test_mangled_name),
        cmocka_unit_test(test_result_is_cached_and_stays_valid),
        cmocka_unit_test(test_dynamic_symbol),
        cmocka_unit_test(test_address_in_no_module),
        cmocka_unit_test(test_module_bounds_are_those_of_the_call),
        cmocka_unit_test(test_overlapping_module_is_replaced),
        cmocka_unit_test(test_known_wins),
        cmocka_unit_test(test_known_text_is_made_harmless),
        cmocka_unit_test(test_free_of_nothing),
        cmocka_unit_test(test_rebuilt_file_is_not_used),
        cmocka_unit_test(test_file_without_recorded_build_id_is_used),
        cmocka_unit_test(test_deleted_file_is_used_when_its_build_id_proves_it),
        IN_DIRECTORY(test_sysroot),
        IN_DIRECTORY(test_links_stay_in_sysroot),
        IN_DIRECTORY(test_debug_file_by_build_id),
        IN_DIRECTORY(test_debug_file_below_sysroot),
        IN_DIRECTORY(test_debug_file_of_other_build_is_not_used),
        IN_DIRECTORY(test_debug_link),
        IN_DIRECTORY(test_debug_link_with_wrong_checksum),
        IN_DIRECTORY(test_missing_and_special_files),
        IN_DIRECTORY(test_garbage_file),
        IN_DIRECTORY(test_truncated_file),
        IN_DIRECTORY(test_damaged_file),
        cmocka_unit_test(test_demangle_refuses),
        cmocka_unit_test(test_spans),
        cmocka_unit_test(test_format),
    };
    return cmocka_run_group_tests_name("symbols", tests, set_up_self, tear_down_self);
}
