/* SPDX-License-Identifier: MIT */
/* Never uses MI: prints how many threads the process has and which libraries of a tracer are mapped into it.
 */
#include <dirent.h>
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

int main(void)
{
    static const char *const foreign[] = {"lttng", "unwind", "mitrace-recorder", "urcu"};
    FILE *maps = fopen("/proc/self/maps", "re");
    char line[4096];
    unsigned mapped = 0;

    while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
        for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
            mapped += strstr(line, foreign[i]) != NULL;
        }
    }
    if (maps != NULL) {
        fclose(maps);
    }
    printf("threads %u, mappings of tracers %u\n", count_threads(), mapped);
    return 0;
}
