/* SPDX-License-Identifier: MIT */
/*
 * Applications: what a session needs of the one it belongs to. An application's handle holds the object's
 * bare address, without a version. OMI reads freed memory when a copy is used after the close; here such a
 * copy is recognised, unless a new application lives at that address. Facts: OMI's miapi/Application.c.
 */
#ifndef MITRACE_RUNTIME_APPLICATION_H
#define MITRACE_RUNTIME_APPLICATION_H

#include "children.h"
#include "handles.h"

/* The ways to a server; each is loaded at its first use and counts as one user of the delivery thread. */
enum protocol { PROTOCOL_SOCKETS, PROTOCOL_WSMAN, PROTOCOL_COUNT };

struct application {
    struct application *next; /* of those that are open */
    struct handle_pool handles;
    struct children sessions;
    struct children hosted_providers;
    bool loaded[PROTOCOL_COUNT];
    bool closing;
    unsigned callers;    /* calls of NewSession that are under way */
    unsigned calls;      /* calls into the protocol handler that are under way */
    MI_Application peer; /* the protocol handler's own application */
};

/* The object behind a handle; NULL for a handle that was closed or whose creation failed. */
struct application *application_of(const MI_Application *handle);

/* Loads the protocol for `protocol` and `destination`, each of which may be NULL. MI_RESULT_NOT_FOUND if
 * unknown. */
MI_Result application_load(struct application *application, const MI_Char *protocol,
                           const MI_Char *destination);

/* Around a call into the protocol handler: the application's close waits for these. */
void application_enter(struct application *application);
void application_leave(struct application *application);

#endif
