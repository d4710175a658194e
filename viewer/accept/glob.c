/* SPDX-License-Identifier: MIT */
/* Matches patterns by going back to the last `*` only: an earlier one could gain nothing. */
#include "accept/glob.h"

#include <stddef.h>

static const char *next_character(const char *text)
{
    text++;
    while (((unsigned char)*text & 0xC0) == 0x80) {
        text++;
    }
    return text;
}

bool accept_glob(const char *pattern, const char *text)
{
    const char *after_star = NULL, *retry = text;

    while (*text != '\0') {
        if (*pattern == '*') {
            after_star = ++pattern;
            retry = text;
        } else if (*pattern == '?') {
            pattern++;
            text = next_character(text);
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (after_star != NULL) {
            pattern = after_star;
            text = retry = next_character(retry);
        } else {
            return false;
        }
    }
    while (*pattern == '*') {
        pattern++;
    }
    return *pattern == '\0';
}
