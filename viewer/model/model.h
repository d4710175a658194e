/* SPDX-License-Identifier: MIT */
/*
 * What happened, rebuilt from events: processes, threads, the calls and callbacks each thread is inside of,
 * and the life of every handle. It knows nothing of CTF, of symbols or of output. Memory grows with live
 * handles and distinct stacks, not with events.
 *
 * Identity: a handle is an event of creation. It is looked up by the reserved words (application, session,
 * operation, hosted provider, options), by the object's address (instance, class) or by the struct's address
 * (serializer, deserializer), always the newest creation with that key in its process; copies by value are
 * the same handle.
 *
 * Everything that a pointer here leads to belongs to the model and lives until model_free, but for handles
 * and threads. A handle lives while it is open, while something (a call, a child, model_hold) refers to it,
 * and as one of the MODEL_REMEMBERED handles of its kind and process that were closed last and whose words no
 * newer handle has taken. A thread lives until it ends, and while something (a handle, model_hold_thread,
 * model_set_site) refers to it.
 */
#ifndef MITRACE_MODEL_MODEL_H
#define MITRACE_MODEL_MODEL_H

#include "mi_names.h"
#include "source/source.h"

#include <glib.h>

#define MODEL_REMEMBERED 4096u

/* A stack, interned: equal stacks of one process have the same pointer. */
struct model_stack {
    unsigned id; /* 1, 2, ... in order of appearance */
    uint32_t depth;
    uint64_t addresses[]; /* return addresses, innermost first */
};

/* A moment in a thread: where something happened. `thread` NULL: it did not happen, or nobody knows where. */
struct model_site {
    struct model_thread *thread;
    int64_t time_ns;
    enum mi_function function;       /* the call, or MI_FN_none when a callback or the process is meant */
    const struct model_stack *stack; /* NULL: not recorded */
    uint32_t uid, gid;               /* real ids, where the event carries them */
};

enum model_state {
    MODEL_OPENING, /* its creator has not returned */
    MODEL_LIVE,
    MODEL_CLOSING, /* a close was accepted but is not finished: asynchronous, or the call has not returned */
    MODEL_CLOSED,
    MODEL_FAILED /* creation failed: nothing is owed */
};

/* All handles of one kind that one function made at one place. */
struct model_origin {
    enum mi_kind kind;
    enum mi_function function;
    const struct model_stack *stack; /* NULL: not recorded */
    uint64_t created, closed;
    struct model_site closed_at; /* where one of them was closed */
};

struct model_handle {
    enum mi_kind kind;
    unsigned id; /* number of its kind in its process, from 1: "session 3" */
    enum model_state state;
    struct model_process *process;
    struct model_handle *parent; /* application of a session, session of an operation, ...; NULL: unknown */
    char *name;                  /* for a person: "root/cimv2 CIM_Foo", destination; "" when there is none */
    uint64_t r1, r2;             /* identity words, 0 where the kind has none */
    uint64_t address;            /* of the object, or of the struct it was created in */
    struct model_site created;
    struct model_site closing;      /* entry of the last call that closes it */
    bool close_returned;            /* that call returned ... */
    int32_t close_result;           /* ... this */
    bool close_accepted;            /* a close was accepted: `closing` is that one and stays */
    unsigned closes_running;        /* threads that are inside a call that closes it */
    unsigned uses_running;          /* calls on it that do not close it and have not returned */
    unsigned open_children;         /* created under it and not closed */
    int64_t last_child_ns;          /* when one of those was closed last; 0: never */
    struct model_handle *inherited; /* of a forked child: the parent's handle that it was made from */
    bool connected;                 /* application: it has had a session or hosted provider */
    unsigned references;            /* class: references that the program owns */
    unsigned leaving;               /* class: of these, whose deletion has begun and not returned */
    bool given;                     /* class: a reference went to MI, or so it seems */
    bool is_error;                  /* instance: error details that a call handed out beside its result */
    struct model_origin *origin;
    bool doubtful; /* a part of its life is not known: nothing certain can be said of it */

