/* SPDX-License-Identifier: MIT */
/* The words of a trace's metadata, in CTF's description language. */
#ifndef MITRACE_SOURCE_DIRECT_TOKENS_H
#define MITRACE_SOURCE_DIRECT_TOKENS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* A place in a text that ends with a NUL and outlives it. */
struct direct_tokens {
    const char *at;
};

/* A name or number, a string in its quotes, or one other character; comments and blanks are passed over. */
struct direct_token {
    const char *text;
    size_t length;
};

/* Take the next token. False: the text is over. */
bool direct_next(struct direct_tokens *tokens, struct direct_token *token);

/* Take what the tokens of `text` are. False: something else comes; some of it may have been taken. */
bool direct_expect(struct direct_tokens *tokens, const char *text);

/* The same, but nothing is taken when it is false. */
bool direct_accept(struct direct_tokens *tokens, const char *text);

/* Take a string, a name, or a decimal number, which may be negative. False: something else comes. */
bool direct_string(struct direct_tokens *tokens, struct direct_token *token); /* without its quotes */
bool direct_name(struct direct_tokens *tokens, struct direct_token *token);
bool direct_number(struct direct_tokens *tokens, int64_t *number);

/* Take everything up to and with the brace that closes a block without inner ones. */
bool direct_skip_block(struct direct_tokens *tokens);

#endif
