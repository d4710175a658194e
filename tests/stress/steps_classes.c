/* SPDX-License-Identifier: MIT */
/*
 * Random classes. A clone of a class, its parent and the class of an instance may be one more reference to an
 * object that is known. What is made, closed and left is an object: it is made with its first reference.
 */
#include "stress.h"
#include "vehicle_class.h"

#include <pthread.h>
#include <stdlib.h>

struct object {
    const MI_Class *class;
    unsigned references;
    enum mi_function creator;
};

enum { MOST_OBJECTS = 4096 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct object objects[MOST_OBJECTS];
static size_t used;

/* Its entry, a new one without references if need be. Under the lock. */
static struct object *find(const MI_Class *class)
{
    size_t i = 0;

    while (i < used && objects[i].class != class) {
        i++;
    }
    if (i == MOST_OBJECTS) {
        abort();
    }
    if (i == used) {
        objects[used++] = (struct object){.class = class};
    }
    return &objects[i];
}

void keep_class(struct thing *thing, MI_Result result)
{
    struct object *object;

    if (result != MI_RESULT_OK) {
        free(thing);
        return;
    }
    pthread_mutex_lock(&lock);
    object = find(thing->class);
    if (object->references++ == 0) {
        object->creator = thing->creator;
        account_made(MI_KIND_class);
    }
    pthread_mutex_unlock(&lock);
    shelf_put(thing);
}

/* One reference less, before it is given back: afterwards the address may be another object's. */
static void forget(const MI_Class *class)
{
    struct object *object;

    pthread_mutex_lock(&lock);
    object = find(class);
    if (--object->references == 0) {
        account_closed(MI_KIND_class);
        *object = objects[--used];
    }
    pthread_mutex_unlock(&lock);
}

void close_class(struct thing *thing)
{
    forget(thing->class);
    if (do_Class_Delete(thing->class) != MI_RESULT_OK) {
        abort();
    }
    free(thing);
}

void leave_classes(void)
{
    for (size_t i = 0; i < used; i++) {
        account_left(objects[i].creator);
    }
}

void class_of_instance(const MI_Instance *instance)
{
    struct thing *thing = thing_new(MI_KIND_class, MI_FN_instance_get_class);

    keep_class(thing, do_Instance_GetClass(instance, &thing->class));
}

static void new_class(struct worker *worker)
{
    struct thing *thing = thing_new(MI_KIND_class, MI_FN_application_new_class);

    keep_class(thing, do_Application_NewClass(&worker->anchor->application, vehicle_class, "root/test", NULL,
                                              &thing->class));
}

static void copy_class(struct worker *worker, const struct thing *from)
{
    bool parent = worker_random(worker, 2) == 0;
    struct thing *thing = thing_new(MI_KIND_class, parent ? MI_FN_class_get_parent_class : MI_FN_class_clone);

    keep_class(thing, parent ? do_Class_GetParentClass(from->class, &thing->class)
                             : do_Class_Clone(from->class, &thing->class));
}

static void use_class(struct worker *worker, const MI_Class *class)
{
    MI_QualifierSet qualifiers;
    MI_Uint32 number;
    const MI_Char *text;

    switch (worker_random(worker, 4)) {
    case 0:
        do_Class_GetElementCount(class, &number);
        break;
    case 1:
        do_Class_GetMethodCount(class, &number);
        break;
    case 2:
        if (do_Class_GetClassQualifierSet(class, &qualifiers) == MI_RESULT_OK) {
            do_QualifierSet_GetQualifierCount(&qualifiers, &number);
        }
        break;
    default:
        do_Class_GetClassName(class, &text);
        break;
    }
}

void step_class(struct worker *worker)
{
    struct thing *thing = take_or_make(worker, MI_KIND_class);

    if (thing == NULL) {
        new_class(worker);
        return;
    }
    for (unsigned i = worker_random(worker, 6); i > 0; i--) {
        use_class(worker, thing->class);
    }
    if (shelf_count(MI_KIND_class) < MOST && worker_random(worker, 3) == 0) {
        copy_class(worker, thing);
    } else if (worker_random(worker, 3) == 0) {
        close_object(thing);
        return;
    }
    shelf_put(thing);
}
