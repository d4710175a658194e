/* SPDX-License-Identifier: MIT */
/* The server's side of each operation, over the classes of served.c. WHERE clauses are not evaluated. */
#include "error.h"
#include "instance.h"
#include "knobs.h"
#include "question.h"
#include "served.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The instances that programs created; they last as long as the process. */
static MI_Instance **stored;
static size_t stored_count;

static void fail(struct answer *answer, MI_Result reason)
{
    answer->result = reason;
    answer->message = error_message(reason);
    answer->details = error_instance((MI_Uint32)reason, "MI", answer->message);
    if (answer->details != NULL) {
        instance_lend(answer->details);
    }
}

/* Adds an instance that the answer owns from now on. */
static void add(struct answer *answer, MI_Instance *instance)
{
    MI_Instance **grown = realloc(answer->instances, (answer->count + 1) * sizeof *grown);

    if (grown == NULL) {
        abort();
    }
    instance_lend(instance);
    grown[answer->count++] = instance;
    answer->instances = grown;
}

static MI_Instance *copy_of(const MI_Instance *instance)
{
    MI_Instance *copy = NULL;

    instance->ft->Clone(instance, &copy);
    return copy;
}

static bool is_namespace(const MI_Char *name)
{
    for (const struct served_class *class = served_classes; class->name != NULL; class ++) {
        if (strcasecmp(class->namespace_name, name) == 0) {
            return true;
        }
    }
    return false;
}

static const struct served_class *find_class(const MI_Char *namespace_name, const MI_Char *name)
{
    for (const struct served_class *class = served_classes; class->name != NULL; class ++) {
        if (strcasecmp(class->namespace_name, namespace_name) == 0 && strcasecmp(class->name, name) == 0) {
            return class;
        }
    }
    return NULL;
}

static bool same_value(MI_Type type, const MI_Value *left, const MI_Value *right)
{
    if (type == MI_STRING) {
        return left->string != NULL && right->string != NULL && strcmp(left->string, right->string) == 0;
    }
    return type == MI_UINT64 ? left->uint64 == right->uint64 : left->uint32 == right->uint32;
}

static bool has_keys_of(const struct served_class *class, const MI_Instance *instance,
                        const MI_Instance *wanted)
{
    for (MI_Uint32 i = 0; i < class->property_count; i++) {
        const struct served_property *property = &class->properties[i];
        MI_Value left, right;
        MI_Type left_type, right_type;

        if (!property->key) {
            continue;
        }
        if (instance->ft->GetElement(instance, property->name, &left, &left_type, NULL, NULL) !=
                MI_RESULT_OK ||
            wanted->ft->GetElement(wanted, property->name, &right, &right_type, NULL, NULL) != MI_RESULT_OK ||
            left_type != right_type || !same_value(left_type, &left, &right)) {
            return false;
        }
    }
    return true;
}

static MI_Uint32 count_of(const struct served_class *class)
{
    return class->as == SERVED_ONCE ? 1 : class->as == SERVED_MANY ? knob_instances() : 0;
}

/* Where a stored instance with these keys is; stored_count if nowhere. */
static size_t find_stored(const struct served_class *class, const MI_Instance *wanted)
{
    size_t i = 0;

    while (i < stored_count && !has_keys_of(class, stored[i], wanted)) {
        i++;
    }
    return i;
}

static void answer_enumerate(const struct question *question, const struct served_class *class,
                             struct answer *answer)
{
    (void)question;
    for (MI_Uint32 i = 0; i < count_of(class); i++) {
        add(answer, served_instance(class, i));
    }
    for (size_t i = 0; class->as == SERVED_STORED && i < stored_count; i++) {
        add(answer, copy_of(stored[i]));
    }
}

static void answer_get(const struct question *question, const struct served_class *class,
                       struct answer *answer)
{
    struct answer all = {.count = 0};

    answer_enumerate(question, class, &all);
    for (size_t i = 0; i < all.count && answer->count == 0; i++) {
        if (has_keys_of(class, all.instances[i], question->instance)) {
            add(answer, copy_of(all.instances[i]));
        }
    }
    answer_free(&all);
    if (answer->count == 0) {
        fail(answer, MI_RESULT_NOT_FOUND);
    }
}

static void answer_create(const struct question *question, const struct served_class *class,
                          struct answer *answer)
{
    MI_Instance **grown;

    if (class->as != SERVED_STORED) {
        fail(answer, MI_RESULT_NOT_SUPPORTED);
    } else if (find_stored(class, question->instance) < stored_count) {
        fail(answer, MI_RESULT_ALREADY_EXISTS);
    } else {
        grown = realloc(stored, (stored_count + 1) * sizeof *grown);
        if (grown == NULL) {
            abort();
        }
        stored = grown;
        stored[stored_count++] = copy_of(question->instance);
        add(answer, copy_of(question->instance));
    }
}

