/* SPDX-License-Identifier: MIT */
/* The in-tree MI runtime: instances, classes, options and codecs, and the calls it makes through its own
 * tables. */
#include "app_support.h"

#include "vehicle_class.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static MI_Application application;

static int open_test_application(void **state)
{
    (void)state;
    open_application(&application, "test");
    return 0;
}

static int close_test_application(void **state)
{
    (void)state;
    return MI_Application_Close(&application) == MI_RESULT_OK ? 0 : -1;
}

static MI_Instance *new_instance(const char *name)
{
    MI_Instance *instance = NULL;

    assert_int_equal(MI_Application_NewInstance(&application, name, NULL, &instance), MI_RESULT_OK);
    return instance;
}

static void elements_are_copied_in_and_borrowed_out(void **state)
{
    MI_Instance *instance = new_instance("Garage_Vehicle");
    char plate[] = "B-MI 1";
    MI_Value value = {.string = plate};
    MI_Type type;
    MI_Uint32 flags, index;

    (void)state;
    assert_int_equal(MI_Instance_AddElement(instance, "Plate", &value, MI_STRING, MI_FLAG_KEY), MI_RESULT_OK);
    plate[0] = 'X';
    assert_int_equal(MI_Instance_GetElement(instance, "PLATE", &value, &type, &flags, &index), MI_RESULT_OK);
    assert_string_equal(value.string, "B-MI 1");
    assert_int_equal(type, MI_STRING);
    assert_int_equal(flags & (MI_FLAG_KEY | MI_FLAG_NULL), MI_FLAG_KEY);
    assert_int_equal(MI_Instance_ClearElementAt(instance, 0), MI_RESULT_OK);
    assert_int_equal(MI_Instance_GetElementAt(instance, 0, NULL, NULL, NULL, &flags), MI_RESULT_OK);
    assert_int_equal(flags & MI_FLAG_NULL, MI_FLAG_NULL);
    assert_int_equal(MI_Instance_Delete(instance), MI_RESULT_OK);
}

static void instance_is_a_shell_before_a_body(void **state)
{
    MI_Instance *dynamic = new_instance("Garage_Vehicle");
    MI_Instance *of_class = NULL;
    MI_Value value = {.uint32 = 4};

    (void)state;
    assert_int_not_equal(dynamic->reserved[0], 0);
    assert_ptr_not_equal((void *)dynamic->reserved[1], dynamic);
    assert_memory_equal((void *)dynamic->reserved[1], dynamic, sizeof *dynamic);
    assert_int_equal(MI_Application_NewInstance(&application, NULL, vehicle_class, &of_class), MI_RESULT_OK);
    assert_ptr_equal((void *)of_class->reserved[1], of_class);
    assert_int_equal(MI_Instance_AddElement(of_class, "Doors", &value, MI_UINT32, 0), MI_RESULT_FAILED);
    assert_int_equal(MI_Instance_SetElement(of_class, "Seats", &value, MI_UINT32, 0), MI_RESULT_OK);
    MI_Instance_Delete(of_class);
    MI_Instance_Delete(dynamic);
}

static void nested_values_are_copied(void **state)
{
    MI_Instance *outer = new_instance("Outer"), *inner = new_instance("Inner"), *copy = NULL;
    MI_Value value = {.instance = inner};

    (void)state;
    assert_int_equal(MI_Instance_AddElement(outer, "Inner", &value, MI_INSTANCE, 0), MI_RESULT_OK);
    assert_int_equal(MI_Instance_Delete(inner), MI_RESULT_OK);
    assert_int_equal(MI_Instance_Clone(outer, &copy), MI_RESULT_OK);
    assert_int_equal(MI_Instance_Delete(outer), MI_RESULT_OK);
    assert_int_equal(MI_Instance_GetElement(copy, "Inner", &value, NULL, NULL, NULL), MI_RESULT_OK);
    assert_string_equal(value.instance->classDecl->name, "Inner");
    assert_int_equal(MI_Instance_Delete(copy), MI_RESULT_OK);
}

