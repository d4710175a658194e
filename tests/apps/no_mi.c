/* SPDX-License-Identifier: MIT */
/* Never uses MI: prints how many threads the process has and which libraries of a tracer are mapped into it.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

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

/* Files that are mapped whose name, without its folder, has `part` in it. */
static unsigned count_mappings(const char *part)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    char line[4352];
    unsigned count = 0;

    while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
        const char *name = strrchr(line, '/');
        count += name != NULL && strstr(name, part) != NULL;
    }
    if (maps != NULL) {
        fclose(maps);
    }
    return count;
}

int main(void)
{
    static const char *const foreign[] = {"lttng", "unwind", "mitrace-recorder", "urcu"};
    unsigned mapped = 0;

    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        mapped += count_mappings(foreign[i]);
    }
    printf("%s", count_mappings("libmitrace.so") > 0 ? "preloaded\n" : "");
    printf("threads %u, mappings of tracers %u, descriptors", count_threads(), mapped);
    for (int fd = 0; fd < 1024; fd++) {
        if (fcntl(fd, F_GETFD) >= 0) {
            printf(" %d", fd);
        }
    }
    printf("\n");
    return 0;
}
