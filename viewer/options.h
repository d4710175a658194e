/* SPDX-License-Identifier: MIT */
/*
 * Command line options as a table. The parser, `--help`, the man page and the completions all come from the
 * same rows. A command keeps its values in a struct of its own and fills in defaults before parsing:
 *
 *     struct report_options { const char *format; gint64 top; gboolean quiet; GPtrArray *reports; };
 *     static const struct option_row rows[] = {
 *         {"format", 'f', "FORMAT", "form of the report: text, json, ...", OPTION_STRING,
 *          offsetof(struct report_options, format), 0},
 *         {.name = NULL},
 *     };
 */
#ifndef MITRACE_VIEWER_OPTIONS_H
#define MITRACE_VIEWER_OPTIONS_H

#include <glib.h>
#include <stddef.h>

enum option_kind {
    OPTION_FLAG,   /* target: gboolean, set to TRUE */
    OPTION_STRING, /* target: const char *, borrowed from the arguments; the last one counts */
    OPTION_NUMBER, /* target: gint64, 0 .. maximum, decimal */
    OPTION_LIST /* target: GPtrArray * of const char * borrowed from the arguments, in order; NULL while there
                   is none, created by the parser, g_ptr_array_unref by the caller */
};

/* A table of them ends with a row whose name is NULL. */
struct option_row {
    const char *name;     /* long name, without dashes */
    char letter;          /* short name; 0: none */
    const char *argument; /* "FILE": as shown in help; NULL for a flag */
    const char *help;     /* one line, lower case, no full stop */
    enum option_kind kind;
    size_t offset;  /* of the target in the command's struct */
    gint64 maximum; /* of a number; 0: G_MAXINT64 */
};

/* What is no option. */
struct options_rest {
    char **arguments; /* points into argv, ended by NULL */
    int count;
    int dashes;    /* how many of `arguments` stand before "--"; -1: there was no "--" */
    gboolean help; /* --help or -h was met, and parsing ended there */
};

/*
 * Parse argv[0 .. argc), which must be followed by NULL, into the struct at `values`. Options may stand
 * anywhere before "--"; with `program` the first argument that is no option ends them (`record ls -l`).
 * Reorders argv. Forms: --name value, --name=value, -l value, -lvalue, flags as -abc. `rows` NULL: no
 * options but --help. Returns FALSE with one line in `error` that names the nearest option when one is
 * unknown.
 */
gboolean options_parse(const struct option_row *rows, gboolean program, int argc, char **argv, void *values,
                       struct options_rest *rest, GError **error);

/* Append the lines of `rows` and of --help, aligned, as --help shows them. */
void options_help(GString *out, const struct option_row *rows);

/* The word of words[0 .. count) that the misspelt `word` most probably means, NULL when none is near. */
const char *options_nearest(const char *word, const char *const *words, size_t count);

#endif
