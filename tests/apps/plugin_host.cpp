/* SPDX-License-Identifier: MIT */
/* A C++ program that knows nothing of MI and loads a plugin that does: plugin_host [deepbind] [PLUGIN]. The
 * plugin is loaded with local scope, with `deepbind` so that it prefers its own libraries to the program's.
 */
#include <dlfcn.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <cstring>
#include <string>

namespace
{

/* plugin.so in the directory of this program. */
std::string default_plugin()
{
    char path[PATH_MAX] = "";
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    std::string program(path, length > 0 ? static_cast<size_t>(length) : 0);

    return program.substr(0, program.rfind('/') + 1) + "plugin.so";
}

int run_plugin(const std::string &path, int mode)
{
    void *plugin = dlopen(path.c_str(), mode);

    if (plugin == nullptr) {
        std::fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    auto run = reinterpret_cast<int (*)()>(dlsym(plugin, "plugin_run"));
    int status = run != nullptr ? run() : 1;

    dlclose(plugin);
    return status;
}

} // namespace

int main(int argc, char **argv)
{
    int next = 1;
    int mode = RTLD_NOW | RTLD_LOCAL;

    if (next < argc && std::strcmp(argv[next], "deepbind") == 0) {
        mode |= RTLD_DEEPBIND;
        next++;
    }
    return run_plugin(next < argc ? argv[next] : default_plugin(), mode);
}
