/* SPDX-License-Identifier: MIT */
/*
 * cycles N...: opens and closes N handles, then says what the process has of memory, mappings and
 * descriptors, how many callbacks came and how many of them out of mitrace's code; then goes on to the next
 * N, which counts from the start. One in four is an application, one a session, one a synchronous and one an
 * asynchronous operation; sessions are closed in turn with a completion function and without, and made with
 * callbacks and without.
 */
#include "app_support.h"

#include <dirent.h>
#include <dlfcn.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static sem_t done;

/* One thread of MI makes all callbacks, and none is running while main looks. */
static struct {
    unsigned long all, by_mitrace;
} counted;

/* A place that callbacks come from, looked up when it is another than before. */
struct caller {
    const void *address;
    bool is_mitrace;
};

static void count_callback(struct caller *caller, const void *address)
{
    Dl_info info;

    if (address != caller->address) {
        caller->address = address;
        caller->is_mitrace =
            dladdr(address, &info) != 0 && strstr(info.dli_fname, "/libmitrace-recorder.so") != NULL;
    }
    counted.all++;
    counted.by_mitrace += caller->is_mitrace;
}

static void on_instance(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                        MI_Result result, const MI_Char *message, const MI_Instance *details,
                        MI_ResultAcknowledgement acknowledge)
{
    static struct caller caller;

    (void)context, (void)instance, (void)result, (void)message, (void)details, (void)acknowledge;
    count_callback(&caller, __builtin_return_address(0));
    if (!more) {
        MI_Operation_Close(operation);
        sem_post(&done);
    }
}

static void on_closed(void *context)
{
    static struct caller caller;

    count_callback(&caller, __builtin_return_address(0));
    sem_post(context);
}

static void on_message(MI_Operation *operation, void *context, MI_Uint32 channel, const MI_Char *message)
{
    (void)operation, (void)context, (void)channel, (void)message;
}

static void on_session_message(MI_Application *application, void *context, MI_Uint32 channel,
                               const MI_Char *message)
{
    (void)application, (void)context, (void)channel, (void)message;
}

static void use_session(MI_Session *session, void *context)
{
    MI_OperationCallbacks asynchronous = {.instanceResult = on_instance, .callbackContext = context};
    MI_OperationCallbacks synchronous = {.writeMessage = on_message, .callbackContext = context};
    MI_Operation operation, other;

    MI_Session_EnumerateInstances(session, 0, NULL, app_namespace(), app_class(), MI_FALSE, &asynchronous,
                                  &other);
    MI_Session_EnumerateInstances(session, 0, NULL, app_namespace(), app_class(), MI_FALSE, &synchronous,
                                  &operation);
    drain_unseen(&operation);
    MI_Operation_Close(&operation);
    wait_for(&done);
}

static void one_round(unsigned long number)
{
    void *context = (void *)number; /* no two are equal */
    MI_SessionCallbacks callbacks = {.writeMessage = on_session_message, .callbackContext = context};
    MI_Application application;
    MI_Session session;

    open_application(&application, "cycles");
    app_require("session", MI_Application_NewSession(&application, NULL, NULL, NULL,
                                                     number % 4 < 2 ? &callbacks : NULL, NULL, &session));
    use_session(&session, context);
    if (number % 2 == 0) {
        MI_Session_Close(&session, &done, on_closed);
        wait_for(&done);
    } else {
        MI_Session_Close(&session, NULL, NULL);
    }
    MI_Application_Close(&application);
}

static unsigned long resident_kilobytes(void)
{
    unsigned long size = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (file != NULL) {
        if (fscanf(file, "%lu %lu", &size, &resident) != 2) {
            resident = 0;
        }
        fclose(file);
    }
    return resident * 4;
}

static unsigned long count_lines(const char *path)
{
    FILE *file = fopen(path, "r");
    unsigned long lines = 0;

    for (int c = 0; file != NULL && (c = fgetc(file)) != EOF;) {
        lines += c == '\n';
    }
    if (file != NULL) {
        fclose(file);
    }
    return lines;
}

static unsigned long count_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    unsigned long count = 0;

    while (folder != NULL && readdir(folder) != NULL) {
        count++;
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return count;
}

static void say(unsigned long handles)
{
    printf("%lu handles: %lu kB resident, %zu bytes of heap, %lu mappings, %lu descriptors, %lu callbacks, "
           "%lu by mitrace\n",
           handles, resident_kilobytes(), mallinfo2().uordblks, count_lines("/proc/self/maps"),
           count_descriptors(), counted.all, counted.by_mitrace);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    unsigned long handles = 0;

    sem_init(&done, 0, 0);
    for (int i = 1; i < argc; i++) {
        for (unsigned long wanted = strtoul(argv[i], NULL, 10); handles < wanted; handles += 4) {
            one_round(handles / 4);
        }
        say(handles);
    }
    return 0;
}
