/* SPDX-License-Identifier: MIT */
/*
 * Reference-counted objects as a scripting language's binding makes them: each holds its parent, and closes
 * its handle when its last reference goes. LEGAL: "counted"; "reversed", names go out of scope in the wrong
 * order, but the references keep the parents; "exit", the interpreter lets go of everything at exit. LEAKS
 * ("cycle"): two objects hold each other for ever. HANGS ("weak"): children do not hold their parents.
 */
#include "app_support.h"
#include "variants.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct PyObject {
    int refcount;
    struct PyObject *parent;
    void (*dealloc)(struct PyObject *self);
    union {
        MI_Application application;
        MI_Session session;
        MI_Operation operation;
    } u;
} PyObject;

static bool weak_parents;
static PyObject *module_globals[3];

static void Py_Incref(PyObject *self)
{
    self->refcount++;
}

static void Py_Decref(PyObject *self)
{
    PyObject *parent = self->parent;

    if (--self->refcount > 0) {
        return;
    }
    self->dealloc(self);
    free(self);
    if (parent != NULL) {
        Py_Decref(parent);
    }
}

static PyObject *Py_New(PyObject *parent, void (*dealloc)(PyObject *))
{
    PyObject *self = calloc(1, sizeof *self);

    if (self == NULL) {
        abort();
    }
    self->refcount = 1;
    self->dealloc = dealloc;
    if (parent != NULL && !weak_parents) {
        self->parent = parent;
        Py_Incref(parent);
    }
    return self;
}

static void Application_dealloc(PyObject *self)
{
    app_print("application", MI_Application_Close(&self->u.application));
}

static PyObject *Application_new(void)
{
    PyObject *self = Py_New(NULL, Application_dealloc);

    app_require("application", MI_Application_Initialize(0, "binding_objects", NULL, &self->u.application));
    return self;
}

static void Session_dealloc(PyObject *self)
{
    app_print("session", MI_Session_Close(&self->u.session, NULL, NULL));
}

static PyObject *Application_NewSession(PyObject *application)
{
    PyObject *self = Py_New(application, Session_dealloc);

    app_require("session", MI_Application_NewSession(&application->u.application, NULL, NULL, NULL, NULL,
                                                     NULL, &self->u.session));
    return self;
}

static void Operation_dealloc(PyObject *self)
{
    drain_unseen(&self->u.operation);
    app_print("operation", MI_Operation_Close(&self->u.operation));
}

static PyObject *Session_Enumerate(PyObject *session)
{
    PyObject *self = Py_New(session, Operation_dealloc);

    MI_Session_EnumerateInstances(&session->u.session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &self->u.operation);
    return self;
}

static void make_globals(void)
{
    module_globals[0] = Application_new();
    module_globals[1] = Application_NewSession(module_globals[0]);
    module_globals[2] = Session_Enumerate(module_globals[1]);
}

static void counted(void)
{
    make_globals();
    for (int i = 2; i >= 0; i--) {
        Py_Decref(module_globals[i]);
    }
}

static void forget_in_order(void)
{
    for (int i = 0; i < 3; i++) {
        Py_Decref(module_globals[i]);
    }
}

static void reversed(void)
{
    make_globals();
    forget_in_order();
}

static void at_exit(void)
{
    make_globals();
    atexit(forget_in_order);
}

/* The session remembers its last operation, say as `session.last`. */
static void cycle(void)
{
    make_globals();
    Py_Incref(module_globals[2]);
    forget_in_order();
    printf("references left: %d\n", module_globals[2]->refcount);
}

static void weak(void)
{
    weak_parents = true;
    make_globals();
    forget_in_order();
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"counted", counted}, {"reversed", reversed}, {"exit", at_exit}, {"cycle", cycle}, {"weak", weak}};

    return RUN_VARIANT(argc, argv, variants);
}