    /* operation */
    bool asynchronous;  /* the callback for its kind of result was given */
    bool manual;        /* manual acknowledgement */
    uint32_t callbacks; /* which ones were given: bit per enum mi_callback */
    bool adopted;       /* an instance that the program gave to another one with MI_FLAG_ADOPT */
    bool unowned;       /* the program gave no MI_Operation to be filled: it cannot close it */
    bool failed_start;  /* MI refused to start it: it owns nothing and blocks nothing */
    bool final_seen;    /* the program has been handed the final result */
    bool cancelled;
    int32_t final_result;
    unsigned results;      /* handed to the program */
    unsigned owed;         /* results handed out that the program has not acknowledged (accepted with OK) */
    unsigned owed_answers; /* the same for answers to promptUser and writeError */
    unsigned responding;   /* threads that are inside an acknowledgement or answer */
    struct model_site last_owed;    /* callback that handed out the last one not acknowledged or answered */
    enum mi_callback owed_callback; /* which callback that was */
    struct model_site refused;      /* the last acknowledgement or answer that MI did not accept ... */
    int32_t refused_result;         /* ... because of this */
    struct model_site responded;    /* the last one that it accepted */
    unsigned callbacks_running;     /* callbacks of this operation that threads are inside of */
    struct model_thread *user;      /* the last thread that passed it to MI */
    bool several_users;             /* more than one thread did */
    uint64_t token;

    /* session */
    bool close_asynchronous; /* its accepted close gave a completion function */
    bool completion_entered, completion_left;
    uint64_t close_token;

    /* the model's own */
    struct model_key {
        enum mi_kind kind;
        uint64_t a, b;
    } key;
    struct model_handle *older;           /* made earlier with the same key, and not known to be gone */
    struct model_handle *previous, *next; /* among the open ones of its kind, or among those closed last */
    uint64_t sequence;                    /* in order of creation */
    unsigned holders;
    bool bound, opened;
    uint64_t session_r1, session_r2; /* operation: words of the session it was started with */
    uint64_t other_token;            /* session: of an overlapping second close */
    struct model_loan *loans;        /* operation, application: what it has lent and not taken back */
};

/* What an event says of a handle: where its struct, or the object, stands, and the reserved words in it. */
struct model_words {
    uint64_t address, r1, r2;
};

/* How far the end of a handle had come when a call on it was entered. */
enum model_ending {
    MODEL_NOT_ENDING,
    MODEL_ENDING, /* another call that closes it, or what it belongs to, was running */
    MODEL_ENDED   /* a close of it had been accepted */
};

/* One thing that a thread is inside of; a thread's `inside` is a stack of them, outermost first. */
enum model_activity_kind { MODEL_CALL, MODEL_CALLBACK };

struct model_activity {
    enum model_activity_kind kind;
    int64_t begin_ns;
    struct model_handle *handle; /* acted on, or the callback's owner (operation, session, application,
                                    deserializer); NULL: unknown. In a forked child it may be a handle of the
                                    parent: its `process` tells, and nothing that the child does changes it */
    /* call */
    enum mi_function function;
    struct model_words words; /* what it was called with */
    enum model_ending ending; /* of `handle`, which is this process's */
    uint32_t number;
    struct model_site site;
    struct model_handle *made; /* operation that the call starts; any handle, once the call was left;
                                  class-needed callback: the last class that the program made in it */
    uint64_t token;            /* of the callbacks given, or of the callback that runs; 0: none */
    /* callback; result and borrowed objects also of a getter, once it was left */
    enum mi_callback callback;
    bool final, owed;
    int32_t result;
    uint64_t object, details; /* instance or class and error details that it hands out, borrowed */
    unsigned classes_made, classes_deleted; /* references, in a class-needed callback */
};

