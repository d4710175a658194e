/* SPDX-License-Identifier: MIT */
/*
 * Where mitrace is used: by an ordinary user, in folders with odd names, on machines that lack something. It
 * works, or one line says what is missing; the program runs all the same.
 */
#include "same.h"

#include "live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY  "65534"
#define PROGRAM "visible"

/* A copy of what is needed, in a folder that everybody may read: bin/, shim/ and tests/ below it. */
static char *install(const char *name)
{
    static const char script[] = "set -e; umask 022; mkdir -p \"$1/viewer\" \"$1/shim\" \"$1/programs\"; cp "
                                 "\"$2\" \"$1/viewer/mitrace\";"
                                 "cp \"$3\" \"$(dirname \"$3\")/libmitrace-recorder.so\" \"$1/shim/\"; cp "
                                 "\"$4\" \"$(dirname \"$1\")/libmi.so\";"
                                 "cp \"$5\" \"$1/programs/visible\"; chmod -R a+rX \"$(dirname \"$1\")\"";
    g_autofree char *parent = g_dir_make_tmp("mitrace-place-XXXXXX", NULL);
    char *root = g_build_filename(parent, name, NULL);
    const char *const argv[] = {"sh",
                                "-c",
                                script,
                                "sh",
                                root,
                                MITRACE_PROGRAM,
                                MITRACE_SHIM,
                                MITRACE_RUNTIME,
                                VISIBLE_PROGRAMS "/" PROGRAM,
                                NULL};
    int status = -1;

    assert_int_equal(chmod(parent, 0755), 0);
    assert_true(g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                             NULL, &status, NULL));
    assert_int_equal(status, 0);
    return root;
}

static void uninstall(char *root)
{
    g_autofree char *parent = g_path_get_dirname(root);
    const char *const argv[] = {"rm", "-rf", "--", parent, NULL};

    g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_free(root);
}

/*
 * Run `script` by sh with $1 the folder of the installation, $2 a writable folder in it. MI is the copy
 * there. Root runs it as an ordinary user when `ordinary`.
 */
static void run_in(struct same_run *run, char *root, const char *script, bool ordinary)
{
    g_autofree char *own = g_build_filename(root, "own", NULL);
    g_autofree char *parent = g_path_get_dirname(root); /* has no characters that the loader would split at */
    g_autofree char *libraries = g_strdup_printf("LD_LIBRARY_PATH=%s", parent);
    const char *const environment[] = {libraries, NULL};
    const char *const as_user[] = {"setpriv",
                                   "--reuid=" NOBODY,
                                   "--regid=" NOBODY,
                                   "--clear-groups",
                                   "--inh-caps=-all",
                                   "sh",
                                   "-c",
                                   script,
                                   "sh",
                                   root,
                                   own,
                                   NULL};

    assert_true(g_mkdir_with_parents(own, 0755) == 0);
    if (getuid() == 0 && ordinary) {
        assert_int_equal(chown(own, 65534, 65534), 0);
    }
    same_run(run, as_user + (getuid() == 0 && ordinary ? 0 : 5), environment);
}

#define RECORD \
    "cd \"$2\" && \"$1/viewer/mitrace\" record --all-calls -o \"$2/trace\" -- \"$1/programs/visible\" "
#define COUNT       "; \"$1/viewer/mitrace\" events --raw \"$2/trace\" | grep -c '_entry pid'"
#define CALLS_OF_MI "7\n" /* of the scenario `simple` */

/* The program has run, and `says` is in the one line besides the one about the trace. */
static void check_said(const struct same_run *run, const char *says)
{
    if (strstr(run->out, "MI_Application_Close(&application): 0") == NULL || !live_says(run->mitrace, says)) {
        fail_msg("status %d\n%s\n%s\n%s\nexpected: %s", run->status, run->out, run->err, run->mitrace, says);
    }
}

static void check_recorded(struct same_run *run)
{
    if (!g_str_has_suffix(run->out, "\n" CALLS_OF_MI)) {
        fail_msg("not recorded: status %d\n%s\n%s\n%s", run->status, run->out, run->err, run->mitrace);
    }
}

/* `script` in a fresh installation of this name records every call. */
static void check_works(const char *name, const char *script, bool ordinary)
{
    char *root = install(name);
    struct same_run run;

    run_in(&run, root, script, ordinary);
    check_recorded(&run);
    same_clear(&run);
    uninstall(root);
}

