/* SPDX-License-Identifier: MIT */
/* libmitrace-recorder.so: what the preloaded half calls. */
#include "recorder.h"

#include "tables.h"

#include <dlfcn.h>

/*
 * Serializers and deserializers carry no table, utilities have no handle: programs reach them through
 * mi_clientFT_V1 of the MI that `real` belongs to. Its other tables are met on live handles; some of those
 * that hang here are never carried by any.
 */
static void meet_client_tables(shim_initialize_fn real)
{
    const MI_ClientFT_V1 *const *client = NULL;
    void *library = NULL;
    Dl_info info;

    if (dladdr((void *)real, &info) != 0) {
        library = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    }
    if (library != NULL) {
        client = dlsym(library, "mi_clientFT_V1");
        dlclose(library);
    }
    if (client == NULL || *client == NULL) {
        return;
    }
    tables_meet(MI_KIND_serializer, (*client)->serializerFT);
    tables_meet(MI_KIND_deserializer, (*client)->deserializerFT);
    tables_meet(MI_KIND_utilities, (*client)->utilitiesFT);
}

static MI_Result initialize(shim_initialize_fn real, MI_Uint32 flags, const MI_Char *application_id,
                            MI_Instance **error, MI_Application *out)
{
    int saved_errno = errno;

    record_process();
    meet_client_tables(real);
    errno = saved_errno;
    return wrap_application_initialize(real, flags, application_id, error, out);
}

__attribute__((visibility("default"))) const struct shim_recorder *
mitrace_recorder_start(const struct shim_preload *preload);

const struct shim_recorder *mitrace_recorder_start(const struct shim_preload *preload)
{
    static const struct shim_recorder recorder = {
        .initialize = initialize,
        .modules_changed = record_modules,
        .process_end = record_process_end,
        .exec_failed = record_exec_failed,
    };

    record_thread_offset = preload->thread_offset;
    record_process_watch();
    record_stack_start();
    return &recorder;
}
