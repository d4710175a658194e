/* SPDX-License-Identifier: MIT */
/* What events of all kinds need. */
#include "record.h"

#include <sys/syscall.h>
#include <unistd.h>

ptrdiff_t record_thread_offset;
const struct shim_preload *record_preload;

uint32_t record_text_length(const char *text)
{
    return text != NULL ? (uint32_t)strnlen(text, MI_TEXT_MAX) : 0;
}

void record_credentials(struct mi_event *event)
{
    event->uid = (uint32_t)syscall(SYS_getuid);
    event->gid = (uint32_t)syscall(SYS_getgid);
}