static void check_tells(const char *script, bool ordinary, const char *says)
{
    char *root = install("place");
    struct same_run run;

    run_in(&run, root, script, ordinary);
    check_said(&run, says);
    same_clear(&run);
    uninstall(root);
}

static void ordinary_user(void **state)
{
    (void)state;
    check_works("place", RECORD "simple" COUNT, true);
}

static void ordinary_user_without_home(void **state)
{
    (void)state;
    check_works("place", "unset HOME; " RECORD "simple" COUNT, true);
}

static void read_only_home(void **state)
{
    (void)state;
    check_works("place",
                "mkdir \"$2/home\" && chmod 500 \"$2/home\" && export HOME=\"$2/home\"; " RECORD
                "simple" COUNT,
                true);
}

static void odd_names(void **state)
{
    (void)state;
    check_works("a place, with bl\303\244nks: $HOME \342\202\254", RECORD "simple" COUNT, true);
}

static void odd_names_of_root(void **state)
{
    (void)state;
    check_works("ein Ort mit L\303\274cken", RECORD "simple" COUNT, false);
}

static void long_temporary_folder(void **state)
{
    (void)state;
    check_works(
        "place",
        "mkdir -p \"$2/a_very_long_name_of_a_folder_for_temporary_files_0123456789_0123456789_0123456789\"; "
        "export "
        "TMPDIR=\"$2/"
        "a_very_long_name_of_a_folder_for_temporary_files_0123456789_0123456789_0123456789\"; " RECORD
        "simple" COUNT,
        true);
}

static void preload_is_missing(void **state)
{
    (void)state;
    check_tells("rm -f \"$1/shim/libmitrace.so\"; " RECORD "simple", getuid() != 0, "libmitrace.so");
}

static bool has_namespaces(void)
{
    const char *const argv[] = {"unshare", "-m", "true", NULL};
    int status = -1;

    return g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL,
                        G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                        NULL, NULL, NULL, &status, NULL) &&
           status == 0;
}

/* In a mount namespace of its own, `change` is done to the machine; then an ordinary user records. */
static void check_in_namespace(const char *change, const char *says)
{
    g_autofree char *script =
        g_strdup_printf("chown " NOBODY " \"$2\"; unshare -m sh -c '%s && exec setpriv --reuid=" NOBODY
                        " --regid=" NOBODY " --clear-groups \"$@\"' sh sh -c '"
                        "cd \"$2\" && \"$1/viewer/mitrace\" record -o \"$2/trace\" -- "
                        "\"$1/programs/visible\" simple' sh \"$1\" \"$2\"",
                        change);

    if (!has_namespaces()) {
        print_message("no private mounts here\n");
        skip();
    }
    check_tells(script, false, says);
}

static void no_shared_memory(void **state)
{
    (void)state;
    check_in_namespace("mount -t tmpfs -o ro none /dev/shm", "/dev/shm");
}

static void little_shared_memory(void **state)
{
    (void)state;
    check_in_namespace("mount -t tmpfs -o size=64k,mode=1777 none /dev/shm", "/dev/shm");
}

static void no_shared_memory_at_all(void **state)
{
    (void)state;
    check_in_namespace("mount -t tmpfs -o mode=755 none /dev && mknod -m 666 /dev/null c 1 3", "/dev/shm");
}

static void daemon_is_missing(void **state)
{
    (void)state;
    check_in_namespace("mount --bind /dev/null \"$(command -v lttng-sessiond)\"", "lttng-sessiond");
}

/* The loader finds a library of no content first: as good as none, for whoever runs this. */
#define WITHOUT(library) ": >\"$(dirname \"$1\")/" library "\""

/* For root: all that packages of LTTng bring. */
#define WITHOUT_LTTNG                                                                                 \
    "for file in /usr/lib/*/liblttng* /usr/lib64/liblttng* /usr/local/lib/liblttng* /usr/bin/lttng* " \
    "/usr/local/bin/lttng*; do test ! -f \"$file\" || mount --bind /dev/null \"$file\" || exit 99; done"

#define SIMPLE "\\\"$1/programs/visible\\\" simple"

