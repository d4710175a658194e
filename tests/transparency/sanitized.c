/* SPDX-License-Identifier: MIT */
/*
 * For a compiler's sanitizers: sanitized clean|leak|fork. Built with OWN_OPTIONS it has options of its own,
 * as programs have that bring their defaults along.
 */
#include "mi_client.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef OWN_OPTIONS
const char *__asan_default_options(void);
__attribute__((visibility("default"))) const char *__asan_default_options(void)
{
    return "exitcode=99";
}
#endif

static void use(const char *id)
{
    MI_Application application;
    MI_Session session;
    MI_Operation operation;
    MI_Boolean more = MI_TRUE;
    int calls = 6;

    MI_Application_Initialize(0, id, NULL, &application);
    MI_Application_NewSession(&application, NULL, NULL, NULL, NULL, NULL, &session);
    MI_Session_EnumerateInstances(&session, 0, NULL, "root/omi", "OMI_Identify", MI_FALSE, NULL, &operation);
    for (; more; calls++) {
        const MI_Instance *instance;
        MI_Result result;
        MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL);
    }
    MI_Operation_Close(&operation);
    MI_Session_Close(&session, NULL, NULL);
    MI_Application_Close(&application);
    printf("%s: calls %d\n", id, calls);
    fflush(stdout);
}

static void *use_on_thread(void *id)
{
    use(id);
    return NULL;
}

static __attribute__((noinline)) void lose(size_t size)
{
    char *volatile lost = malloc(size);

    memset(lost, 1, size);
    lost = NULL;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "clean";
    pthread_t thread;

    use("main");
    pthread_create(&thread, NULL, use_on_thread, "thread");
    pthread_join(thread, NULL);
    if (strcmp(what, "leak") == 0) {
        lose(4711);
    }
    if (strcmp(what, "fork") == 0) {
        pid_t child = fork();
        int status = 0;
        if (child == 0) {
            use("child");
            return 0;
        }
        waitpid(child, &status, 0);
        printf("child: %d\n", status);
    }
    return 0;
}
