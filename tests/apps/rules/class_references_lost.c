/* SPDX-License-Identifier: MIT */
/*
 * Every way to come by a class of one's own. LEAKS: "clone", "parent", "of-instance", "parsed", "reference"
 * (two references to one class, one deleted). LEGAL: "all", each one deleted.
 */
#include "app_support.h"
#include "variants.h"

#include "vehicle_class.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static MI_Uint8 text[] = "class Garage_Bike { [Key] string Plate; uint32 Gears; };";
static MI_Char mof[] = "MI_MOF_CIMV2_EXTV1";

static MI_Application app;

static MI_Class *declared(void)
{
    MI_Class *made = NULL;

    app_require("NewClass", MI_Application_NewClass(&app, vehicle_class, app_namespace(), NULL, &made));
    return made;
}

static void use_clone_of_result(MI_Session *session, bool release)
{
    MI_Operation op;
    MI_Boolean more = MI_TRUE;
    MI_Result result;
    MI_Class *copy = NULL;

    MI_Session_GetClass(session, 0, NULL, app_namespace(), app_class(), NULL, &op);
    while (more) {
        const MI_Class *found = NULL;

        app_require("GetClass", MI_Operation_GetClass(&op, &found, &more, &result, NULL, NULL));
        if (found != NULL && copy == NULL) {
            app_require("Clone", MI_Class_Clone(found, &copy));
        }
    }
    MI_Operation_Close(&op);
    if (release) {
        MI_Class_Delete(copy);
    }
}

static void use_schema(bool release)
{
    MI_Session session;

    open_session(&app, &session);
    use_clone_of_result(&session, release);
    MI_Session_Close(&session, NULL, NULL);
}

static void use_parent(bool release)
{
    MI_Class *child = declared();
    MI_Class *parent = NULL;
    const MI_Char *name = NULL;

    app_require("GetParentClass", MI_Class_GetParentClass(child, &parent));
    app_require("GetClassName", MI_Class_GetClassName(parent, &name));
    printf("parent: %s\n", name);
    MI_Class_Delete(child);
    if (release) {
        MI_Class_Delete(parent);
    }
}

static void use_class_of_instance(bool release)
{
    MI_Class *made = declared();
    MI_Class *of_instance = NULL;
    MI_Instance *instance = NULL;
    MI_Uint32 elements = 0;

    app_require("NewInstanceFromClass", MI_Application_NewInstanceFromClass(&app, NULL, made, &instance));
    MI_Class_Delete(made);
    app_require("GetClass", MI_Instance_GetClass(instance, &of_instance));
    app_require("GetElementCount", MI_Class_GetElementCount(of_instance, &elements));
    printf("elements: %u\n", elements);
    MI_Instance_Delete(instance);
    if (release) {
        MI_Class_Delete(of_instance);
    }
}

static void use_parsed(bool release)
{
    MI_Deserializer parser;
    MI_Class *made = NULL;
    MI_Uint32 used = 0;

    app_require("NewDeserializer", MI_Application_NewDeserializer(&app, 0, mof, &parser));
    app_require("DeserializeClass",
                MI_Deserializer_DeserializeClass(&parser, 0, text, (MI_Uint32)strlen((char *)text), NULL,
                                                 NULL, NULL, NULL, NULL, &used, &made, NULL));
    MI_Deserializer_Close(&parser);
    if (release) {
        MI_Class_Delete(made);
    }
}

static void use_second_reference(bool release)
{
    MI_Class *first = declared();
    MI_Class *second = NULL;

    app_require("Clone", MI_Class_Clone(first, &second));
    MI_Class_Delete(first);
    if (release) {
        MI_Class_Delete(second);
    }
}

static void run(void (*use)(bool), bool release)
{
    open_application(&app, "class_references_lost");
    use(release);
    app_print("close", MI_Application_Close(&app));
}

static void lose_clone(void)
{
    run(use_schema, false);
}

static void lose_parent(void)
{
    run(use_parent, false);
}

static void lose_class_of_instance(void)
{
    run(use_class_of_instance, false);
}

static void lose_parsed(void)
{
    run(use_parsed, false);
}

static void lose_reference(void)
{
    run(use_second_reference, false);
}

static void lose_none(void)
{
    run(use_schema, true);
    run(use_parent, true);
    run(use_class_of_instance, true);
    run(use_parsed, true);
    run(use_second_reference, true);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"clone", lose_clone},   {"parent", lose_parent},       {"of-instance", lose_class_of_instance},
        {"parsed", lose_parsed}, {"reference", lose_reference}, {"all", lose_none},
    };

    return RUN_VARIANT(argc, argv, variants);
}
