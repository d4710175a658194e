/* SPDX-License-Identifier: MIT */
/*
 * Builds events for tests of the model and the rules, so that a scenario reads like a story: who calls what
 * on which handle. Handles are named by small numbers; their words and addresses follow from these. Verbs act
 * on the story's current thread (on) and place (at), and time passes by itself.
 */
#ifndef MITRACE_UNIT_BUILD_EVENTS_H
#define MITRACE_UNIT_BUILD_EVENTS_H

#include "model/model.h"
#include "rules/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STORY_PID  100u
#define STORY_MAIN 100u /* thread */
#define STORY_MI   150u /* thread that MI created */
#define MAX_DEPTH  32

struct story {
    struct model *model;
    struct rules *rules;
    struct source_summary summary;
    bool timed_out;
    int64_t now;
    uint32_t pid, tid;
    uint64_t place; /* innermost return address; 0: no stack is recorded */
    uint64_t slide; /* added to every address, as address space randomisation does */
    uint64_t stack[2];
    uint32_t numbers[1000];         /* of the last call, by tid */
    uint32_t open[1000][MAX_DEPTH]; /* numbers of calls that have not returned, by tid */
    unsigned depth[1000];
    const GPtrArray *findings;
};

/* What an event says of a handle. */
struct words {
    uint64_t address, r1, r2;
};

#define NOBODY ((struct words){0})

static inline struct words words_of(enum mi_kind kind, unsigned number)
{
    uint64_t unique = (uint64_t)kind << 16 | number << 4;

    if (mi_kinds[kind].layout == MI_LAYOUT_POINTER) {
        return (struct words){.address = 0x600000000000 + unique};
    }
    return (struct words){0x7ffc00000000 + unique, number, 0x550000000000 + unique};
}

#define APP(number)      words_of(MI_KIND_application, number)
#define SESSION(number)  words_of(MI_KIND_session, number)
#define OP(number)       words_of(MI_KIND_operation, number)
#define INSTANCE(number) words_of(MI_KIND_instance, number)
#define CLASS(number)    words_of(MI_KIND_class, number)

static inline void tell(struct story *story, enum mi_event_id id, struct mi_event data)
{
    struct source_event event = {.id = id, .data = data};

    story->now += 1000;
    event.time_ns = story->now;
    event.data.pid = story->pid;
    event.data.tid = story->tid;
    model_take(story->model, &event);
}

static inline void begin(struct story *story)
{
    memset(story, 0, sizeof(*story));
    story->model = model_new();
    story->rules = rules_new(story->model);
    story->summary.complete = true;
    story->now = 1000000000;
    story->pid = STORY_PID;
    story->tid = STORY_MAIN;
    story->place = 0x401000;
    tell(story, MI_EV_process_start,
         (struct mi_event){.major = 1, .path = "/bin/client", .path_len = 11, .run = ""});
}

static inline void end(struct story *story)
{
    rules_free(story->rules);
    model_free(story->model);
}

static inline void on(struct story *story, uint32_t tid)
{
    story->tid = tid;
}

static inline void at(struct story *story, uint64_t place)
{
    story->place = place;
}

/* Calls: entered and left. The number of the call is kept for the exit. */
static inline void enter(struct story *story, enum mi_function function, struct words self,
                         struct mi_event data)
{
    uint32_t tid = story->tid;

    story->stack[0] = story->place + story->slide;
    story->stack[1] = 0x400500 + story->slide; /* main */
    data.call = story->open[tid][story->depth[tid]++] = ++story->numbers[tid];
    data.handle = self.address;
    data.r1 = self.r1;
    data.r2 = self.r2;
    data.table = 2;
    data.stack = story->stack;
    data.stack_len = story->place == 0 ? 0 : 2;
    for (enum mi_event_id id = 0; id < MI_EV_COUNT; id++) {
        if (mi_events[id].function == function && mi_events[id].phase == MI_PHASE_ENTRY) {
            tell(story, id, data);
        }
    }
}

static inline void leave(struct story *story, enum mi_function function, struct mi_event data)
{
    data.call = story->open[story->tid][--story->depth[story->tid]];
    for (enum mi_event_id id = 0; id < MI_EV_COUNT; id++) {
        if (mi_events[id].function == function && mi_events[id].phase == MI_PHASE_EXIT) {
            tell(story, id, data);
        }
    }
}

static inline void unwind(struct story *story)
{
    tell(story, MI_EV_call_unwound,
         (struct mi_event){.call = story->open[story->tid][--story->depth[story->tid]]});
}

