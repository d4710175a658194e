/* SPDX-License-Identifier: MIT */
/* clean_everything: serializers, deserializers and utilities. */
#include "everything.h"

#include "vehicle_class.h"

#include <stdio.h>
#include <string.h>

static char class_text[] = "class Garage_Bike { [Key] string Plate; uint32 Gears; };";
static char instance_text[] = "instance of Garage_Bike { Plate = \"B-MI 2\"; Gears = 7; };";

static void serialize(MI_Application *application, const char *format)
{
    MI_Serializer serializer;
    MI_Class *class = NULL;
    MI_Instance *instance = NULL;
    MI_Uint8 buffer[8192];
    MI_Uint32 needed = 0;

    SHOW(MI_Application_NewSerializer, application, 0, (MI_Char *)format, &serializer);
    SHOW(MI_Application_NewClass, application, vehicle_class, "root/test", NULL, &class);
    SHOW(MI_Application_NewInstanceFromClass, application, NULL, class, &instance);
    SHOW(MI_Serializer_SerializeClass, &serializer, 0, class, buffer, sizeof buffer, &needed);
    SHOW(MI_Serializer_SerializeInstance, &serializer, 0, instance, buffer, sizeof buffer, &needed);
    SHOW(MI_Instance_Delete, instance);
    SHOW(MI_Class_Delete, class);
    SHOW(MI_Serializer_Close, &serializer);
}

static MI_Class *deserialize_class(MI_Deserializer *deserializer)
{
    MI_Class *class = NULL;
    MI_Uint32 read = 0;

    SHOW(MI_Deserializer_DeserializeClass, deserializer, 0, (MI_Uint8 *)class_text,
         (MI_Uint32)strlen(class_text), NULL, NULL, NULL, NULL, NULL, &read, &class, NULL);
    return class;
}

/* The class that the deserializer asks for becomes the deserializer's. */
static MI_Result give_class(void *context, const MI_Char *server_name, const MI_Char *namespace_name,
                            const MI_Char *class_name, MI_Class **object)
{
    (void)server_name;
    (void)namespace_name;
    (void)class_name;
    return MI_Class_Clone(context, object);
}

static void deserialize_instances(MI_Deserializer *deserializer, MI_Class *class)
{
    MI_Instance *instance = NULL;
    MI_Uint32 read = 0;

    SHOW(MI_Deserializer_DeserializeInstance, deserializer, 0, (MI_Uint8 *)instance_text,
         (MI_Uint32)strlen(instance_text), &class, 1, NULL, NULL, &read, &instance, NULL);
    SHOW(MI_Instance_Delete, instance);
    SHOW(MI_Deserializer_DeserializeInstance, deserializer, 0, (MI_Uint8 *)instance_text,
         (MI_Uint32)strlen(instance_text), NULL, 0, give_class, class, &read, &instance, NULL);
    SHOW(MI_Instance_Delete, instance);
}

static void ask_for_names(MI_Deserializer *deserializer)
{
    MI_Char name[64];
    MI_Uint32 length = sizeof name;

    SHOW(MI_Deserializer_Class_GetClassName, deserializer, (MI_Uint8 *)class_text,
         (MI_Uint32)strlen(class_text), name, &length, NULL);
    SHOW(MI_Deserializer_Class_GetParentClassName, deserializer, (MI_Uint8 *)class_text,
         (MI_Uint32)strlen(class_text), name, &length, NULL);
    SHOW(MI_Deserializer_Instance_GetClassName, deserializer, (MI_Uint8 *)instance_text,
         (MI_Uint32)strlen(instance_text), name, &length, NULL);
}

static void everything_of_utilities(void)
{
    MI_Instance *error = NULL;

    printf("MI_Utilities_MapErrorToMiErrorCategory: %d\n", MI_Utilities_MapErrorToMiErrorCategory("MI", 4));
    SHOW(MI_Utilities_CimErrorFromErrorCode, 4, "MI", "a message", &error);
    SHOW(MI_Instance_Delete, error);
}

void everything_of_codecs(MI_Application *application)
{
    MI_Deserializer deserializer;
    MI_Class *class;

    serialize(application, "MI_XML");
    serialize(application, "MI_MOF_CIMV2_EXTV1");
    SHOW(MI_Application_NewDeserializer, application, 0, (MI_Char *)"MI_XML", &deserializer);
    SHOW(MI_Application_NewDeserializer, application, 0, (MI_Char *)"MI_MOF_CIMV2_EXTV1", &deserializer);
    class = deserialize_class(&deserializer);
    deserialize_instances(&deserializer, class);
    ask_for_names(&deserializer);
    SHOW(MI_Class_Delete, class);
    SHOW(MI_Deserializer_Close, &deserializer);
    everything_of_utilities();
}
