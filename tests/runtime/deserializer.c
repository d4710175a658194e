/* SPDX-License-Identifier: MIT */
/* Deserializers as the program sees them: two words, the second of which points to a table with two slots
 * behind MI's public ones. Closing one does nothing at all. Facts: OMI's codec/mof. */
#include "codec.h"

#include "error.h"
#include "slots.h"

#include <string.h>
#include <strings.h>

struct deserializer_table {
    MI_DeserializerFT open;
    MI_Result (*read_class)(const struct mof_source *source, MI_Class **out);
    MI_Result (*read_instance)(const struct mof_source *source, MI_Instance **out);
};
static_assert(sizeof(struct deserializer_table) == 8 * sizeof(void (*)(void)), "a deserializer has 8 slots");

/* Where classes come from while something is read. */
struct classes {
    MI_Class *const *given;
    MI_Uint32 count;
    MI_Deserializer_ClassObjectNeeded needed;
    void *context;
    const MI_Char *server_name, *namespace_name;
};

static int is_called(const MI_Class *class, const MI_Char *name)
{
    return class != NULL && strcasecmp(class->classDecl->name, name) == 0;
}

/* The class that the program gives back becomes ours, and goes at once if it is not the one that was asked
 * for. */
static MI_Class *ask_program(const struct classes *classes, const MI_Char *name)
{
    MI_Class *class = NULL;

    if (classes->needed == NULL || classes->needed(classes->context, classes->server_name,
                                                   classes->namespace_name, name, &class) != MI_RESULT_OK) {
        return NULL;
    }
    if (class != NULL && !is_called(class, name)) {
        class->ft->Delete(class);
        return NULL;
    }
    return class;
}

static MI_Class *find_class(void *context, const MI_Char *name)
{
    const struct classes *classes = context;
    MI_Class *reference = NULL;

    for (MI_Uint32 i = 0; i < classes->count; i++) {
        if (is_called(classes->given[i], name)) {
            classes->given[i]->ft->Clone(classes->given[i], &reference);
            return reference;
        }
    }
    return ask_program(classes, name);
}

static const struct deserializer_table *table_of(const MI_Deserializer *self)
{
    return self->reserved1 == CODEC_MAGIC ? (const struct deserializer_table *)self->reserved2 : NULL;
}

static MI_Result mof_close(MI_Deserializer *self)
{
    (void)self;
    return MI_RESULT_OK;
}

/* Reports a failed reading: the error instance, if the program asked for one, is the program's to delete. */
static MI_Result report(MI_Result result, MI_Instance **error)
{
    if (result != MI_RESULT_OK && error != NULL) {
        *error = error_instance((MI_Uint32)result, "MI", "The text is not MOF of the expected kind.");
    }
    return result;
}

