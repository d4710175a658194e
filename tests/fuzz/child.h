/* SPDX-License-Identifier: MIT */
/*
 * The process that reads with libbabeltrace2, seen from a target: linked with --wrap=ctf_confine and
 * --wrap=ctf_reader_send, it tells what code it reached and what it crashed of. A crash inside libbabeltrace2
 * is what that process is for; one in our code fails the target.
 */
#ifndef MITRACE_FUZZ_CHILD_H
#define MITRACE_FUZZ_CHILD_H

/* To be called once, before anything is read. */
void child_prepare(void);

/* To be called after each input was read. Aborts when our code crashed in that process. */
void child_check(void);

#endif
