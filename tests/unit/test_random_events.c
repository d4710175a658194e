/* SPDX-License-Identifier: MIT */
/* Whatever a trace says, the model and the rules neither crash nor leak: events at random, and stories at
 * random. */
#include "build_events.h"

static enum mi_event_id event_of(enum mi_function function, int phase)
{
    enum mi_event_id found = MI_EV_call_unwound;

    for (enum mi_event_id id = 0; id < MI_EV_COUNT; id++) {
        if (mi_events[id].function == function && (int)mi_events[id].phase == phase) {
            found = id;
        }
    }
    return found;
}

/* Any event, but mostly those that change something. */
static enum mi_event_id random_id(GRand *random)
{
    static const enum mi_function often[] = {
        MI_FN_application_initialize, MI_FN_application_close, MI_FN_application_new_session,
        MI_FN_session_close,          MI_FN_session_invoke,    MI_FN_operation_close,
        MI_FN_operation_get_instance, MI_FN_acknowledge,       MI_FN_class_clone,
        MI_FN_class_delete,           MI_FN_instance_delete,   MI_FN_deserializer_deserialize_class};

    if (g_rand_int_range(random, 0, 3) == 0) {
        return (enum mi_event_id)g_rand_int_range(random, 0, MI_EV_COUNT);
    }
    return event_of(often[g_rand_int_range(random, 0, G_N_ELEMENTS(often))],
                    g_rand_int_range(random, MI_PHASE_ENTRY, MI_PHASE_EXIT + 1));
}

static void fill_field(struct mi_event *data, const struct mi_field_info *field, uint64_t word,
                       const uint64_t *memory)
{
    char *place = (char *)data + field->offset;

    switch (field->type) {
    case MI_TYPE_U8:
        *(uint8_t *)place = (uint8_t)word;
        break;
    case MI_TYPE_U32:
    case MI_TYPE_I32:
        *(uint32_t *)place = (uint32_t)word;
        break;
    case MI_TYPE_HEX:
        *(uint64_t *)place = word;
        break;
    default:
        memcpy(place, &memory, sizeof(memory));
        *(uint32_t *)((char *)data + field->length_offset) = (uint32_t)word;
    }
}

static struct source_event random_event(GRand *random)
{
    static const uint64_t memory[8] = {0x401000, 0x402000, 0x401000};
    struct source_event event = {.id = random_id(random)};

    for (size_t i = 0; i < MI_FIELD_COUNT; i++) {
        fill_field(&event.data, &mi_fields[i], (uint64_t)g_rand_int_range(random, 0, 6), memory);
    }
    event.data.pid = (uint32_t)g_rand_int_range(random, 1, 4);
    event.data.tid = (uint32_t)g_rand_int_range(random, 1, 4);
    event.data.callbacks = (uint32_t)g_rand_int_range(random, 0, 1 << MI_CB_COUNT);
    if ((event.id == MI_EV_process_start || event.id == MI_EV_process_fork) &&
        g_rand_int_range(random, 0, 50) > 0) {
        event.id = MI_EV_call_unwound;
    }
    return event;
}

static void finish(struct story *story, GRand *random)
{
    for (uint32_t pid = 1; pid < 4; pid++) {
        model_set_end(story->model, pid, (enum model_end)g_rand_int_range(random, 0, MODEL_SIGNAL + 1), 9);
    }
    story->summary.complete = g_rand_boolean(random);
    story->timed_out = g_rand_boolean(random);
    judge(story);
    end(story);
    g_rand_free(random);
}

static void run_events(guint32 seed)
{
    GRand *random = g_rand_new_with_seed(seed);
    struct story story;

    begin(&story);
    for (unsigned i = 0; i < seed * 5; i++) {
        struct source_event event = random_event(random);
        event.time_ns = story.now += g_rand_int_range(random, -5, 50);
        model_take(story.model, &event);
    }
    finish(&story, random);
}

static void test_random_events(void **state)
{
    (void)state;
    for (guint32 seed = 1; seed <= 300; seed++) {
        run_events(seed);
    }
}

/* A story whose steps are each plausible, in any order. */
struct walk {
    struct story story;
    GRand *random;
    enum mi_function functions[1000][MAX_DEPTH]; /* of the calls that each thread is inside of */
};

static unsigned pick(struct walk *walk, unsigned first, unsigned last)
{
    return (unsigned)g_rand_int_range(walk->random, (gint32)first, (gint32)last + 1);
}

static struct words random_words(struct walk *walk, enum mi_kind kind)
{
    return words_of(kind, pick(walk, 1, 3));
}

static void enter_some(struct walk *walk, enum mi_function function, struct mi_event data)
{
    uint32_t tid = walk->story.tid;
    unsigned depth = walk->story.depth[tid];

    if (depth < MAX_DEPTH) {
        walk->functions[tid][depth] = function;
        enter(&walk->story, function, random_words(walk, mi_functions[function].kind), data);
    }
}