static void class_clones_count_references(void **state)
{
    MI_Class *class = NULL, *clone = NULL;
    MI_Instance *instance = NULL;
    const MI_Char *name = NULL;

    (void)state;
    assert_int_equal(MI_Application_NewClass(&application, vehicle_class, "root/test", NULL, &class),
                     MI_RESULT_OK);
    assert_int_equal(MI_Class_Clone(class, &clone), MI_RESULT_OK);
    assert_ptr_equal(clone, class);
    assert_int_equal(class->reserved[1], 2);
    assert_int_equal(MI_Application_NewInstanceFromClass(&application, NULL, class, &instance), MI_RESULT_OK);
    assert_int_equal(class->reserved[1], 3);
    assert_int_equal(MI_Class_Delete(class), MI_RESULT_OK);
    assert_int_equal(MI_Class_Delete(class), MI_RESULT_OK);
    assert_int_equal(MI_Instance_GetClassName(instance, &name), MI_RESULT_OK);
    assert_string_equal(name, "Garage_Vehicle");
    assert_int_equal(MI_Instance_Delete(instance), MI_RESULT_OK);
}

static void class_of_an_operation_counts_nothing(void **state)
{
    MI_Session session;
    MI_Operation operation;
    MI_Boolean more;
    MI_Result result;
    const MI_Class *lent = NULL;
    MI_Class *copy = NULL;

    (void)state;
    open_session(&application, &session);
    MI_Session_GetClass(&session, 0, NULL, "root/omi", "OMI_Identify", NULL, &operation);
    assert_int_equal(MI_Operation_GetClass(&operation, &lent, &more, &result, NULL, NULL), MI_RESULT_OK);
    assert_int_equal(lent->reserved[1], 0);
    assert_int_equal(MI_Class_Clone(lent, &copy), MI_RESULT_OK);
    assert_ptr_not_equal(copy, lent);
    assert_int_equal(MI_Class_Delete((MI_Class *)lent), MI_RESULT_OK);
    assert_int_equal(MI_Operation_Close(&operation), MI_RESULT_OK);
    assert_int_equal(MI_Class_Delete(copy), MI_RESULT_OK);
    assert_int_equal(MI_Session_Close(&session, NULL, NULL), MI_RESULT_OK);
}

static void channels_are_a_list(void **state)
{
    static const char channels[] = "__MI_OPERATIONOPTIONS_CHANNEL";
    MI_OperationOptions options;
    MI_Uint32 enabled[4], count = 0;

    (void)state;
    assert_int_equal(MI_Application_NewOperationOptions(&application, MI_FALSE, &options), MI_RESULT_OK);
    assert_int_equal(MI_OperationOptions_GetEnabledChannels(&options, channels, enabled, 4, &count, NULL),
                     MI_RESULT_OK);
    assert_int_equal(count, 3);
    assert_int_equal(MI_OperationOptions_SetNumber(&options, channels, 1, 1), MI_RESULT_OK);
    assert_int_equal(MI_OperationOptions_SetNumber(&options, channels, 9, 0), MI_RESULT_OK);
    assert_int_equal(MI_OperationOptions_GetEnabledChannels(&options, channels, enabled, 4, &count, NULL),
                     MI_RESULT_OK);
    assert_int_equal(count, 3);
    assert_int_equal(enabled[0], 0);
    assert_int_equal(enabled[1], 2);
    assert_int_equal(enabled[2], 9);
    MI_OperationOptions_Delete(&options);
}

