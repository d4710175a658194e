/* SPDX-License-Identifier: MIT */
/* Ways to reach MI other than a plain link. */
#include "visible.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

/* A call that is not made through mi_client.h, which counts. */
#define COUNTED(call) (app_count_call(), (call))

#define MOST_COPIES 100

typedef MI_Result (*initialize_fn)(MI_Uint32, const MI_Char *, MI_Instance **, MI_Application *);

/* MI_Application_Initialize, NewOperationOptions, Delete, Close of one copy of MI. */
static int use_copy(void *library)
{
    initialize_fn initialize = (initialize_fn)dlsym(library, "MI_Application_InitializeV1");
    MI_Application application = {0, 0, NULL};
    MI_OperationOptions options;
    int bad = 0;

    if (initialize == NULL) {
        return 1;
    }
    bad += COUNTED(initialize(0, "copy", NULL, &application)) != MI_RESULT_OK;
    bad += COUNTED(application.ft->NewOperationOptions(&application, MI_FALSE, &options)) != MI_RESULT_OK;
    app_count_call();
    options.ft->Delete(&options);
    bad += COUNTED(application.ft->Close(&application)) != MI_RESULT_OK;
    return bad;
}

static int mode_of(const char *name)
{
    return RTLD_NOW | (strcmp(name, "global") == 0     ? RTLD_GLOBAL
                       : strcmp(name, "deepbind") == 0 ? RTLD_LOCAL | RTLD_DEEPBIND
                                                       : RTLD_LOCAL);
}

/* reloads LIBRARY TIMES local|global|deepbind */
static int reloads(int argc, char **argv)
{
    int bad = 0;

    for (long i = argc == 3 ? strtol(argv[1], NULL, 10) : 0; i > 0; i--) {
        void *library = dlopen(argv[0], mode_of(argv[2]));
        bad += library == NULL || use_copy(library) != 0 || dlclose(library) != 0;
    }
    printf("%d failed, dlerror %d\n", bad, dlerror() != NULL);
    return bad != 0;
}

static bool copy_file(const char *from, const char *to)
{
    int source = open(from, O_RDONLY | O_CLOEXEC);
    int target = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    off_t size = lseek(source, 0, SEEK_END);
    void *content = mmap(NULL, size > 0 ? (size_t)size : 1, PROT_READ, MAP_PRIVATE, source, 0);
    bool good = content != MAP_FAILED && write(target, content, (size_t)size) == size;

    close(source);
    close(target);
    return good;
}

/* loaded_before LIBRARY: a name that is loaded already means that one, whatever the search path has. */
static int loaded_before(int argc, char **argv)
{
    void *linked = dlopen("libmi.so", RTLD_NOW), *again;

    if (linked == NULL || argc < 1 || !copy_file(argv[0], "libmi.so")) {
        return 1;
    }
    again = visible_load_deep("libmi.so");
    printf("the same: %d\n", again == linked);
    visible_use("the linked one");
    return use_copy(again);
}

/* copies LIBRARY...: all of them at once, each in a scope of its own, beside the one that is linked. */
static int copies(int argc, char **argv)
{
    void *libraries[8];
    int bad = 0;

    for (int i = 0; i < argc && i < 8; i++) {
        libraries[i] = dlopen(argv[i], mode_of(i % 2 == 0 ? "local" : "deepbind"));
        bad += libraries[i] == NULL;
    }
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < argc && i < 8 && bad == 0; i++) {
            bad += use_copy(libraries[i]);
        }
        visible_use("the linked one");
    }
    for (int i = 0; i < argc && i < 8 && bad == 0; i++) {
        bad += dlclose(libraries[i]) != 0;
    }
    printf("%d failed\n", bad);
    return bad != 0;
}

/* Threads that load plugins of their own, all at once. */
enum { LOADERS = 8, EACH = 6 };

static void *load_deep(void *number)
{
    intptr_t bad = 0;

    for (int i = 0; i < EACH; i++) {
        char path[64];
        void *library;
        int (*use)(void) = NULL;
        snprintf(path, sizeof(path), "./deep-%d-%d.so", (int)(intptr_t)number, i);
        library = visible_load_deep(path);
        if (library != NULL) {
            use = (int (*)(void))dlsym(library, "visible_plugin");
        }
        bad += use == NULL || use() != 0;
    }
    return (void *)bad;
}

