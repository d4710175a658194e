/* SPDX-License-Identifier: MIT */
/*
 * A deserializer asks the program for the class of what it reads. LEGAL: "fetched", the program gets it from
 * the server, with a session of its own that it closes in there without a completion function, as this
 * callback runs on its own thread; "cached", it gives a further reference to a class it has. LEAKS ("kept"):
 * the clone that was kept besides the one given away.
 */
#include "app_support.h"
#include "variants.h"

#include <stdio.h>
#include <string.h>

static MI_Uint8 text[] = "instance of OMI_Identify { InstanceID = \"2\"; };";
static MI_Char mof[] = "MI_MOF_CIMV2_EXTV1";

struct reader {
    MI_Application application;
    MI_Class *cached;
    MI_Class *extra;
};

static MI_Class *fetch_class(MI_Application *application, const char *name)
{
    MI_Session session;
    MI_Operation operation;
    MI_Boolean more = MI_TRUE;
    MI_Result result;
    MI_Class *copy = NULL;

    open_session(application, &session);
    MI_Session_GetClass(&session, 0, NULL, app_namespace(), name, NULL, &operation);
    while (more) {
        const MI_Class *found = NULL;

        app_require("get", MI_Operation_GetClass(&operation, &found, &more, &result, NULL, NULL));
        if (found != NULL && copy == NULL) {
            app_require("clone", MI_Class_Clone(found, &copy));
        }
    }
    MI_Operation_Close(&operation);
    MI_Session_Close(&session, NULL, NULL);
    return copy;
}

static MI_Result give_fetched(void *context, const MI_Char *server, const MI_Char *namespace_name,
                              const MI_Char *class_name, MI_Class **wanted)
{
    struct reader *reader = context;

    (void)server;
    (void)namespace_name;
    *wanted = fetch_class(&reader->application, class_name);
    return *wanted != NULL ? MI_RESULT_OK : MI_RESULT_NOT_FOUND;
}

static MI_Result give_cached(void *context, const MI_Char *server, const MI_Char *namespace_name,
                             const MI_Char *class_name, MI_Class **wanted)
{
    struct reader *reader = context;

    (void)server;
    (void)namespace_name;
    (void)class_name;
    return MI_Class_Clone(reader->cached, wanted);
}

static void read_instance(struct reader *reader, MI_Deserializer_ClassObjectNeeded give)
{
    MI_Deserializer deserializer;
    MI_Instance *instance = NULL;
    MI_Uint32 used = 0;

    app_require("deserializer", MI_Application_NewDeserializer(&reader->application, 0, mof, &deserializer));
    app_print("read",
              MI_Deserializer_DeserializeInstance(&deserializer, 0, text, (MI_Uint32)strlen((char *)text),
                                                  NULL, 0, give, reader, &used, &instance, NULL));
    print_instance(instance);
    MI_Instance_Delete(instance);
    MI_Deserializer_Close(&deserializer);
}

static void fetched(void)
{
    struct reader reader = {.cached = NULL};

    open_application(&reader.application, "classes_on_demand");
    read_instance(&reader, give_fetched);
    app_print("application", MI_Application_Close(&reader.application));
}

static void cached(void)
{
    struct reader reader = {.cached = NULL};

    open_application(&reader.application, "classes_on_demand");
    reader.cached = fetch_class(&reader.application, app_class());
    read_instance(&reader, give_cached);
    read_instance(&reader, give_cached);
    MI_Class_Delete(reader.cached);
    app_print("application", MI_Application_Close(&reader.application));
}

static void keep_one_more(struct reader *reader)
{
    app_require("clone", MI_Class_Clone(reader->cached, &reader->extra));
}

/* Deletes its cached reference, and forgets the other one. */
static void kept(void)
{
    struct reader reader = {.cached = NULL};

    open_application(&reader.application, "classes_on_demand");
    read_instance(&reader, give_fetched);
    reader.cached = fetch_class(&reader.application, app_class());
    keep_one_more(&reader);
    MI_Class_Delete(reader.cached);
    app_print("application", MI_Application_Close(&reader.application));
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"fetched", fetched}, {"cached", cached}, {"kept", kept}};

    return RUN_VARIANT(argc, argv, variants);
}
