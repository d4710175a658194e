/* SPDX-License-Identifier: MIT */
/* The files of the generator of histories to one another. */
#ifndef MITRACE_UNIT_HISTORY_INTERNAL_H
#define MITRACE_UNIT_HISTORY_INTERNAL_H

#include "history.h"

/* history.c: the world, tests for history_find. */
bool history_chance(struct history *history, unsigned in);
void history_push(struct history *history, enum mi_function function, struct item *item, uint64_t object);
struct words history_copy_of(struct history *history, struct words words);
bool history_is_open_application(const struct history *history, const struct item *item);
bool history_is_open_session(const struct history *history, const struct item *item);
bool history_is_open_operation(const struct history *history, const struct item *item);
bool history_is_open_object(const struct history *history, const struct item *item);
bool history_is_readable(const struct history *history, const struct item *item);
bool history_is_cancellable(const struct history *history, const struct item *item);
bool history_is_owing(const struct history *history, const struct item *item);
bool history_is_lending(const struct history *history, const struct item *item);
bool history_is_closable_session(const struct history *history, const struct item *item);
bool history_is_closable_application(const struct history *history, const struct item *item);
bool history_is_closing_application(const struct history *history, const struct item *item);
void history_settle(struct history *history, struct item *operation);

/* What the program may do; false: not possible now. history_objects.c */
bool history_initialize_application(struct history *history);
bool history_open_session(struct history *history);
bool history_fail_to_open_session(struct history *history);
bool history_make_object(struct history *history);
bool history_clone_instance(struct history *history);
bool history_refer_to_class(struct history *history);
bool history_deserialize(struct history *history);
bool history_use_object(struct history *history);
bool history_use_result(struct history *history);
bool history_ask_for_parent(struct history *history);
enum mi_function history_closer_of(enum mi_kind kind);
bool history_delete_object(struct history *history);
bool history_fork_child(struct history *history);

/* history_operations.c */
bool history_close_operation(struct history *history);
bool history_cancel(struct history *history);
bool history_acknowledge(struct history *history);
bool history_close_session_asynchronously(struct history *history);
bool history_close_session(struct history *history);
bool history_close_application(struct history *history);
bool history_start_synchronously(struct history *history);
bool history_start_asynchronously(struct history *history);
bool history_fail_to_start(struct history *history);
bool history_fail_to_connect(struct history *history);
bool history_read_result(struct history *history);
void history_deliver_next(struct history *history);
bool history_may_return(const struct history *history, const struct inside *top);
void history_return_from(struct history *history, struct inside inside);
void history_leave_result_callback(struct history *history, struct inside inside);
void history_use_in_callback(struct history *history, const struct inside *inside);

#endif
