/* SPDX-License-Identifier: MIT */
/* See request.h. */
#include "request.h"

#include "delivery.h"
#include "instance.h"
#include "knobs.h"
#include "state.h"
#include "tables.h"
#include "talk.h"

#include <stdlib.h>
#include <strings.h>

enum { INDICATION_GAP = 20000000 }; /* nanoseconds between two indications */

struct request {
    struct delivery_task task;
    struct operation *operation;
    struct session *session;
    struct question question;

    /* The delivery thread's. */
    struct answer answer;
    bool answered;
    size_t next;
    unsigned said;  /* steps of a talkative peer */
    MI_Class class; /* a class result: not counted, ends with its acknowledgement */

    /* Under the state lock. */
    MI_Instance *delivered; /* freed when it is acknowledged */
    bool connected;
    bool final_called;
    bool dropped;
    bool unacknowledged;
    bool peer_closed;
    bool closed;
    bool ended;
    bool *closed_in_start; /* while a failed connection is reported inside the starting call */
};

static void free_request(struct request *request)
{
    question_free(&request->question);
    answer_free(&request->answer);
    if (request->delivered != NULL) {
        instance_free_owned(request->delivered);
    }
    free(request);
}

/* True for the one caller who made it end. The state lock is held. */
static bool ends_now(struct request *request)
{
    if (!request->peer_closed || !request->closed || request->unacknowledged || request->ended) {
        return false;
    }
    request->ended = true;
    return true;
}

static void end(struct request *request)
{
    struct session *session = request->session;
    bool connected = request->connected;

    free_request(request);
    if (connected) {
        session_remove_connection(session);
    }
    session_drop(session);
}

/* The next result of the answer, taken out of it. */
static struct result take_result(struct request *request)
{
    struct answer *answer = &request->answer;
    struct result result = {.code = MI_RESULT_OK};

    result.more = answer->endless || request->next + 1 < answer->count;
    if (request->next < answer->count) {
        MI_Instance *instance = answer->instances[request->next];

        if (answer->endless) {
            instance->ft->Clone(instance, &request->delivered);
        } else {
            request->delivered = instance;
            answer->instances[request->next++] = NULL;
        }
        result.instance = request->delivered;
    }
    if (answer->class != NULL) {
        request->class = (MI_Class){.ft = &class_table.open, .classDecl = answer->class->classDecl};
        result.class = &request->class;
    }
    if (!result.more) {
        result.code = answer->result;
        result.message = answer->message;
        result.details = answer->details;
    }
    return result;
}

static void deliver_next(struct request *request)
{
    struct result result;

    if (!request->answered) {
        repository_answer(&request->question, &request->answer);
        request->answered = true;
    }
    result = take_result(request);
    state_lock();
    request->unacknowledged = true;
    request->final_called = !result.more;
    state_unlock();
    operation_deliver(request->operation, &result, OWED_CONNECTION);
}

/* Whatever becomes of the request in the program's hands, it is not touched here afterwards. */
static void deliver_failure(struct request *request, MI_Result reason)
{
    struct result failure = {.more = MI_FALSE, .code = reason};

    operation_deliver(request->operation, &failure, OWED_NOTHING);
}

static bool has_more_to_say(const struct request *request)
{
    const struct question *question = &request->question;

    return question->verb == ASK_INVOKE && strcasecmp(question->method, "Talk") == 0 &&
           request->said < TALK_STEPS;
}

static void say_next(struct request *request)
{
    unsigned step = request->said++;

    state_lock();
    request->unacknowledged = true;
    state_unlock();
    if (talk_say(request->operation, step)) {
        request_acknowledge(request);
    }
}

static void close_peer(struct request *request)
{
    bool last;

    state_lock();
    request->peer_closed = true;
    last = ends_now(request);
    state_unlock();
    if (last) {
        end(request);
    }
}

static void run(struct delivery_task *task)
{
    struct request *request = (struct request *)(void *)task;
    bool dropped, finished;

    state_lock();
    finished = request->final_called;
    dropped = request->dropped && !finished;
    if (dropped) {
        request->final_called = true;
        request->peer_closed = true;
        delivery_withdraw(task); /* the cancel came while this run was about to begin, and queued another */
    }
    state_unlock();
    if (dropped) {
        deliver_failure(request, MI_RESULT_FAILED);
    } else if (finished) {
        close_peer(request);
    } else if (knob_never_deliver()) {
        return;
    } else if (has_more_to_say(request)) {
        say_next(request);
    } else {
        deliver_next(request);
    }
}

static void refuse(struct request *request)
{
    request->final_called = true;
    request->peer_closed = true;
    deliver_failure(request, MI_RESULT_NOT_SUPPORTED);
}

/* OMI counts the connection down twice if the program closes the operation in this very callback: the
 * session's count then never becomes zero, and its close never ends. */
static void fail_to_connect(struct request *request)
{
    bool closed = false;

    request->final_called = true;
    request->peer_closed = true;
    request->closed_in_start = &closed;
    deliver_failure(request, MI_RESULT_FAILED);
    state_lock();
    if (!closed) {
        request->closed_in_start = NULL;
    }
    state_unlock();
}

MI_Result request_start(struct operation *operation, const struct question *question)
{
    struct request *request = calloc(1, sizeof *request);

    if (request == NULL) {
        return MI_RESULT_SERVER_LIMITS_EXCEEDED;
    }
    request->task.run = run;
    request->operation = operation;
    request->session = session_keep_also(operation->session);
    request->question = question_copy(question);
    operation->request = request;
    if (question->verb == ASK_CLASSES) {
        refuse(request);
    } else if (!operation->session->reachable) {
        fail_to_connect(request);
    } else {
        request->connected = true;
        session_add_connection(request->session);
        state_lock();
        delivery_post(&request->task, state_now() + knob_round_trip());
        state_unlock();
    }
    return MI_RESULT_OK;
}

static int64_t next_due(const struct request *request)
{
    if (request->final_called) {
        return state_now();
    }
    return state_now() + (request->answer.endless && knob_delay() == 0 ? INDICATION_GAP : knob_delay());
}

void request_acknowledge(struct request *request)
{
    MI_Instance *delivered;
    bool last;

    if (request->class.ft != NULL) {
        request->class.ft->Delete(&request->class);
    }
    state_lock();
    delivered = request->delivered;
    request->delivered = NULL;
    request->unacknowledged = false;
    last = ends_now(request);
    if (!last && !request->peer_closed) {
        delivery_post(&request->task, next_due(request));
    }
    state_unlock();
    if (delivered != NULL) {
        instance_free_owned(delivered);
    }
    if (last) {
        end(request);
    }
}

void request_cancel(struct request *request)
{
    state_lock();
    if (!request->final_called && !request->dropped) {
        request->dropped = true;
        delivery_post(&request->task, state_now());
    }
    state_unlock();
}

void request_close(struct request *request)
{
    bool last, twice;

    state_lock();
    request->closed = true;
    twice = request->closed_in_start != NULL;
    if (twice) {
        *request->closed_in_start = true;
    }
    last = ends_now(request);
    state_unlock();
    if (twice) {
        session_remove_connection(request->session);
    }
    if (last) {
        end(request);
    }
}
