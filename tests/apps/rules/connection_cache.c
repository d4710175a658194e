/* SPDX-License-Identifier: MIT */
/*
 * A cache of two connections for three hosts, so the oldest is evicted again and again and opened anew later.
 * LEAKS ("forget"): eviction overwrites the session. LEGAL ("close"): it closes it; ("reopen"): each host's
 * session is also renewed after a failure.
 */
#include "app_support.h"
#include "variants.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { SLOTS = 2 };

struct connection {
    char host[16];
    MI_Session session;
    unsigned last_used;
};

struct cache {
    MI_Application application;
    struct connection slots[SLOTS];
    unsigned clock;
    bool close_evicted;
};

static void cache_create(struct cache *cache, bool close_evicted)
{
    memset(cache, 0, sizeof *cache);
    cache->close_evicted = close_evicted;
    app_require("application", MI_Application_Initialize(0, "connection_cache", NULL, &cache->application));
}

static struct connection *cache_find(struct cache *cache, const char *host)
{
    for (int i = 0; i < SLOTS; i++) {
        if (strcmp(cache->slots[i].host, host) == 0) {
            return &cache->slots[i];
        }
    }
    return NULL;
}

static void disconnect(struct connection *connection)
{
    if (connection->host[0] != '\0') {
        MI_Session_Close(&connection->session, NULL, NULL);
        connection->host[0] = '\0';
    }
}

static struct connection *cache_make_room(struct cache *cache)
{
    struct connection *oldest = &cache->slots[0];

    for (int i = 1; i < SLOTS; i++) {
        if (cache->slots[i].last_used < oldest->last_used) {
            oldest = &cache->slots[i];
        }
    }
    if (cache->close_evicted) {
        disconnect(oldest);
    }
    return oldest;
}

/* All hosts are this machine. */
static void cache_connect(struct cache *cache, struct connection *connection, const char *host)
{
    snprintf(connection->host, sizeof connection->host, "%s", host);
    app_require("session", MI_Application_NewSession(&cache->application, NULL, NULL, NULL, NULL, NULL,
                                                     &connection->session));
}

static MI_Session *cache_session(struct cache *cache, const char *host)
{
    struct connection *connection = cache_find(cache, host);

    if (connection == NULL) {
        connection = cache_make_room(cache);
        cache_connect(cache, connection, host);
    }
    connection->last_used = ++cache->clock;
    return &connection->session;
}

static MI_Result ask(struct cache *cache, const char *host, const char *class_name)
{
    MI_Operation operation;
    MI_Result result;

    MI_Session_EnumerateInstances(cache_session(cache, host), 0, NULL, app_namespace(), class_name, MI_FALSE,
                                  NULL, &operation);
    result = drain_unseen(&operation);
    MI_Operation_Close(&operation);
    printf("%s %s: %s\n", host, class_name, result == MI_RESULT_OK ? "ok" : "failed");
    return result;
}

/* Five connections, three of them evicted by others. */
static void ask_all_hosts(struct cache *cache)
{
    static const char *const hosts[] = {"alpha", "beta", "alpha", "gamma", "beta", "alpha"};

    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        ask(cache, hosts[i], app_class());
    }
}

static void cache_destroy(struct cache *cache)
{
    for (int i = 0; i < SLOTS; i++) {
        disconnect(&cache->slots[i]);
    }
    MI_Application_Close(&cache->application);
}

/* The application stays open, too: with the lost sessions its close would hang. */
static void forget(void)
{
    struct cache cache;

    cache_create(&cache, false);
    ask_all_hosts(&cache);
    for (int i = 0; i < SLOTS; i++) {
        disconnect(&cache.slots[i]);
    }
}

static void close_evicted(void)
{
    struct cache cache;

    cache_create(&cache, true);
    ask_all_hosts(&cache);
    cache_destroy(&cache);
}

static void reopen(void)
{
    struct cache cache;

    cache_create(&cache, true);
    for (int round = 0; round < 3; round++) {
        if (ask(&cache, "alpha", round == 1 ? "No_Such_Class" : app_class()) != MI_RESULT_OK) {
            disconnect(cache_find(&cache, "alpha"));
        }
    }
    cache_destroy(&cache);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"forget", forget}, {"close", close_evicted}, {"reopen", reopen}};

    return RUN_VARIANT(argc, argv, variants);
}
