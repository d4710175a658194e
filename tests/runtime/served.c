/* SPDX-License-Identifier: MIT */
/* See served.h. Names and properties are those of classes which a developer build of OMI serves too. */
#include "served.h"

#include "instance.h"

#include <stdio.h>
#include <strings.h>

#define COUNT(array) ((MI_Uint32)(sizeof(array) / sizeof((array)[0])))

static void set_text(MI_Instance *instance, const MI_Char *name, const MI_Char *text)
{
    MI_Value value = {.string = (MI_Char *)text};

    instance->ft->SetElement(instance, name, &value, MI_STRING, 0);
}

static void set_number(MI_Instance *instance, const MI_Char *name, MI_Uint64 number, MI_Type type)
{
    MI_Value value = {.uint64 = number};

    instance->ft->SetElement(instance, name, &value, type, 0);
}

static const struct served_property identify_properties[] = {
    {"InstanceID", MI_STRING, true},
    {"SystemName", MI_STRING, false},
    {"ProductName", MI_STRING, false},
    {"ProductVendor", MI_STRING, false},
    {"ProductVersionMajor", MI_UINT32, false},
    {"ProductVersionMinor", MI_UINT32, false},
    {"ProductVersionString", MI_STRING, false},
    {"ConfigNameSpaces", MI_STRING + 16, false},
};

static void fill_identify(MI_Instance *instance, MI_Uint32 index)
{
    static const MI_Char *namespaces[] = {"root-omi", "root-test", "root-cimv2"};
    MI_Value list = {.array = {namespaces, COUNT(namespaces)}};

    (void)index;
    set_text(instance, "InstanceID", "2FDB5542-5896-45D5-9BE9-DC04430AAABE");
    set_text(instance, "SystemName", "localhost");
    set_text(instance, "ProductName", "mitrace test runtime");
    set_text(instance, "ProductVendor", "mitrace");
    set_number(instance, "ProductVersionMajor", 1, MI_UINT32);
    set_number(instance, "ProductVersionMinor", 0, MI_UINT32);
    set_text(instance, "ProductVersionString", "1.0");
    instance->ft->SetElement(instance, "ConfigNameSpaces", &list, MI_STRING + 16, 0);
}

static const struct served_property president_properties[] = {
    {"Key", MI_UINT32, true},
    {"First", MI_STRING, false},
    {"Last", MI_STRING, false},
};

static void fill_president(MI_Instance *instance, MI_Uint32 index)
{
    static const MI_Char *const names[][2] = {{"George", "Washington"},
                                              {"John", "Adams"},
                                              {"Thomas", "Jefferson"},
                                              {"James", "Madison"},
                                              {"James", "Monroe"}};

    set_number(instance, "Key", index + 1, MI_UINT32);
    set_text(instance, "First", names[index % COUNT(names)][0]);
    set_text(instance, "Last", names[index % COUNT(names)][1]);
}

static const struct served_property person_properties[] = {
    {"Key", MI_UINT32, true},
    {"Species", MI_STRING, false},
    {"Last", MI_STRING, false},
    {"First", MI_STRING, false},
};

static const struct served_property number_properties[] = {
    {"Description", MI_STRING, false},
    {"Number", MI_UINT64, true},
    {"SpelledNumber", MI_STRING, false},
};

static void spell(MI_Uint64 number, MI_Char text[32])
{
    static const MI_Char *const words[] = {"zero", "one",   "two",   "three", "four", "five",
                                           "six",  "seven", "eight", "nine",  "ten"};

    snprintf(text, 32, number < COUNT(words) ? "%s" : "many", words[number % COUNT(words)]);
}

static void fill_number(MI_Instance *instance, MI_Uint32 index)
{
    MI_Char text[32];

    spell(index * 2, text);
    set_number(instance, "Number", index * 2, MI_UINT64);
    set_text(instance, "SpelledNumber", text);
}

/* SpellNumber(num) gives an instance that is called as the method and holds what it returned; so does Talk,
 * before whose result the peer talks. */
static MI_Instance *invoke_number(const MI_Char *method, const MI_Instance *parameters)
{
    MI_Value number = {.uint64 = 0}, returned;
    MI_Instance *result;
    MI_Char text[32];

    if ((strcasecmp(method, "SpellNumber") != 0 && strcasecmp(method, "Talk") != 0) ||
        instance_new_dynamic(method, &result) != MI_RESULT_OK) {
        return NULL;
    }
    if (parameters != NULL) {
        parameters->ft->GetElement(parameters, "num", &number, NULL, NULL, NULL);
    }
    spell(number.uint64, text);
    returned.string = text;
    result->ft->AddElement(result, "ReturnValue", &returned, MI_STRING, DECLARED_PARAMETER);
    return result;
}

static const struct served_property indication_properties[] = {
    {"AlertingElementFormat", MI_STRING, false},
    {"uint32property", MI_UINT32, false},
};

static void fill_indication(MI_Instance *instance, MI_Uint32 index)
{
    set_text(instance, "AlertingElementFormat", "Unknown");
    set_number(instance, "uint32property", index, MI_UINT32);
}

const struct served_class served_classes[] = {
    {"root/omi", "OMI_Identify", SERVED_ONCE, identify_properties, COUNT(identify_properties), fill_identify,
     NULL},
    {"root/test", "MSFT_President", SERVED_MANY, president_properties, COUNT(president_properties),
     fill_president, NULL},
    {"root/test", "MSFT_Person", SERVED_STORED, person_properties, COUNT(person_properties), NULL, NULL},
    {"root/cimv2", "X_SmallNumber", SERVED_MANY, number_properties, COUNT(number_properties), fill_number,
     invoke_number},
    {"root/cimv2", "Test_Indication", SERVED_INDICATIONS, indication_properties, COUNT(indication_properties),
     fill_indication, NULL},
    {NULL, NULL, SERVED_ONCE, NULL, 0, NULL, NULL},
};

/* An instance with all properties and no values. */
static MI_Instance *blank_instance(const struct served_class *class)
{
    MI_Instance *instance = NULL;

    if (instance_new_dynamic(class->name, &instance) != MI_RESULT_OK) {
        return NULL;
    }
    for (MI_Uint32 i = 0; i < class->property_count; i++) {
        const struct served_property *property = &class->properties[i];

        instance->ft->AddElement(instance, property->name, NULL, property->type,
                                 DECLARED_PROPERTY | (property->key ? MI_FLAG_KEY : 0));
    }
    return instance;
}

MI_Instance *served_instance(const struct served_class *class, MI_Uint32 index)
{
    MI_Instance *instance = blank_instance(class);

    if (instance != NULL) {
        class->fill(instance, index);
        instance->ft->SetNameSpace(instance, class->namespace_name);
    }
    return instance;
}

/* As in OMI, a class that comes from the server knows neither its namespace nor its parent nor its methods.
 */
MI_Class *served_description(const struct served_class *class)
{
    MI_Instance *instance = blank_instance(class);
    MI_Class *description = NULL;

    if (instance != NULL) {
        instance->ft->GetClass(instance, &description);
        instance->ft->Delete(instance);
    }
    return description;
}
