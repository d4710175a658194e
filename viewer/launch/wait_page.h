/* SPDX-License-Identifier: MIT */
/*
 * The pages of shared memory in which processes traced with LTTng-UST wait for a session daemon to appear. A
 * process that finds none forks a child to make it, which PROGRAM could notice; and LTTng never removes them.
 */
#ifndef MITRACE_LAUNCH_WAIT_PAGE_H
#define MITRACE_LAUNCH_WAIT_PAGE_H

#define LAUNCH_SHM_DIRECTORY "/dev/shm"

struct launch_wait_pages {
    int directory; /* LAUNCH_SHM_DIRECTORY as PROGRAM sees it */
    int everyone;  /* the page of root's daemon */
    int user;      /* the page of our user's daemon */
};

/* Make the pages that PROGRAM will look for, and keep them in use. A failure costs no more than that fork. */
void launch_wait_pages_hold(struct launch_wait_pages *pages, int directory);

/* A session daemon of our user that announced itself there was killed: without this, waiting processes would
 * look for it every five seconds. */
void launch_wait_pages_clear(const struct launch_wait_pages *pages);

/* Let go, and remove those of our user that no other process has open or mapped. */
void launch_wait_pages_release(struct launch_wait_pages *pages);

#endif
