/* SPDX-License-Identifier: MIT */
/*
 * The least that a program which uses events has to do with libbabeltrace2: bench_sink DIR... reads the trace
 * in these directories, looks at the first field of each event, and prints how many events there were.
 */
#include "source/ctf_graph.h"

#include <inttypes.h>
#include <stdio.h>

struct sums {
    uint64_t events, values;
};

static void take(struct sums *sums, const bt_message *message)
{
    if (bt_message_get_type(message) == BT_MESSAGE_TYPE_EVENT) {
        const bt_event *event = bt_message_event_borrow_event_const(message);
        const bt_field *payload = bt_event_borrow_payload_field_const(event);
        sums->values += bt_field_integer_unsigned_get_value(
            bt_field_structure_borrow_member_field_by_index_const(payload, 0));
        sums->events++;
    }
    bt_message_put_ref(message);
}

static bt_graph_simple_sink_component_consume_func_status consume(bt_message_iterator *iterator, void *data)
{
    bt_message_array_const messages;
    uint64_t count = 0;

    switch (bt_message_iterator_next(iterator, &messages, &count)) {
    case BT_MESSAGE_ITERATOR_NEXT_STATUS_OK:
        for (uint64_t i = 0; i < count; i++) {
            take(data, messages[i]);
        }
        return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_OK;
    case BT_MESSAGE_ITERATOR_NEXT_STATUS_END:
        return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_END;
    default:
        return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_ERROR;
    }
}

int main(int argc, char **argv)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    struct ctf_plugins plugins = {NULL, NULL};
    struct sums sums = {0, 0};
    bt_graph *graph = NULL;

    for (int i = 1; i < argc; i++) {
        g_ptr_array_add(paths, argv[i]);
    }
    if (ctf_plugins_find(&plugins, NULL)) {
        graph = ctf_graph_new(&plugins, paths, consume, &sums, NULL);
    }
    bool good = graph != NULL && bt_graph_run(graph) == BT_GRAPH_RUN_STATUS_OK;
    printf("%" PRIu64 " events, values %" PRIu64 "\n", sums.events, sums.values);
    bt_graph_put_ref(graph);
    ctf_plugins_release(&plugins);
    return good ? 0 : 1;
}