/* Modifies (by replacing) or deletes. */
static void answer_change(const struct question *question, const struct served_class *class,
                          struct answer *answer)
{
    size_t found = find_stored(class, question->instance);

    if (class->as != SERVED_STORED) {
        fail(answer, MI_RESULT_NOT_SUPPORTED);
        return;
    }
    if (found == stored_count) {
        fail(answer, MI_RESULT_NOT_FOUND);
        return;
    }
    instance_free_owned(stored[found]);
    stored[found] = question->verb == ASK_MODIFY ? copy_of(question->instance) : stored[--stored_count];
}

static void answer_invoke(const struct question *question, const struct served_class *class,
                          struct answer *answer)
{
    MI_Instance *result =
        class->invoke != NULL ? class->invoke(question->method, question->parameters) : NULL;

    if (result != NULL) {
        add(answer, result);
    } else {
        fail(answer, MI_RESULT_FAILED);
    }
}

/* Only numbers have associations here, and nothing is at their other end. */
static void answer_associated(const struct question *question, const struct served_class *class,
                              struct answer *answer)
{
    (void)question;
    if (class->invoke == NULL) {
        fail(answer, MI_RESULT_NOT_SUPPORTED);
    }
}

static void answer_class(const struct question *question, const struct served_class *class,
                         struct answer *answer)
{
    (void)question;
    answer->class = served_description(class);
}

static void answer_subscribe(const struct question *question, const struct served_class *class,
                             struct answer *answer)
{
    (void)question;
    if (class->as == SERVED_INDICATIONS) {
        add(answer, served_instance(class, 0));
        answer->endless = true;
    } else {
        fail(answer, MI_RESULT_NOT_FOUND);
    }
}

static void (*const answers[])(const struct question *, const struct served_class *, struct answer *) = {
    [ASK_GET] = answer_get,
    [ASK_MODIFY] = answer_change,
    [ASK_CREATE] = answer_create,
    [ASK_DELETE] = answer_change,
    [ASK_INVOKE] = answer_invoke,
    [ASK_ENUMERATE] = answer_enumerate,
    [ASK_QUERY] = answer_enumerate,
    [ASK_ASSOCIATORS] = answer_associated,
    [ASK_REFERENCES] = answer_associated,
    [ASK_SUBSCRIBE] = answer_subscribe,
    [ASK_CLASS] = answer_class,
};

/* The class of "SELECT ... FROM class ..."; false if there is none. */
static bool class_of_query(const MI_Char *query, MI_Char name[64])
{
    const MI_Char *from = query != NULL ? strcasestr(query, " from ") : NULL;
    size_t length = 0;

    if (from == NULL || strncasecmp(query, "select", strlen("select")) != 0) {
        return false;
    }
    from += strlen(" from ");
    from += strspn(from, " ");
    while (length < 63 && (isalnum((unsigned char)from[length]) || from[length] == '_')) {
        name[length] = from[length];
        length++;
    }
    name[length] = '\0';
    return length > 0;
}

/* What the question is about, by name. */
static MI_Result find_subject(const struct question *question, MI_Char name[64])
{
    const MI_Char *class_name = question->class_name;

    if (question->verb == ASK_QUERY || question->verb == ASK_SUBSCRIBE) {
        if (question->dialect == NULL ||
            (strcasecmp(question->dialect, "WQL") != 0 && strcasecmp(question->dialect, "CQL") != 0)) {
            return MI_RESULT_QUERY_LANGUAGE_NOT_SUPPORTED;
        }
        return class_of_query(question->query, name) ? MI_RESULT_OK : MI_RESULT_INVALID_QUERY;
    }
    if (class_name == NULL && question->instance != NULL) {
        question->instance->ft->GetClassName(question->instance, &class_name);
    }
    if (class_name == NULL || strlen(class_name) >= 64) {
        return MI_RESULT_INVALID_CLASS;
    }
    strcpy(name, class_name);
    return MI_RESULT_OK;
}

void repository_answer(const struct question *question, struct answer *answer)
{
    const struct served_class *class;
    MI_Char name[64];
    MI_Result result;

    if (question->verb == ASK_CONNECTION) {
        return;
    }
    if (question->namespace_name == NULL || !is_namespace(question->namespace_name)) {
        fail(answer, MI_RESULT_INVALID_NAMESPACE);
        return;
    }
    result = find_subject(question, name);
    class = result == MI_RESULT_OK ? find_class(question->namespace_name, name) : NULL;
    if (result == MI_RESULT_OK && class == NULL) {
        result = question->verb == ASK_SUBSCRIBE ? MI_RESULT_NOT_FOUND : MI_RESULT_INVALID_CLASS;
    }
    if (result != MI_RESULT_OK) {
        fail(answer, result);
    } else {
        answers[question->verb](question, class, answer);
    }
}
