/* SPDX-License-Identifier: MIT */
/* The in-tree MI runtime: tables, handles, what creation leaves behind when it fails, what closing leaves
 * behind. */
#include "app_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char mof[] = "MI_MOF_CIMV2_EXTV1";

static void start_enumeration(MI_Session *session, MI_Operation *operation)
{
    MI_Session_EnumerateInstances(session, 0, NULL, "root/omi", "OMI_Identify", MI_FALSE, NULL, operation);
}

static void finish(MI_Operation *operation)
{
    assert_int_equal(drain_unseen(operation), MI_RESULT_OK);
    assert_int_equal(MI_Operation_Close(operation), MI_RESULT_OK);
}

static void close_both(MI_Application *application, MI_Session *session)
{
    assert_int_equal(MI_Session_Close(session, NULL, NULL), MI_RESULT_OK);
    assert_int_equal(MI_Application_Close(application), MI_RESULT_OK);
}

/* Whether the memory at `address` may be written, by /proc/self/maps. */
static int is_writable(const void *address)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[512], mode[8] = "";
    uintptr_t from, to;
    int writable = -1;

    assert_non_null(maps);
    while (writable < 0 && fgets(line, sizeof line, maps) != NULL) {
        if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) == 3 && (uintptr_t)address >= from &&
            (uintptr_t)address < to) {
            writable = mode[1] == 'w';
        }
    }
    fclose(maps);
    return writable;
}

static void all_slots_are(const void *table, size_t first, size_t count, int null)
{
    void *const *slots = table;

    for (size_t i = first; i < first + count; i++) {
        assert_int_equal(slots[i] == NULL, null);
    }
}

static void live_tables_are_not_those_of_the_client_table(void **state)
{
    MI_Application application;
    MI_Session session;
    MI_Operation operation;

    (void)state;
    open_application(&application, "test");
    open_session(&application, &session);
    start_enumeration(&session, &operation);
    assert_ptr_equal(application.ft, mi_clientFT_V1->applicationFT);
    assert_ptr_not_equal(session.ft, mi_clientFT_V1->sessionFT);
    assert_ptr_not_equal(operation.ft, mi_clientFT_V1->operationFT);
    all_slots_are(session.ft, 0, 15, 0);
    all_slots_are(operation.ft, 0, 6, 0);
    all_slots_are(mi_clientFT_V1->sessionFT, 0, 14, 0);
    assert_null(mi_clientFT_V1->sessionFT->TestConnection);
    finish(&operation);
    close_both(&application, &session);
}

static void tables_lie_where_those_of_omi_lie(void **state)
{
    MI_Application application;
    MI_Session session;
    MI_Instance *instance;

    (void)state;
    open_application(&application, "test");
    open_session(&application, &session);
    assert_int_equal(is_writable(application.ft), 0);
    assert_int_equal(is_writable(session.ft), 0);
    assert_int_equal(is_writable(mi_clientFT_V1->deserializerFT), 0);
    assert_int_equal(is_writable(mi_clientFT_V1->serializerFT), 1);
    assert_int_equal(is_writable(mi_clientFT_V1->destinationOptionsFT), 1);
    assert_int_equal(MI_Application_NewInstance(&application, "A", NULL, &instance), MI_RESULT_OK);
    assert_int_equal(is_writable(instance->ft), 1);
    MI_Instance_Delete(instance);
    close_both(&application, &session);
}

static void failed_start_carries_the_session_s_words(void **state)
{
    MI_Application application;
    MI_Session session, alias;
    MI_Operation failed;

    (void)state;
    open_application(&application, "test");
    open_session(&application, &session);
    MI_Session_GetInstance(&session, 0, NULL, "root/omi", NULL, NULL, &failed);
    all_slots_are(failed.ft, 0, 6, 0);
    assert_int_equal(is_writable(failed.ft), 0);
    assert_int_equal(failed.reserved1, session.reserved1);
    assert_int_equal(failed.reserved2, session.reserved2);
    assert_int_equal(drain_unseen(&failed), MI_RESULT_INVALID_PARAMETER);
    assert_int_equal(drain_unseen(&failed), MI_RESULT_INVALID_PARAMETER);
    assert_int_equal(MI_Operation_Cancel(&failed, 0), MI_RESULT_FAILED);
    assert_int_equal(MI_Operation_GetSession(&failed, &alias), MI_RESULT_FAILED);
    assert_memory_equal(&alias, &session, sizeof session);
    assert_int_equal(MI_Operation_Close(&failed), MI_RESULT_OK);
    assert_null(failed.ft);
    close_both(&application, &session);
}

