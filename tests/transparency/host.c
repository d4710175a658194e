/* SPDX-License-Identifier: MIT */
/* A program without MI. Only its plugin, which it loads for itself alone, is linked with it. */
#include <dlfcn.h>
#include <stdio.h>

static void *load(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const char *message = dlerror();

    printf("%s: %s\n", path, library != NULL ? "loaded" : message);
    return library;
}

int main(void)
{
    void *plugin = load("$ORIGIN/host_plugin.so");
    int (*ask)(void) = plugin != NULL ? (int (*)(void))dlsym(plugin, "host_plugin_asks") : NULL;

    load("$ORIGIN/no_such_file.so");
    printf("MI for the host: %d", dlsym(RTLD_DEFAULT, "MI_Application_InitializeV1") != NULL);
    printf(", %s\n", dlerror() != NULL ? "and why" : "no reason");
    fflush(stdout);
    return ask == NULL || ask() != 0;
}