/* A later thread with the same tid is another one. */
struct model_thread {
    struct model_process *process;
    uint32_t tid;
    char *name;                 /* NULL: unknown */
    bool announced;             /* its thread_start was seen: `library` is known */
    bool library;               /* created by MI */
    bool ended;                 /* it is in process->threads no longer */
    unsigned holders;           /* what else refers to it */
    GArray *inside;             /* struct model_activity, outermost first */
    struct model_activity last; /* the last one that was left; `begin_ns` 0: none. Its `made` may be closed */
    int64_t last_ns;            /* time of the thread's last event */
    bool delivers;              /* callbacks were entered on it outside any call: it delivers MI's results */
};

enum model_end { MODEL_RUNNING, MODEL_EXIT, MODEL_UNDERSCORE_EXIT, MODEL_EXEC, MODEL_SIGNAL };

struct model_module {
    uint64_t base, start, end;
    char *path;
    uint8_t *build_id;
    size_t build_id_len;
    int64_t loaded_ns;
};

struct model_process {
    uint32_t pid;
    unsigned generation; /* pids are reused, exec starts anew: 0, 1, ... */
    char *path;          /* of the executable; "" when unknown */
    char *run;           /* run id; "" when there is none */
    uint32_t parent_pid;
    struct model_process *forked_from;  /* NULL: not seen to be forked */
    struct model_handle *delivery_left; /* an application that the parent had in use when it forked: the
                                           thread that delivers MI's results is not in the child, and MI
                                           starts no other there; NULL: none */
    int64_t begin_ns;                   /* first event; of a forked child: the fork */
    int64_t last_ns;                    /* last event */
    int64_t watched_ns;                 /* it was watched until then; 0: until the last event of all */
    enum model_end end;
    int32_t end_status;
    bool started_in_trace; /* its process_start was seen: earlier calls are not missing */
    uint64_t calls;        /* calls recorded */
    GHashTable *threads;   /* tid -> struct model_thread *, those that have not ended */
    uint64_t threads_seen; /* these, and those that have */
    bool deliverer_seen;   /* one of those that have ended was MI's, or delivered its results */
    GPtrArray *modules;    /* struct model_module *, in order of loading; replaced ones stay */
    struct {
        uint64_t created, closed;
    } counts[MI_KIND_COUNT];
    uint64_t unpatched;             /* function tables that the recorder had to leave alone */
    bool unwatched[MI_KIND_COUNT];  /* some of this kind: handles may be closed unseen */
    uint64_t tables[MI_KIND_COUNT]; /* address of a patched function table of the kind; 0: none was told */
    bool several_tables[MI_KIND_COUNT]; /* of instances and classes: there is a second MI, and nobody sees
                                           what that one makes */
    int64_t unseen_error_ns;  /* a call that may have handed out error details failed without telling, last
                                 then; 0: none */
    int64_t missed_ns;        /* a call that may have made a handle was last left unseen then; 0: none */
    int64_t handed_out_ns;    /* an instance that may have others in it was last handed out, or got one,
                                 then; 0: never */
    int64_t classes_given_ns; /* classes made before this may have been given to MI by a class-needed
                                 callback; 0: none */
    struct model_process_own *own; /* the model's own */
};

/*
 * What rules are told while the trace is read: one call left or entered, with everything it refers to
 * resolved. An activity that was entered is on top of thread->inside, one that was left is not. call_entered
 * shows handles as they were before the call; the others show what has become of them. `event` is the call's
 * exit, or call_unwound when an exception left it, or NULL when its exit is missing. A handle that an
 * observer wants to keep it must hold.
 */
struct model_observer {
    void (*call_entered)(void *context, struct model_thread *, const struct model_activity *);
    void (*call_left)(void *context, struct model_thread *, const struct model_activity *,
                      const struct source_event *);
    void (*callback_entered)(void *context, struct model_thread *, const struct model_activity *);
    void (*callback_left)(void *context, struct model_thread *, const struct model_activity *);
    void *context;
};