static void run_without(struct same_run *run, char *root, bool in_namespace, const char *lack,
                        const char *command)
{
    g_autofree char *script = g_strdup_printf(
        in_namespace ? "unshare -m sh -c '%s; cd \"$2\"; %s' sh \"$1\" \"$2\"" : "%s; cd \"$2\"; %s", lack,
        command);

    run_in(run, root, script, false);
}

static unsigned lines_with(const char *text, const char *words)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    unsigned count = 0;

    for (size_t i = 0; lines[i] != NULL; i++) {
        count += strstr(lines[i], words) != NULL;
    }
    return count;
}

/* `run` went as `bare` did but for its status, and said `says` in one line. */
static void check_same(const struct same_run *run, const struct same_run *bare, int status, const char *says)
{
    if (strcmp(run->out, bare->out) != 0 || run->status != status ||
        lines_with(run->mitrace, says != NULL ? says : "not recorded") != (says != NULL)) {
        fail_msg("status %d, not %d\n%s\nbare:\n%s\n%s%s\nexpected: %s", run->status, status, run->out,
                 bare->out, run->mitrace, run->err, says);
    }
}

/*
 * PROGRAM runs as ever where `lack` has been done to the machine. `says` NULL: and is recorded. `judged`: its
 * trace, in which nothing is, has a report.
 */
static void check_without(const char *lack, bool in_namespace, const char *says, bool judged)
{
    char *root = install("place");
    struct same_run bare, recorded, checked;

    run_without(&bare, root, in_namespace, lack, "sh -c \"" SIMPLE "; exit 7\"");
    assert_non_null(strstr(bare.out, "MI_Application_Close(&application): 0"));
    run_without(&recorded, root, in_namespace, lack,
                "\"$1/viewer/mitrace\" record -o trace -- sh -c \"" SIMPLE "; exit 7\"");
    check_same(&recorded, &bare, 7, says);
    assert_string_equal(recorded.err, bare.err);
    assert_int_equal(lines_with(recorded.mitrace, "mitrace: "), (says != NULL) + (says == NULL || judged));
    run_without(&checked, root, in_namespace, lack,
                "\"$1/viewer/mitrace\" check -o checked -- \"$1/programs/visible\" simple");
    check_same(&checked, &bare, says != NULL ? 3 : 0, says);
    assert_int_equal(strstr(checked.err, "Checked:") != NULL, says == NULL || judged);
    same_clear(&bare);
    same_clear(&recorded);
    same_clear(&checked);
    uninstall(root);
}

static void lttng_is_missing(void **state)
{
    (void)state;
    if (getuid() != 0 || !has_namespaces()) {
        print_message("no private mounts here\n");
        skip();
    }
    check_without(WITHOUT_LTTNG, true, "lttng-sessiond is not installed: apt-get install lttng-tools", false);
}

static void a_library_is_missing(void **state)
{
    (void)state;
    check_without(WITHOUT("liblttng-ctl.so.0"), false, "apt-get install liblttng-ctl0", false);
    check_without(WITHOUT("liblttng-ust.so.1"), false, "liblttng-ust.so.1", true);
    check_without("rm -f \"$1/shim/libmitrace-recorder.so\"", false, "libmitrace-recorder.so", true);
    check_without(WITHOUT("libunwind.so.8"), false, NULL, true);
}

static void traces_are_read_without_lttng(void **state)
{
    char *root = install("place");
    struct same_run run;

    (void)state;
    run_in(&run, root,
           RECORD "simple; " WITHOUT("liblttng-ctl.so.0") "; \"$1/viewer/mitrace\" check \"$2/trace\"",
           false);
    if (run.status != 0 || !live_says(run.out, "nothing found in visible")) {
        fail_msg("status %d\n%s%s%s", run.status, run.out, run.err, run.mitrace);
    }
    same_clear(&run);
    uninstall(root);
}

static void doctor_names_a_library(void **state)
{
    char *root = install("place");
    struct same_run run;

    (void)state;
    run_in(&run, root, WITHOUT("liblttng-ctl.so.0") "; \"$1/viewer/mitrace\" doctor", false);
    if (run.status != 3 || !live_says(run.out, "missing lttng-ctl") ||
        !live_says(run.out, "apt-get install liblttng-ctl0")) {
        fail_msg("status %d\n%s%s%s", run.status, run.out, run.err, run.mitrace);
    }
    same_clear(&run);
    uninstall(root);
}