static void cells_are_shared_and_used_again_last_first(void **state)
{
    MI_Application application;
    MI_Session first, second;
    MI_Operation operation, next;

    (void)state;
    open_application(&application, "test");
    open_session(&application, &first);
    open_session(&application, &second);
    assert_int_equal(first.reserved1, 1);
    assert_int_equal(MI_Session_Close(&second, NULL, NULL), MI_RESULT_OK);
    start_enumeration(&first, &operation);
    assert_int_equal(operation.reserved2, second.reserved2);
    assert_int_equal(operation.reserved1, second.reserved1 + 1);
    finish(&operation);
    start_enumeration(&first, &next);
    assert_int_equal(next.reserved2, operation.reserved2);
    assert_int_equal(next.reserved1, operation.reserved1 + 1);
    finish(&next);
    close_both(&application, &first);
}

static void count_completion(void *context)
{
    ++*(int *)context;
}

static void stale_handles_are_refused(void **state)
{
    MI_Application application;
    MI_Session session, alias;
    MI_Operation operation;
    int completions = 0;

    (void)state;
    open_application(&application, "test");
    open_session(&application, &session);
    start_enumeration(&session, &operation);
    finish(&operation);
    assert_int_equal(MI_Operation_Close(&operation), MI_RESULT_INVALID_PARAMETER);
    assert_int_equal(MI_Operation_Cancel(&operation, 0), MI_RESULT_INVALID_PARAMETER);
    assert_int_equal(MI_Operation_GetSession(&operation, &alias), MI_RESULT_INVALID_PARAMETER);
    assert_int_equal(MI_Session_Close(&session, NULL, NULL), MI_RESULT_OK);
    assert_int_equal(MI_Session_Close(&session, &completions, count_completion), MI_RESULT_INVALID_PARAMETER);
    assert_int_equal(completions, 0);
    start_enumeration(&session, &operation);
    assert_int_equal(drain_unseen(&operation), MI_RESULT_INVALID_PARAMETER);
    assert_int_equal(MI_Application_Close(&application), MI_RESULT_OK);
}

static void failed_application_can_only_be_closed(void **state)
{
    MI_Application application;

    (void)state;
    assert_int_equal(MI_Application_Initialize(1, NULL, NULL, &application), MI_RESULT_INVALID_PARAMETER);
    assert_int_equal(application.reserved1, 0);
    assert_int_equal(application.reserved2, 0);
    assert_non_null(application.ft->Close);
    all_slots_are(application.ft, 1, 10, 1);
    assert_int_equal(MI_Application_Close(&application), MI_RESULT_INVALID_PARAMETER);
    assert_int_equal(MI_Application_Initialize(0, NULL, NULL, NULL), MI_RESULT_INVALID_PARAMETER);
}

static void failed_session_can_only_be_closed(void **state)
{
    MI_Application application;
    MI_Session session;
    int completions = 0;

    (void)state;
    open_application(&application, "test");
    assert_int_equal(MI_Application_NewSession(&application, "NONE", NULL, NULL, NULL, NULL, &session),
                     MI_RESULT_NOT_FOUND);
    assert_int_equal(session.reserved2, 0);
    assert_non_null(session.ft->Close);
    all_slots_are(session.ft, 1, 14, 1);
    assert_int_equal(MI_Session_Close(&session, &completions, count_completion), MI_RESULT_INVALID_PARAMETER);
    assert_int_equal(completions, 1);
    assert_int_equal(MI_Application_Close(&application), MI_RESULT_OK);
}

static void failed_creators_leave_what_omi_leaves(void **state)
{
    MI_Application application;
    MI_HostedProvider provider;
    MI_Serializer serializer, before;
    MI_Deserializer deserializer;

    (void)state;
    open_application(&application, "test");
    memset(&provider, 0x55, sizeof provider);
    assert_int_equal(MI_Application_NewHostedProvider(&application, "root/test", "p", NULL, NULL, &provider),
                     MI_RESULT_INVALID_PARAMETER);
    assert_null(provider.ft);
    memset(&serializer, 0x55, sizeof serializer);
    before = serializer;
    assert_int_equal(MI_Application_NewSerializer(&application, 0, (MI_Char *)"NONE", &serializer),
                     MI_RESULT_NOT_SUPPORTED);
    assert_memory_equal(&serializer, &before, sizeof before);
    assert_int_equal(MI_Application_NewDeserializer(&application, 0, (MI_Char *)"MI_XML", &deserializer),
                     MI_RESULT_NOT_SUPPORTED);
    assert_int_equal(MI_Application_Close(&application), MI_RESULT_OK);
}

