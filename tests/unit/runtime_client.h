/* SPDX-License-Identifier: MIT */
/* For tests of the MI runtime: a client with one session and one operation, whose callbacks are remembered.
 */
#ifndef MITRACE_UNIT_RUNTIME_CLIENT_H
#define MITRACE_UNIT_RUNTIME_CLIENT_H

#include "app_support.h"

#include <pthread.h>

struct client {
    MI_Application application;
    MI_Session session;
    MI_Operation operation;
    sem_t result;         /* posted for each result */
    sem_t session_closed; /* posted by on_session_closed */
    pthread_t callback_thread;
    pthread_t completion_thread;

    /* The latest result; to be acknowledged with that handle, unless `acknowledge` is NULL. */
    MI_ResultAcknowledgement acknowledge;
    MI_Operation acknowledged;
    MI_Boolean more;
    MI_Result code;
    unsigned results;

    void (*last)(struct client *client, MI_Operation *operation); /* called by the last result; or NULL */
};

/* Opens application and session. */
void open_client(struct client *client);

/* Closes the session and opens another one, to a server that does not exist. */
void reopen_without_server(struct client *client);

/* Start an enumeration, which calls back (`flags` as for MI) or is left to getters. The short forms ask for
 * the one instance of OMI_Identify, start_many for the several of a class of the test repository. */
void start_as(struct client *client, MI_Uint32 flags, const char *namespace_name, const char *class_name);
void start_asynchronously(struct client *client);
void start_synchronously(struct client *client);
void start_many(struct client *client);

/* A completion function for a session's close; `context` is the client. */
void on_session_closed(void *context);

/* Ends the process unless `result` is MI_RESULT_OK: for other threads and children, where CMocka cannot be
 * told. */
void must(MI_Result result);

/* The closes, as calls to watch too; `client` is a struct client. */
void close_application(void *client);
void close_session(void *client);
void close_operation(void *client);
void close_all(struct client *client);

/* Returns when the delivery thread has done all that it had to do before: a question of its own is answered.
 */
void let_delivery_catch_up(struct client *client);

#endif