struct model;

struct model *model_new(void);
void model_free(struct model *model); /* NULL is allowed */

/* Observers are called in the order they were added; `observer` is copied, any function in it may be NULL. */
void model_add_observer(struct model *model, const struct model_observer *observer);

/*
 * A trace begins: a process of an earlier one is never that of an equal pid in this one. Only processes that
 * belong to `run` are kept, "" or NULL: all. The first trace may do without.
 */
void model_begin_trace(struct model *model, const char *run);

/* Take one event, in order of time within its trace. Events that contradict what is known never crash: they
 * are counted as odd. */
void model_take(struct model *model, const struct source_event *event);

/* How `pid` ended, when the launcher knows (signal or exit status): after the last event of its trace. */
void model_set_end(struct model *model, uint32_t pid, enum model_end end, int32_t status);

/* The processes that have appeared since the last call were watched until `time_ns`: the launcher knows more
 * than the last event does. */
void model_set_watched(struct model *model, int64_t time_ns);
void model_finish(struct model *model); /* no more events: handles that are closed are no longer remembered */

int64_t model_now(const struct model *model); /* time of the last event taken */
uint64_t model_odd_events(const struct model *model);

/* When `process` ended, or watching it did. */
int64_t model_end_of(const struct model *model, const struct model_process *process);

/* Processes in order of appearance: struct model_process *. Owned by the model. */
const GPtrArray *model_processes(const struct model *model);

/* Where in that list it is; G_MAXUINT for a process that no model made. */
guint model_index_of(const struct model_process *process);

/*
 * An instance or class that MI lent to the program: a result, or error details. It is valid until the next
 * getter or the close of a synchronous operation, until the acknowledgement in manual mode, and otherwise
 * until the callback returns. Loans that have ended are remembered, too: the last MODEL_LOANS of a process.
 */
#define MODEL_LOANS 4096u

enum model_loan_life { MODEL_LOAN_READ, MODEL_LOAN_ACKNOWLEDGED, MODEL_LOAN_CALLBACK };

struct model_loan {
    struct model_key key;
    struct model_handle *owner; /* what it belongs to: an operation, or an application */
    struct model_site lent;     /* the getter, or the callback */
    enum mi_callback callback;  /* that callback; MI_CB_COUNT: a getter */
    enum model_loan_life life;
    struct model_site ended; /* thread NULL: it has not; function MI_FN_none: the callback returned then */

    /* the model's own */
    struct model_loan *other;           /* of the same owner, not ended either */
    struct model_loan *earlier, *later; /* among those that have ended */
};

/* What MI lent at `address` and no creation has taken since; NULL: nothing known. Valid until the next event.
 */
const struct model_loan *model_loan_at(struct model_process *process, enum mi_kind kind, uint64_t address);

/* Keep a handle alive; each hold wants its release. NULL is allowed and returned. */
struct model_handle *model_hold(struct model_handle *handle);
void model_release(struct model_handle *handle);

/* The same for a thread. What is held may outlive the model, but not be looked at then. */
struct model_thread *model_hold_thread(struct model_thread *thread);
void model_release_thread(struct model_thread *thread);

/* Copy `site` to `place`, which holds its thread and releases the one that it had; NULL: to nowhere. */
void model_set_site(struct model_site *place, const struct model_site *site);

/* Call `visit` for every handle of `process` that is not closed, in order of creation. */
typedef void (*model_visit)(struct model_handle *handle, void *context);
void model_each_open(struct model_process *process, model_visit visit, void *context);

/* Threads of `process` that have not ended, in order of tid, struct model_thread *: a new array that the
 * caller frees (g_ptr_array_unref). */
GPtrArray *model_threads(struct model_process *process);

/* The innermost call of `thread` that has not returned, NULL when it is in none or in a callback on top of
 * it. */
const struct model_activity *model_blocked_call(const struct model_thread *thread);

#endif
