/* SPDX-License-Identifier: MIT */
/*
 * Applications that come and go. MISUSE ("overlap"; warning: it went well this time): one thread closes the
 * only application while another thread opens the first session of a new one, so MI's thread may be stopped
 * and started at once. LEGAL: "in-turn", one after the other, twenty times; "anchored", on two threads, but a
 * third application stays open all the time; "together", several at once.
 */
#include "app_support.h"
#include "variants.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

struct unit {
    MI_Application application;
    MI_Session session;
};

static void unit_begin(struct unit *unit)
{
    open_application(&unit->application, "application_churn");
    app_require("session",
                MI_Application_NewSession(&unit->application, NULL, NULL, NULL, NULL, NULL, &unit->session));
}

static void unit_work(struct unit *unit)
{
    MI_Operation operation;

    MI_Session_TestConnection(&unit->session, 0, NULL, &operation);
    drain_unseen(&operation);
    MI_Operation_Close(&operation);
}

static void unit_end(struct unit *unit)
{
    MI_Session_Close(&unit->session, NULL, NULL);
    MI_Application_Close(&unit->application);
}

static void run_unit(void)
{
    struct unit unit;

    unit_begin(&unit);
    unit_work(&unit);
    unit_end(&unit);
}

static void *retire(void *argument)
{
    struct unit *unit = argument;

    app_print("retired", MI_Application_Close(&unit->application));
    return NULL;
}

/* The old unit's close waits for its session, which is closed only when the new unit is up. */
static void overlap(void)
{
    struct unit old, new;
    pthread_t retiring;

    unit_begin(&old);
    unit_work(&old);
    if (pthread_create(&retiring, NULL, retire, &old) != 0) {
        return;
    }
    usleep(150000);
    unit_begin(&new);
    MI_Session_Close(&old.session, NULL, NULL);
    pthread_join(retiring, NULL);
    unit_work(&new);
    unit_end(&new);
    puts("replaced");
}

static void in_turn(void)
{
    for (int i = 0; i < 20; i++) {
        run_unit();
    }
    puts("twenty");
}

static void *run_units(void *argument)
{
    for (int i = 0; i < 10; i++) {
        run_unit();
    }
    return argument;
}

static void anchored(void)
{
    struct unit anchor;
    pthread_t threads[2];

    unit_begin(&anchor);
    for (int i = 0; i < 2; i++) {
        pthread_create(&threads[i], NULL, run_units, NULL);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    unit_end(&anchor);
    puts("twenty beside one");
}

static void together(void)
{
    struct unit units[3];

    for (int i = 0; i < 3; i++) {
        unit_begin(&units[i]);
    }
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 3; i++) {
            unit_work(&units[(i + round) % 3]);
        }
    }
    for (int i = 0; i < 3; i++) {
        unit_end(&units[i]);
    }
    puts("three");
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"overlap", overlap}, {"in-turn", in_turn}, {"anchored", anchored}, {"together", together}};

    return RUN_VARIANT(argc, argv, variants);
}