/* A call without anything special, that returned `result`. */
static inline void call(struct story *story, enum mi_function function, struct words self, int32_t result)
{
    enter(story, function, self, (struct mi_event){0});
    leave(story, function, (struct mi_event){.result = result});
}

static inline void enter_close(struct story *story, enum mi_function function, struct words self)
{
    enter(story, function, self, (struct mi_event){0});
}

/* A call that hands out a handle. */
static inline void create(struct story *story, enum mi_function function, struct words self,
                          struct words made)
{
    enter(story, function, self, (struct mi_event){.namespace = "", .name = "", .detail = ""});
    leave(story, function, (struct mi_event){.out = made.address, .r1 = made.r1, .r2 = made.r2, .table = 2});
}

static inline void create_fails(struct story *story, enum mi_function function, struct words self,
                                struct words error)
{
    enter(story, function, self, (struct mi_event){.namespace = "", .name = "", .detail = ""});
    leave(story, function, (struct mi_event){.result = 1, .error = error.address});
}

static inline void initialize(struct story *story, unsigned app)
{
    create(story, MI_FN_application_initialize, NOBODY, APP(app));
}

static inline void new_session(struct story *story, unsigned app, unsigned session)
{
    create(story, MI_FN_application_new_session, APP(app), SESSION(session));
}

#define SYNCHRONOUS 0u

/* Starting calls. `token` other than 0: asynchronous, with the callback for instances. */
static inline void enter_start(struct story *story, unsigned session, unsigned op, uint64_t token,
                               uint32_t flags)
{
    enter(story, MI_FN_session_enumerate_instances, SESSION(session),
          (struct mi_event){.flags = flags,
                            .callbacks = token == 0 ? 0 : 1u << MI_CB_instance_result,
                            .token = token,
                            .operation = OP(op).address,
                            .namespace = "root/cimv2",
                            .namespace_len = 10,
                            .name = "CIM_Foo",
                            .name_len = 7,
                            .detail = ""});
}

static inline void leave_start(struct story *story, struct words words)
{
    leave(story, MI_FN_session_enumerate_instances,
          (struct mi_event){.r1 = words.r1, .r2 = words.r2, .table = words.r2 == 0 ? 0 : 3});
}

static inline void start(struct story *story, unsigned session, unsigned op, uint64_t token)
{
    enter_start(story, session, op, token, 0);
    leave_start(story, OP(op));
}

static inline void start_manual(struct story *story, unsigned session, unsigned op, uint64_t token)
{
    enter_start(story, session, op, token, 1);
    leave_start(story, OP(op));
}

enum { LAST = 0, MORE = 1 };

static inline void leave_get(struct story *story, uint8_t more)
{
    leave(story, MI_FN_operation_get_instance, (struct mi_event){.more = more, .object = 0x600011110000});
}

static inline void get(struct story *story, unsigned op, uint8_t more)
{
    enter(story, MI_FN_operation_get_instance, OP(op), (struct mi_event){0});
    leave_get(story, more);
}

/* Callbacks. */
static inline void enter_callback(struct story *story, enum mi_callback callback, struct mi_event data)
{
    for (enum mi_event_id id = 0; id < MI_EV_COUNT; id++) {
        if (mi_events[id].callback == callback && mi_events[id].phase == MI_PHASE_CALLBACK_ENTRY) {
            tell(story, id, data);
        }
    }
}

static inline void leave_callback(struct story *story, enum mi_callback callback, uint64_t token)
{
    for (enum mi_event_id id = 0; id < MI_EV_COUNT; id++) {
        if (mi_events[id].callback == callback && mi_events[id].phase == MI_PHASE_CALLBACK_EXIT) {
            tell(story, id, (struct mi_event){.token = token});
        }
    }
}

static inline void enter_result_of(struct story *story, struct words op, uint64_t token, uint8_t more,
                                   uint8_t owed, int32_t result)
{
    enter_callback(story, MI_CB_instance_result,
                   (struct mi_event){.token = token,
                                     .handle = 0x7f0000000000,
                                     .r1 = op.r1,
                                     .r2 = op.r2,
                                     .table = op.r2 == 0 ? 0 : 3,
                                     .more = more,
                                     .result = result,
                                     .owed = owed});
}

static inline void enter_result(struct story *story, unsigned op, uint64_t token, uint8_t more)
{
    enter_result_of(story, OP(op), token, more, 0, 0);
}

static inline void leave_result(struct story *story, uint64_t token)
{
    leave_callback(story, MI_CB_instance_result, token);
}

static inline void result(struct story *story, unsigned op, uint64_t token, uint8_t more)
{
    enter_result(story, op, token, more);
    leave_result(story, token);
}

