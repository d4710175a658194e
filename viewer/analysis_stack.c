/* SPDX-License-Identifier: MIT */
/* Stacks as people want them: named and trimmed. */
#include "analysis.h"

#include <stdbool.h>
#include <string.h>

static bool starts_programs(const struct symbols_frame *frame)
{
    static const char *const names[] = {"_start",
                                        "__libc_start_main",
                                        "__libc_start_main_impl",
                                        "clone",
                                        "clone3",
                                        "__libc_start_call_main",
                                        "__clone",
                                        "__clone3",
                                        "start_thread",
                                        "__libc_init_first"};

    for (size_t i = 0; frame->function != NULL && i < G_N_ELEMENTS(names); i++) {
        if (strcmp(frame->function, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool in_module(const struct symbols_frame *frame, const char *prefix)
{
    const char *slash = frame->module == NULL ? NULL : strrchr(frame->module, '/');
    const char *base = slash == NULL ? frame->module : slash + 1;

    return base != NULL && g_str_has_prefix(base, prefix);
}

/* Stripped C libraries have no names for their start-up code. */
static bool is_start(const struct symbols_frame *frame)
{
    return starts_programs(frame) || (frame->function == NULL && in_module(frame, "libc.so."));
}

/* Nothing outside of start-up code is the program's: cut at the innermost such frame near the end. */
static void trim(GPtrArray *frames)
{
    enum { START_FRAMES = 4 };
    guint first = frames->len > START_FRAMES ? frames->len - START_FRAMES : 1;

    for (guint i = first; i < frames->len; i++) {
        if (is_start(frames->pdata[i])) {
            g_ptr_array_set_size(frames, (gint)i);
            return;
        }
    }
}

/* Almost every MI function is inline: with debug information, it is the innermost frame of its own call. */
static bool is_call_itself(const struct symbols_frame *frame, enum mi_function function)
{
    return function != MI_FN_none && frame->function != NULL &&
           strcmp(frame->function, mi_functions[function].name) == 0;
}

GPtrArray *analysis_stack(const struct analysis *analysis, const struct model_site *site)
{
    GPtrArray *frames = g_ptr_array_new();
    const struct model_stack *stack = site->thread == NULL ? NULL : site->stack;

    for (uint32_t i = 0; stack != NULL && i < stack->depth; i++) {
        size_t count;
        const struct symbols_frame *found =
            analysis_lookup(analysis, site->thread->process, stack->addresses[i], &count);
        for (size_t j = 0; j < count; j++) {
            bool call = frames->len == 0 && is_call_itself(&found[j], site->function);
            if (!call && !in_module(&found[j], "libmitrace")) {
                g_ptr_array_add(frames, (gpointer)&found[j]);
            }
        }
    }
    trim(frames);
    return frames;
}
