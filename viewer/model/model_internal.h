/* SPDX-License-Identifier: MIT */
/* The files of the model to one another. Public contracts stand in model.h. */
#ifndef MITRACE_MODEL_MODEL_INTERNAL_H
#define MITRACE_MODEL_MODEL_INTERNAL_H

#include "model/model.h"

/* Of how many processes that have ended the closed handles are still remembered. */
#define ENDED_REMEMBERED 4u

struct model {
    GPtrArray *processes; /* struct model_process * */
    GHashTable
        *by_pid; /* of this trace: pid -> the newest struct model_process *; NULL: of a run not wanted */
    GHashTable *generations;      /* of this trace: pid -> how many processes had it */
    struct model_process *recent; /* the one that the last event was of */
    GArray *observers;            /* struct model_observer */
    char *run;                    /* "": all are wanted */
    int64_t now;
    uint64_t odd;
    uint64_t fields[MI_CLASS_COUNT]; /* bit per enum mi_field: which ones an event of the class carries */
    struct model_process *ended[ENDED_REMEMBERED]; /* those that ended last, in turn */
    unsigned ended_count;
};

#define MODEL_REFUSED 1024u

struct model_process_own {
    struct model *model;
    guint index;          /* in model->processes */
    GHashTable *by_key;   /* struct model_key * of the newest handle -> that handle */
    GHashTable *by_token; /* uint64_t * -> struct model_handle * */
    GHashTable *stacks;   /* struct model_stack *, a set */
    GHashTable *origins;  /* struct model_origin *, a set */
    struct model_handle *open[MI_KIND_COUNT], *open_last[MI_KIND_COUNT];
    struct model_closed {
        struct model_handle *first, *last; /* oldest first */
        unsigned count;
    } closed[MI_KIND_COUNT];               /* closed handles that are remembered */
    GHashTable *loans;                     /* struct model_key * -> struct model_loan * */
    struct model_loan *ended, *ended_last; /* loans that have ended, oldest first */
    unsigned ended_count;
    struct model_key
        *refused; /* MODEL_REFUSED structs that failed creations were given, by hash; NULL: none */
    unsigned ids[MI_KIND_COUNT];
    uint64_t sequence;
    struct model_thread *recent; /* the one that the last event was of */
};

/* An event with what it is about. */
struct model_context {
    struct model *model;
    struct model_thread *thread;
    const struct source_event *event;
    const struct mi_event_info *info;
};

static inline bool model_has(const struct model_context *context, enum mi_field field)
{
    return (context->model->fields[context->info->class] >> field & 1) != 0;
}

/* model.c */
void model_odd(struct model *model);
void model_tell_call_entered(struct model *model, struct model_thread *thread,
                             const struct model_activity *call);
void model_tell_call_left(struct model *model, struct model_thread *thread, const struct model_activity *call,
                          const struct source_event *event);
void model_tell_callback_entered(struct model *model, struct model_thread *thread,
                                 const struct model_activity *callback);
void model_tell_callback_left(struct model *model, struct model_thread *thread,
                              const struct model_activity *callback);

/* processes.c. NULL: the process is not wanted. */
struct model_process *processes_of(struct model *model, const struct source_event *event);
void processes_take(const struct model_context *context);
void processes_free(struct model_process *process);

/* threads.c */
struct model_thread *threads_of(struct model_process *process, const struct source_event *event);
void threads_take(const struct model_context *context);
void threads_end(gpointer thread); /* it is in its process's table no longer: gone, or with its last holder */

/* activities.c: the stack of calls and callbacks that a thread is inside of. The result of a push is valid
 * until the next one. Dropping closes activities whose end is missing. */
struct model_activity *activities_push(struct model_thread *thread, const struct model_activity *activity);
struct model_activity *activities_top(struct model_thread *thread);          /* NULL: the thread is in none */
struct model_activity *activities_class_needed(struct model_thread *thread); /* innermost one, or NULL */
void activities_pop(struct model_thread *thread);
void activities_drop_to(struct model *model, struct model_thread *thread, guint depth);
void activities_forget_last(struct model_thread *thread);

/* stacks.c */
const struct model_stack *stacks_intern(struct model_process *process, const uint64_t *addresses,
                                        uint32_t depth);
struct model_origin *stacks_origin(struct model_process *process, const struct model_handle *handle);
GHashTable *stacks_new(void);
GHashTable *stacks_new_origins(void);

