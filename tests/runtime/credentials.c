/* SPDX-License-Identifier: MIT */
/* Options: credentials. The password is given out by its own function only. */
#include "options.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum form { FORM_UNKNOWN, FORM_NOTHING, FORM_USER, FORM_CERTIFICATE };

static const struct {
    const MI_Char *type;
    enum form form;
} types[] = {
    {"Default", FORM_NOTHING},         {"None", FORM_NOTHING},
    {"NegoNoCreds", FORM_NOTHING},     {"Digest", FORM_USER},
    {"NegoWithCreds", FORM_USER},      {"Basic", FORM_USER},
    {"Kerberos", FORM_USER},           {"Ntlmdomain", FORM_USER},
    {"ClientCerts", FORM_CERTIFICATE}, {"IssuerCert", FORM_CERTIFICATE},
};

static enum form form_of(const MI_Char *type)
{
    for (size_t i = 0; type != NULL && i < sizeof types / sizeof types[0]; i++) {
        if (strcasecmp(types[i].type, type) == 0) {
            return types[i].form;
        }
    }
    return FORM_UNKNOWN;
}

static MI_Char *copy_text(const MI_Char *text)
{
    return text != NULL ? strdup(text) : NULL;
}

static MI_Result append(struct options *options, const struct credential *credential)
{
    struct credential *grown =
        realloc(options->credentials, (options->credential_count + 1) * sizeof *options->credentials);

    if (grown == NULL) {
        return MI_RESULT_SERVER_LIMITS_EXCEEDED;
    }
    options->credentials = grown;
    grown[options->credential_count++] = (struct credential){
        .option = copy_text(credential->option),
        .type = copy_text(credential->type),
        .domain = copy_text(credential->domain),
        .user = copy_text(credential->user),
        .password = copy_text(credential->password),
    };
    return MI_RESULT_OK;
}

MI_Result credentials_copy(const struct options *from, struct options *to)
{
    MI_Result result = MI_RESULT_OK;

    for (MI_Uint32 i = 0; i < from->credential_count && result == MI_RESULT_OK; i++) {
        result = append(to, &from->credentials[i]);
    }
    return result;
}

void credentials_free(struct options *options)
{
    for (MI_Uint32 i = 0; i < options->credential_count; i++) {
        struct credential *credential = &options->credentials[i];

        free(credential->option);
        free(credential->type);
        free(credential->domain);
        free(credential->user);
        free(credential->password);
    }
    free(options->credentials);
}

static int exists(const struct options *options, const MI_Char *option, const MI_Char *type)
{
    for (MI_Uint32 i = 0; i < options->credential_count; i++) {
        if (strcmp(options->credentials[i].option, option) == 0 &&
            strcasecmp(options->credentials[i].type, type) == 0) {
            return 1;
        }
    }
    return 0;
}

MI_Result options_add_credentials(void *self, const MI_Char *name, const MI_UserCredentials *credentials,
                                  MI_Uint32 flags)
{
    struct options *options = options_of(self);
    struct credential credential = {.option = (MI_Char *)name};
    enum form form;

    if (options == NULL || name == NULL || credentials == NULL || flags != 0) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    form = form_of(credentials->authenticationType);
    if (form == FORM_UNKNOWN || (form == FORM_USER && credentials->credentials[1] == NULL)) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (exists(options, name, credentials->authenticationType)) {
        return MI_RESULT_FAILED;
    }
    credential.type = (MI_Char *)credentials->authenticationType;
    if (form == FORM_USER) {
        credential.domain = (MI_Char *)credentials->credentials[0];
        credential.user = (MI_Char *)credentials->credentials[1];
        credential.password = (MI_Char *)credentials->credentials[2];
    } else if (form == FORM_CERTIFICATE) {
        credential.user = (MI_Char *)credentials->credentials[0];
    }
    return append(options, &credential);
}

MI_Result options_get_credentials_count(const void *self, MI_Uint32 *count)
{
    const struct options *options = options_of(self);

    if (options == NULL || count == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    *count = options->credential_count;
    return MI_RESULT_OK;
}

/* The credential with this index, its option's name and no flags. */
static MI_Result find(const void *self, MI_Uint32 index, const MI_Char **name, MI_Uint32 *flags,
                      const struct credential **credential)
{
    const struct options *options = options_of(self);

    if (options == NULL || options->credential_count == 0 || name == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (flags != NULL) {
        *flags = 0;
    }
    if (index >= options->credential_count) {
        return MI_RESULT_NO_SUCH_PROPERTY;
    }
    *credential = &options->credentials[index];
    *name = (*credential)->option;
    return MI_RESULT_OK;
}

MI_Result options_get_credentials_at(const void *self, MI_Uint32 index, const MI_Char **name,
                                     MI_UserCredentials *credentials, MI_Uint32 *flags)
{
    const struct credential *found;
    MI_Result result =
        credentials == NULL ? MI_RESULT_INVALID_PARAMETER : find(self, index, name, flags, &found);

    if (result != MI_RESULT_OK) {
        return result;
    }
    *credentials = (MI_UserCredentials){.authenticationType = found->type};
    if (form_of(found->type) == FORM_USER) {
        credentials->credentials[0] = found->domain;
        credentials->credentials[1] = found->user;
        credentials->credentials[2] = "******";
    } else {
        credentials->credentials[0] = found->user;
    }
    return MI_RESULT_OK;
}

MI_Result options_get_credentials_password_at(const void *self, MI_Uint32 index, const MI_Char **name,
                                              MI_Char *password, MI_Uint32 length, MI_Uint32 *needed,
                                              MI_Uint32 *flags)
{
    const struct credential *found;
    MI_Result result = needed == NULL ? MI_RESULT_INVALID_PARAMETER : find(self, index, name, flags, &found);

    if (result != MI_RESULT_OK || form_of(found->type) != FORM_USER) {
        return result != MI_RESULT_OK ? result : MI_RESULT_INVALID_PARAMETER;
    }
    *needed = found->password != NULL ? (MI_Uint32)strlen(found->password) + 1 : 0;
    if (*needed == 0 || length == 0) {
        return MI_RESULT_OK;
    }
    if (length < *needed || password == NULL) {
        return MI_RESULT_FAILED;
    }
    memcpy(password, found->password, *needed);
    return MI_RESULT_OK;
}
