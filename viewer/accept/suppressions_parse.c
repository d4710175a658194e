/* SPDX-License-Identifier: MIT */
/* Reads suppression files. Whatever is not understood is an error: an entry that silently does nothing, or
 * silently lasts for ever, is worse than a run that stops. */
#include "accept/suppressions.h"

#include "accept/glob.h"
#include "accept/text_file.h"
#include "rules/rules.h"

#include <stdlib.h>
#include <string.h>

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

struct parser {
    GPtrArray *entries;
    const char *name, *today;
    unsigned line;
    struct accept_entry *entry; /* the last one of this file; NULL: none yet */
    GError **error;
};

G_GNUC_PRINTF(2, 3) static bool fail(const struct parser *parser, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(parser->error, accept_error_quark(), 0, "%s:%u: %s", parser->name, parser->line, message);
    return false;
}

static bool is_rule(const char *glob)
{
    for (size_t i = 0; i < rules_count; i++) {
        if (rules_registry[i].kind != FINDING_TRACE && accept_glob(glob, rules_registry[i].id)) {
            return true;
        }
    }
    return false;
}

static const char *const target_words[] = {
    [ACCEPT_FUNCTION] = "function:", [ACCEPT_MODULE] = "module:", [ACCEPT_FILE] = "file:"};

/* "module:" of "module:libfoo.so"; 0 when there is no such word. "Pool::open" is a name of C++. */
static size_t word_length(const char *pattern)
{
    size_t length = strspn(pattern, "abcdefghijklmnopqrstuvwxyz-");

    return length > 0 && pattern[length] == ':' && pattern[length + 1] != ':' ? length + 1 : 0;
}

static bool set_target(struct parser *parser, struct accept_entry *entry, const char *pattern)
{
    size_t length = word_length(pattern);
    size_t target = 0;

    while (length > 0 && strncmp(pattern, target_words[target], length) != 0) {
        if (++target == G_N_ELEMENTS(target_words)) {
            return fail(parser,
                        "unknown \"%.*s\": a pattern is NAME, function:NAME, module:NAME or file:NAME",
                        (int)length, pattern);
        }
    }
    if (pattern[length] == '\0') {
        return fail(parser, "there is no name behind \"%s\"", pattern);
    }
    entry->target = (enum accept_target)target;
    entry->glob = g_strdup(pattern + length);
    return true;
}

/* Fill an entry that is in the list already, so that it is freed in any case. */
static bool fill(struct parser *parser, struct accept_entry *entry, const char *text)
{
    const char *colon = strchr(text, ':');

    if (colon == NULL || colon == text || colon[1] == '\0') {
        return fail(parser, "\"%s\" is no entry: write RULE:PATTERN", text);
    }
    entry->rule = g_strndup(text, (gsize)(colon - text));
    entry->text = g_strdup_printf("%s:%u %s", parser->name, parser->line, text);
    if (!is_rule(entry->rule)) {
        return fail(parser, "\"%s\" is no rule about programs: mitrace explain lists the rules", entry->rule);
    }
    if (strlen(colon + 1) > ACCEPT_PATTERN_MAX) {
        return fail(parser, "the pattern is longer than %d bytes", ACCEPT_PATTERN_MAX);
    }
    return set_target(parser, entry, colon + 1);
}

static bool take_entry(struct parser *parser, const char *text)
{
    parser->entry = g_new0(struct accept_entry, 1);
    g_ptr_array_add(parser->entries, parser->entry);
    return fill(parser, parser->entry, text);
}

static bool is_date(const char *text)
{
    static const char shape[] = "0000-00-00";
    bool good = strlen(text) == sizeof(shape) - 1;

    for (size_t i = 0; good && shape[i] != '\0'; i++) {
        good = shape[i] == '-' ? text[i] == '-' : g_ascii_isdigit(text[i]);
    }
    return good &&
           g_date_valid_dmy((GDateDay)atoi(text + 8), (GDateMonth)atoi(text + 5), (GDateYear)atoi(text));
}

