/* SPDX-License-Identifier: MIT */
/* visible SCENARIO [ARGUMENT...]; see visible.h. */
#include "visible.h"

#include <string.h>

static const struct scenario *find(const char *name)
{
    static const struct scenario *const files[] = {
        scenarios_world,  scenarios_processes, scenarios_threads,     scenarios_callbacks,
        scenarios_limits, scenarios_loading,   scenarios_descriptors, scenarios_beside};

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        for (const struct scenario *each = files[i]; each->name != NULL; each++) {
            if (strcmp(each->name, name) == 0) {
                return each;
            }
        }
    }
    return NULL;
}

int visible_first_errno;

int main(int argc, char **argv)
{
    int first = errno;
    const struct scenario *scenario = argc > 1 ? find(argv[1]) : NULL;

    visible_first_errno = first;
    if (scenario == NULL) {
        fprintf(stderr, "usage: visible SCENARIO [ARGUMENT...]\n");
        return 2;
    }
    return scenario->run(argc - 2, argv + 2);
}
