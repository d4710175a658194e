/* SPDX-License-Identifier: MIT */
/*
 * Sessions that belong to worker threads while main closes the application. HANGS: "idle", the worker sleeps
 * on its queue and is never told to stop; "gone", the worker has ended and left its session open;
 * "one-of-two", main itself forgot the second of its sessions. LEGAL: "late", the worker closes its session
 * while main is already waiting.
 */
#include "app_support.h"
#include "variants.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

struct service {
    MI_Application application;
    pthread_t worker;
    sem_t ready;
    sem_t stop;
};

static void work(MI_Session *session)
{
    MI_Operation operation;

    MI_Session_EnumerateInstances(session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL, &operation);
    app_print("work", drain_unseen(&operation));
    MI_Operation_Close(&operation);
}

static void *serve_until_stopped(void *argument)
{
    struct service *service = argument;
    MI_Session session;

    open_session(&service->application, &session);
    work(&session);
    sem_post(&service->ready);
    wait_for(&service->stop);
    usleep(150000);
    MI_Session_Close(&session, NULL, NULL);
    return NULL;
}

static void *serve_once(void *argument)
{
    struct service *service = argument;
    MI_Session session;

    open_session(&service->application, &session);
    work(&session);
    sem_post(&service->ready);
    return NULL;
}

static void start_service(struct service *service, void *(*serve)(void *))
{
    sem_init(&service->ready, 0, 0);
    sem_init(&service->stop, 0, 0);
    app_require("application", MI_Application_Initialize(0, "service", NULL, &service->application));
    if (pthread_create(&service->worker, NULL, serve, service) == 0) {
        wait_for(&service->ready);
    }
}

static void stop_service(struct service *service)
{
    app_print("stopped", MI_Application_Close(&service->application));
}

static void idle(void)
{
    static struct service service;

    start_service(&service, serve_until_stopped);
    stop_service(&service);
}

static void gone(void)
{
    static struct service service;

    start_service(&service, serve_once);
    pthread_join(service.worker, NULL);
    stop_service(&service);
}

static void late(void)
{
    static struct service service;

    start_service(&service, serve_until_stopped);
    sem_post(&service.stop);
    stop_service(&service);
    pthread_join(service.worker, NULL);
}

static void one_of_two(void)
{
    static struct service service;
    MI_Session first, second;

    open_application(&service.application, "session_owner_stuck");
    open_session(&service.application, &first);
    open_session(&service.application, &second);
    work(&first);
    work(&second);
    MI_Session_Close(&first, NULL, NULL);
    stop_service(&service);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"idle", idle}, {"gone", gone}, {"late", late}, {"one-of-two", one_of_two}};

    return RUN_VARIANT(argc, argv, variants);
}