static MI_Result mof_deserialize_class(MI_Deserializer *self, MI_Uint32 flags, MI_Uint8 *buffer,
                                       MI_Uint32 buffer_length, MI_Class *parent_class,
                                       const MI_Char *server_name, const MI_Char *namespace_name,
                                       MI_Deserializer_ClassObjectNeeded class_needed, void *context,
                                       MI_Uint32 *buffer_read, MI_Class **out, MI_Instance **error)
{
    struct classes classes = {&parent_class, parent_class != NULL, class_needed,
                              context,       server_name,          namespace_name};
    struct mof_source source = {(const char *)buffer, buffer_length, find_class, &classes,
                                server_name,          namespace_name};
    MI_Class *class = NULL;
    MI_Result result;

    if (flags != 0 || buffer == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    result = table_of(self)->read_class(&source, &class);
    if (buffer_read != NULL) {
        *buffer_read = result == MI_RESULT_OK ? buffer_length : 0;
    }
    if (out != NULL) {
        *out = class;
    } else if (class != NULL) {
        class->ft->Delete(class);
    }
    return report(result, error);
}

static MI_Result mof_deserialize_instance(MI_Deserializer *self, MI_Uint32 flags, MI_Uint8 *buffer,
                                          MI_Uint32 buffer_length, MI_Class **given, MI_Uint32 class_count,
                                          MI_Deserializer_ClassObjectNeeded class_needed, void *context,
                                          MI_Uint32 *buffer_read, MI_Instance **out, MI_Instance **error)
{
    struct classes classes = {given, given != NULL ? class_count : 0, class_needed, context, NULL, NULL};
    struct mof_source source = {(const char *)buffer, buffer_length, find_class, &classes, NULL, NULL};
    MI_Instance *instance = NULL;
    MI_Result result;

    if (flags != 0 || buffer == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    result = table_of(self)->read_instance(&source, &instance);
    if (buffer_read != NULL) {
        *buffer_read = result == MI_RESULT_OK ? buffer_length : 0;
    }
    if (out != NULL) {
        *out = instance;
    } else if (instance != NULL) {
        instance->ft->Delete(instance);
    }
    return report(result, error);
}

static MI_Result mof_get_name(MI_Deserializer *self, MI_Uint8 *buffer, MI_Uint32 buffer_length, MI_Char *name,
                              MI_Uint32 *length, MI_Instance **error)
{
    (void)self;
    (void)buffer;
    (void)buffer_length;
    (void)name;
    (void)length;
    (void)error;
    return MI_RESULT_NOT_SUPPORTED;
}

static const struct deserializer_table mof_table = {
    .open = {mof_close, mof_deserialize_class, mof_get_name, mof_get_name, mof_deserialize_instance,
             mof_get_name},
    .read_class = mof_read_class,
    .read_instance = mof_read_instance,
};

MI_Result application_new_deserializer(MI_Application *self, MI_Uint32 flags, MI_Char *format,
                                       MI_Deserializer *out)
{
    if (self == NULL || flags != 0 || format == NULL || out == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (strcmp(format, CODEC_MOF) != 0) {
        return MI_RESULT_NOT_SUPPORTED;
    }
    *out = (MI_Deserializer){CODEC_MAGIC, (ptrdiff_t)&mof_table};
    return MI_RESULT_OK;
}

MI_Result deserializer_close(MI_Deserializer *self)
{
    return table_of(self) != NULL ? table_of(self)->open.Close(self) : MI_RESULT_NOT_SUPPORTED;
}

MI_Result deserializer_deserialize_class(MI_Deserializer *self, MI_Uint32 flags, MI_Uint8 *buffer,
                                         MI_Uint32 buffer_length, MI_Class *parent_class,
                                         const MI_Char *server_name, const MI_Char *namespace_name,
                                         MI_Deserializer_ClassObjectNeeded class_needed, void *context,
                                         MI_Uint32 *buffer_read, MI_Class **out, MI_Instance **error)
{
    if (out != NULL) {
        *out = NULL;
    }
    if (error != NULL) {
        *error = NULL;
    }
    return table_of(self) != NULL
               ? table_of(self)->open.DeserializeClass(self, flags, buffer, buffer_length, parent_class,
                                                       server_name, namespace_name, class_needed, context,
                                                       buffer_read, out, error)
               : MI_RESULT_NOT_SUPPORTED;
}

MI_Result deserializer_deserialize_instance(MI_Deserializer *self, MI_Uint32 flags, MI_Uint8 *buffer,
                                            MI_Uint32 buffer_length, MI_Class **classes,
                                            MI_Uint32 class_count,
                                            MI_Deserializer_ClassObjectNeeded class_needed, void *context,
                                            MI_Uint32 *buffer_read, MI_Instance **out, MI_Instance **error)
{
    if (out != NULL) {
        *out = NULL;
    }
    if (error != NULL) {
        *error = NULL;
    }
    return table_of(self) != NULL
               ? table_of(self)->open.DeserializeInstance(self, flags, buffer, buffer_length, classes,
                                                          class_count, class_needed, context, buffer_read,
                                                          out, error)
               : MI_RESULT_NOT_SUPPORTED;
}

MI_Result deserializer_class_get_class_name(MI_Deserializer *self, MI_Uint8 *buffer, MI_Uint32 buffer_length,
                                            MI_Char *class_name, MI_Uint32 *class_name_length,
                                            MI_Instance **error)
{
    return table_of(self) != NULL ? table_of(self)->open.Class_GetClassName(
                                        self, buffer, buffer_length, class_name, class_name_length, error)
                                  : MI_RESULT_NOT_SUPPORTED;
}

MI_Result deserializer_class_get_parent_class_name(MI_Deserializer *self, MI_Uint8 *buffer,
                                                   MI_Uint32 buffer_length, MI_Char *parent_class_name,
                                                   MI_Uint32 *parent_class_name_length, MI_Instance **error)
{
    return table_of(self) != NULL
               ? table_of(self)->open.Class_GetParentClassName(self, buffer, buffer_length, parent_class_name,
                                                               parent_class_name_length, error)
               : MI_RESULT_NOT_SUPPORTED;
}

MI_Result deserializer_instance_get_class_name(MI_Deserializer *self, MI_Uint8 *buffer,
                                               MI_Uint32 buffer_length, MI_Char *class_name,
                                               MI_Uint32 *class_name_length, MI_Instance **error)
{
    return table_of(self) != NULL ? table_of(self)->open.Instance_GetClassName(
                                        self, buffer, buffer_length, class_name, class_name_length, error)
                                  : MI_RESULT_NOT_SUPPORTED;
}