static void passwords_come_out_on_request_only(void **state)
{
    const MI_UserCredentials given = {"Basic", {"domain", "user", "secret"}};
    MI_DestinationOptions options;
    MI_UserCredentials found;
    MI_Char password[16];
    MI_Uint32 length = 0;
    const MI_Char *name;

    (void)state;
    assert_int_equal(MI_Application_NewDestinationOptions(&application, &options), MI_RESULT_OK);
    assert_int_equal(MI_DestinationOptions_AddCredentials(&options, "Destination", &given, 0), MI_RESULT_OK);
    assert_int_equal(MI_DestinationOptions_AddCredentials(&options, "Destination", &given, 0),
                     MI_RESULT_FAILED);
    assert_int_equal(MI_DestinationOptions_GetCredentialsAt(&options, 0, &name, &found, NULL), MI_RESULT_OK);
    assert_string_equal(found.credentials[1], "user");
    assert_string_equal(found.credentials[2], "******");
    assert_int_equal(MI_DestinationOptions_GetCredentialsPasswordAt(&options, 0, &name, password,
                                                                    sizeof password, &length, NULL),
                     MI_RESULT_OK);
    assert_string_equal(password, "secret");
    MI_DestinationOptions_Delete(&options);
}

static void text_is_read_as_it_was_written(void **state)
{
    static char format[] = "MI_MOF_CIMV2_EXTV1";
    MI_Serializer serializer;
    MI_Deserializer deserializer;
    MI_Instance *written = NULL, *read = NULL;
    MI_Class *class = NULL;
    MI_Value value = {.uint32 = 5};
    MI_Uint8 text[256];
    MI_Uint32 needed = 0, too_small = 0;

    (void)state;
    assert_int_equal(MI_Application_NewSerializer(&application, 0, format, &serializer), MI_RESULT_OK);
    assert_int_equal(MI_Application_NewDeserializer(&application, 0, format, &deserializer), MI_RESULT_OK);
    assert_int_equal(MI_Application_NewClass(&application, vehicle_class, NULL, NULL, &class), MI_RESULT_OK);
    assert_int_equal(MI_Application_NewInstanceFromClass(&application, NULL, class, &written), MI_RESULT_OK);
    assert_int_equal(MI_Instance_SetElement(written, "Seats", &value, MI_UINT32, 0), MI_RESULT_OK);
    assert_int_equal(MI_Serializer_SerializeInstance(&serializer, 0, written, text, 3, &too_small),
                     MI_RESULT_FAILED);
    assert_int_equal(MI_Serializer_SerializeInstance(&serializer, 0, written, text, sizeof text, &needed),
                     MI_RESULT_OK);
    assert_int_equal(needed, too_small);
    assert_int_equal(MI_Deserializer_DeserializeInstance(&deserializer, 0, text, needed, &class, 1, NULL,
                                                         NULL, NULL, &read, NULL),
                     MI_RESULT_OK);
    value.uint32 = 0;
    assert_int_equal(MI_Instance_GetElement(read, "Seats", &value, NULL, NULL, NULL), MI_RESULT_OK);
    assert_int_equal(value.uint32, 5);
    MI_Instance_Delete(read);
    MI_Instance_Delete(written);
    MI_Class_Delete(class);
    MI_Serializer_Close(&serializer);
    MI_Deserializer_Close(&deserializer);
}

static MI_Result give_wrong_class(void *context, const MI_Char *server_name, const MI_Char *namespace_name,
                                  const MI_Char *class_name, MI_Class **object)
{
    (void)server_name;
    (void)namespace_name;
    (void)class_name;
    return MI_Class_Clone(context, object);
}

static void given_class_becomes_the_deserializer_s(void **state)
{
    static char format[] = "MI_MOF_CIMV2_EXTV1", text[] = "instance of Other { Seats = 1; };";
    MI_Deserializer deserializer;
    MI_Instance *instance = NULL;
    MI_Class *class = NULL;

    (void)state;
    assert_int_equal(MI_Application_NewDeserializer(&application, 0, format, &deserializer), MI_RESULT_OK);
    assert_int_equal(MI_Application_NewClass(&application, vehicle_class, NULL, NULL, &class), MI_RESULT_OK);
    assert_int_equal(MI_Deserializer_DeserializeInstance(&deserializer, 0, (MI_Uint8 *)text, sizeof text - 1,
                                                         NULL, 0, give_wrong_class, class, NULL, &instance,
                                                         NULL),
                     MI_RESULT_FAILED);
    assert_null(instance);
    assert_int_equal(class->reserved[1], 1);
    MI_Class_Delete(class);
}

