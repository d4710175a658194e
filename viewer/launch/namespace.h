/* SPDX-License-Identifier: MIT */
/* A view of the file system in which root can have a session daemon of its own. */
#ifndef MITRACE_LAUNCH_NAMESPACE_H
#define MITRACE_LAUNCH_NAMESPACE_H

#include <stdbool.h>

/*
 * LTTng 2.13 has one fixed place for the sockets of root's daemon, and none for a second one. Move this
 * process to a mount namespace where that place is private, and shared memory too. Children forked before see
 * neither; what the system mounts later is seen as before. `kept` (NULL-terminated) are directories that must
 * remain what they are: shared memory stays as it is if one of them lies in there. False when the system does
 * not permit it: nothing has changed.
 */
bool launch_namespace_enter(const char *const *kept);

/* Take the private mounts away again. The process stays in its namespace, which then shows what the system
 * has. */
void launch_namespace_leave(void);

#endif
