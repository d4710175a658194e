/* SPDX-License-Identifier: MIT */
/* Serializers as the program sees them: two words without a table. All XML serializers look alike, and like a
 * closed MOF one; a MOF serializer points to a record that begins with a table of its own. Facts: OMI's
 * codec/mof and xmlserializer. */
#include "codec.h"

#include "slots.h"

#include <stdlib.h>
#include <string.h>

struct mof_serializer {
    MI_SerializerFT table;
};

static MI_Result serialize(MI_Uint32 flags, const void *object, void (*write)(struct text *, const void *),
                           MI_Uint8 *buffer, MI_Uint32 length, MI_Uint32 *needed)
{
    struct text text = {.buffer = buffer, .size = length};

    if (flags != 0 || object == NULL || needed == NULL || (buffer == NULL && length != 0)) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    write(&text, object);
    *needed = text.length;
    return text.length <= length ? MI_RESULT_OK : MI_RESULT_FAILED;
}

static void write_xml_class(struct text *text, const void *object)
{
    xml_write_class(text, object);
}

static void write_xml_instance(struct text *text, const void *object)
{
    xml_write_instance(text, object);
}

static void write_mof_class(struct text *text, const void *object)
{
    mof_write_class(text, object);
}

static void write_mof_instance(struct text *text, const void *object)
{
    mof_write_instance(text, object);
}

static MI_Result mof_close(MI_Serializer *self)
{
    free((void *)self->reserved2);
    memset(self, 0, sizeof *self);
    return MI_RESULT_OK;
}

static MI_Result mof_serialize_class(MI_Serializer *self, MI_Uint32 flags, const MI_Class *object,
                                     MI_Uint8 *buffer, MI_Uint32 length, MI_Uint32 *needed)
{
    (void)self;
    return serialize(flags, object, write_mof_class, buffer, length, needed);
}

static MI_Result mof_serialize_instance(MI_Serializer *self, MI_Uint32 flags, const MI_Instance *object,
                                        MI_Uint8 *buffer, MI_Uint32 length, MI_Uint32 *needed)
{
    (void)self;
    return serialize(flags, object, write_mof_instance, buffer, length, needed);
}

static const MI_SerializerFT *own_table(const MI_Serializer *self)
{
    return self->reserved1 == CODEC_MAGIC ? &((const struct mof_serializer *)self->reserved2)->table : NULL;
}

MI_Result application_new_serializer(MI_Application *self, MI_Uint32 flags, MI_Char *format,
                                     MI_Serializer *out)
{
    struct mof_serializer *mof;

    if (self == NULL || flags != 0 || format == NULL || out == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (strcmp(format, "MI_XML") == 0) {
        memset(out, 0, sizeof *out);
        return MI_RESULT_OK;
    }
    if (strcmp(format, CODEC_MOF) != 0) {
        return MI_RESULT_NOT_SUPPORTED;
    }
    mof = malloc(sizeof *mof);
    if (mof == NULL) {
        return MI_RESULT_SERVER_LIMITS_EXCEEDED;
    }
    mof->table = (MI_SerializerFT){mof_close, mof_serialize_class, mof_serialize_instance};
    *out = (MI_Serializer){CODEC_MAGIC, (ptrdiff_t)mof};
    return MI_RESULT_OK;
}

MI_Result serializer_close(MI_Serializer *self)
{
    const MI_SerializerFT *own = own_table(self);

    return own != NULL ? own->Close(self) : MI_RESULT_OK;
}

MI_Result serializer_serialize_class(MI_Serializer *self, MI_Uint32 flags, const MI_Class *object,
                                     MI_Uint8 *buffer, MI_Uint32 buffer_length, MI_Uint32 *buffer_needed)
{
    const MI_SerializerFT *own = own_table(self);

    return own != NULL ? own->SerializeClass(self, flags, object, buffer, buffer_length, buffer_needed)
                       : serialize(flags, object, write_xml_class, buffer, buffer_length, buffer_needed);
}

MI_Result serializer_serialize_instance(MI_Serializer *self, MI_Uint32 flags, const MI_Instance *object,
                                        MI_Uint8 *buffer, MI_Uint32 buffer_length, MI_Uint32 *buffer_needed)
{
    const MI_SerializerFT *own = own_table(self);

    return own != NULL ? own->SerializeInstance(self, flags, object, buffer, buffer_length, buffer_needed)
                       : serialize(flags, object, write_xml_instance, buffer, buffer_length, buffer_needed);
}
