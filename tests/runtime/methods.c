/* SPDX-License-Identifier: MIT */
/* Classes: methods, their parameters, and qualifiers. Sets are views into the class: two words and a table.
 */
#include "class.h"
#include "declaration_copy.h"
#include "slots.h"
#include "tables.h"

#include <strings.h>

static const struct declared_class *declaration_of(const MI_Class *class)
{
    return (const struct declared_class *)class->classDecl;
}

MI_Result class_get_method_count(const MI_Class *self, MI_Uint32 *count)
{
    if (self == NULL || count == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    *count = declaration_of(self)->method_count;
    return MI_RESULT_OK;
}

MI_Result class_get_method_at(const MI_Class *self, MI_Uint32 index, const MI_Char **name,
                              MI_QualifierSet *qualifier_set, MI_ParameterSet *parameter_set)
{
    const struct declared_method *method;
    MI_Result result;

    if (self == NULL || name == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    result = ((const struct class_table *)self->ft)->get_method_at(self, index, &method);
    if (result != MI_RESULT_OK) {
        return result;
    }
    *name = method->name;
    if (qualifier_set != NULL) {
        *qualifier_set =
            (MI_QualifierSet){method->qualifier_count, (ptrdiff_t)method->qualifiers, &qualifier_set_table};
    }
    if (parameter_set != NULL) {
        *parameter_set = (MI_ParameterSet){method->parameter_count, (ptrdiff_t)method->parameters,
                                           &parameter_set_table.open};
    }
    return MI_RESULT_OK;
}

MI_Result class_get_method(const MI_Class *self, const MI_Char *name, MI_QualifierSet *qualifier_set,
                           MI_ParameterSet *parameter_set, MI_Uint32 *index)
{
    const MI_Char *found;

    if (self == NULL || name == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    for (MI_Uint32 i = 0; i < declaration_of(self)->method_count; i++) {
        if (strcasecmp(declaration_of(self)->methods[i]->name, name) == 0) {
            if (index != NULL) {
                *index = i;
            }
            return self->ft->GetMethodAt(self, i, &found, qualifier_set, parameter_set);
        }
    }
    return MI_RESULT_METHOD_NOT_FOUND;
}

/* Parameter 0 is the return value; the public functions count from the one behind it. */
static MI_Result describe(const MI_ParameterSet *self, MI_Uint32 index, const MI_Char **name, MI_Type *type,
                          MI_Char **reference_class, MI_QualifierSet *qualifier_set)
{
    const struct declared_parameter *parameter;
    MI_Result result;

    if (self == NULL || name == NULL || type == NULL || qualifier_set == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    result = ((const struct parameter_table *)self->ft)->get_parameter_at(self, index, &parameter);
    if (result != MI_RESULT_OK) {
        return result;
    }
    *name = parameter->name;
    *type = (MI_Type)parameter->type;
    *qualifier_set =
        (MI_QualifierSet){parameter->qualifier_count, (ptrdiff_t)parameter->qualifiers, &qualifier_set_table};
    if (reference_class != NULL) {
        *reference_class = (MI_Char *)parameter->class_name;
    }
    return MI_RESULT_OK;
}

MI_Result parameter_set_get_method_return_type(const MI_ParameterSet *self, MI_Type *type,
                                               MI_QualifierSet *qualifier_set)
{
    const MI_Char *name;

    return describe(self, 0, &name, type, NULL, qualifier_set);
}

MI_Result parameter_set_get_parameter_count(const MI_ParameterSet *self, MI_Uint32 *count)
{
    if (self == NULL || count == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    *count = self->reserved1 > 0 ? (MI_Uint32)self->reserved1 - 1 : 0;
    return MI_RESULT_OK;
}

MI_Result parameter_set_get_parameter_at(const MI_ParameterSet *self, MI_Uint32 index, const MI_Char **name,
                                         MI_Type *type, MI_Char **reference_class,
                                         MI_QualifierSet *qualifier_set)
{
    return describe(self, index + 1, name, type, reference_class, qualifier_set);
}

MI_Result parameter_set_get_parameter(const MI_ParameterSet *self, const MI_Char *name, MI_Type *type,
                                      MI_Char **reference_class, MI_QualifierSet *qualifier_set,
                                      MI_Uint32 *index)
{
    const MI_Char *found;

    if (self == NULL || name == NULL || index == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    for (MI_Uint32 i = 0; describe(self, i + 1, &found, type, reference_class, qualifier_set) == MI_RESULT_OK;
         i++) {
        if (strcasecmp(found, name) == 0) {
            *index = i;
            return MI_RESULT_OK;
        }
    }
    return MI_RESULT_NOT_FOUND;
}

MI_Result qualifier_set_get_qualifier_count(const MI_QualifierSet *self, MI_Uint32 *count)
{
    if (self == NULL || count == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    *count = (MI_Uint32)self->reserved1;
    return MI_RESULT_OK;
}

MI_Result qualifier_set_get_qualifier_at(const MI_QualifierSet *self, MI_Uint32 index, const MI_Char **name,
                                         MI_Type *type, MI_Uint32 *flags, MI_Value *value)
{
    const struct declared_qualifier *qualifier;

    if (self == NULL || name == NULL || type == NULL || flags == NULL || value == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (index >= self->reserved1) {
        return MI_RESULT_NOT_FOUND;
    }
    qualifier = ((const struct declared_qualifier *const *)self->reserved2)[index];
    *name = qualifier->name;
    *type = (MI_Type)qualifier->type;
    *flags = qualifier->flavor;
    *value = declaration_value(qualifier->type, qualifier->value);
    return MI_RESULT_OK;
}

MI_Result qualifier_set_get_qualifier(const MI_QualifierSet *self, const MI_Char *name, MI_Type *type,
                                      MI_Uint32 *flags, MI_Value *value, MI_Uint32 *index)
{
    const MI_Char *found;

    if (self == NULL || name == NULL || index == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    for (MI_Uint32 i = 0; i < self->reserved1; i++) {
        MI_Result result = qualifier_set_get_qualifier_at(self, i, &found, type, flags, value);

        if (result != MI_RESULT_OK || strcasecmp(found, name) == 0) {
            *index = i;
            return result;
        }
    }
    return MI_RESULT_NOT_FOUND;
}

MI_Result class_get_declared_method(const MI_Class *self, MI_Uint32 index,
                                    const struct declared_method **method)
{
    if (index >= declaration_of(self)->method_count) {
        return MI_RESULT_METHOD_NOT_FOUND;
    }
    *method = declaration_of(self)->methods[index];
    return MI_RESULT_OK;
}

MI_Result parameter_set_get_declared(const MI_ParameterSet *self, MI_Uint32 index,
                                     const struct declared_parameter **parameter)
{
    if (index >= self->reserved1) {
        return MI_RESULT_NOT_FOUND;
    }
    *parameter = ((const struct declared_parameter *const *)self->reserved2)[index];
    return MI_RESULT_OK;
}