static bool set_until(struct parser *parser, const char *value)
{
    struct accept_entry *entry = parser->entry;

    if (!is_date(value)) {
        return fail(parser, "\"%s\" is no date: write # until: YYYY-MM-DD", value);
    }
    if (entry->until != NULL) {
        return fail(parser, "a second \"# until:\" for one entry");
    }
    entry->until = g_strdup(value);
    entry->expired = strcmp(value, parser->today) < 0;
    return true;
}

static bool set_reason(struct parser *parser, const char *value)
{
    struct accept_entry *entry = parser->entry;

    if (value[0] == '\0') {
        return fail(parser, "\"# reason:\" tells none");
    }
    if (entry->reason != NULL) {
        return fail(parser, "a second \"# reason:\" for one entry");
    }
    entry->reason = g_strdup(value);
    return true;
}

static const struct note {
    const char *word;
    bool (*set)(struct parser *parser, const char *value);
} notes[] = {{"reason:", set_reason}, {"until:", set_until}};

/* The note that `text` begins with, "# until: 2026-12-31", and its value; NULL: it is any other comment. */
static const struct note *note_at(char *text, char **value)
{
    char *word = text[0] == '#' ? text + 1 + strspn(text + 1, " \t") : text;

    for (size_t i = 0; text[0] == '#' && i < G_N_ELEMENTS(notes); i++) {
        if (g_str_has_prefix(word, notes[i].word)) {
            *value = word + strlen(notes[i].word);
            return &notes[i];
        }
    }
    return NULL;
}

/* The next note behind `text`, whose sign stands behind a blank; NULL: none. */
static char *next_note(char *text)
{
    char *value;

    for (char *sign = strchr(text, '#'); sign != NULL; sign = strchr(sign + 1, '#')) {
        if (sign > text && g_ascii_isspace(sign[-1]) && note_at(sign, &value) != NULL) {
            return sign;
        }
    }
    return NULL;
}

/* A comment and the notes in it. */
static bool take_notes(struct parser *parser, char *text)
{
    bool good = true;

    while (good && text != NULL) {
        char *value = NULL, *next = next_note(text);
        const struct note *note = note_at(text, &value);
        if (next != NULL) {
            next[-1] = '\0';
        }
        if (note != NULL && parser->entry == NULL) {
            return fail(parser, "there is no entry above that \"# %s\" could belong to", note->word);
        }
        good = note == NULL || note->set(parser, g_strstrip(value));
        text = next;
    }
    return good;
}

/* Where the comment of a line begins: names may hold `#`, but not behind a blank. */
static char *find_comment(char *line)
{
    for (char *sign = strchr(line, '#'); sign != NULL; sign = strchr(sign + 1, '#')) {
        if (sign == line || g_ascii_isspace(sign[-1])) {
            return sign;
        }
    }
    return NULL;
}

static bool take_line(struct parser *parser, char *line)
{
    char *comment = find_comment(line), *value;

    if (comment == line) {
        return note_at(comment, &value) == NULL ||
               fail(parser, "indent this comment to make it part of the entry above it");
    }
    if (comment != NULL) {
        comment[-1] = '\0';
    }
    g_strstrip(line);
    return (line[0] == '\0' || take_entry(parser, line)) && take_notes(parser, comment);
}

bool accept_parse(GPtrArray *entries, const char *name, const char *text, const char *today, GError **error)
{
    struct parser parser = {.entries = entries, .name = name, .today = today, .error = error};
    const char *begin = g_str_has_prefix(text, BYTE_ORDER_MARK) ? text + strlen(BYTE_ORDER_MARK) : text;
    g_auto(GStrv) lines = g_strsplit(begin, "\n", -1);
    bool good = true;

    for (char **line = lines; good && *line != NULL; line++) {
        parser.line++;
        good = take_line(&parser, g_strchomp(*line));
    }
    return good;
}
