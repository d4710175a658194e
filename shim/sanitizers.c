/* SPDX-License-Identifier: MIT */
/*
 * The address sanitizer of gcc refuses to start unless it is the first library of all, and a preload is
 * before it. That rule is made for libraries that replace malloc, which we don't: so we are not among the
 * libraries that it is shown when it looks. It looks before any constructor runs.
 */
#include "preload.h"

#include <dlfcn.h>
#include <link.h>
#include <string.h>

typedef int (*visit_fn)(struct dl_phdr_info *, size_t, void *);

static int (*real_iterate)(visit_fn, void *);

struct visit {
    visit_fn visit;
    void *context;
    const void *ourselves;
};

static int visit_others(struct dl_phdr_info *info, size_t size, void *context)
{
    const struct visit *visit = context;

    return info->dlpi_phdr == visit->ourselves ? 0 : visit->visit(info, size, visit->context);
}

/* Where our own program headers are, by which dl_iterate_phdr's entries are told apart. */
static const void *own_headers(void)
{
    extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

    return (const char *)&__ehdr_start + __ehdr_start.e_phoff;
}

static bool is_sanitizer(const void *caller)
{
    Dl_info info;

    return dladdr(caller, &info) != 0 && (strstr(info.dli_fname, "/libasan.so") != NULL ||
                                          strstr(info.dli_fname, "/libclang_rt.asan") != NULL);
}

/* The cleanup below needs these of libgcc_s, but every program would have to load it, which takes as long as
 * all the rest of us: a program whose exceptions come by here has it. */
__asm__(".weak _Unwind_Resume\n.weak __gcc_personality_v0");

static void leave_gate(const int *unused)
{
    (void)unused;
    preload_gate_leave();
}

PRELOAD_EXPORT int dl_iterate_phdr(visit_fn visit, void *context)
{
    struct visit others = {visit, context, own_headers()};

    if (real_iterate == NULL) {
        real_iterate = (int (*)(visit_fn, void *))preload_dlsym(RTLD_NEXT, "dl_iterate_phdr");
    }
    if (!atomic_load_explicit(&preload_started, memory_order_relaxed) &&
        is_sanitizer(__builtin_return_address(0))) {
        return real_iterate(visit_others, &others);
    }
    preload_gate_pass();
    {
        int gate __attribute__((cleanup(leave_gate), unused)) = 0; /* `visit` may throw */
        return real_iterate(visit, context);
    }
}
