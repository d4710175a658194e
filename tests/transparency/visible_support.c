/* SPDX-License-Identifier: MIT */
/* See visible.h. */
#include "visible.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

    if (MI_Application_Initialize(0, id, NULL, &application) != MI_RESULT_OK) {
        return false;
    }
    good = MI_Application_NewSession(&application, NULL, NULL, NULL, NULL, NULL, &session) == MI_RESULT_OK;
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
    while (more) {
        const MI_Instance *instance;
        MI_Result result;
        good = MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL) == MI_RESULT_OK &&
               good;
    }
    good = MI_Operation_Close(&operation) == MI_RESULT_OK && good;
    good = MI_Session_Close(&session, NULL, NULL) == MI_RESULT_OK && good;
    good = MI_Application_Close(&application) == MI_RESULT_OK && good;
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

void *visible_load_deep(const char *path)
{
    return dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
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
