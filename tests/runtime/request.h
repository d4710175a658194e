/* SPDX-License-Identifier: MIT */
/*
 * The connection behind an operation: asks the server and hands one result after the other to the operation,
 * the next one after the one before was acknowledged. It ends, and lets its session end, when both sides have
 * closed it and nothing is unacknowledged; a cancel drops it, which delivers a last result whatever is still
 * owed. Facts: OMI's miapi/InteractionProtocolHandler.c. All functions may be called from any thread.
 */
#ifndef MITRACE_RUNTIME_REQUEST_H
#define MITRACE_RUNTIME_REQUEST_H

#include "operation.h"

/* Makes the connection of `operation` and asks. If nobody can be reached, or the question is one that is not
 * supported, the last result is delivered before this returns. The operation may be gone on return. */
MI_Result request_start(struct operation *operation, const struct question *question);

/* The result that was delivered last is done with. */
void request_acknowledge(struct request *request);

/* Drops the connection unless its last result is out already. */
void request_cancel(struct request *request);

/* The operation is gone. */
void request_close(struct request *request);

#endif
