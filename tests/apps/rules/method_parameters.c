/* SPDX-License-Identifier: MIT */
/*
 * Calls a method with a parameter set. LEAKS ("success"): the set is deleted on the error path only. LEGAL:
 * "deleted"; "adopted": an instance that was given away with MI_FLAG_ADOPT is not the program's any more;
 * "nested": a copy in a parameter dies with the set.
 */
#include "app_support.h"
#include "variants.h"

#include <stdio.h>
#include <string.h>

#define TARGET_NAMESPACE "root/cimv2"
#define TARGET_CLASS     "X_SmallNumber"

struct client {
    MI_Application application;
    MI_Session session;
};

static void start_client(struct client *client)
{
    open_application(&client->application, "method_parameters");
    open_session(&client->application, &client->session);
}

static void stop_client(struct client *client)
{
    MI_Session_Close(&client->session, NULL, NULL);
    MI_Application_Close(&client->application);
}

static MI_Instance *make_parameters(struct client *client, MI_Uint64 number)
{
    MI_Instance *parameters = NULL;
    MI_Value value;

    app_require("parameter set",
                MI_Application_NewInstance(&client->application, "Parameters", NULL, &parameters));
    memset(&value, 0, sizeof value);
    value.uint64 = number;
    app_require("num", MI_Instance_AddElement(parameters, "num", &value, MI_UINT64, 0));
    return parameters;
}

/* What the server says about the method is not the point here. */
static MI_Result invoke(struct client *client, const MI_Instance *parameters)
{
    MI_Operation operation;
    MI_Result result;

    MI_Session_Invoke(&client->session, 0, NULL, TARGET_NAMESPACE, TARGET_CLASS, "SpellNumber", NULL,
                      parameters, NULL, &operation);
    result = drain_unseen(&operation);
    MI_Operation_Close(&operation);
    return result;
}

static void spell_and_lose_parameters(struct client *client, MI_Uint64 number)
{
    MI_Instance *parameters = make_parameters(client, number);

    if (number == 0) {
        MI_Instance_Delete(parameters);
        return;
    }
    invoke(client, parameters);
}

static void success(void)
{
    struct client client;

    start_client(&client);
    for (MI_Uint64 number = 0; number < 3; number++) {
        spell_and_lose_parameters(&client, number);
    }
    stop_client(&client);
}

static void deleted(void)
{
    struct client client;
    MI_Instance *parameters;

    start_client(&client);
    parameters = make_parameters(&client, 123);
    invoke(&client, parameters);
    app_print("delete", MI_Instance_Delete(parameters));
    stop_client(&client);
}

static void add_number(struct client *client, MI_Instance *parameters, MI_Uint32 flags)
{
    MI_Value value;

    memset(&value, 0, sizeof value);
    value.instance = make_parameters(client, 7);
    app_require("inner", MI_Instance_AddElement(parameters, "inner", &value, MI_INSTANCE, flags));
    if (flags == 0) {
        MI_Instance_Delete(value.instance);
    }
}

static void with_inner(MI_Uint32 flags)
{
    struct client client;
    MI_Instance *parameters;

    start_client(&client);
    parameters = make_parameters(&client, 1);
    add_number(&client, parameters, flags);
    app_print("delete", MI_Instance_Delete(parameters));
    stop_client(&client);
}

static void adopted(void)
{
    with_inner(MI_FLAG_ADOPT);
}

static void nested(void)
{
    with_inner(0);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"success", success}, {"deleted", deleted}, {"adopted", adopted}, {"nested", nested}};

    return RUN_VARIANT(argc, argv, variants);
}
