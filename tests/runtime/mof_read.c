/* SPDX-License-Identifier: MIT */
/* Reads as much MOF as the test programs write: one class with scalar properties, or one instance. */
#include "codec.h"

#include "arena.h"
#include "class.h"
#include "instance.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct reader {
    const char *at, *end;
    struct arena arena;
    bool failed;
};

enum { MOST_PROPERTIES = 64 };

static void skip_space(struct reader *reader)
{
    while (reader->at < reader->end && isspace((unsigned char)*reader->at)) {
        reader->at++;
    }
}

/* Skips `expected` if it comes next. */
static bool take(struct reader *reader, const char *expected)
{
    size_t length = strlen(expected);

    skip_space(reader);
    if ((size_t)(reader->end - reader->at) < length || strncasecmp(reader->at, expected, length) != 0) {
        return false;
    }
    reader->at += length;
    return true;
}

static void expect(struct reader *reader, const char *expected)
{
    if (!take(reader, expected)) {
        reader->failed = true;
    }
}

static char *copy_span(struct reader *reader, const char *from, size_t length)
{
    char *copy = arena_take(&reader->arena, length + 1);

    memcpy(copy, from, length);
    return copy;
}

/* A name or a number. Empty, and a failure, if neither comes next. */
static const char *take_word(struct reader *reader)
{
    const char *from;

    skip_space(reader);
    from = reader->at;
    while (reader->at < reader->end && (isalnum((unsigned char)*reader->at) || *reader->at == '_')) {
        reader->at++;
    }
    reader->failed = reader->failed || reader->at == from;
    return copy_span(reader, from, (size_t)(reader->at - from));
}

static const char *take_string(struct reader *reader)
{
    const char *from = reader->at;

    while (reader->at < reader->end && *reader->at != '"') {
        reader->at++;
    }
    expect(reader, "\"");
    return copy_span(reader, from, reader->failed ? 0 : (size_t)(reader->at - from) - 1);
}

static struct reader open_reader(const struct mof_source *source)
{
    return (struct reader){.at = source->text, .end = source->text + source->size};
}

static MI_Type type_of(const char *name)
{
    for (MI_Type type = MI_BOOLEAN; type <= MI_STRING; type++) {
        if (strcasecmp(text_type_name(type), name) == 0) {
            return type;
        }
    }
    return -1;
}

static MI_Uint32 code_of(const char *name)
{
    MI_Uint32 length = (MI_Uint32)strlen(name);

    return length == 0 ? 0
                       : DECLARED_CODE((unsigned char)(name[0] | 0x20),
                                       (unsigned char)(name[length - 1] | 0x20), length);
}

/* [Key] type name; */
static const struct declared_property *take_property(struct reader *reader)
{
    struct declared_property *property = arena_take(&reader->arena, sizeof *property);
    MI_Type type;

    property->flags = DECLARED_PROPERTY | (take(reader, "[key]") ? MI_FLAG_KEY : 0);
    type = type_of(take_word(reader));
    reader->failed = reader->failed || type < 0;
    property->type = (MI_Uint32)type;
    property->name = take_word(reader);
    property->code = code_of(property->name);
    expect(reader, ";");
    return property;
}

static void take_properties(struct reader *reader, struct declared_class *class)
{
    const struct declared_property **properties =
        arena_take(&reader->arena, MOST_PROPERTIES * sizeof *properties);

    expect(reader, "{");
    while (!reader->failed && !take(reader, "}")) {
        properties[class->property_count++] = take_property(reader);
        reader->failed = reader->failed || class->property_count == MOST_PROPERTIES;
    }
    class->properties = properties;
    expect(reader, ";");
}

/* The parent's properties come first. */
static void take_parent(struct reader *reader, const struct mof_source *source, struct declared_class *class,
                        MI_Class **parent)
{
    if (!take(reader, ":")) {
        return;
    }
    class->super_name = take_word(reader);
    *parent = reader->failed ? NULL : source->find(source->context, class->super_name);
    reader->failed = *parent == NULL;
    if (*parent != NULL) {
        class->super = (const struct declared_class *)(*parent)->classDecl;
    }
}

MI_Result mof_read_class(const struct mof_source *source, MI_Class **out)
{
    struct reader reader = open_reader(source);
    struct declared_class class = {.flags = DECLARED_CLASS};
    MI_Class *parent = NULL;
    MI_Result result = MI_RESULT_FAILED;

    expect(&reader, "class ");
    class.name = take_word(&reader);
    class.code = code_of(class.name);
    take_parent(&reader, source, &class, &parent);
    take_properties(&reader, &class);
    if (!reader.failed) {
        result = class_new(&class, source->namespace_name, source->server_name, out);
    }
    if (parent != NULL) {
        parent->ft->Delete(parent);
    }
    arena_free(&reader.arena);
    return result;
}

static MI_Value value_of_word(const char *word, MI_Type type)
{
    MI_Value value = {.uint64 = strtoull(word, NULL, 10)};

    if (type == MI_BOOLEAN) {
        value.boolean = strcasecmp(word, "true") == 0;
    }
    return value;
}

/* name = value; */
static void take_element(struct reader *reader, MI_Instance *instance)
{
    const char *name = take_word(reader);
    MI_Value value;
    MI_Type type;

    expect(reader, "=");
    if (reader->failed || instance->ft->GetElement(instance, name, NULL, &type, NULL, NULL) != MI_RESULT_OK) {
        reader->failed = true;
        return;
    }
    if (take(reader, "\"")) {
        value.string = (MI_Char *)take_string(reader);
        reader->failed = reader->failed || type != MI_STRING;
    } else {
        value = value_of_word(take_word(reader), type);
        reader->failed = reader->failed || type == MI_STRING;
    }
    expect(reader, ";");
    if (!reader->failed) {
        instance->ft->SetElement(instance, name, &value, type, 0);
    }
}

static void take_elements(struct reader *reader, MI_Instance *instance)
{
    expect(reader, "{");
    while (!reader->failed && !take(reader, "}")) {
        take_element(reader, instance);
    }
    expect(reader, ";");
}

MI_Result mof_read_instance(const struct mof_source *source, MI_Instance **out)
{
    struct reader reader = open_reader(source);
    MI_Class *class = NULL;
    MI_Instance *instance = NULL;
    const char *name;

    expect(&reader, "instance of ");
    name = take_word(&reader);
    if (!reader.failed) {
        class = source->find(source->context, name);
    }
    reader.failed = class == NULL || instance_new_of((const struct declared_class *)class->classDecl,
                                                     &instance) != MI_RESULT_OK;
    if (!reader.failed) {
        take_elements(&reader, instance);
    }
    if (class != NULL) {
        class->ft->Delete(class);
    }
    if (reader.failed && instance != NULL) {
        instance->ft->Delete(instance);
        instance = NULL;
    }
    arena_free(&reader.arena);
    *out = instance;
    return reader.failed ? MI_RESULT_FAILED : MI_RESULT_OK;
}
