/* SPDX-License-Identifier: MIT */
/* Makes, starts, stops and destroys the LTTng session of a run. */
#include "launch/session.h"

#include "launch/bounded.h"
#include "launch/buffers.h"
#include "launch/launch.h"
#include "launch/lttng_ctl.h"

#include <stdlib.h>
#include <string.h>

#define CHANNEL  "mi"
#define EVENTS   "mi:*"
#define METADATA "metadata" /* LTTng's own channel of this name describes the events */

#define SWITCH_TIMER_US       200000
#define METADATA_TIMER_US     100000
#define METADATA_SUBBUF_SIZE  (UINT64_C(1) << 18) /* holds it all: in pieces, it is written more slowly */
#define METADATA_SUBBUF_COUNT 2

#define BLOCKING_TIMEOUT_US 1000000

/* How long the daemon may be silent. */
#define OPEN_PATIENCE_MS 5000
#define STOP_PATIENCE_MS 4500

/* How long it may say that data is still being written. */
#define WRITE_PATIENCE_US (60 * G_USEC_PER_SEC)

struct opening {
    struct launch_session session;
    int status; /* of liblttng-ctl: negative is an error */
    const char *failed;
};

struct stopping {
    char *name;
    uint64_t lost;
    bool complete;
};

static struct lttng_domain ust_domain(void)
{
    return (struct lttng_domain){.type = LTTNG_DOMAIN_UST, .buf_type = LTTNG_BUFFER_PER_UID};
}

static int create_session(const struct launch_session *session)
{
    struct lttng_session_descriptor *descriptor =
        launch_lttng.session_descriptor_local_create(session->name, session->trace_dir);
    int status = descriptor == NULL ? -LTTNG_ERR_INVALID : -(int)launch_lttng.create_session_ext(descriptor);
    launch_lttng.session_descriptor_destroy(descriptor);
    return status == -LTTNG_OK ? 0 : status;
}

static struct lttng_channel *new_channel(const char *name, unsigned switch_timer_us, uint64_t subbuf_size,
                                         unsigned subbuf_count)
{
    struct lttng_domain domain = ust_domain();
    struct lttng_channel *channel = launch_lttng.channel_create(&domain);
    if (channel == NULL)
        return NULL;
    g_strlcpy(channel->name, name, sizeof channel->name);
    channel->attr.overwrite = 0;
    channel->attr.switch_timer_interval = switch_timer_us;
    channel->attr.subbuf_size = subbuf_size;
    channel->attr.num_subbuf = subbuf_count;
    launch_lttng.channel_set_monitor_timer_interval(channel, 0);
    return channel;
}

static int enable(struct lttng_handle *handle, struct lttng_channel *channel)
{
    int status = channel == NULL ? -LTTNG_ERR_NOMEM : launch_lttng.enable_channel(handle, channel);
    launch_lttng.channel_destroy(channel);
    return status;
}

/* LTTng writes the description of events only when a session stops, unless its channel has a timer of its
 * own. */
static int enable_metadata(const struct launch_session *session, struct lttng_handle *handle)
{
    (void)session;
    return enable(handle,
                  new_channel(METADATA, METADATA_TIMER_US, METADATA_SUBBUF_SIZE, METADATA_SUBBUF_COUNT));
}

static int enable_channel(const struct launch_session *session, struct lttng_handle *handle)
{
    struct lttng_channel *channel =
        new_channel(CHANNEL, SWITCH_TIMER_US, session->subbuf_size, session->subbuf_count);
    if (channel != NULL && session->lossless)
        launch_lttng.channel_set_blocking_timeout(channel, BLOCKING_TIMEOUT_US);
    return enable(handle, channel);
}

static int enable_events(const struct launch_session *session, struct lttng_handle *handle)
{
    struct lttng_event *event = launch_lttng.event_create();
    int status;
    if (event == NULL)
        return -LTTNG_ERR_NOMEM;
    g_strlcpy(event->name, EVENTS, sizeof event->name);
    event->type = LTTNG_EVENT_TRACEPOINT;
    event->loglevel_type = session->all_calls ? LTTNG_EVENT_LOGLEVEL_ALL : LTTNG_EVENT_LOGLEVEL_RANGE;
    event->loglevel = session->all_calls ? -1 : LTTNG_LOGLEVEL_INFO;
    status = launch_lttng.enable_event(handle, event, CHANNEL);
    launch_lttng.event_destroy(event);
    return status;
}

static int start(const struct launch_session *session, struct lttng_handle *handle)
{
    (void)handle;
    return launch_lttng.start_tracing(session->name);
}

static const struct {
    const char *what;
    int (*run)(const struct launch_session *session, struct lttng_handle *handle);
} steps[] = {
    {"enable the metadata channel", enable_metadata},
    {"enable the channel", enable_channel},
    {"enable the events", enable_events},
    {"start the session", start},
};

static void open_session(void *data)
{
    struct opening *opening = data;
    struct lttng_domain domain = ust_domain();
    struct lttng_handle *handle;
    opening->failed = "create a session";
    opening->status = create_session(&opening->session);
    if (opening->status < 0)
        return;
    handle = launch_lttng.create_handle(opening->session.name, &domain);
    for (size_t i = 0; i < G_N_ELEMENTS(steps) && opening->status >= 0; i++) {
        opening->failed = steps[i].what;
        opening->status = steps[i].run(&opening->session, handle);
        launch_bounded_go_on();
    }
    launch_lttng.destroy_handle(handle);
    if (opening->status < 0)
        launch_session_discard(opening->session.name);
}

