/* SPDX-License-Identifier: MIT */
/* LEAKS ("leaky"): a connection that could not be made frees its memory but not its application. LEGAL
 * ("careful"): it closes it first. The session that was never made owes nothing. */
#include "app_support.h"
#include "variants.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct _CimConnection {
    MI_Application app;
    MI_Session session;
} CimConnection;

/* Returns NULL if there is no connection. */
static CimConnection *CimConnection_Open(const char *transport, bool careful)
{
    CimConnection *conn = calloc(1, sizeof *conn);

    if (conn == NULL) {
        return NULL;
    }
    if (MI_Application_Initialize(0, "CimConnection", NULL, &conn->app) != MI_RESULT_OK) {
        goto fail;
    }
    if (MI_Application_NewSession(&conn->app, transport, NULL, NULL, NULL, NULL, &conn->session) !=
        MI_RESULT_OK) {
        if (careful) {
            MI_Application_Close(&conn->app);
        }
        goto fail;
    }
    return conn;
fail:
    free(conn);
    return NULL;
}

static void CimConnection_Close(CimConnection *conn)
{
    MI_Session_Close(&conn->session, NULL, NULL);
    MI_Application_Close(&conn->app);
    free(conn);
}

static void try_transports(bool careful)
{
    static const char *const transports[] = {"CARRIER_PIGEON", "OMI_SOCKETS"};

    for (size_t i = 0; i < 2; i++) {
        CimConnection *conn = CimConnection_Open(transports[i], careful);

        printf("%s: %s\n", transports[i], conn != NULL ? "connected" : "no");
        if (conn != NULL) {
            CimConnection_Close(conn);
        }
    }
}

static void leaky(void)
{
    try_transports(false);
}

static void careful(void)
{
    try_transports(true);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"leaky", leaky}, {"careful", careful}};

    return RUN_VARIANT(argc, argv, variants);
}
