/* SPDX-License-Identifier: MIT */
/* What is done to a run: one function for each fault. */
#ifndef MITRACE_TESTS_HARMS_H
#define MITRACE_TESTS_HARMS_H

#include "fault.h"

/* A signal to one of the run's processes; fault->missed when there is no such process any more. */
void harm_kill_program(struct fault *fault);
void harm_crash_program(struct fault *fault);
void harm_kill_daemon(struct fault *fault);
void harm_stop_daemon(struct fault *fault);
void harm_kill_consumer(struct fault *fault);
void harm_stop_consumer(struct fault *fault);
void harm_pause_consumer(struct fault *fault);
void harm_kill_guardian(struct fault *fault);
void harm_stop_guardian(struct fault *fault);
void harm_kill_stand_in(struct fault *fault);
void harm_kill_launcher(struct fault *fault);
void harm_kill_launcher_and_guardian(struct fault *fault);
void harm_interrupt_launcher(struct fault *fault);
void harm_interrupt_group(struct fault *fault);
void harm_terminate_launcher(struct fault *fault);
void harm_hang_up_launcher(struct fault *fault);
void harm_quit_launcher(struct fault *fault);
void harm_close_terminal(struct fault *fault);

/* To the trace directory while it is written to. */
void harm_remove_trace(struct fault *fault);
void harm_protect_trace(struct fault *fault);

/* Before mitrace starts, or for what fills up later, when there is something to fill. */
void harm_small_disk(struct fault *fault);
void harm_full_tmp(struct fault *fault);
void harm_tiny_shm(struct fault *fault);
void harm_fill_shm(struct fault *fault);
void harm_large_disk(struct fault *fault);
void harm_fill_disk_for_a_while(struct fault *fault);
void harm_no_daemon(struct fault *fault);
void harm_daemon_that_hangs(struct fault *fault);
void harm_daemon_that_fails(struct fault *fault);
void harm_long_tmp(struct fault *fault);

/* A session daemon of root's that is there already; that no session of ours is in it, after a moment. */
void harm_foreign_daemon(struct fault *fault);
void harm_assert_daemon_unused(struct fault *fault);

/* In the process that becomes mitrace: a limit for the size of files; no right to mount, so that root shares
 * one session daemon. */
void harm_file_size(void);
void harm_no_namespace(void);

#endif
