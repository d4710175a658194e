/* SPDX-License-Identifier: MIT */
/* Legal: closes every descriptor after it has begun to use MI, as a daemon does: close_descriptors
 * loop|from|range. What it opens next must be its own. */
#include "app_support.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void close_all(const char *how)
{
    if (strcmp(how, "from") == 0) {
        closefrom(3);
    } else if (strcmp(how, "range") == 0) {
        close_range(3, ~0u, 0);
    } else {
        for (int fd = 3; fd < 1024; fd++) {
            close(fd);
        }
    }
}

int main(int argc, char **argv)
{
    MI_Application application;
    int pipe_ends[2];
    char letter = 'x';

    open_application(&application, "close_descriptors");
    close_all(argc > 1 ? argv[1] : "loop");
    if (pipe(pipe_ends) != 0) {
        return 1;
    }
    for (int i = 0; i < 1000; i++) {
        MI_Instance *instance = NULL;
        app_require("NewInstance",
                    MI_Application_NewInstance(&application, "Garage_Vehicle", NULL, &instance));
        MI_Instance_Delete(instance);
    }
    fcntl(pipe_ends[0], F_SETFL, O_NONBLOCK);
    printf("foreign bytes in my pipe: %zd\n", read(pipe_ends[0], &letter, 1) > 0 ? (ssize_t)1 : (ssize_t)0);
    MI_Application_Close(&application);
    return 0;
}
