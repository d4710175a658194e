/* SPDX-License-Identifier: MIT */
/* See visible.h. */
#include "visible.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static _Atomic long *calls;

/* Before anything of the program: later it may have dropped its rights or changed its root. */
__attribute__((constructor(101))) static void map_count(void)
{
    const char *path = getenv("MITRACE_TEST_CALLS");
    int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *page;

    if (fd >= 0) {
        page = mmap(NULL, sizeof(*calls), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        calls = page != MAP_FAILED ? page : NULL;
        close(fd);
    }
}

void visible_count(void)
{
    if (calls != NULL) {
        ++*calls;
    }
}

void visible_say(const char *call, int result)
{
    int seen = errno;

    printf("%s: %d, errno %d\n", call, result, seen);
    fflush(stdout);
}

void visible_use(const char *id)
{
    MI_Application application;
    MI_Session session;
    MI_Operation operation;
    const MI_Instance *instance = NULL;
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_OK;

    TOLD(MI_Application_Initialize(0, id, NULL, &application));
    TOLD(MI_Application_NewSession(&application, NULL, NULL, NULL, NULL, NULL, &session));
    visible_count();
    errno = EXDEV;
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
    visible_say("MI_Session_EnumerateInstances", 0);
    while (more) {
        TOLD(MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL));
        printf("instance %d, more %d, result %d\n", instance != NULL, more, (int)result);
    }
    TOLD(MI_Operation_Close(&operation));
    TOLD(MI_Session_Close(&session, NULL, NULL));
    TOLD(MI_Application_Close(&application));
}

bool visible_use_quietly(const char *id)
{
    MI_Application application;
    MI_Session session;
    MI_Operation operation;
    MI_Boolean more = MI_TRUE;
    bool good = true;

    if (COUNTED(MI_Application_Initialize(0, id, NULL, &application)) != MI_RESULT_OK) {
        return false;
    }
    good = COUNTED(MI_Application_NewSession(&application, NULL, NULL, NULL, NULL, NULL, &session)) ==
           MI_RESULT_OK;
    visible_count();
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
    while (more) {
        const MI_Instance *instance;
        MI_Result result;
        good = COUNTED(MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL)) ==
                   MI_RESULT_OK &&
               good;
    }
    good = COUNTED(MI_Operation_Close(&operation)) == MI_RESULT_OK && good;
    good = COUNTED(MI_Session_Close(&session, NULL, NULL)) == MI_RESULT_OK && good;
    good = COUNTED(MI_Application_Close(&application)) == MI_RESULT_OK && good;
    return good;
}

static char kind_of(mode_t mode)
{
    return S_ISREG(mode) ? 'f' : S_ISCHR(mode) ? 'c' : S_ISFIFO(mode) ? 'p' : S_ISSOCK(mode) ? 's' : '?';
}

void visible_descriptors(const char *when, int limit)
{
    printf("descriptors %s:", when);
    for (int fd = 0; fd < limit; fd++) {
        struct stat status;
        if (fstat(fd, &status) == 0) {
            printf(" %d%c%s", fd, kind_of(status.st_mode), fcntl(fd, F_GETFD) != 0 ? "x" : "");
        }
    }
    printf("\n");
    fflush(stdout);
}

unsigned visible_threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    unsigned count = 0;

    for (struct dirent *entry; tasks != NULL && (entry = readdir(tasks)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    if (tasks != NULL) {
        closedir(tasks);
    }
    return count;
}
