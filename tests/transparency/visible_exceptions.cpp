/* SPDX-License-Identifier: MIT */
/* C++ exceptions that fly from a callback through MI's frames, and ours, to the caller of MI. */
#include "visible.h"

#include <cstdio>
#include <stdexcept>
#include <string>

namespace
{

struct Witness {
    ~Witness()
    {
        std::printf("a destructor ran\n");
    }
};

extern "C" void throw_result(MI_Operation *, void *, const MI_Instance *, MI_Boolean, MI_Result result,
                             const MI_Char *, const MI_Instance *, MI_ResultAcknowledgement)
{
    throw std::runtime_error(app_result_name(result));
}

void start(MI_Session &session)
{
    Witness witness;
    MI_OperationCallbacks callbacks = {};
    MI_Operation operation = {};

    callbacks.instanceResult = throw_result;
    MI_Session_GetInstance(&session, 0, nullptr, app_namespace(), nullptr, &callbacks, &operation);
    std::printf("no exception\n");
}

} // namespace

extern "C" int visible_exceptions(int, char **)
{
    MI_Application application = {};
    MI_Session session = {};

    TOLD(MI_Application_Initialize(0, "exceptions", nullptr, &application));
    TOLD(MI_Application_NewSession(&application, nullptr, nullptr, nullptr, nullptr, nullptr, &session));
    for (int i = 0; i < 3; i++) {
        try {
            start(session);
        } catch (const std::runtime_error &failure) {
            std::printf("caught %s\n", failure.what());
        }
    }
    visible_use("after the exceptions");
    std::fflush(stdout);
    return 0;
}
