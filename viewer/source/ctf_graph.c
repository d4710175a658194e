/* SPDX-License-Identifier: MIT */
/* Builds graphs of libbabeltrace2 and keeps its messages off standard error. */
#include "source/ctf_graph.h"

#include "source/stream.h"

#include <string.h>

/* Cut off what libbabeltrace2 adds for its own authors: ": msg-it-addr=0x5566, ...", and further lines. */
static char *shorten(const char *message)
{
    size_t length = strcspn(message, "\n");
    const char *detail = g_strstr_len(message, (gssize)length, "-addr=");

    while (detail != NULL && detail > message && *detail != ':') {
        detail--;
    }
    return g_strndup(message, detail != NULL && detail > message ? (size_t)(detail - message) : length);
}

char *ctf_take_cause(void)
{
    const bt_error *error = bt_current_thread_take_error();

    if (error == NULL) {
        return NULL;
    }
    /* The first cause lies deepest. */
    char *cause = shorten(bt_error_cause_get_message(bt_error_borrow_cause_by_index(error, 0)));
    bt_error_release(error);
    return cause;
}

/* Parameters of source.ctf.fs for these directories. LTTng's clock counts from the epoch on, though it does
 * not say so. */
static bt_value *source_parameters(const GPtrArray *paths)
{
    bt_value *parameters = bt_value_map_create();
    bt_value *inputs = NULL;

    bt_value_map_insert_empty_array_entry(parameters, "inputs", &inputs);
    for (guint i = 0; i < paths->len; i++) {
        bt_value_array_append_string_element(inputs, g_ptr_array_index(paths, i));
    }
    bt_value_map_insert_bool_entry(parameters, "force-clock-class-origin-unix-epoch", BT_TRUE);
    return parameters;
}

void ctf_plugins_release(struct ctf_plugins *plugins)
{
    bt_plugin_put_ref(plugins->ctf);
    bt_plugin_put_ref(plugins->utils);
}

bool ctf_plugins_find(struct ctf_plugins *plugins, GError **error)
{
    bt_logging_set_global_level(BT_LOGGING_LEVEL_NONE);
    bool found = bt_plugin_find("ctf", BT_TRUE, BT_FALSE, BT_TRUE, BT_TRUE, BT_FALSE, &plugins->ctf) ==
                     BT_PLUGIN_FIND_STATUS_OK &&
                 bt_plugin_find("utils", BT_TRUE, BT_FALSE, BT_TRUE, BT_TRUE, BT_FALSE, &plugins->utils) ==
                     BT_PLUGIN_FIND_STATUS_OK;

    if (!found) {
        bt_current_thread_clear_error();
        g_set_error(
            error, SOURCE_ERROR, 0,
            "the plugins of libbabeltrace2 are missing: install babeltrace2, or set BABELTRACE_PLUGIN_PATH");
    }
    return found;
}

static bool connect_ports(bt_graph *graph, const bt_port_output *from, const bt_port_input *to)
{
    return bt_graph_connect_ports(graph, from, to, NULL) == BT_GRAPH_CONNECT_PORTS_STATUS_OK;
}

/* A muxer behind all ports of `source`. NULL: a failure. */
static const bt_component_filter *add_muxer(bt_graph *graph, const struct ctf_plugins *plugins,
                                            const bt_component_source *source)
{
    const bt_component_class_filter *class =
        bt_plugin_borrow_filter_component_class_by_name_const(plugins->utils, "muxer");
    const bt_component_filter *muxer = NULL;
    bool good = class != NULL &&
                bt_graph_add_filter_component(graph, class, "muxer", NULL, BT_LOGGING_LEVEL_NONE, &muxer) ==
                    BT_GRAPH_ADD_COMPONENT_STATUS_OK;

    for (uint64_t i = 0; good && i < bt_component_source_get_output_port_count(source); i++) {
        good = connect_ports(graph, bt_component_source_borrow_output_port_by_index_const(source, i),
                             bt_component_filter_borrow_input_port_by_index_const(muxer, i));
    }
    return good ? muxer : NULL;
}

/* The port where the events of `source` come out in order: its own when there is only one stream. */
static const bt_port_output *last_port(bt_graph *graph, const struct ctf_plugins *plugins,
                                       const bt_component_source *source)
{
    if (bt_component_source_get_output_port_count(source) == 1) {
        return bt_component_source_borrow_output_port_by_index_const(source, 0);
    }
    const bt_component_filter *muxer = add_muxer(graph, plugins, source);
    return muxer != NULL ? bt_component_filter_borrow_output_port_by_index_const(muxer, 0) : NULL;
}

static bool add_sink(bt_graph *graph, const bt_port_output *port,
                     bt_graph_simple_sink_component_consume_func consume, void *data)
{
    const bt_component_sink *sink = NULL;

    return port != NULL &&
           bt_graph_add_simple_sink_component(graph, "mitrace", NULL, consume, NULL, data, &sink) ==
               BT_GRAPH_ADD_COMPONENT_STATUS_OK &&
           connect_ports(graph, port, bt_component_sink_borrow_input_port_by_index_const(sink, 0));
}

static const bt_component_source *add_source(bt_graph *graph, const struct ctf_plugins *plugins,
                                             const GPtrArray *paths)
{
    const bt_component_class_source *class =
        bt_plugin_borrow_source_component_class_by_name_const(plugins->ctf, "fs");
    const bt_component_source *source = NULL;
    bt_value *parameters = source_parameters(paths);

    if (class != NULL && bt_graph_add_source_component(graph, class, "fs", parameters, BT_LOGGING_LEVEL_NONE,
                                                       &source) != BT_GRAPH_ADD_COMPONENT_STATUS_OK) {
        source = NULL;
    }
    bt_value_put_ref(parameters);
    return source;
}

bt_graph *ctf_graph_new(const struct ctf_plugins *plugins, const GPtrArray *paths,
                        bt_graph_simple_sink_component_consume_func consume, void *data, GError **error)
{
    bt_graph *graph = bt_graph_create(0);
    const bt_component_source *source = graph != NULL ? add_source(graph, plugins, paths) : NULL;
    bool empty = source != NULL && bt_component_source_get_output_port_count(source) == 0;

    if (source != NULL && !empty && add_sink(graph, last_port(graph, plugins, source), consume, data)) {
        return graph;
    }
    if (!empty) {
        g_autofree char *cause = ctf_take_cause();
        g_set_error(error, SOURCE_ERROR, 0, "%s", cause != NULL ? cause : "error in libbabeltrace2");
    }
    bt_graph_put_ref(graph);
    return NULL;
}
