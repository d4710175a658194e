/* SPDX-License-Identifier: MIT */
/* Errors as instances of OMI_Error, and the short texts that go with result codes. */
#ifndef MITRACE_RUNTIME_ERROR_H
#define MITRACE_RUNTIME_ERROR_H

#include "mi_abi.h"

/* A constant text for MI's result codes; NULL for MI_RESULT_OK. */
const MI_Char *error_message(MI_Result result);

/* A new instance that the caller deletes; NULL without memory. `type` says whose code it is, "MI" for a
 * result. */
MI_Instance *error_instance(MI_Uint32 code, const MI_Char *type, const MI_Char *message);

#endif
