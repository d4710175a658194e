/* SPDX-License-Identifier: MIT */
/* Knows nothing of MI: what of us does it see? */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static unsigned count_threads(void)
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

static void print_foreign_mappings(void)
{
    static const char *const foreign[] = {"lttng", "unwind", "mitrace-recorder", "urcu"};
    FILE *maps = fopen("/proc/self/maps", "re");
    char line[4096];

    while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
        for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
            if (strstr(line, foreign[i]) != NULL) {
                printf("mapped: %s", line);
            }
        }
    }
    if (maps != NULL) {
        fclose(maps);
    }
}

int main(void)
{
    int first_errno = errno;
    const char *message;

    printf("errno %d, threads %u\n", first_errno, count_threads());
    print_foreign_mappings();
    for (int fd = 0; fd < 1024; fd++) {
        struct stat status;
        if (fstat(fd, &status) == 0) {
            printf("descriptor %d\n", fd);
        }
    }
    printf("MI: %d", dlsym(RTLD_DEFAULT, "MI_Application_InitializeV1") != NULL);
    message = dlerror();
    printf(", %s\n", message != NULL && strstr(message, "MI_Application_InitializeV1") != NULL ? "and why"
                                                                                               : "no reason");
    return 0;
}
