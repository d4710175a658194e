/* SPDX-License-Identifier: MIT */
/*
 * What is closed while the program exits. LEGAL: "atexit", by a handler; "static", by the destructor of a
 * static object; "thread", by a thread's own objects, when the thread ends by pthread_exit. LEAKS ("quick"):
 * quick_exit skips all of that.
 */
#include "app_support.h"
#include "variants.h"

#include <cstdio>
#include <cstdlib>
#include <pthread.h>

class Connection
{
  public:
    void Open()
    {
        app_require("application", MI_Application_Initialize(0, "exit_handlers", nullptr, &application_));
        app_require("session", MI_Application_NewSession(&application_, nullptr, nullptr, nullptr, nullptr,
                                                         nullptr, &session_));
        open_ = true;
    }
    void Test()
    {
        MI_Operation operation;
        MI_Session_TestConnection(&session_, 0, nullptr, &operation);
        app_print("test", drain_unseen(&operation));
        MI_Operation_Close(&operation);
    }
    void Close()
    {
        if (open_) {
            app_print("session", MI_Session_Close(&session_, nullptr, nullptr));
            app_print("application", MI_Application_Close(&application_));
            open_ = false;
        }
    }
    ~Connection()
    {
        Close();
    }

  private:
    MI_Application application_;
    MI_Session session_;
    bool open_ = false;
};

static Connection &GlobalConnection()
{
    static Connection connection;
    return connection;
}

static void CloseGlobal()
{
    GlobalConnection().Close();
}

static void AtExit()
{
    GlobalConnection().Open();
    atexit(CloseGlobal);
    GlobalConnection().Test();
    exit(0);
}

static void Static()
{
    GlobalConnection().Open();
    GlobalConnection().Test();
}

static void *WorkAndExit(void *)
{
    Connection connection;
    connection.Open();
    connection.Test();
    pthread_exit(nullptr);
}

static void Thread()
{
    pthread_t thread;
    if (pthread_create(&thread, nullptr, WorkAndExit, nullptr) == 0) {
        pthread_join(thread, nullptr);
    }
}

static void Quick()
{
    GlobalConnection().Open();
    GlobalConnection().Test();
    quick_exit(0);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"atexit", AtExit}, {"static", Static}, {"thread", Thread}, {"quick", Quick}};
    return RUN_VARIANT(argc, argv, variants);
}
