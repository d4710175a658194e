/* SPDX-License-Identifier: MIT */
/* Random instances, options, serializers and deserializers. */
#include "stress.h"
#include "vehicle_class.h"

#include <string.h>

struct thing *take_or_make(struct worker *worker, enum mi_kind kind)
{
    if (shelf_count(kind) < 4 || (shelf_count(kind) < MOST && worker_random(worker, 4) == 0)) {
        return NULL;
    }
    return shelf_take(kind, worker_random(worker, 1000));
}

void close_object(struct thing *thing)
{
    MI_Result result = MI_RESULT_OK;

    switch (thing->kind) {
    case MI_KIND_application:
        result = do_Application_Close(&thing->application);
        break;
    case MI_KIND_instance:
        result = do_Instance_Delete(thing->instance);
        break;
    case MI_KIND_class:
        close_class(thing);
        return;
    case MI_KIND_destination_options:
        do_DestinationOptions_Delete(&thing->destination_options);
        break;
    case MI_KIND_operation_options:
        do_OperationOptions_Delete(&thing->operation_options);
        break;
    case MI_KIND_subscription_options:
        result = do_SubscriptionDeliveryOptions_Delete(&thing->subscription_options);
        break;
    case MI_KIND_serializer:
        result = do_Serializer_Close(&thing->serializer);
        break;
    default:
        result = do_Deserializer_Close(&thing->deserializer);
        break;
    }
    if (result == MI_RESULT_OK) {
        thing_closed(thing);
    }
}

static void new_instance(struct worker *worker)
{
    struct thing *thing = thing_new(MI_KIND_instance, MI_FN_application_new_instance);
    struct thing *class = shelf_take(MI_KIND_class, worker_random(worker, 1000));
    MI_Application *application = &worker->anchor->application;
    unsigned way = worker_random(worker, 3);
    MI_Result result;

    if (class != NULL && way == 0) {
        thing->creator = MI_FN_application_new_instance_from_class;
        result = do_Application_NewInstanceFromClass(application, NULL, class->class, &thing->instance);
    } else if (way == 1) {
        thing->creator = MI_FN_utilities_cim_error_from_error_code;
        result = do_Utilities_CimErrorFromErrorCode(4, "MI", "a message", &thing->instance);
    } else {
        result = do_Application_NewInstance(application, "Stress", NULL, &thing->instance);
    }
    thing_keep(thing, result);
    if (class != NULL) {
        shelf_put(class);
    }
}

static void clone_instance(const struct thing *from)
{
    struct thing *thing = thing_new(MI_KIND_instance, MI_FN_instance_clone);

    thing_keep(thing, do_Instance_Clone(from->instance, &thing->instance));
}

/* Calls that make nothing; some of them fail. */
static void use_instance(struct worker *worker, MI_Instance *instance)
{
    MI_Value value = {.uint32 = worker_random(worker, 9)};
    MI_Uint32 number, flags, index;
    const MI_Char *text;
    MI_Boolean is_vehicle;
    MI_Type type;

    do_Instance_GetElementCount(instance, &number);
    switch (worker_random(worker, 6)) {
    case 0:
        do_Instance_AddElement(instance, "Seats", &value, MI_UINT32, 0);
        break;
    case 1:
        do_Instance_SetElement(instance, "Seats", &value, MI_UINT32, 0);
        break;
    case 2:
        do_Instance_GetElement(instance, "Seats", &value, &type, &flags, &index);
        break;
    case 3:
        do_Instance_GetElementAt(instance, 0, &text, &value, &type, &flags);
        break;
    case 4:
        do_Instance_IsA(instance, vehicle_class, &is_vehicle);
        break;
    default:
        do_Instance_GetClassName(instance, &text);
        break;
    }
}

void step_instance(struct worker *worker)
{
    struct thing *thing = take_or_make(worker, MI_KIND_instance);

    if (thing == NULL) {
        new_instance(worker);
        return;
    }
    for (unsigned i = worker_random(worker, 6); i > 0; i--) {
        use_instance(worker, thing->instance);
    }
    if (shelf_count(MI_KIND_instance) < MOST && worker_random(worker, 4) == 0) {
        clone_instance(thing);
    } else if (shelf_count(MI_KIND_class) < MOST && worker_random(worker, 8) == 0) {
        class_of_instance(thing->instance);
    } else if (worker_random(worker, 3) == 0) {
        close_object(thing);
        return;
    }
    shelf_put(thing);
}

static void new_options(struct worker *worker, enum mi_kind kind)
{
    MI_Application *application = &worker->anchor->application;
    struct thing *thing;

    if (kind == MI_KIND_destination_options) {
        thing = thing_new(kind, MI_FN_application_new_destination_options);
        thing_keep(thing, do_Application_NewDestinationOptions(application, &thing->destination_options));
    } else if (kind == MI_KIND_operation_options) {
        thing = thing_new(kind, MI_FN_application_new_operation_options);
        thing_keep(thing,
                   do_Application_NewOperationOptions(application, MI_FALSE, &thing->operation_options));
    } else {
        thing = thing_new(kind, MI_FN_application_new_subscription_delivery_options);
        thing_keep(thing, do_Application_NewSubscriptionDeliveryOptions(application, 1,
                                                                        &thing->subscription_options));
    }
}

