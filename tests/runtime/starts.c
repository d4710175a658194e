/* SPDX-License-Identifier: MIT */
/* Sessions: the thirteen starting calls. Which parameter each cannot do without is OMI's choice. */
#include "operation.h"
#include "slots.h"

/* A starting call that cannot do without `subject`. */
static void start_about(const void *subject, const struct start *start)
{
    if (subject == NULL) {
        operation_fail(start->kind, MI_RESULT_INVALID_PARAMETER, start->callbacks, start->session,
                       start->operation);
    } else {
        operation_start(start);
    }
}

#define START(result_kind, ...)                                                          \
    &(struct start)                                                                      \
    {                                                                                    \
        .session = self, .flags = flags, .callbacks = callbacks, .operation = operation, \
        .kind = (result_kind), __VA_ARGS__                                               \
    }

void session_get_instance(MI_Session *self, MI_Uint32 flags, MI_OperationOptions *options,
                          const MI_Char *namespace_name, const MI_Instance *instance,
                          MI_OperationCallbacks *callbacks, MI_Operation *operation)
{
    start_about(instance,
                START(RESULT_INSTANCE, .options = options,
                      .question = {.verb = ASK_GET, .namespace_name = namespace_name, .instance = instance}));
}

void session_modify_instance(MI_Session *self, MI_Uint32 flags, MI_OperationOptions *options,
                             const MI_Char *namespace_name, const MI_Instance *instance,
                             MI_OperationCallbacks *callbacks, MI_Operation *operation)
{
    start_about(
        instance,
        START(RESULT_INSTANCE, .options = options,
              .question = {.verb = ASK_MODIFY, .namespace_name = namespace_name, .instance = instance}));
}

void session_create_instance(MI_Session *self, MI_Uint32 flags, MI_OperationOptions *options,
                             const MI_Char *namespace_name, const MI_Instance *instance,
                             MI_OperationCallbacks *callbacks, MI_Operation *operation)
{
    start_about(
        instance,
        START(RESULT_INSTANCE, .options = options,
              .question = {.verb = ASK_CREATE, .namespace_name = namespace_name, .instance = instance}));
}

void session_delete_instance(MI_Session *self, MI_Uint32 flags, MI_OperationOptions *options,
                             const MI_Char *namespace_name, const MI_Instance *instance,
                             MI_OperationCallbacks *callbacks, MI_Operation *operation)
{
    start_about(
        instance,
        START(RESULT_INSTANCE, .options = options,
              .question = {.verb = ASK_DELETE, .namespace_name = namespace_name, .instance = instance}));
}

void session_invoke(MI_Session *self, MI_Uint32 flags, MI_OperationOptions *options,
                    const MI_Char *namespace_name, const MI_Char *class_name, const MI_Char *method_name,
                    const MI_Instance *instance, const MI_Instance *parameters,
                    MI_OperationCallbacks *callbacks, MI_Operation *operation)
{
    start_about(method_name, START(RESULT_INSTANCE, .options = options,
                                   .question = {.verb = ASK_INVOKE,
                                                .namespace_name = namespace_name,
                                                .class_name = class_name,
                                                .method = method_name,
                                                .instance = instance,
                                                .parameters = parameters}));
}

void session_enumerate_instances(MI_Session *self, MI_Uint32 flags, MI_OperationOptions *options,
                                 const MI_Char *namespace_name, const MI_Char *class_name,
                                 MI_Boolean keys_only, MI_OperationCallbacks *callbacks,
                                 MI_Operation *operation)
{
    (void)keys_only;
    operation_start(START(
        RESULT_INSTANCE, .options = options,
        .question = {.verb = ASK_ENUMERATE, .namespace_name = namespace_name, .class_name = class_name}));
}

void session_query_instances(MI_Session *self, MI_Uint32 flags, MI_OperationOptions *options,
                             const MI_Char *namespace_name, const MI_Char *dialect, const MI_Char *query,
                             MI_OperationCallbacks *callbacks, MI_Operation *operation)
{
    operation_start(
        START(RESULT_INSTANCE, .options = options,
              .question = {
                  .verb = ASK_QUERY, .namespace_name = namespace_name, .dialect = dialect, .query = query}));
}

void session_associator_instances(MI_Session *self, MI_Uint32 flags, MI_OperationOptions *options,
                                  const MI_Char *namespace_name, const MI_Instance *instance,
                                  const MI_Char *association_class, const MI_Char *result_class,
                                  const MI_Char *role, const MI_Char *result_role, MI_Boolean keys_only,
                                  MI_OperationCallbacks *callbacks, MI_Operation *operation)
{
    (void)association_class;
    (void)result_class;
    (void)role;
    (void)result_role;
    (void)keys_only;
    start_about(
        instance,
        START(RESULT_INSTANCE, .options = options,
              .question = {.verb = ASK_ASSOCIATORS, .namespace_name = namespace_name, .instance = instance}));
}

void session_reference_instances(MI_Session *self, MI_Uint32 flags, MI_OperationOptions *options,
                                 const MI_Char *namespace_name, const MI_Instance *instance,
                                 const MI_Char *result_class, const MI_Char *role, MI_Boolean keys_only,
                                 MI_OperationCallbacks *callbacks, MI_Operation *operation)
{
    (void)result_class;
    (void)role;
    (void)keys_only;
    start_about(
        instance,
        START(RESULT_INSTANCE, .options = options,
              .question = {.verb = ASK_REFERENCES, .namespace_name = namespace_name, .instance = instance}));
}

void session_subscribe(MI_Session *self, MI_Uint32 flags, MI_OperationOptions *options,
                       const MI_Char *namespace_name, const MI_Char *dialect, const MI_Char *query,
                       const MI_SubscriptionDeliveryOptions *delivery, MI_OperationCallbacks *callbacks,
                       MI_Operation *operation)
{
    operation_start(START(
        RESULT_INDICATION, .options = options, .delivery = delivery,
        .question = {
            .verb = ASK_SUBSCRIBE, .namespace_name = namespace_name, .dialect = dialect, .query = query}));
}

void session_get_class(MI_Session *self, MI_Uint32 flags, MI_OperationOptions *options,
                       const MI_Char *namespace_name, const MI_Char *class_name,
                       MI_OperationCallbacks *callbacks, MI_Operation *operation)
{
    operation_start(
        START(RESULT_CLASS, .options = options,
              .question = {.verb = ASK_CLASS, .namespace_name = namespace_name, .class_name = class_name}));
}

void session_enumerate_classes(MI_Session *self, MI_Uint32 flags, MI_OperationOptions *options,
                               const MI_Char *namespace_name, const MI_Char *class_name,
                               MI_Boolean names_only, MI_OperationCallbacks *callbacks,
                               MI_Operation *operation)
{
    (void)names_only;
    operation_start(
        START(RESULT_CLASS, .options = options,
              .question = {.verb = ASK_CLASSES, .namespace_name = namespace_name, .class_name = class_name}));
}

void session_test_connection(MI_Session *self, MI_Uint32 flags, MI_OperationCallbacks *callbacks,
                             MI_Operation *operation)
{
    operation_start(START(RESULT_INSTANCE, .question = {.verb = ASK_CONNECTION}));
}
