/* SPDX-License-Identifier: MIT */
/* What every small MI program here needs: which class to ask for, opening the usual handles, printing,
 * waiting. */
#ifndef MITRACE_APPS_APP_SUPPORT_H
#define MITRACE_APPS_APP_SUPPORT_H

#include "mi_client.h"

#include <semaphore.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What to ask for: MITRACE_APP_NAMESPACE and MITRACE_APP_CLASS, or root/omi and OMI_Identify. Never NULL. */
const char *app_namespace(void);
const char *app_class(void);

/* "INVALID_PARAMETER" for 4; "?" for a number that MI does not define. */
const char *app_result_name(MI_Result result);

/* Prints "<what>: <result>" to stdout. */
void app_print(const char *what, MI_Result result);

/* The same on stderr and exit(1), but only if `result` is not MI_RESULT_OK. */
void app_require(const char *what, MI_Result result);

/* Open a handle in the caller's struct, or exit(1). The session is a local one without options or callbacks.
 */
void open_application(MI_Application *application, const char *id);
void open_session(MI_Application *application, MI_Session *session);

/* Prints "  <class>" and the instance's first key. Does nothing for NULL. */
void print_instance(const MI_Instance *instance);

/* Reads a synchronous operation of instances to its end. Returns the final result; *count, unless NULL, is
 * how many instances came. */
MI_Result drain_instances(MI_Operation *operation, unsigned *count);

/* The same without looking at what comes. */
MI_Result drain_unseen(MI_Operation *operation);

/* sem_wait that goes on after a signal. */
void wait_for(sem_t *event);

#ifdef __cplusplus
}
#endif

#endif
