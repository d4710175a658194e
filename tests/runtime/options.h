/* SPDX-License-Identifier: MIT */
/*
 * Options of all three kinds: one object with a reference count of its own, which the program's handle points
 * to. A session shares the destination options it was made with, so their struct survives its Delete;
 * operations copy. The values live in a hidden instance and are reached through its table, as in OMI. Facts:
 * OMI's miapi/Options.c. The functions options_<slot> stand in the tables of all three kinds; `self` and
 * `out` are MI_DestinationOptions, MI_OperationOptions or MI_SubscriptionDeliveryOptions.
 */
#ifndef MITRACE_RUNTIME_OPTIONS_H
#define MITRACE_RUNTIME_OPTIONS_H

#include "mi_abi.h"

struct credential {
    MI_Char *option;
    MI_Char *type;
    MI_Char *domain;
    MI_Char *user; /* or the thumbprint of a certificate */
    MI_Char *password;
};

struct options {
    struct options *next; /* while it is nobody's */
    unsigned references;
    MI_Instance *values; /* NULL until the first value */
    struct credential *credentials;
    MI_Uint32 credential_count;
};

/* What NewSession does with the program's options, or with none: shares them (`*shared`) and hands a copy
 * down to the protocol handler's application. */
MI_Result options_for_session(MI_Application *owner, MI_Application *peer, MI_DestinationOptions *options,
                              MI_DestinationOptions *shared);

/* What a starting call does with the program's options, either of which may be NULL. The modes stay what they
 * are if the options do not set them. */
MI_Result options_for_operation(MI_Application *peer, MI_OperationOptions *options,
                                const MI_SubscriptionDeliveryOptions *delivery, MI_Uint32 *error_mode,
                                MI_Uint32 *prompt_mode);

MI_Result options_delete(void *self);
MI_Result options_clone(const void *self, void *out);
MI_Result options_set_string(void *self, const MI_Char *name, const MI_Char *value, MI_Uint32 flags);
MI_Result options_set_number(void *self, const MI_Char *name, MI_Uint32 value, MI_Uint32 flags);
MI_Result options_set_date_time(void *self, const MI_Char *name, const MI_Datetime *value, MI_Uint32 flags);
MI_Result options_set_interval(void *self, const MI_Char *name, const MI_Interval *value, MI_Uint32 flags);
MI_Result options_set_custom_option(void *self, const MI_Char *name, MI_Type type, const MI_Value *value,
                                    MI_Boolean must_comply, MI_Uint32 flags);
MI_Result options_add_credentials(void *self, const MI_Char *name, const MI_UserCredentials *credentials,
                                  MI_Uint32 flags);
MI_Result options_get_string(const void *self, const MI_Char *name, const MI_Char **value, MI_Uint32 *index,
                             MI_Uint32 *flags);
MI_Result options_get_number(const void *self, const MI_Char *name, MI_Uint32 *value, MI_Uint32 *index,
                             MI_Uint32 *flags);
MI_Result options_get_date_time(const void *self, const MI_Char *name, MI_Datetime *value, MI_Uint32 *index,
                                MI_Uint32 *flags);
MI_Result options_get_interval(const void *self, const MI_Char *name, MI_Interval *value, MI_Uint32 *index,
                               MI_Uint32 *flags);
MI_Result options_get_option_count(const void *self, MI_Uint32 *count);
MI_Result options_get_option_at(const void *self, MI_Uint32 index, const MI_Char **name, MI_Value *value,
                                MI_Type *type, MI_Uint32 *flags);
MI_Result options_get_option(const void *self, const MI_Char *name, MI_Value *value, MI_Type *type,
                             MI_Uint32 *index, MI_Uint32 *flags);
MI_Result options_get_enabled_channels(const void *self, const MI_Char *name, MI_Uint32 *channels,
                                       MI_Uint32 length, MI_Uint32 *count, MI_Uint32 *flags);
MI_Result options_get_credentials_count(const void *self, MI_Uint32 *count);
MI_Result options_get_credentials_at(const void *self, MI_Uint32 index, const MI_Char **name,
                                     MI_UserCredentials *credentials, MI_Uint32 *flags);
MI_Result options_get_credentials_password_at(const void *self, MI_Uint32 index, const MI_Char **name,
                                              MI_Char *password, MI_Uint32 length, MI_Uint32 *needed,
                                              MI_Uint32 *flags);

/* The option whose value is the list of enabled channels, and the type of that list. */
#define OPTIONS_CHANNELS "__MI_OPERATIONOPTIONS_CHANNEL"
enum { OPTIONS_CHANNELS_TYPE = MI_UINT32 + 16 };

/* For the files that make up options: the object behind a handle, NULL if there is none; and a value of any
 * type. */
struct options *options_of(const void *self);
MI_Result options_find(const void *self, const MI_Char *name, MI_Type *type, MI_Value *value,
                       MI_Uint32 *index);

/* Copies and frees the credentials of an object. */
MI_Result credentials_copy(const struct options *from, struct options *to);
void credentials_free(struct options *options);

#endif
