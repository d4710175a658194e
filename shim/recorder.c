/* SPDX-License-Identifier: MIT */
/* libmitrace-recorder.so: what the preloaded half calls. */
#include "recorder.h"

#include "raw.h"
#include "tables.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <lttng/ust-fork.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

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

/* Exported by liblttng-ust-common; no header of its package has it. */
__attribute__((visibility("default"))) int lttng_ust_add_fd_to_tracker(int fd);

/* In libmitrace.so, which is not there when somebody only tries whether this library can be loaded. */
extern int mitrace_keep_descriptor(int fd) __attribute__((weak));
extern void mitrace_lttng_begins(const void *const functions[2]) __attribute__((weak));

/*
 * The next two stand before LTTng's own, since this library is the first where LTTng looks for them. LTTng's
 * threads may not ask the loader for the real ones, whose lock is held by the thread that loads LTTng.
 */
static int (*real_track)(int);
__attribute__((visibility("default"))) void lttng_ust_common_ctor(void);

/*
 * A constructor: the loader calls it for LTTng's common library, then the other library does before it starts
 * its threads, and once more in each child of a fork.
 */
void lttng_ust_common_ctor(void)
{
    static void (*real)(void);
    static int calls;

    if (real == NULL) { /* by handle: a program's own dlsym may not keep what RTLD_NEXT means */
        void *library = dlopen("liblttng-ust-common.so.1", RTLD_LAZY | RTLD_NOLOAD);
        real_track = (int (*)(int))dlsym(library, "lttng_ust_add_fd_to_tracker");
        real = (void (*)(void))dlsym(library, "lttng_ust_common_ctor");
    }
    if (calls < 2 && mitrace_lttng_begins != NULL) {
        /* the other library keeps what it finds in the environment before it calls us */
        const void *const functions[2] = {(const void *)lttng_ust_before_fork, (const void *)real};
        mitrace_lttng_begins(functions);
        calls++;
    }
    real();
}

/*
 * LTTng's connections to session daemons, the last ones made: there are two to each of two daemons. Guarded
 * by LTTng's lock of its tracker.
 */
enum { CONNECTIONS = 8 };
static int connections[CONNECTIONS] = {-1, -1, -1, -1, -1, -1, -1, -1};

static void note_connection(int fd)
{
    static unsigned made;
    struct stat status;

    if (raw_fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode)) {
        connections[made++ % CONNECTIONS] = fd;
    }
}

/* Each descriptor that LTTng opens comes by here and gets a number out of the program's way. */
int lttng_ust_add_fd_to_tracker(int fd)
{
    int kept = mitrace_keep_descriptor != NULL ? mitrace_keep_descriptor(fd) : fd;
    int tracked = kept >= 0 ? real_track(kept) : -1;

    note_connection(tracked);
    return tracked;
}

/*
 * In the new child of a fork: while it holds its parent's connections, session daemons do not see the parent
 * end, and wait for it. LTTng closes what stands there now when it begins again in the child.
 */
void record_drop_connections(void)
{
    int nothing = raw_open("/dev/null", O_RDWR | O_CLOEXEC);

    for (unsigned i = 0; i < CONNECTIONS && nothing >= 0; i++) {
        struct stat status;
        int fd = connections[i];
        if (fd >= 0 && raw_fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode) &&
            record_preload->keeps_descriptor(fd)) {
            syscall(SYS_dup3, nothing, fd, O_CLOEXEC);
        }
        connections[i] = -1;
    }
    if (nothing >= 0) {
        raw_close(nothing);
    }
}

static void unwatched(shim_initialize_fn real)
{
    int saved_errno = errno;
    int cancel;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    record_preload->gate_enter();
    record_process();
    tables_unwatched((void *)real);
    record_preload->gate_leave();
    pthread_setcancelstate(cancel, NULL);
    errno = saved_errno;
}

static MI_Result initialize(shim_initialize_fn real, MI_Uint32 flags, const MI_Char *application_id,
                            MI_Instance **error, MI_Application *out)
{
    int saved_errno = errno;
    int cancel;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    record_preload->gate_enter();
    record_process();
    meet_client_tables(real);
    record_preload->gate_leave();
    pthread_setcancelstate(cancel, NULL);
    errno = saved_errno;
    return wrap_application_initialize(real, flags, application_id, error, out);
}

__attribute__((visibility("default"))) const struct shim_recorder *
mitrace_recorder_start(const struct shim_preload *preload);

const struct shim_recorder *mitrace_recorder_start(const struct shim_preload *preload)
{
    static const struct shim_recorder recorder = {
        .initialize = initialize,
        .unwatched = unwatched,
        .modules_changed = record_modules,
        .before_thread = record_before_thread,
        .process_end = record_process_end,
        .exec_failed = record_exec_failed,
        .before_fork = record_before_fork,
        .after_fork_parent = record_after_fork_parent,
        .after_fork_child = record_after_fork_child,
    };

    record_preload = preload;
    record_thread_offset = preload->thread_offset;
    if (!record_process_watch()) {
        return NULL;
    }
    record_stack_start();
    return &recorder;
}
