/* SPDX-License-Identifier: MIT */
/* The parts of libmitrace-recorder.so to one another. */
#ifndef MITRACE_SHIM_RECORDER_H
#define MITRACE_SHIM_RECORDER_H

#include "record.h"

/* The wrapper of the exported function: no table leads to it, the preloaded half calls it with MI's function.
 */
RECORD_HIDDEN MI_Result wrap_application_initialize(shim_initialize_fn real, MI_Uint32 flags,
                                                    const MI_Char *application_id, MI_Instance **error,
                                                    MI_Application *out);

#endif