#define SET_UID(mode)                                                                                     \
    "cp " LIVE_QUOTED(VISIBLE_PROGRAMS                                                                    \
                      "/set_uid") " \"$1/suid\"; chown " NOBODY " \"$1/suid\"; chmod " mode               \
                                  " \"$1/suid\"; cd \"$2\"; \"$1/viewer/mitrace\" record --all-calls -o " \
                                  "\"$2/trace\" -- \"$1/suid\" \"$(dirname \"$1\")/libmi.so\"" COUNT

/* A program that is executed as somebody else ignores preloads: it uses MI all the same, and mitrace says
 * that it saw nothing. The same program with the rights of its user is recorded. */
static void set_uid(void **state)
{
    char *root;
    struct same_run run;

    (void)state;
    if (getuid() != 0) {
        print_message("only root can make a set-uid program of somebody else's\n");
        skip();
    }
    root = install("place");
    run_in(&run, root, SET_UID("4755"), false);
    if (strstr(run.out, "set-uid 0") != NULL) {
        print_message("set-uid means nothing in this folder\n");
    } else if (strcmp(run.out, "set-uid 1, preloaded 0, closed 0\n0\n") != 0 ||
               !live_says(run.mitrace, "set-uid")) {
        fail_msg("%s%s%s", run.out, run.err, run.mitrace);
    }
    same_clear(&run);
    run_in(&run, root, "rm -r \"$2/trace\"; " SET_UID("0755"), false);
    if (strcmp(run.out, "set-uid 0, preloaded 1, closed 0\n2\n") != 0) {
        fail_msg("%s%s%s", run.out, run.err, run.mitrace);
    }
    same_clear(&run);
    uninstall(root);
}

static void doctor_of_ordinary_user(void **state)
{
    char *root = install("place");
    struct same_run run;

    (void)state;
    run_in(&run, root, "export TMPDIR=\"$2\"; cd \"$2\" && \"$1/viewer/mitrace\" doctor", true);
    if (run.status != 0 || strstr(run.out, "\"true\" was recorded") == NULL) {
        fail_msg("status %d\n%s%s%s", run.status, run.out, run.err, run.mitrace);
    }
    same_clear(&run);
    uninstall(root);
}

static void check_says_why_nothing(void **state)
{
    const char *const argv[] = {
        MITRACE_PROGRAM, "check", "-o", "trace", "--", VISIBLE_PROGRAMS "/visible_static-pie", NULL};
    struct same_run run;

    (void)state;
    same_run(&run, argv, NULL);
    assert_int_equal(run.status, 5); /* the program's own */
    assert_true(live_says(run.mitrace, "linked statically"));
    same_clear(&run);
}

/* More copies of MI at once than mitrace has places for: no call is missed without a word, and what was
 * closed unseen is no leak. */
static void too_many_copies(void **state)
{
    const char *const argv[] = {MITRACE_PROGRAM, "check", "--", VISIBLE_PROGRAMS "/visible",
                                "many_copies",   "$COPY", "70", NULL};
    struct same_run run;

    (void)state;
    same_run(&run, argv, NULL);
    if (run.status != 3 || strstr(run.out, "0 failed") == NULL ||
        !live_says(run.err, "more tables of this kind than mitrace can hold") ||
        !live_says(run.err, "more copies of MI than mitrace can hold")) {
        fail_msg("status %d\n%s%s%s", run.status, run.out, run.err, run.mitrace);
    }
    same_clear(&run);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordinary_user),
        cmocka_unit_test(ordinary_user_without_home),
        cmocka_unit_test(read_only_home),
        cmocka_unit_test(odd_names),
        cmocka_unit_test(odd_names_of_root),
        cmocka_unit_test(long_temporary_folder),
        cmocka_unit_test(lttng_is_missing),
        cmocka_unit_test(a_library_is_missing),
        cmocka_unit_test(traces_are_read_without_lttng),
        cmocka_unit_test(doctor_names_a_library),
        cmocka_unit_test(preload_is_missing),
        cmocka_unit_test(daemon_is_missing),
        cmocka_unit_test(no_shared_memory),
        cmocka_unit_test(little_shared_memory),
        cmocka_unit_test(no_shared_memory_at_all),
        cmocka_unit_test(set_uid),
        cmocka_unit_test(doctor_of_ordinary_user),
        cmocka_unit_test(check_says_why_nothing),
        cmocka_unit_test(too_many_copies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
