/* SPDX-License-Identifier: MIT */
/* Classes and instances as CIM-XML. Walks classes by the slots behind MI's public ones, as OMI's serializer
 * does. */
#include "codec.h"

#include "tables.h"
#include "value.h"

static void put_escaped(struct text *text, const char *from)
{
    for (; from != NULL && *from != '\0'; from++) {
        if (*from == '<') {
            text_put(text, "&lt;");
        } else if (*from == '>') {
            text_put(text, "&gt;");
        } else if (*from == '&') {
            text_put(text, "&amp;");
        } else {
            text_put(text, "%c", *from);
        }
    }
}

static void put_value(struct text *text, MI_Type type, const MI_Value *value)
{
    text_put(text, "<VALUE>");
    if (type == MI_STRING) {
        put_escaped(text, value->string);
    } else {
        text_put_scalar(text, type, value);
    }
    text_put(text, "</VALUE>");
}

static void put_array(struct text *text, MI_Type type, const MI_Value *array)
{
    size_t size = value_element_size(type);

    text_put(text, "<VALUE.ARRAY>");
    for (MI_Uint32 i = 0; i < array->array.size; i++) {
        put_value(text, type % VALUE_ARRAY, (const void *)((const char *)array->array.data + i * size));
    }
    text_put(text, "</VALUE.ARRAY>");
}

void xml_write_instance(struct text *text, const MI_Instance *instance)
{
    const MI_Char *name = "";
    MI_Value value;
    MI_Type type;
    MI_Uint32 flags;

    instance->ft->GetClassName(instance, &name);
    text_put(text, "<INSTANCE CLASSNAME=\"%s\">", name);
    for (MI_Uint32 i = 0;
         instance->ft->GetElementAt(instance, i, &name, &value, &type, &flags) == MI_RESULT_OK; i++) {
        const char *tag = (type & VALUE_ARRAY) != 0 ? "PROPERTY.ARRAY" : "PROPERTY";

        if ((flags & MI_FLAG_NULL) != 0) {
            continue;
        }
        text_put(text, "<%s NAME=\"%s\" TYPE=\"%s\">", tag, name, text_type_name(type));
        if ((type & VALUE_ARRAY) != 0) {
            put_array(text, type, &value);
        } else {
            put_value(text, type, &value);
        }
        text_put(text, "</%s>", tag);
    }
    text_put(text, "</INSTANCE>");
}

static void put_method(struct text *text, const MI_Class *class, MI_Uint32 index)
{
    const struct class_table *table = (const struct class_table *)class->ft;
    const struct declared_method *method = NULL;
    const struct declared_parameter *parameter;
    MI_ParameterSet parameters;
    const MI_Char *name;

    table->get_method_at(class, index, &method);
    class->ft->GetMethodAt(class, index, &name, NULL, &parameters);
    text_put(text, "<METHOD NAME=\"%s\" TYPE=\"%s\">", name, text_type_name((MI_Type)method->return_type));
    for (MI_Uint32 i = 1;
         ((const struct parameter_table *)parameters.ft)->get_parameter_at(&parameters, i, &parameter) ==
         MI_RESULT_OK;
         i++) {
        text_put(text, "<PARAMETER NAME=\"%s\" TYPE=\"%s\"/>", parameter->name,
                 text_type_name((MI_Type)parameter->type));
    }
    text_put(text, "</METHOD>");
}

void xml_write_class(struct text *text, const MI_Class *class)
{
    const struct class_table *table = (const struct class_table *)class->ft;
    const struct declared_property *property;
    const struct declared_method *method;
    MI_Class parent;
    MI_Uint32 flags = 0;

    table->get_flags(class, &flags);
    text_put(text, "<CLASS NAME=\"%s\"", class->classDecl->name);
    if (table->get_parent(class, &parent) == MI_RESULT_OK) {
        text_put(text, " SUPERCLASS=\"%s\"", parent.classDecl->name);
    }
    text_put(text, "%s>", (flags & DECLARED_ASSOCIATION) != 0 ? " ASSOCIATION=\"true\"" : "");
    for (MI_Uint32 i = 0; table->get_property_at(class, i, &property) == MI_RESULT_OK; i++) {
        text_put(text, "<PROPERTY NAME=\"%s\" TYPE=\"%s\"></PROPERTY>", property->name,
                 text_type_name((MI_Type)property->type));
    }
    for (MI_Uint32 i = 0; table->get_method_at(class, i, &method) == MI_RESULT_OK; i++) {
        put_method(text, class, i);
    }
    text_put(text, "</CLASS>");
}
