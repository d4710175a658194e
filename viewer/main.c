/* SPDX-License-Identifier: MIT */
/* The `mitrace` program. */
#include "command.h"

#include <fcntl.h>
#include <unistd.h>

/* A standard descriptor that is closed would be given to the next file opened: occupy it by what fails when
 * used. */
static void occupy_standard_descriptors(void)
{
    for (int standard = STDIN_FILENO; standard <= STDERR_FILENO; standard++) {
        if (fcntl(standard, F_GETFD) < 0) {
            open("/dev/null", standard == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

int main(int argc, char **argv)
{
    occupy_standard_descriptors();
    return command_main(argc, argv);
}