static void closing_zeroes_what_omi_zeroes(void **state)
{
    static const MI_Application no_application;
    MI_Application application;
    MI_Session session, session_before;
    MI_Operation operation, operation_before;

    (void)state;
    open_application(&application, "test");
    open_session(&application, &session);
    start_enumeration(&session, &operation);
    session_before = session;
    operation_before = operation;
    finish(&operation);
    close_both(&application, &session);
    assert_memory_equal(&session, &session_before, sizeof session);
    assert_memory_equal(&operation, &operation_before, sizeof operation);
    assert_memory_equal(&application, &no_application, sizeof application);
    assert_int_equal(MI_Application_Close(&application), MI_RESULT_INVALID_PARAMETER);
}

static void options_live_as_long_as_their_session(void **state)
{
    static const MI_DestinationOptions no_options;
    MI_Application application;
    MI_Session session;
    MI_DestinationOptions options, before;

    (void)state;
    open_application(&application, "test");
    assert_int_equal(MI_Application_NewDestinationOptions(&application, &options), MI_RESULT_OK);
    before = options;
    assert_int_equal(MI_Application_NewSession(&application, NULL, NULL, &options, NULL, NULL, &session),
                     MI_RESULT_OK);
    MI_DestinationOptions_Delete(&options);
    assert_memory_equal(&options, &before, sizeof options);
    close_both(&application, &session);
    open_application(&application, "test");
    assert_int_equal(MI_Application_NewDestinationOptions(&application, &options), MI_RESULT_OK);
    MI_DestinationOptions_Delete(&options);
    assert_memory_equal(&options, &no_options, sizeof options);
    assert_int_equal(MI_Application_Close(&application), MI_RESULT_OK);
}

static void codecs_have_the_words_of_omi(void **state)
{
    static const MI_Serializer nothing;
    MI_Application application;
    MI_Serializer serializer;
    MI_Deserializer deserializer, before;

    (void)state;
    open_application(&application, "test");
    memset(&serializer, 0x55, sizeof serializer);
    assert_int_equal(MI_Application_NewSerializer(&application, 0, (MI_Char *)"MI_XML", &serializer),
                     MI_RESULT_OK);
    assert_memory_equal(&serializer, &nothing, sizeof nothing);
    assert_int_equal(MI_Serializer_Close(&serializer), MI_RESULT_OK);
    assert_int_equal(MI_Application_NewSerializer(&application, 0, (MI_Char *)mof, &serializer),
                     MI_RESULT_OK);
    assert_int_equal(serializer.reserved1, 0xFFEEDDCCFFEEDDCCu);
    assert_int_equal(MI_Serializer_Close(&serializer), MI_RESULT_OK);
    assert_memory_equal(&serializer, &nothing, sizeof nothing);
    assert_int_equal(MI_Application_NewDeserializer(&application, 0, (MI_Char *)mof, &deserializer),
                     MI_RESULT_OK);
    before = deserializer;
    assert_int_equal(MI_Deserializer_Close(&deserializer), MI_RESULT_OK);
    assert_memory_equal(&deserializer, &before, sizeof before);
    assert_int_equal(MI_Application_Close(&application), MI_RESULT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(live_tables_are_not_those_of_the_client_table),
        cmocka_unit_test(tables_lie_where_those_of_omi_lie),
        cmocka_unit_test(failed_start_carries_the_session_s_words),
        cmocka_unit_test(cells_are_shared_and_used_again_last_first),
        cmocka_unit_test(stale_handles_are_refused),
        cmocka_unit_test(failed_application_can_only_be_closed),
        cmocka_unit_test(failed_session_can_only_be_closed),
        cmocka_unit_test(failed_creators_leave_what_omi_leaves),
        cmocka_unit_test(closing_zeroes_what_omi_zeroes),
        cmocka_unit_test(options_live_as_long_as_their_session),
        cmocka_unit_test(codecs_have_the_words_of_omi),
    };

    return cmocka_run_group_tests_name("runtime", tests, NULL, NULL);
}
