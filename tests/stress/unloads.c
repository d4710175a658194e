/* SPDX-License-Identifier: MIT */
/*
 * unloads MI ROUNDS FILE: one thread loads MI, uses it and unloads it again and again, while others load and
 * unload another library and look symbols up: what the shim scans may go away at any time. Writes how many
 * calls of MI it made to FILE.
 */
#include "mi_abi.h"

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

    if (initialize == NULL || initialize(0, "unloads", NULL, &application) != MI_RESULT_OK) {
        exit(EXIT_FAILURE);
    }
    if (application.ft->NewInstance(&application, "Unloads", NULL, &instance) == MI_RESULT_OK) {
        instance->ft->Delete(instance);
    }
    application.ft->Close(&application);
    dlclose(library);
}

int main(int argc, char **argv)
{
    long rounds = argc > 3 ? atol(argv[2]) : 0;
    pthread_t threads[2];
    FILE *file;

    if (rounds < 1) {
        fprintf(stderr, "usage: unloads MI ROUNDS FILE\n");
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
    file = fopen(argv[3], "w");
    if (file != NULL) {
        fprintf(file, "%ld\n", 4 * rounds);
        fclose(file);
    }
    return 0;
}
