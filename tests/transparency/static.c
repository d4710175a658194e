/* SPDX-License-Identifier: MIT */
/* MI is part of the executable, which no loader ever sees. */
#include "mi_client.h"

#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    MI_Application application;
    MI_Result opened = MI_Application_Initialize(0, "static", NULL, &application);

    printf("opened %d, ", (int)opened);
    printf("closed %d\n", (int)MI_Application_Close(&application));
    fflush(stdout);
    if (argc > 1) {
        execv(argv[1], argv + 1);
    }
    return 5;
}
