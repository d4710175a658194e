/* SPDX-License-Identifier: MIT */
/* Borrows the demangler of libstdc++, loaded when the first C++ name turns up. */
#include "symbols/demangle.h"

#include <dlfcn.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>

typedef char *demangle_function(const char *name, char *buffer, size_t *length, int *status);

/* A mangled name is a small program: a reference repeats a part that was already written, a pack expansion
 * ("Dp", "sp") repeats one for each member of a list, and both nest, so that 200 bytes can stand for
 * gigabytes. Hardly a name in real libraries exceeds these bounds; within them the worst result has a few
 * megabytes. */
enum { LENGTH_MAX = 1000, REFERENCES_MAX = 24, EXPANSIONS_MAX = 2 };

static demangle_function *load_demangler(void)
{
    static void *demangler;
    static gsize tried;
    if (g_once_init_enter(&tried)) {
        void *library = dlopen("libstdc++.so.6", RTLD_LAZY | RTLD_LOCAL);
        if (library != NULL)
            demangler = dlsym(library, "__cxa_demangle");
        g_once_init_leave(&tried, 1);
    }
    return (demangle_function *)demangler;
}

/* References are "S_", "S1A_", "T_", "T0_", ... */
static bool is_reference(const char *text)
{
    if (*text != 'S' && *text != 'T')
        return false;
    text += 1 + strspn(text + 1, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    return *text == '_';
}

static bool is_expansion(const char *text)
{
    return (text[0] == 'D' || text[0] == 's') && text[1] == 'p';
}

static bool is_reasonable(const char *name)
{
    unsigned references = 0;
    unsigned expansions = 0;
    if (strlen(name) > LENGTH_MAX)
        return false;
    for (const char *at = name; *at != '\0'; at++) {
        references += is_reference(at);
        expansions += is_expansion(at);
    }
    return references <= REFERENCES_MAX && expansions <= EXPANSIONS_MAX;
}

char *symbols_demangle(const char *name)
{
    demangle_function *demangle;
    if (strncmp(name, "_Z", 2) != 0 || !is_reasonable(name))
        return NULL;
    demangle = load_demangler();
    return demangle != NULL ? demangle(name, NULL, NULL, &(int){0}) : NULL;
}