static void enter_any(struct walk *walk)
{
    static const enum mi_function functions[] = {MI_FN_application_initialize,
                                                 MI_FN_application_close,
                                                 MI_FN_application_new_session,
                                                 MI_FN_session_close,
                                                 MI_FN_session_close,
                                                 MI_FN_session_enumerate_instances,
                                                 MI_FN_session_get_class,
                                                 MI_FN_operation_close,
                                                 MI_FN_operation_cancel,
                                                 MI_FN_operation_get_instance,
                                                 MI_FN_acknowledge,
                                                 MI_FN_answer_prompt,
                                                 MI_FN_class_clone,
                                                 MI_FN_class_delete,
                                                 MI_FN_instance_clone,
                                                 MI_FN_instance_delete,
                                                 MI_FN_application_new_class,
                                                 MI_FN_application_new_serializer,
                                                 MI_FN_serializer_close,
                                                 MI_FN_application_new_instance};
    enum mi_function function = functions[pick(walk, 0, G_N_ELEMENTS(functions) - 1)];
    struct mi_event data = {.callbacks = pick(walk, 0, 1) ? 1u << MI_CB_instance_result : 0,
                            .token = pick(walk, 0, 4) * pick(walk, 0, 1),
                            .operation = OP(pick(walk, 1, 3)).address * pick(walk, 0, 3),
                            .flags = pick(walk, 0, 1),
                            .namespace = "",
                            .name = "",
                            .detail = ""};

    at(&walk->story, 0x401000 + 0x1000 * pick(walk, 0, 3));
    enter_some(walk, function, data);
}

static void leave_top(struct walk *walk)
{
    static const int32_t results[] = {0, 0, 0, 0, 1, 2, 4};
    uint32_t tid = walk->story.tid;
    unsigned depth = walk->story.depth[tid];
    enum mi_function function = depth == 0 ? MI_FN_none : walk->functions[tid][depth - 1];
    struct words made = random_words(walk, mi_functions[function].made);
    struct mi_event data = {.result = results[pick(walk, 0, G_N_ELEMENTS(results) - 1)],
                            .more = (uint8_t)pick(walk, 0, 1),
                            .out = made.address,
                            .r1 = made.r1,
                            .r2 = made.r2,
                            .table = (uint8_t)pick(walk, 0, 3),
                            .object = pick(walk, 0, 1) ? INSTANCE(2).address : 0};

    if (depth == 0) {
        return;
    }
    if (pick(walk, 0, 20) == 0) {
        unwind(&walk->story);
    } else {
        leave(&walk->story, function, data);
    }
}

static void call_back(struct walk *walk)
{
    static const enum mi_callback callbacks[] = {MI_CB_instance_result, MI_CB_instance_result,
                                                 MI_CB_prompt_user,     MI_CB_session_closed,
                                                 MI_CB_class_needed,    MI_CB_session_message};
    enum mi_callback callback = callbacks[pick(walk, 0, G_N_ELEMENTS(callbacks) - 1)];
    struct words words = random_words(walk, mi_callbacks[callback].owner);
    uint64_t token = pick(walk, 0, 4);

    if (pick(walk, 0, 1) == 0) {
        leave_callback(&walk->story, callback, token);
        return;
    }
    enter_callback(&walk->story, callback,
                   (struct mi_event){.token = token,
                                     .r1 = words.r1,
                                     .r2 = words.r2,
                                     .more = (uint8_t)pick(walk, 0, 1),
                                     .owed = (uint8_t)pick(walk, 0, 1)});
}

static void step(struct walk *walk)
{
    static void (*const steps[])(struct walk *) = {enter_any, enter_any, leave_top,
                                                   leave_top, leave_top, call_back};

    on(&walk->story, pick(walk, 0, 2) == 0 ? STORY_MI : 100 + pick(walk, 0, 2));
    if (pick(walk, 0, 100) == 0) {
        tell(&walk->story, MI_EV_thread_end, (struct mi_event){0});
    } else {
        steps[pick(walk, 0, G_N_ELEMENTS(steps) - 1)](walk);
    }
}

static void run_walk(guint32 seed)
{
    struct walk *walk = g_new0(struct walk, 1);

    walk->random = g_rand_new_with_seed(seed);
    begin(&walk->story);
    start_delivery_thread(&walk->story);
    for (unsigned i = 0; i < 50 + seed % 200; i++) {
        step(walk);
    }
    if (pick(walk, 0, 1) == 0) {
        exits(&walk->story);
    }
    finish(&walk->story, walk->random);
    g_free(walk);
}

static void test_random_stories(void **state)
{
    (void)state;
    for (guint32 seed = 1; seed <= 400; seed++) {
        run_walk(seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_events),
        cmocka_unit_test(test_random_stories),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
