/* SPDX-License-Identifier: MIT */
/*
 * A subscription whose indications another thread works on; each is acknowledged when it is done. LEGAL
 * ("good"): until the subscription ends, or a dozen were seen and it is cancelled. HANGS ("tired"): the
 * consumer stops after the first, and the next is never acknowledged.
 */
#include "app_support.h"
#include "variants.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

enum { ENOUGH = 12 };

struct delivery {
    MI_Operation operation;
    MI_ResultAcknowledgement acknowledge;
    MI_Boolean more;
};

/* At most one delivery is on its way: the next one comes after the acknowledgement. */
struct consumer {
    MI_Application application;
    MI_Session session;
    MI_Operation subscription;
    pthread_t thread;
    struct delivery delivery;
    sem_t arrived;
    sem_t second;
    bool tired;
    int seen;
};

static struct consumer consumer;

static void receive_indication(MI_Operation *operation, void *context, const MI_Instance *indication,
                               const MI_Char *bookmark, const MI_Char *machine, MI_Boolean more,
                               MI_Result result, const MI_Char *message, const MI_Instance *details,
                               MI_ResultAcknowledgement acknowledge)
{
    (void)context;
    (void)indication;
    (void)bookmark;
    (void)machine;
    (void)result;
    (void)message;
    (void)details;
    if (++consumer.seen == 2) {
        sem_post(&consumer.second);
    }
    if (consumer.seen > ENOUGH && more) {
        acknowledge(operation);
        MI_Operation_Cancel(operation, 0);
        return;
    }
    consumer.delivery = (struct delivery){*operation, acknowledge, more};
    sem_post(&consumer.arrived);
}

static void *consume(void *argument)
{
    MI_Boolean more = MI_TRUE;

    while (more) {
        struct delivery delivery;

        wait_for(&consumer.arrived);
        delivery = consumer.delivery;
        more = delivery.more && !consumer.tired;
        delivery.acknowledge(&delivery.operation);
    }
    return argument;
}

static void consumer_start(void)
{
    MI_OperationCallbacks callbacks = {.indicationResult = receive_indication};

    sem_init(&consumer.arrived, 0, 0);
    sem_init(&consumer.second, 0, 0);
    open_application(&consumer.application, "indication_consumer");
    open_session(&consumer.application, &consumer.session);
    if (pthread_create(&consumer.thread, NULL, consume, NULL) != 0) {
        perror("pthread_create");
    }
    MI_Session_Subscribe(&consumer.session, MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS, NULL, "root/cimv2", "WQL",
                         "SELECT * FROM Test_Indication", NULL, &callbacks, &consumer.subscription);
}

static void consumer_stop(void)
{
    pthread_join(consumer.thread, NULL);
    printf("indications: %s\n", consumer.seen > 1 ? "several" : "too few");
    app_print("subscription", MI_Operation_Close(&consumer.subscription));
    app_print("session", MI_Session_Close(&consumer.session, NULL, NULL));
    app_print("application", MI_Application_Close(&consumer.application));
}

static void good(void)
{
    consumer_start();
    consumer_stop();
}

static void tired(void)
{
    consumer.tired = true;
    consumer_start();
    wait_for(&consumer.second);
    consumer_stop();
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"good", good}, {"tired", tired}};

    return RUN_VARIANT(argc, argv, variants);
}
