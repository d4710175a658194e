/* SPDX-License-Identifier: MIT */
/*
 * Loads a plugin that uses MI, and unloads it again before it ends. LEGAL: "own", the plugin has its own
 * application; "shared", it works on the host's session; "reload", loaded and unloaded three times. LEAKS
 * ("keeps"): the plugin forgets an instance each time, in code that is not mapped any more when the program
 * ends.
 */
#include "app_support.h"
#include "variants.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct collector {
    void *library;
    int (*run)(int keep);
    int (*collect)(MI_Session *session, int keep);
};

/* collector_plugin.so in the directory of this program. */
static void plugin_path(char path[PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
    char *slash;

    path[length > 0 ? length : 0] = '\0';
    slash = strrchr(path, '/');
    snprintf(slash != NULL ? slash + 1 : path, 32, "collector_plugin.so");
}

static struct collector load_collector(void)
{
    struct collector collector;
    char path[PATH_MAX];

    plugin_path(path);
    collector.library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (collector.library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    collector.run = (int (*)(int))dlsym(collector.library, "collector_run");
    collector.collect = (int (*)(MI_Session *, int))dlsym(collector.library, "collector_collect");
    return collector;
}

static void run_collector(int keep)
{
    struct collector collector = load_collector();

    printf("collected %s\n", collector.run(keep) > 0 ? "some" : "none");
    dlclose(collector.library);
}

static void own(void)
{
    run_collector(0);
}

static void reload(void)
{
    for (int i = 0; i < 3; i++) {
        run_collector(0);
    }
}

static void keeps(void)
{
    run_collector(1);
}

static void shared(void)
{
    struct collector collector = load_collector();
    MI_Application application;
    MI_Session session;

    open_application(&application, "plugin_client");
    open_session(&application, &session);
    printf("collected %s\n", collector.collect(&session, 0) > 0 ? "some" : "none");
    dlclose(collector.library);
    app_print("session", MI_Session_Close(&session, NULL, NULL));
    app_print("application", MI_Application_Close(&application));
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"own", own}, {"shared", shared}, {"reload", reload}, {"keeps", keeps}};

    return RUN_VARIANT(argc, argv, variants);
}
