/* SPDX-License-Identifier: MIT */
/* ELF files with debug information, as the modules that a trace names. */
#include "fuzz.h"

#include "symbols/symbols.h"

#include <stdlib.h>
#include <string.h>

/* Where linkers put the code of small libraries, and the ends of what a module can cover. */
static const struct {
    uint64_t first, count, step;
} spans[] = {{0x0, 8, 64}, {0x1000, 96, 3}, {0x401000, 16, 5}, {UINT64_MAX - 4, 4, 1}};

static void check_name(const char *what, const char *name)
{
    if (name != NULL) {
        fuzz_check_text(what, name, strlen(name));
    }
}

static void look_up(struct symbols *symbols, uint64_t address)
{
    size_t count = 0;
    const struct symbols_frame *frames = symbols_lookup(symbols, address, &count);

    if (count == 0) {
        abort();
    }
    for (size_t i = 0; i < count; i++) {
        check_name("function", frames[i].function);
        check_name("file", frames[i].file);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *path = g_build_filename(fuzz_directory(), "module.so", NULL);
    struct symbols *symbols = symbols_new(NULL);

    fuzz_put("module.so", data, size);
    symbols_add_module(symbols, 0, 0, UINT64_MAX, path, NULL, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(spans); i++) {
        for (uint64_t j = 0; j < spans[i].count; j++) {
            look_up(symbols, spans[i].first + j * spans[i].step);
        }
    }
    symbols_free(symbols);
    return 0;
}
