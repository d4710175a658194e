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
 * Where the object around `address` begins: the same value as long as that object stays loaded.
 * MEMORY_NO_HOME: the loader knows of none. Waits for no thread that runs a constructor.
 */
#define MEMORY_NO_HOME UINTPTR_MAX
uintptr_t memory_home(const void *address);

/*
 * Call write(context), which writes to the `size` bytes at `start`; if they are read-only they can be written
 * to for that moment. False, and no call, when they are not mapped or the system refuses. One thread of the
 * process writes at a time, whichever half of the shim it comes from: two would put back each other's
 * protection. `write` takes no lock and calls nobody.
 */
bool memory_write(void *start, size_t size, void (*write)(void *context), void *context);

#endif
