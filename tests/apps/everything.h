/* SPDX-License-Identifier: MIT */
/* The parts of clean_everything: together they call every function of every client-side table at least once
 * and print each result, in an order and a number that do not depend on the runtime. */
#ifndef MITRACE_APPS_EVERYTHING_H
#define MITRACE_APPS_EVERYTHING_H

#include "app_support.h"

/* Calls and prints: SHOW(MI_Class_Delete, class). */
#define SHOW(function, ...) app_print(#function, function(__VA_ARGS__))

void everything_of_applications(MI_Application *application);
void everything_of_sessions(MI_Application *application);
void everything_of_operations(MI_Session *session);
void everything_of_destination_options(MI_Application *application);
void everything_of_operation_options(MI_Application *application);
void everything_of_subscription_options(MI_Application *application);
void everything_of_instances(MI_Application *application);
void everything_of_classes(MI_Application *application);
void everything_of_codecs(MI_Application *application);

#endif
