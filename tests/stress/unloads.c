/* SPDX-License-Identifier: MIT */
/*
 * unloads MI ROUNDS: one thread loads MI, uses it and unloads it again and again, while others load and
 * unload another library and look symbols up: what the shim scans may go away at any time. It counts its own
 * calls (app_calls.c).
 */
#include "mi_client.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

typedef MI_Result (*initialize_fn)(MI_Uint32, const MI_Char *, MI_Instance **, MI_Application *);

static atomic_bool stop;

static void *load_others(void *unused)
{
    while (!atomic_load(&stop)) {
        void *library = dlopen("libBrokenLocale.so.1", RTLD_NOW | RTLD_LOCAL);

        dlsym(RTLD_DEFAULT, "MI_Application_InitializeV1");
        if (library != NULL) {
            dlsym(library, "no such symbol");
            dlclose(library);
        }
    }
    return unused;
}

static void use(const char *path)
{
    MI_Application application;
    MI_Instance *instance = NULL;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    initialize_fn initialize =
        library != NULL ? (initialize_fn)dlsym(library, "MI_Application_InitializeV1") : NULL;

    app_count_call();
    if (initialize == NULL || initialize(0, "unloads", NULL, &application) != MI_RESULT_OK) {
        exit(EXIT_FAILURE);
    }
    if (MI_Application_NewInstance(&application, "Unloads", NULL, &instance) == MI_RESULT_OK) {
        MI_Instance_Delete(instance);
    }
    MI_Application_Close(&application);
    dlclose(library);
}

int main(int argc, char **argv)
{
    long rounds = argc > 2 ? atol(argv[2]) : 0;
    pthread_t threads[2];

    if (rounds < 1) {
        fprintf(stderr, "usage: unloads MI ROUNDS\n");
        return 2;
    }
    for (int i = 0; i < 2; i++) {
        pthread_create(&threads[i], NULL, load_others, NULL);
    }
    for (long i = 0; i < rounds; i++) {
        use(argv[1]);
    }
    atomic_store(&stop, true);
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    return 0;
}
