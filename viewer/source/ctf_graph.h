/* SPDX-License-Identifier: MIT */
/* Graphs of libbabeltrace2: source.ctf.fs -> filter.utils.muxer -> a function. */
#ifndef MITRACE_SOURCE_CTF_GRAPH_H
#define MITRACE_SOURCE_CTF_GRAPH_H

#include <babeltrace2/babeltrace.h>
#include <glib.h>
#include <stdbool.h>

struct ctf_plugins {
    const bt_plugin *ctf, *utils;
};

/* False and `error`: libbabeltrace2 has no plugins here. To be released in any case. */
bool ctf_plugins_find(struct ctf_plugins *plugins, GError **error);
void ctf_plugins_release(struct ctf_plugins *plugins);

/*
 * A graph that reads the directories `paths` as one trace and calls consume(iterator, data) at every
 * bt_graph_run_once. NULL without `error`: there is no stream in the trace.
 */
bt_graph *ctf_graph_new(const struct ctf_plugins *plugins, const GPtrArray *paths,
                        bt_graph_simple_sink_component_consume_func consume, void *data, GError **error);

/* What failed in this thread, as libbabeltrace2 tells it, in one line, to be freed; NULL when nothing did. */
char *ctf_take_cause(void);

#endif
