/* SPDX-License-Identifier: MIT */
/* Standard output whose errors are noticed. */
#include "output.h"

#include "command.h"

#include <errno.h>
#include <stdio.h>

/* errno of the first failure: stdio itself only remembers that there was one. */
static int output_error;

static void remember_error(void)
{
    if (output_error == 0) {
        output_error = errno;
    }
}

bool output_write(const GString *text)
{
    if (output_error == 0 && fwrite(text->str, 1, text->len, stdout) != text->len) {
        remember_error();
    }
    return output_error == 0;
}

int output_finish(int status)
{
    if (fflush(stdout) != 0) {
        remember_error();
    } else if (ferror(stdout) && output_error == 0) {
        output_error = EIO;
    }
    if (output_error == 0 || output_error == EPIPE) {
        return status;
    }
    return command_failure("cannot write to standard output: %s", g_strerror(output_error));
}
