/* SPDX-License-Identifier: MIT */
/* See vehicle_class.h. */
#include "vehicle_class.h"

#include "declarations.h"

#define COUNT(array) ((MI_Uint32)(sizeof(array) / sizeof((array)[0])))

static const MI_Boolean yes = MI_TRUE;
static const struct declared_qualifier key_qualifier = {
    .name = "Key", .type = MI_BOOLEAN, .flavor = 0, .value = &yes};
static const struct declared_qualifier *const key_qualifiers[] = {&key_qualifier};

static const struct declared_property plate = {
    .flags = DECLARED_PROPERTY | MI_FLAG_KEY,
    .code = DECLARED_CODE('p', 'e', 5),
    .name = "Plate",
    .qualifiers = key_qualifiers,
    .qualifier_count = COUNT(key_qualifiers),
    .type = MI_STRING,
    .offset = 64,
    .origin = "Garage_Thing",
    .propagator = "Garage_Thing",
};
static const struct declared_property seats = {
    .flags = DECLARED_PROPERTY,
    .code = DECLARED_CODE('s', 's', 5),
    .name = "Seats",
    .type = MI_UINT32,
    .offset = 80,
    .origin = "Garage_Vehicle",
    .propagator = "Garage_Vehicle",
};
static const struct declared_property *const thing_properties[] = {&plate};
static const struct declared_property *const vehicle_properties[] = {&plate, &seats};

static const struct declared_parameter move_result = {
    .flags = DECLARED_PARAMETER,
    .code = DECLARED_CODE('m', 'n', 8),
    .name = "MIReturn",
    .type = MI_UINT32,
};
static const struct declared_parameter move_speed = {
    .flags = DECLARED_PARAMETER | DECLARED_IN,
    .code = DECLARED_CODE('s', 'd', 5),
    .name = "Speed",
    .type = MI_UINT32,
};
static const struct declared_parameter *const move_parameters[] = {&move_result, &move_speed};
static const struct declared_method move = {
    .flags = DECLARED_METHOD,
    .code = DECLARED_CODE('m', 'e', 4),
    .name = "Move",
    .parameters = move_parameters,
    .parameter_count = COUNT(move_parameters),
    .return_type = MI_UINT32,
    .origin = "Garage_Vehicle",
    .propagator = "Garage_Vehicle",
};
static const struct declared_method *const vehicle_methods[] = {&move};

static const struct declared_class thing = {
    .flags = DECLARED_CLASS,
    .code = DECLARED_CODE('g', 'g', 12),
    .name = "Garage_Thing",
    .properties = thing_properties,
    .property_count = COUNT(thing_properties),
    .size = 80,
};
static const struct declared_class vehicle = {
    .flags = DECLARED_CLASS,
    .code = DECLARED_CODE('g', 'e', 14),
    .name = "Garage_Vehicle",
    .qualifiers = key_qualifiers,
    .qualifier_count = COUNT(key_qualifiers),
    .properties = vehicle_properties,
    .property_count = COUNT(vehicle_properties),
    .size = 88,
    .super_name = "Garage_Thing",
    .super = &thing,
    .methods = vehicle_methods,
    .method_count = COUNT(vehicle_methods),
};

const MI_ClassDecl *const vehicle_class = (const MI_ClassDecl *)&vehicle;
