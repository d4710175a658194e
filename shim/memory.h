/* SPDX-License-Identifier: MIT */
/* Writing to memory that may be read-only: function tables and global offset tables. */
#ifndef MITRACE_SHIM_MEMORY_H
#define MITRACE_SHIM_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Is every one of `count` addresses inside a mapping of this process that may be executed? NULL counts as
 * yes. Sources: the loader, and /proc/self/maps for what it does not know, without allocation.
 */
bool memory_is_code(void *const *addresses, size_t count);

/*
 * Make the `size` bytes at `start` writable and report in `*protection` how they were; memory_restore puts
 * that back. False when they are not mapped or the system refuses. Not for concurrent use on the same pages:
 * callers hold a lock.
 */
bool memory_unlock(void *start, size_t size, int *protection);
void memory_restore(void *start, size_t size, int protection);

#endif
