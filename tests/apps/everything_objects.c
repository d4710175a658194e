/* SPDX-License-Identifier: MIT */
/* clean_everything: instances, classes and what hangs on them. */
#include "everything.h"

#include "vehicle_class.h"

static void names_of_instance(MI_Instance *instance)
{
    const MI_Char *text;

    SHOW(MI_Instance_GetClassName, instance, &text);
    SHOW(MI_Instance_SetNameSpace, instance, "root/test");
    SHOW(MI_Instance_GetNameSpace, instance, &text);
    SHOW(MI_Instance_SetServerName, instance, "localhost");
    SHOW(MI_Instance_GetServerName, instance, &text);
}

static void elements_of_instance(MI_Instance *instance)
{
    MI_Value value = {.string = (MI_Char *)"B-MI 1"};
    MI_Type type;
    MI_Uint32 number, flags, index;
    const MI_Char *name;

    SHOW(MI_Instance_AddElement, instance, "Plate", &value, MI_STRING, MI_FLAG_KEY);
    SHOW(MI_Instance_AddElement, instance, "Plate", &value, MI_STRING, 0);
    SHOW(MI_Instance_SetElement, instance, "Plate", &value, MI_STRING, 0);
    value.uint32 = 5;
    SHOW(MI_Instance_SetElementAt, instance, 0, &value, MI_UINT32, 0);
    SHOW(MI_Instance_GetElementCount, instance, &number);
    SHOW(MI_Instance_GetElement, instance, "plate", &value, &type, &flags, &index);
    SHOW(MI_Instance_GetElement, instance, "Seats", &value, &type, &flags, &index);
    SHOW(MI_Instance_GetElementAt, instance, 0, &name, &value, &type, &flags);
    SHOW(MI_Instance_GetElementAt, instance, 1, &name, &value, &type, &flags);
    SHOW(MI_Instance_ClearElement, instance, "Plate");
    SHOW(MI_Instance_ClearElementAt, instance, 0);
}

void everything_of_instances(MI_Application *application)
{
    MI_Instance *instance = NULL, *copy = NULL;
    MI_Instance shell = {.ft = NULL};
    MI_Class *class = NULL;
    MI_Boolean is_vehicle;

    SHOW(MI_Application_NewInstance, application, "Garage_Vehicle", NULL, &instance);
    names_of_instance(instance);
    elements_of_instance(instance);
    SHOW(MI_Instance_IsA, instance, vehicle_class, &is_vehicle);
    SHOW(MI_Instance_GetClass, instance, &class);
    SHOW(MI_Class_Delete, class);
    SHOW(MI_Instance_Clone, instance, &copy);
    shell.ft = instance->ft;
    SHOW(MI_Instance_Destruct, &shell);
    SHOW(MI_Instance_Delete, copy);
    SHOW(MI_Instance_Delete, instance);
}

static void everything_of_qualifiers(const MI_QualifierSet *qualifiers)
{
    MI_Value value;
    MI_Type type;
    MI_Uint32 number, flags, index;
    const MI_Char *name;

    SHOW(MI_QualifierSet_GetQualifierCount, qualifiers, &number);
    SHOW(MI_QualifierSet_GetQualifierAt, qualifiers, 0, &name, &type, &flags, &value);
    SHOW(MI_QualifierSet_GetQualifier, qualifiers, "key", &type, &flags, &value, &index);
}

static void everything_of_parameters(const MI_ParameterSet *parameters)
{
    MI_QualifierSet qualifiers;
    MI_Type type;
    MI_Uint32 number, index;
    MI_Char *reference;
    const MI_Char *name;

    SHOW(MI_ParameterSet_GetMethodReturnType, parameters, &type, &qualifiers);
    SHOW(MI_ParameterSet_GetParameterCount, parameters, &number);
    SHOW(MI_ParameterSet_GetParameterAt, parameters, 0, &name, &type, &reference, &qualifiers);
    SHOW(MI_ParameterSet_GetParameter, parameters, "Speed", &type, &reference, &qualifiers, &index);
}

static void names_of_class(const MI_Class *class)
{
    const MI_Char *text;
    MI_Class *parent = NULL;

    SHOW(MI_Class_GetClassName, class, &text);
    SHOW(MI_Class_GetNameSpace, class, &text);
    SHOW(MI_Class_GetServerName, class, &text);
    SHOW(MI_Class_GetParentClassName, class, &text);
    SHOW(MI_Class_GetParentClass, class, &parent);
    SHOW(MI_Class_Delete, parent);
}

void everything_of_classes(MI_Application *application)
{
    MI_Class *class = NULL, *copy = NULL;
    MI_QualifierSet qualifiers;
    MI_ParameterSet parameters;
    MI_Value value;
    MI_Boolean exists;
    MI_Type type;
    MI_Char *reference;
    MI_Uint32 number, flags, index;
    const MI_Char *name;

    SHOW(MI_Application_NewClass, application, vehicle_class, "root/test", "localhost", &class);
    names_of_class(class);
    SHOW(MI_Class_GetElementCount, class, &number);
    SHOW(MI_Class_GetElement, class, "Seats", &value, &exists, &type, &reference, &qualifiers, &flags,
         &index);
    SHOW(MI_Class_GetElementAt, class, 0, &name, &value, &exists, &type, &reference, &qualifiers, &flags);
    everything_of_qualifiers(&qualifiers);
    SHOW(MI_Class_GetClassQualifierSet, class, &qualifiers);
    SHOW(MI_Class_GetMethodCount, class, &number);
    SHOW(MI_Class_GetMethodAt, class, 0, &name, &qualifiers, &parameters);
    SHOW(MI_Class_GetMethod, class, "Move", &qualifiers, &parameters, &index);
    everything_of_parameters(&parameters);
    SHOW(MI_Class_Clone, class, &copy);
    SHOW(MI_Class_Delete, copy);
    SHOW(MI_Class_Delete, class);
}
