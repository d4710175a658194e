/* SPDX-License-Identifier: MIT */
/* Splits metadata into tokens and compares them. */
#include "source/direct_tokens.h"

#include <errno.h>
#include <string.h>

static bool is_word(char byte)
{
    return g_ascii_isalnum(byte) || byte == '_' || byte == '.' || byte == '-';
}

/* Behind the first `end` in `text`, or behind all of it. */
static const char *behind(const char *text, const char *end)
{
    const char *found = strstr(text, end);
    return found != NULL ? found + strlen(end) : text + strlen(text);
}

static const char *skip_blanks(const char *at)
{
    for (;;) {
        if (g_ascii_isspace(*at)) {
            at++;
        } else if (strncmp(at, "/*", 2) == 0) {
            at = behind(at + 2, "*/");
        } else if (strncmp(at, "//", 2) == 0) {
            at += strcspn(at, "\n");
        } else {
            return at;
        }
    }
}

/* Behind the string that begins at `at`; one without an end goes on to the end of the text. */
static const char *skip_string(const char *at)
{
    for (at++; *at != '\0' && *at != '"'; at++) {
        at += at[0] == '\\' && at[1] != '\0';
    }
    return *at == '"' ? at + 1 : at;
}

bool direct_next(struct direct_tokens *tokens, struct direct_token *token)
{
    const char *begin = skip_blanks(tokens->at);
    const char *end = begin;

    if (*begin == '"') {
        end = skip_string(begin);
    } else if (is_word(*begin)) {
        while (is_word(*end)) {
            end++;
        }
    } else if (*begin != '\0') {
        end = begin + 1;
    }
    *token = (struct direct_token){begin, (size_t)(end - begin)};
    tokens->at = end;
    return end > begin;
}

static bool equal(const struct direct_token *a, const struct direct_token *b)
{
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

bool direct_expect(struct direct_tokens *tokens, const char *text)
{
    struct direct_tokens wanted = {text};
    struct direct_token want, have;

    while (direct_next(&wanted, &want)) {
        if (!direct_next(tokens, &have) || !equal(&want, &have)) {
            return false;
        }
    }
    return true;
}

bool direct_accept(struct direct_tokens *tokens, const char *text)
{
    struct direct_tokens ahead = *tokens;
    bool good = direct_expect(&ahead, text);

    if (good) {
        *tokens = ahead;
    }
    return good;
}

bool direct_string(struct direct_tokens *tokens, struct direct_token *token)
{
    if (!direct_next(tokens, token) || token->length < 2 || token->text[0] != '"' ||
        token->text[token->length - 1] != '"') {
        return false;
    }
    token->text++;
    token->length -= 2;
    return true;
}

bool direct_name(struct direct_tokens *tokens, struct direct_token *token)
{
    return direct_next(tokens, token) && is_word(token->text[0]);
}

bool direct_number(struct direct_tokens *tokens, int64_t *number)
{
    struct direct_token token;
    char *end = NULL;

    if (!direct_name(tokens, &token)) {
        return false;
    }
    errno = 0;
    *number = g_ascii_strtoll(token.text, &end, 10);
    return errno == 0 && end == token.text + token.length;
}

bool direct_skip_block(struct direct_tokens *tokens)
{
    struct direct_token token;

    while (direct_next(tokens, &token)) {
        if (token.text[0] == '}' || token.text[0] == '{') {
            return token.text[0] == '}';
        }
    }
    return false;
}