/*
 * handles.c: the life of a handle. A new one is MODEL_OPENING; it is owned by the list of open handles until
 * it is closed or failed. All of these accept a handle that has already come further.
 */
struct model_handle *handles_new(struct model_process *process, enum mi_kind kind,
                                 struct model_handle *parent, const struct model_site *created);
void handles_opened(struct model_handle *handle);
void handles_closed(struct model_handle *handle);
void handles_failed(struct model_handle *handle);
void handles_forget(struct model_handle *handle); /* a closed one: need not be remembered any longer */
void handles_forget_closed(struct model_process *process);
void handles_free_all(struct model_process *process);

/*
 * identity.c: which handle an event means. Binding says under which words or address a handle is known from
 * now on; an older handle with the same key that cannot exist beside it is closed.
 */
GHashTable *identity_new(void);
void identity_bind(struct model_handle *handle);
void identity_unbind(struct model_handle *handle);
struct model_handle *identity_find(struct model_process *process, enum mi_kind kind,
                                   const struct model_words *words);
/* The open object at `address`; NULL: none. */
struct model_handle *identity_object(struct model_process *process, enum mi_kind kind, uint64_t address);
/* MI hands out something of its own at `address`, which is not 0: what was there is gone. */
void identity_borrowed(struct model_process *process, enum mi_kind kind, uint64_t address);
GHashTable *identity_new_tokens(void);
void identity_add_token(struct model_handle *handle, uint64_t token);
void identity_drop_token(struct model_handle *handle, uint64_t token);
struct model_handle *identity_by_token(struct model_process *process, uint64_t token);

/*
 * A creation failed: MI may have left the program's struct as it was, with the words of a handle that is
 * closed. Closing such a struct is allowed and means nothing. A few of them are remembered.
 */
void identity_refused(struct model_process *process, enum mi_kind kind, uint64_t address);
/* What these words meant is gone for good: they came with something else. */
void identity_forget(struct model_process *process, enum mi_kind kind, const struct model_words *words);
guint identity_hash(gconstpointer key);
gboolean identity_equal(gconstpointer left, gconstpointer right);

/* loans.c: what MI lends to the program. `activity`: the getter that was left, or the callback. */
GHashTable *loans_new(void);
void loans_lend(const struct model_activity *activity, enum mi_kind kind, uint64_t address);
/* End those of `owner` that were lent since `from_ns` and have this life. */
void loans_end(struct model_handle *owner, enum model_loan_life life, int64_t from_ns,
               const struct model_site *site);
void loans_forget(struct model_process *process, const struct model_key *key);
void loans_free_all(struct model_process *process);

/* calls.c, callbacks.c */
void calls_take(const struct model_context *context);
void calls_abandon(struct model_activity *call);
void callbacks_take(const struct model_context *context);
void callbacks_leave(struct model_thread *thread, struct model_activity *callback);

/* creations.c: calls that hand out handles. */
void creations_enter(const struct model_context *context, struct model_activity *call);
void creations_leave(const struct model_context *context, struct model_activity *call);
void creations_error(const struct model_context *context,
                     struct model_activity *call); /* the error instance */
void creations_abandon(struct model_activity *call);
void creations_adopted(const struct model_context *context); /* another instance owns it from now on */

/* closes.c: calls that close. `site` NULL: the reference went to MI. */
void closes_enter(struct model_activity *call);
void closes_leave(struct model_activity *call, int32_t result);
void closes_abandon(struct model_activity *call);
void closes_completion_entered(struct model_handle *session);
void closes_completion_left(struct model_handle *session);
void closes_unreference(struct model_handle *handle, const struct model_site *site);
enum model_ending closes_ending(const struct model_handle *handle);

/* operations.c */
void operations_enter(const struct model_context *context, struct model_activity *call); /* a starting call */
void operations_leave(const struct model_context *context, struct model_activity *call);
void operations_abandon(struct model_handle *operation);
void operations_used(struct model_handle *operation, struct model_thread *thread);
void operations_result(const struct model_context *context,
                       struct model_activity *call); /* a getter's exit */
void operations_callback(const struct model_context *context, const struct model_activity *callback);
void operations_settle(struct model_handle *operation);
void operations_responding(struct model_activity *call);
void operations_responded(struct model_activity *call, int32_t result);
bool operations_is_response(enum mi_function function);

#endif