/* Counting calls of a slot by patching the table in place, as an interceptor does. */
static MI_Result (*real_get_application)(MI_Session *, MI_Application *);
static MI_Result (*real_new_options)(MI_Application *, MI_DestinationOptions *);
static MI_Result (*real_cancel)(MI_Operation *, MI_CancellationReason);
static int calls;

static MI_Result count_get_application(MI_Session *self, MI_Application *out)
{
    calls++;
    return real_get_application(self, out);
}

static MI_Result count_new_options(MI_Application *self, MI_DestinationOptions *out)
{
    calls++;
    return real_new_options(self, out);
}

static MI_Result count_cancel(MI_Operation *self, MI_CancellationReason reason)
{
    calls++;
    return real_cancel(self, reason);
}

/* The table, made writable. */
static void *writable(const void *table)
{
    uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t page = (uintptr_t)table & ~(size - 1);

    assert_int_equal(mprotect((void *)page, 2 * size, PROT_READ | PROT_WRITE), 0);
    return (void *)(uintptr_t)table;
}

static void new_session_makes_options_through_the_table(void **state)
{
    MI_ApplicationFT *table = writable(application.ft);
    MI_Session session;

    (void)state;
    calls = 0;
    real_new_options = table->NewDestinationOptions;
    table->NewDestinationOptions = count_new_options;
    open_session(&application, &session);
    table->NewDestinationOptions = real_new_options;
    assert_int_equal(calls, 1);
    assert_int_equal(MI_Session_Close(&session, NULL, NULL), MI_RESULT_OK);
}

static void starting_asks_the_session_for_its_application(void **state)
{
    MI_Session session;
    MI_SessionFT *table;
    MI_Operation operation;

    (void)state;
    open_session(&application, &session);
    calls = 0;
    table = writable(session.ft);
    real_get_application = table->GetApplication;
    table->GetApplication = count_get_application;
    MI_Session_TestConnection(&session, 0, NULL, &operation);
    table->GetApplication = real_get_application;
    assert_int_equal(calls, 1);
    assert_int_equal(drain_unseen(&operation), MI_RESULT_OK);
    assert_int_equal(MI_Operation_Close(&operation), MI_RESULT_OK);
    assert_int_equal(MI_Session_Close(&session, NULL, NULL), MI_RESULT_OK);
}

static void ignore(void *context)
{
    (void)context;
}

static void closing_a_session_cancels_through_the_operation_s_table(void **state)
{
    MI_Session session;
    MI_Operation operation;
    MI_OperationFT *table;

    (void)state;
    open_session(&application, &session);
    MI_Session_TestConnection(&session, 0, NULL, &operation);
    calls = 0;
    table = writable(operation.ft);
    real_cancel = table->Cancel;
    table->Cancel = count_cancel;
    assert_int_equal(MI_Session_Close(&session, NULL, ignore), MI_RESULT_OK);
    table->Cancel = real_cancel;
    assert_int_equal(calls, 1);
    drain_unseen(&operation);
    assert_int_equal(MI_Operation_Close(&operation), MI_RESULT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_copied_in_and_borrowed_out),
        cmocka_unit_test(instance_is_a_shell_before_a_body),
        cmocka_unit_test(nested_values_are_copied),
        cmocka_unit_test(class_clones_count_references),
        cmocka_unit_test(class_of_an_operation_counts_nothing),
        cmocka_unit_test(channels_are_a_list),
        cmocka_unit_test(passwords_come_out_on_request_only),
        cmocka_unit_test(text_is_read_as_it_was_written),
        cmocka_unit_test(given_class_becomes_the_deserializer_s),
        cmocka_unit_test(new_session_makes_options_through_the_table),
        cmocka_unit_test(starting_asks_the_session_for_its_application),
        cmocka_unit_test(closing_a_session_cancels_through_the_operation_s_table),
    };

    return cmocka_run_group_tests_name("runtime objects", tests, open_test_application,
                                       close_test_application);
}
