/* SPDX-License-Identifier: MIT */
/* A class of the program's own with a parent, a qualifier and a method, as a generator of MI code declares
 * it. */
#ifndef MITRACE_APPS_VEHICLE_CLASS_H
#define MITRACE_APPS_VEHICLE_CLASS_H

#include "mi_abi.h"

/* Garage_Vehicle : Garage_Thing { [Key] string Plate; uint32 Seats; uint32 Move([In] uint32 Speed); } */
extern const MI_ClassDecl *const vehicle_class;

#endif