/*
 * deep_threads PLUGIN: each plugin is a file of its own, and uses MI as soon as it is loaded; the first of
 * each thread loads another one from its constructor.
 */
static int deep_threads(int argc, char **argv)
{
    pthread_t threads[LOADERS];
    intptr_t bad = 0;

    for (int i = 0; i < LOADERS * EACH && argc > 0; i++) {
        char path[64];
        snprintf(path, sizeof(path), "./deep-%d-%d.so", i / EACH, i % EACH);
        bad += !copy_file(argv[0], path);
        strcat(path, ".inner");
        bad += i % EACH == 0 && !copy_file(argv[0], path);
    }
    for (intptr_t i = 0; i < LOADERS; i++) {
        pthread_create(&threads[i], NULL, load_deep, (void *)i);
    }
    for (int i = 0; i < LOADERS; i++) {
        void *result;
        pthread_join(threads[i], &result);
        bad += (intptr_t)result;
    }
    printf("%d failed\n", (int)bad);
    return bad != 0;
}

/* Take the place of a library that was just unloaded, so that the next one comes elsewhere. */
static bool take_place(void *address)
{
    size_t size = 1u << 16;

    return mmap(address, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) ==
           address;
}

/* wanders LIBRARY TIMES: loaded and unloaded, never twice at the same place */
static int wanders(int argc, char **argv)
{
    int bad = 0;

    for (long i = argc == 2 ? strtol(argv[1], NULL, 10) : 0; i > 0; i--) {
        void *library = dlopen(argv[0], RTLD_NOW | RTLD_LOCAL);
        struct link_map *object = NULL;
        void *place;
        bad += library == NULL || dlinfo(library, RTLD_DI_LINKMAP, &object) != 0;
        place = (void *)object->l_addr;
        bad += use_copy(library) != 0 || dlclose(library) != 0 || !take_place(place);
    }
    printf("%d failed\n", bad);
    return bad != 0;
}

/* many_copies LIBRARY COUNT: all at once; each is used, then each is used again. */
static int many_copies(int argc, char **argv)
{
    long count = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
    void *libraries[MOST_COPIES] = {NULL};
    int bad = 0;

    for (long i = 0; i < count && i < MOST_COPIES; i++) {
        char path[4096];
        snprintf(path, sizeof(path), "%s.%ld", argv[0], i);
        libraries[i] =
            copy_file(argv[0], path) ? dlopen(path, mode_of(i % 2 == 0 ? "local" : "deepbind")) : NULL;
        bad += libraries[i] == NULL || use_copy(libraries[i]) != 0;
    }
    for (long i = 0; i < count && i < MOST_COPIES && bad == 0; i++) {
        bad += use_copy(libraries[i]);
    }
    visible_use("the linked one");
    printf("%d failed\n", bad);
    return bad != 0;
}

/* A failed look-up and a failed load leave the messages that they leave without us. */
static int loader_errors(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    for (int round = 0; round < 2; round++) {
        const char *message;
        void *self = dlopen(NULL, RTLD_NOW);
        printf("%p\n", dlsym(RTLD_DEFAULT, "nobody_has_this"));
        message = dlerror();
        printf("%s, then %d\n",
               message != NULL && strstr(message, "nobody_has_this") != NULL ? "a message" : "none",
               dlerror() != NULL);
        printf("%d\n", dlopen("/nonexistent/libnone.so", RTLD_NOW | RTLD_DEEPBIND) != NULL);
        message = dlerror();
        printf("%s\n", message != NULL ? message : "none");
        printf("MI %d\n", dlsym(RTLD_DEFAULT, "MI_Application_InitializeV1") != NULL);
        visible_use("between errors");
        dlclose(self);
    }
    return 0;
}

const struct scenario scenarios_loading[] = {
    {"reloads", reloads},
    {"copies", copies},
    {"loaded_before", loaded_before},
    {"deep_threads", deep_threads},
    {"wanders", wanders},
    {"many_copies", many_copies},
    {"loader_errors", loader_errors},
    {NULL, NULL},
};
