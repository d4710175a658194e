/* SPDX-License-Identifier: MIT */
/*
 * Sessions. A session ends when its close was called, every operation is gone and every connection has ended;
 * only then the close returns or the completion function runs: on the thread that made the last of this true.
 * Facts: OMI's miapi/Session.c.
 */
#ifndef MITRACE_RUNTIME_SESSION_H
#define MITRACE_RUNTIME_SESSION_H

#include "application.h"
#include "children.h"
#include "handles.h"

#include <sys/types.h>

struct session {
    struct child child; /* in the application's list */
    struct handle_cell *cell;
    MI_Application application; /* a copy of the caller's handle */
    MI_SessionCallbacks callbacks;
    MI_DestinationOptions options; /* shares the caller's */
    struct children operations;
    uid_t user;
    gid_t group;
    bool reachable; /* a server listens */
    bool closing;   /* the close found no operations and now waits for connections */
    bool closed;
    long connections; /* of operations, and one for the session itself */
    unsigned keepers;
    MI_SessionCloseCompletion completion;
    void *completion_context;
};

/* NewSession, once the application is known to live. */
MI_Result session_open(MI_Application *owner, const MI_Char *protocol, const MI_Char *destination,
                       MI_DestinationOptions *options, MI_SessionCallbacks *callbacks, MI_Session *out);

/* Cancels the operations of the session with this handle and lists no more. */
void session_cancel_operations(const struct child_handle *handle);

/* MI_RESULT_OK if this thread's real user and group are those of NewSession; MI_RESULT_ACCESS_DENIED if not;
 * MI_RESULT_INVALID_PARAMETER if the session is gone. */
MI_Result session_check_access(const MI_Session *handle);

/* The session of a handle, kept in memory until session_drop; NULL if its close was accepted already. */
struct session *session_keep(const MI_Session *handle);
struct session *session_keep_also(struct session *session);
void session_drop(struct session *session);

/* An operation's connection begins, respectively ends. */
void session_add_connection(struct session *session);
void session_remove_connection(struct session *session);

#endif
