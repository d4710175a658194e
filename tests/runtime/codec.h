/* SPDX-License-Identifier: MIT */
/* Classes and instances as text: what the two serializers write and the deserializer reads. */
#ifndef MITRACE_RUNTIME_CODEC_H
#define MITRACE_RUNTIME_CODEC_H

#include "text.h"

/* The first word of a MOF serializer or deserializer, and what its format is called. */
#define CODEC_MAGIC 0xFFEEDDCCFFEEDDCCu
#define CODEC_MOF   "MI_MOF_CIMV2_EXTV1"

void xml_write_class(struct text *text, const MI_Class *class);
void xml_write_instance(struct text *text, const MI_Instance *instance);
void mof_write_class(struct text *text, const MI_Class *class);
void mof_write_instance(struct text *text, const MI_Instance *instance);

/* Finds the class with this name; a new reference, which the reader gives back, or NULL. */
typedef MI_Class *(*mof_class_finder)(void *context, const MI_Char *class_name);

struct mof_source {
    const char *text;
    size_t size;
    mof_class_finder find;
    void *context;
    const MI_Char *server_name;    /* for a class that is read; may be NULL */
    const MI_Char *namespace_name; /* the same */
};

/* Read one class, or one instance of a class that `find` knows. MI_RESULT_FAILED if the text is not MOF of
 * that kind; else the caller deletes what is made. */
MI_Result mof_read_class(const struct mof_source *source, MI_Class **out);
MI_Result mof_read_instance(const struct mof_source *source, MI_Instance **out);

#endif