static void opening_free(struct opening *opening)
{
    g_free(opening->session.name);
    g_free(opening->session.trace_dir);
    g_free(opening);
}

static struct opening *opening_new(const struct launch_session *session)
{
    struct opening *opening = g_new0(struct opening, 1);
    opening->session = *session;
    opening->session.name = g_strdup(session->name);
    opening->session.trace_dir = g_strdup(session->trace_dir);
    return opening;
}

bool launch_session_open(const struct launch_session *session, GError **error)
{
    struct opening *opening = opening_new(session);
    bool opened;
    if (!launch_buffers_choose(&opening->session, error)) {
        opening_free(opening);
        return false;
    }
    if (!launch_bounded_call(open_session, opening, OPEN_PATIENCE_MS)) {
        g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD, "the LTTng session daemon does not answer");
        return false;
    }
    opened = opening->status >= 0;
    if (!opened)
        g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD, "LTTng cannot %s: %s", opening->failed,
                    launch_lttng.strerror(opening->status));
    opening_free(opening);
    return opened;
}

/* True when the consumer daemon has written all that was recorded. Polls faster than liblttng-ctl, which
 * sleeps 0.2 s. */
static bool wait_for_data(const char *name)
{
    gint64 deadline = g_get_monotonic_time() + WRITE_PATIENCE_US;
    gulong pause_us = 500;
    int pending;
    while ((pending = launch_lttng.data_pending(name)) > 0 && g_get_monotonic_time() < deadline) {
        launch_bounded_go_on();
        g_usleep(pause_us);
        pause_us = MIN(pause_us * 2, 50000);
    }
    return pending == 0;
}

/*
 * LTTng's consumer adds up how much each buffer's counter of lost events grew from packet to packet. Writers
 * on several processors may leave a counter smaller than it was; the consumer takes that for an overflow at
 * 2^63 and adds as much (consumer_stream_update_stats in lttng-tools 2.13).
 */
static uint64_t without_overflow(uint64_t events)
{
    return events & INT64_MAX;
}

static uint64_t count_lost(const char *name)
{
    struct lttng_domain domain = ust_domain();
    struct lttng_handle *handle = launch_lttng.create_handle(name, &domain);
    struct lttng_channel *channels = NULL;
    int count = handle == NULL ? 0 : launch_lttng.list_channels(handle, &channels);
    uint64_t lost = 0;
    for (int i = 0; i < count; i++) {
        uint64_t events = 0;
        uint64_t packets = 0;
        launch_lttng.channel_get_discarded_event_count(&channels[i], &events);
        launch_lttng.channel_get_lost_packet_count(&channels[i], &packets);
        lost += without_overflow(events) + packets;
    }
    free(channels);
    launch_lttng.destroy_handle(handle);
    return lost;
}

/* Takes the health of a daemon. Whether it answers; `state` is what it says of its threads: 0 is good. */
static bool ask(struct lttng_health *health, int *state)
{
    bool answers = health != NULL && launch_lttng.health_query(health) == 0;
    *state = answers ? launch_lttng.health_state(health) : 0;
    launch_lttng.health_destroy(health);
    return answers;
}

static bool ask_consumer(int *state)
{
    return ask(launch_lttng.health_create_consumerd(LTTNG_HEALTH_CONSUMERD_UST_64), state);
}

/* A session daemon stops sessions without complaint after its consumer daemon was killed, or waits for it for
 * ever. */
static void stop_session(void *data)
{
    struct stopping *stopping = data;
    int state;
    if (!ask_consumer(&state))
        return;
    launch_bounded_go_on();
    stopping->complete =
        launch_lttng.stop_tracing_no_wait(stopping->name) >= 0 && wait_for_data(stopping->name);
    launch_bounded_go_on();
    stopping->lost = count_lost(stopping->name);
}

enum launch_session_end launch_session_stop(const struct launch_session *session, uint64_t *lost)
{
    struct stopping *stopping = g_new0(struct stopping, 1);
    enum launch_session_end end;
    stopping->name = g_strdup(session->name);
    if (!launch_bounded_call(stop_session, stopping, STOP_PATIENCE_MS))
        return LAUNCH_SESSION_HANGS;
    end = stopping->complete ? LAUNCH_SESSION_COMPLETE : LAUNCH_SESSION_INCOMPLETE;
    *lost += stopping->lost;
    g_free(stopping->name);
    g_free(stopping);
    return end;
}

static void look_for_daemons(void *data)
{
    int unused, state;
    *(bool *)data = ask(launch_lttng.health_create_sessiond(), &unused) && ask_consumer(&state) && state == 0;
}

bool launch_session_is_alive(void)
{
    bool *found = g_new0(bool, 1);
    bool alive;
    if (!launch_bounded_call(look_for_daemons, found, STOP_PATIENCE_MS))
        return false;
    alive = *found;
    g_free(found);
    return alive;
}

void launch_session_discard(const char *name)
{
    if (launch_lttng.stop_tracing_no_wait(name) >= 0)
        wait_for_data(name);
    launch_lttng.destroy_session_no_wait(name);
}
