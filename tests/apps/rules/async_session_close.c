/* SPDX-License-Identifier: MIT */
/*
 * Sessions closed with a completion function. HANGS: "waits", main waits for a completion that an open
 * operation keeps from coming; "app", the application's close does. LEGAL: "complete"; "unwatched", nobody
 * looks at the completion but the application's close; "at-once", the completion comes before
 * MI_Session_Close returns.
 */
#include "app_support.h"
#include "variants.h"

#include <stdbool.h>

struct node {
    MI_Application application;
    MI_Session session;
    MI_Operation query;
    sem_t closed;
};

static void node_closed(void *context)
{
    struct node *node = context;

    sem_post(&node->closed);
}

static void node_up(struct node *node)
{
    sem_init(&node->closed, 0, 0);
    open_application(&node->application, "async_session_close");
    open_session(&node->application, &node->session);
}

static void node_query(struct node *node, bool close)
{
    MI_Session_QueryInstances(&node->session, 0, NULL, app_namespace(), "WQL", "SELECT * FROM OMI_Identify",
                              NULL, &node->query);
    drain_unseen(&node->query);
    if (close) {
        MI_Operation_Close(&node->query);
    }
}

static void node_disconnect(struct node *node)
{
    app_print("disconnect", MI_Session_Close(&node->session, node, node_closed));
}

static void node_down(struct node *node)
{
    app_print("down", MI_Application_Close(&node->application));
}

static void node_stop(struct node *node)
{
    app_print("disconnect", MI_Session_Close(&node->session, node, node_closed));
    app_print("down", MI_Application_Close(&node->application));
}

static void waits(void)
{
    struct node node;

    node_up(&node);
    node_query(&node, false);
    node_disconnect(&node);
    wait_for(&node.closed);
    node_down(&node);
}

static void app(void)
{
    struct node node;

    node_up(&node);
    node_query(&node, false);
    node_stop(&node);
}

static void complete(void)
{
    struct node node;

    node_up(&node);
    node_query(&node, true);
    node_disconnect(&node);
    wait_for(&node.closed);
    node_down(&node);
}

static void ignore(void *context)
{
    (void)context;
}

static void unwatched(void)
{
    struct node node;

    node_up(&node);
    node_query(&node, true);
    app_print("disconnect", MI_Session_Close(&node.session, NULL, ignore));
    node_down(&node);
}

static void at_once(void)
{
    struct node node;

    node_up(&node);
    node_disconnect(&node);
    wait_for(&node.closed);
    node_down(&node);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"waits", waits},
                                              {"app", app},
                                              {"complete", complete},
                                              {"unwatched", unwatched},
                                              {"at-once", at_once}};

    return RUN_VARIANT(argc, argv, variants);
}