static void clone_options(const struct thing *from)
{
    struct thing *thing;

    if (from->kind == MI_KIND_destination_options) {
        thing = thing_new(from->kind, MI_FN_destination_options_clone);
        thing_keep(thing,
                   do_DestinationOptions_Clone(&from->destination_options, &thing->destination_options));
    } else if (from->kind == MI_KIND_operation_options) {
        thing = thing_new(from->kind, MI_FN_operation_options_clone);
        thing_keep(thing, do_OperationOptions_Clone(&from->operation_options, &thing->operation_options));
    } else {
        thing = thing_new(from->kind, MI_FN_subscription_options_clone);
        thing_keep(thing, do_SubscriptionDeliveryOptions_Clone(&from->subscription_options,
                                                               &thing->subscription_options));
    }
}

static void use_options(struct thing *thing)
{
    MI_Uint32 number;

    if (thing->kind == MI_KIND_destination_options) {
        do_DestinationOptions_SetNumber(&thing->destination_options,
                                        "__MI_DESTINATIONOPTIONS_MAX_ENVELOPE_SIZE", 500, 0);
        do_DestinationOptions_GetOptionCount(&thing->destination_options, &number);
    } else if (thing->kind == MI_KIND_operation_options) {
        do_OperationOptions_SetNumber(&thing->operation_options, "__MI_OPERATIONOPTIONS_WRITEERRORMODE", 1,
                                      0);
        do_OperationOptions_GetOptionCount(&thing->operation_options, &number);
    } else {
        do_SubscriptionDeliveryOptions_GetOptionCount(&thing->subscription_options, &number);
    }
}

void step_options(struct worker *worker)
{
    static const enum mi_kind kinds[] = {MI_KIND_destination_options, MI_KIND_operation_options,
                                         MI_KIND_subscription_options};
    enum mi_kind kind = kinds[worker_random(worker, 3)];
    struct thing *thing = take_or_make(worker, kind);

    if (thing == NULL) {
        new_options(worker, kind);
        return;
    }
    use_options(thing);
    if (shelf_count(kind) < MOST && worker_random(worker, 4) == 0) {
        clone_options(thing);
    } else if (worker_random(worker, 3) == 0) {
        close_object(thing);
        return;
    }
    shelf_put(thing);
}

static void use_serializer(struct worker *worker, struct thing *thing)
{
    struct thing *instance = shelf_take(MI_KIND_instance, worker_random(worker, 1000));
    MI_Uint8 buffer[4096];
    MI_Uint32 needed = 0;

    if (instance != NULL) {
        do_Serializer_SerializeInstance(&thing->serializer, 0, instance->instance, buffer, sizeof buffer,
                                        &needed);
        shelf_put(instance);
    }
}

static char class_text[] = "class Stress_Bike { [Key] string Plate; uint32 Gears; };";
static char instance_text[] = "instance of Stress_Bike { Plate = \"B-MI 2\"; Gears = 7; };";

/* The class that the deserializer asks for becomes the deserializer's. */
static MI_Result give_class(void *context, const MI_Char *server_name, const MI_Char *namespace_name,
                            const MI_Char *class_name, MI_Class **object)
{
    MI_Result result;

    (void)server_name, (void)namespace_name, (void)class_name;
    account_callback(MI_CB_class_needed);
    result = do_Class_Clone(context, object);
    if (result == MI_RESULT_OK && *object != context) {
        account_made(MI_KIND_class);
        account_closed(MI_KIND_class);
    }
    return result;
}

static void use_deserializer(struct thing *thing)
{
    struct thing *class = thing_new(MI_KIND_class, MI_FN_deserializer_deserialize_class);
    struct thing *instance = thing_new(MI_KIND_instance, MI_FN_deserializer_deserialize_instance);
    MI_Uint32 read = 0;
    MI_Result result = do_Deserializer_DeserializeClass(&thing->deserializer, 0, (MI_Uint8 *)class_text,
                                                        (MI_Uint32)strlen(class_text), NULL, NULL, NULL, NULL,
                                                        NULL, &read, &class->class, NULL);

    if (result == MI_RESULT_OK) {
        thing_keep(instance,
                   do_Deserializer_DeserializeInstance(&thing->deserializer, 0, (MI_Uint8 *)instance_text,
                                                       (MI_Uint32)strlen(instance_text), NULL, 0, give_class,
                                                       class->class, &read, &instance->instance, NULL));
    }
    keep_class(class, result);
}

static void new_codec(struct worker *worker, enum mi_kind kind)
{
    static const char *const formats[] = {"MI_XML", "MI_MOF_CIMV2_EXTV1"};
    MI_Char *format = (MI_Char *)(uintptr_t)formats[worker_random(worker, 2)];
    MI_Application *application = &worker->anchor->application;
    struct thing *thing;

    if (kind == MI_KIND_serializer) {
        thing = thing_new(kind, MI_FN_application_new_serializer);
        thing_keep(thing, do_Application_NewSerializer(application, 0, format, &thing->serializer));
    } else { /* MI_XML is refused */
        thing = thing_new(kind, MI_FN_application_new_deserializer);
        thing_keep(thing, do_Application_NewDeserializer(application, 0, format, &thing->deserializer));
    }
}

void step_codec(struct worker *worker)
{
    enum mi_kind kind = worker_random(worker, 2) == 0 ? MI_KIND_serializer : MI_KIND_deserializer;
    struct thing *thing = take_or_make(worker, kind);

    if (thing == NULL) {
        new_codec(worker, kind);
    } else if (worker_random(worker, 3) == 0) {
        close_object(thing);
    } else {
        if (kind == MI_KIND_serializer) {
            use_serializer(worker, thing);
        } else if (shelf_count(MI_KIND_class) < MOST) {
            use_deserializer(thing);
        }
        shelf_put(thing);
    }
}