static inline void owed_result(struct story *story, unsigned op, uint64_t token, uint8_t more)
{
    enter_result_of(story, OP(op), token, more, 1, 0);
    leave_result(story, token);
}

static inline void enter_completion(struct story *story, uint64_t token)
{
    enter_callback(story, MI_CB_session_closed, (struct mi_event){.token = token});
}

static inline void leave_completion(struct story *story, uint64_t token)
{
    leave_callback(story, MI_CB_session_closed, token);
}

static inline void close_asynchronously(struct story *story, unsigned session, uint64_t token)
{
    enter(story, MI_FN_session_close, SESSION(session), (struct mi_event){.token = token});
    leave(story, MI_FN_session_close, (struct mi_event){0});
}

/* MI's own thread, which delivers. */
static inline void start_delivery_thread(struct story *story)
{
    uint32_t tid = story->tid;

    on(story, STORY_MI);
    tell(story, MI_EV_thread_start, (struct mi_event){.library = 1, .name = ""});
    on(story, tid);
}

static inline void exits(struct story *story)
{
    on(story, STORY_MAIN);
    tell(story, MI_EV_process_end, (struct mi_event){.how = 0, .status = 0, .path = ""});
}

/* Verdicts. */
/* Places from here on have an inline function of MI.h around the call. */
#define INLINE_PLACES 0x500000u

static inline const struct symbols_frame *name_place(void *context, struct model_process *process,
                                                     uint64_t address, size_t *count)
{
    static struct symbols_frame frames[2] = {
        {.function = "MI_Function", .file = "MI.h", .line = 7, .inlined = true}};
    static char name[32];
    uint64_t place = address - ((const struct story *)context)->slide;

    (void)process;
    g_snprintf(name, sizeof(name), "place_%" G_GINT64_MODIFIER "x", place);
    frames[1] = (struct symbols_frame){.function = name, .file = "client.c", .line = 42, .address = address};
    *count = place >= INLINE_PLACES ? 2 : 1;
    return place >= INLINE_PLACES ? frames : &frames[1];
}

static inline void judge(struct story *story)
{
    static struct rules_trace trace; /* as long as the findings */

    if (story->findings == NULL) {
        trace = (struct rules_trace){.summary = &story->summary, .timed_out = story->timed_out};
        model_finish(story->model);
        story->findings = rules_finish(story->rules, &trace, name_place, story);
    }
}

/* The findings' rules in their order, joined by blanks; a mark for those that are only possible. */
static inline void assert_findings(struct story *story, const char *expected)
{
    g_autoptr(GString) found = g_string_new(NULL);

    judge(story);
    for (guint i = 0; i < story->findings->len; i++) {
        const struct finding *finding = story->findings->pdata[i];
        g_string_append_printf(found, "%s%s%s%s", i == 0 ? "" : " ", finding->rule->id,
                               finding->certainty == FINDING_POSSIBLE ? "?" : "",
                               finding->severity == FINDING_WARNING ? "~" : "");
    }
    assert_string_equal(found->str, expected);
}

static inline const struct finding *finding_at(struct story *story, guint number)
{
    judge(story);
    assert_true(number < story->findings->len);
    return story->findings->pdata[number];
}

static inline struct model_process *process_of(struct story *story, guint number)
{
    return model_processes(story->model)->pdata[number];
}

static inline void collect_open(struct model_handle *handle, void *context)
{
    g_string_append_printf(context, "%s%s %u", ((GString *)context)->len == 0 ? "" : ", ",
                           mi_kinds[handle->kind].title, handle->id);
}

/* "application 1, session 2": what is open in the first process. */
static inline void assert_open(struct story *story, const char *expected)
{
    g_autoptr(GString) open = g_string_new(NULL);

    model_each_open(process_of(story, 0), collect_open, open);
    assert_string_equal(open->str, expected);
}

static inline void find_open_one(struct model_handle *handle, void *context)
{
    struct model_handle **wanted = context;

    if (handle->kind == (*wanted)->kind && handle->id == (*wanted)->id) {
        *wanted = handle;
    }
}

/* The open handle of that kind and number in the first process; fails when there is none. */
static inline struct model_handle *open_one(struct story *story, enum mi_kind kind, unsigned id)
{
    struct model_handle wanted = {.kind = kind, .id = id};
    struct model_handle *found = &wanted;

    model_each_open(process_of(story, 0), find_open_one, &found);
    assert_ptr_not_equal(found, &wanted);
    return found;
}

#define STORY(name)    \
    struct story name; \
    (void)state;       \
    begin(&(name))

#endif
