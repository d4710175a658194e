/* SPDX-License-Identifier: MIT */
/* The in-tree MI runtime: the callbacks that are no results: messages, progress, errors, questions, streams.
 */
#include "runtime_client.h"
#include "runtime_watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What was called, in order, a letter each; what has to be answered later. */
struct talk {
    char heard[16];
    sem_t asked;
    MI_Operation operation;
    MI_Answer answer;
    MI_ResultAcknowledgement acknowledge;
};

static void hear(struct talk *talk, char letter)
{
    talk->heard[strlen(talk->heard)] = letter;
}

static void on_message(MI_Operation *operation, void *context, MI_Uint32 channel, const MI_Char *message)
{
    (void)operation;
    (void)channel;
    hear(context, message != NULL ? 'm' : '?');
}

static void on_progress(MI_Operation *operation, void *context, const MI_Char *activity,
                        const MI_Char *current, const MI_Char *status, MI_Uint32 percent,
                        MI_Uint32 seconds_left)
{
    (void)operation;
    (void)current;
    (void)status;
    (void)percent;
    (void)seconds_left;
    hear(context, activity != NULL ? 'p' : '?');
}

static void on_error(MI_Operation *operation, void *context, MI_Instance *error, MI_Answer answer)
{
    (void)operation;
    hear(context, error != NULL && answer == NULL ? 'e' : '?');
}

static void on_prompt(MI_Operation *operation, void *context, const MI_Char *message, MI_PromptType type,
                      MI_Answer answer)
{
    struct talk *talk = context;

    (void)message;
    (void)type;
    hear(talk, 'q');
    talk->operation = *operation;
    talk->answer = answer;
    sem_post(&talk->asked);
}

static void on_parameter(MI_Operation *operation, void *context, const MI_Char *name, MI_Type type,
                         const MI_Value *value, MI_ResultAcknowledgement acknowledge)
{
    (void)operation;
    (void)name;
    hear(context, type == MI_UINT32 && value->uint32 == 1 && acknowledge == NULL ? 's' : '?');
}

static void start_talk(struct client *client, struct talk *talk)
{
    MI_OperationCallbacks callbacks = {
        .callbackContext = talk,
        .promptUser = on_prompt,
        .writeError = on_error,
        .writeMessage = on_message,
        .writeProgress = on_progress,
        .streamedParameterResult = on_parameter,
    };

    memset(talk, 0, sizeof *talk);
    sem_init(&talk->asked, 0, 0);
    MI_Session_Invoke(&client->session, 0, NULL, "root/cimv2", "X_SmallNumber", "Talk", NULL, NULL,
                      &callbacks, &client->operation);
}

/* No result callback: the operation is read by a getter while it is called back. */
static void peer_talks_in_order_and_waits_for_the_answer(void **state)
{
    struct client client;
    struct talk talk;

    (void)state;
    open_client(&client);
    start_talk(&client, &talk);
    wait_for(&talk.asked);
    let_delivery_catch_up(&client);
    assert_string_equal(talk.heard, "mpeq");
    assert_non_null(talk.answer);
    assert_int_equal(talk.operation.reserved2, client.operation.reserved2);
    must(talk.answer(&talk.operation, 1));
    assert_int_equal(drain_unseen(&client.operation), MI_RESULT_OK);
    assert_string_equal(talk.heard, "mpeqs");
    close_all(&client);
}

static void close_without_answering(struct client *client, struct talk *talk)
{
    open_client(client);
    start_talk(client, talk);
    wait_for(&talk->asked);
    must(MI_Operation_Cancel(&client->operation, 0));
    drain_unseen(&client->operation);
    close_operation(client);
}

static void session_close_waits_for_the_answer(void **state)
{
    struct client client;
    struct talk talk;
    struct watched_call call;

    (void)state;
    close_without_answering(&client, &talk);
    watch_call(&call, close_session, &client);
    assert_true(watched_waits(&call));
    must(talk.answer(&talk.operation, 1));
    watched_join(&call);
    close_application(&client);
}

struct greeting {
    unsigned messages, errors;
    pthread_t thread;
    MI_Application application;
};

static void on_session_message(MI_Application *application, void *context, MI_Uint32 channel,
                               const MI_Char *message)
{
    struct greeting *greeting = context;

    (void)channel;
    (void)message;
    greeting->messages++;
    greeting->thread = pthread_self();
    greeting->application = *application;
}

static void on_session_error(MI_Application *application, void *context, MI_Instance *error)
{
    (void)application;
    ((struct greeting *)context)->errors += error != NULL;
}

static void session_callbacks_run_inside_new_session(void **state)
{
    struct greeting greeting = {.messages = 0};
    MI_SessionCallbacks callbacks = {&greeting, on_session_message, on_session_error};
    struct client client;

    (void)state;
    setenv("MITRACE_MI_SESSION_MESSAGES", "1", 1);
    open_client(&client);
    unsetenv("MITRACE_MI_SESSION_MESSAGES");
    close_session(&client);
    must(MI_Application_NewSession(&client.application, NULL, NULL, NULL, &callbacks, NULL, &client.session));
    assert_int_equal(greeting.messages, 1);
    assert_int_equal(greeting.errors, 1);
    assert_true(pthread_equal(greeting.thread, pthread_self()));
    assert_memory_equal(&greeting.application, &client.application, sizeof client.application);
    close_session(&client);
    close_application(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(peer_talks_in_order_and_waits_for_the_answer),
        cmocka_unit_test(session_close_waits_for_the_answer),
        cmocka_unit_test(session_callbacks_run_inside_new_session),
    };

    return cmocka_run_group_tests_name("runtime callbacks", tests, NULL, NULL);
}
