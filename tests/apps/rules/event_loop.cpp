/* SPDX-License-Identifier: MIT */
/*
 * Everything happens in one loop on main; callbacks only post events to it. LEGAL: "loop", handles are closed
 * by the events that follow their last callback; "inline", operation and session are closed in the callbacks
 * themselves, the session with a completion function, and only the application by the loop. HANGS ("eager"):
 * the completion of the last session closes the application instead of posting an event.
 */
#include "app_support.h"
#include "variants.h"

#include <condition_variable>
#include <cstdio>
#include <deque>
#include <functional>
#include <mutex>

class Loop
{
  public:
    void Post(std::function<void()> event)
    {
        std::lock_guard<std::mutex> guard(lock_);
        events_.push_back(std::move(event));
        changed_.notify_one();
    }

    void Run()
    {
        while (!stopped_) {
            Next()();
        }
    }

    void Stop()
    {
        Post([this] { stopped_ = true; });
    }

  private:
    std::function<void()> Next()
    {
        std::unique_lock<std::mutex> guard(lock_);
        changed_.wait(guard, [this] { return !events_.empty(); });
        auto event = std::move(events_.front());
        events_.pop_front();
        return event;
    }

    std::mutex lock_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> events_;
    bool stopped_ = false;
};

enum class Style { Loop, Inline, Eager };

// Two sessions with an operation each; ends when both are closed.
class Crawler
{
  public:
    Crawler(Loop &loop, Style style) : loop_(loop), style_(style)
    {
        open_application(&application_, "event_loop");
        for (auto &visit : visits_) {
            visit.crawler = this;
            open_session(&application_, &visit.session);
        }
    }

    void Start()
    {
        for (auto &visit : visits_) {
            MI_OperationCallbacks callbacks = {};
            callbacks.callbackContext = &visit;
            callbacks.instanceResult = OnInstance;
            MI_Session_EnumerateInstances(&visit.session, 0, nullptr, app_namespace(), app_class(), MI_FALSE,
                                          &callbacks, &visit.operation);
        }
    }

  private:
    struct Visit {
        Crawler *crawler;
        MI_Session session;
        MI_Operation operation;
    };

    static void OnInstance(MI_Operation *, void *context, const MI_Instance *, MI_Boolean more, MI_Result,
                           const MI_Char *, const MI_Instance *, MI_ResultAcknowledgement)
    {
        auto *visit = static_cast<Visit *>(context);
        if (more) {
            return;
        }
        if (visit->crawler->style_ == Style::Loop) {
            visit->crawler->loop_.Post([visit] { Finish(visit); });
        } else {
            Finish(visit);
        }
    }

    static void Finish(Visit *visit)
    {
        MI_Operation_Close(&visit->operation);
        MI_Session_Close(&visit->session, visit, OnSessionClosed);
    }

    static void OnSessionClosed(void *context)
    {
        auto *crawler = static_cast<Visit *>(context)->crawler;
        if (crawler->style_ == Style::Eager) {
            crawler->OneLess();
        } else {
            crawler->loop_.Post([crawler] { crawler->OneLess(); });
        }
    }

    void OneLess()
    {
        if (--open_ == 0) {
            app_print("application", MI_Application_Close(&application_));
            loop_.Stop();
        }
    }

    Loop &loop_;
    Style style_;
    MI_Application application_;
    Visit visits_[2];
    int open_ = 2;
};

static void Crawl(Style style)
{
    Loop loop;
    Crawler crawler(loop, style);
    loop.Post([&crawler] { crawler.Start(); });
    loop.Run();
}

static void InLoop()
{
    Crawl(Style::Loop);
}

static void Inline()
{
    Crawl(Style::Inline);
}

static void Eager()
{
    Crawl(Style::Eager);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"loop", InLoop}, {"inline", Inline}, {"eager", Eager}};
    return RUN_VARIANT(argc, argv, variants);
}
