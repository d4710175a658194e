/* SPDX-License-Identifier: MIT */
/* Classes and instances as MOF. Walks classes by the slots behind MI's public ones, as OMI's serializer does.
 */
#include "codec.h"

#include "tables.h"
#include "value.h"

static void put_value(struct text *text, MI_Type type, const MI_Value *value)
{
    const char *quote = type == MI_STRING ? "\"" : "";

    text_put(text, "%s", quote);
    text_put_scalar(text, type, value);
    text_put(text, "%s", quote);
}

static void put_array(struct text *text, MI_Type type, const MI_Value *array)
{
    size_t size = value_element_size(type);

    text_put(text, "{");
    for (MI_Uint32 i = 0; i < array->array.size; i++) {
        text_put(text, "%s", i > 0 ? ", " : "");
        put_value(text, type % VALUE_ARRAY, (const void *)((const char *)array->array.data + i * size));
    }
    text_put(text, "}");
}

void mof_write_instance(struct text *text, const MI_Instance *instance)
{
    const MI_Char *name = "";
    MI_Value value;
    MI_Type type;
    MI_Uint32 flags;

    instance->ft->GetClassName(instance, &name);
    text_put(text, "instance of %s\n{\n", name);
    for (MI_Uint32 i = 0;
         instance->ft->GetElementAt(instance, i, &name, &value, &type, &flags) == MI_RESULT_OK; i++) {
        if ((flags & MI_FLAG_NULL) != 0) {
            continue;
        }
        text_put(text, "    %s = ", name);
        if ((type & VALUE_ARRAY) != 0) {
            put_array(text, type, &value);
        } else {
            put_value(text, type, &value);
        }
        text_put(text, ";\n");
    }
    text_put(text, "};\n");
}

static void put_method(struct text *text, const MI_Class *class, MI_Uint32 index)
{
    const struct declared_parameter *parameter;
    const struct declared_method *method = NULL;
    MI_ParameterSet parameters;
    const MI_Char *name;

    ((const struct class_table *)class->ft)->get_method_at(class, index, &method);
    class->ft->GetMethodAt(class, index, &name, NULL, &parameters);
    text_put(text, "    %s %s(", text_type_name((MI_Type)method->return_type), name);
    for (MI_Uint32 i = 1;
         ((const struct parameter_table *)parameters.ft)->get_parameter_at(&parameters, i, &parameter) ==
         MI_RESULT_OK;
         i++) {
        text_put(text, "%s%s %s", i > 1 ? ", " : "", text_type_name((MI_Type)parameter->type),
                 parameter->name);
    }
    text_put(text, ");\n");
}

void mof_write_class(struct text *text, const MI_Class *class)
{
    const struct class_table *table = (const struct class_table *)class->ft;
    const struct declared_property *property;
    const struct declared_method *method;
    MI_Class parent;
    MI_Uint32 flags = 0;

    table->get_flags(class, &flags);
    text_put(text, "%sclass %s", (flags & DECLARED_ASSOCIATION) != 0 ? "[Association]\n" : "",
             class->classDecl->name);
    if (table->get_parent(class, &parent) == MI_RESULT_OK) {
        text_put(text, " : %s", parent.classDecl->name);
    }
    text_put(text, "\n{\n");
    for (MI_Uint32 i = 0; table->get_property_at(class, i, &property) == MI_RESULT_OK; i++) {
        text_put(text, "    %s%s %s%s;\n", (property->flags & MI_FLAG_KEY) != 0 ? "[Key] " : "",
                 text_type_name((MI_Type)property->type), property->name,
                 (property->type & VALUE_ARRAY) != 0 ? "[]" : "");
    }
    for (MI_Uint32 i = 0; table->get_method_at(class, i, &method) == MI_RESULT_OK; i++) {
        put_method(text, class, i);
    }
    text_put(text, "};\n");
}
