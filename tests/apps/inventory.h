/* SPDX-License-Identifier: MIT */
/* The demo: a small client that takes stock of the products on a server. It comes in three variants of the
 * same work, two of them with the mistakes that mitrace is about. */
#ifndef MITRACE_APPS_INVENTORY_H
#define MITRACE_APPS_INVENTORY_H

#include "app_support.h"

struct inventory {
    MI_Application application;
    MI_Session session;
    MI_Instance *newest; /* a copy of the product that was seen last; NULL before */
    unsigned products;
    unsigned failures;
};

/* Opens application and session, or exits. */
void inventory_connect(struct inventory *inventory);

/* Closes both and waits for it. */
void inventory_disconnect(struct inventory *inventory);

/* The classes that the inventory asks for, ended by NULL; not every server has all of them. */
const char *const *inventory_classes(void);

void inventory_report(const struct inventory *inventory);

/* The variants. Each takes stock and returns the program's status. */
int inventory_deadlock(void); /* asynchronous; never returns */
int inventory_leak(void);
int inventory_fixed(void);

#endif
