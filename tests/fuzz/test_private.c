/* SPDX-License-Identifier: MIT */
/*
 * What is recorded is for its user only, whatever the umask and whatever lies where it is to be written;
 * reports go where files that a shell writes would go, and never get lost silently.
 */
#include "live.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* What comes of a command line of the shell; "@" is the folder of the run. */
static void shell(struct live_run *run, const char *script)
{
    const char *const argv[] = {"sh", "-c", script, NULL};
    const char *const added[] = {"MITRACE_PRELOAD=" MITRACE_SHIM, NULL};

    live_command(run, argv, added);
}

#define RECORD(directory)        \
    LIVE_QUOTED(MITRACE_PROGRAM) \
    " record -o " directory " -- " LIVE_QUOTED(MITRACE_APPS "/clean_sync") " >@/out"

static unsigned entries;

static int look(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)place;
    entries++;
    if (type != FTW_SL && (status->st_mode & 077) != 0) {
        fail_msg("%s has mode %o", path, (unsigned)status->st_mode & 07777);
    }
    return status->st_uid != geteuid();
}

static void check_private(const struct live_run *run, const char *name)
{
    g_autofree char *path = g_build_filename(run->folder, name, NULL);

    if (run->exit_code != 0) {
        fail_msg("exit status %d: %s", run->exit_code, run->err);
    }
    entries = 0;
    assert_int_equal(nftw(path, look, 16, FTW_PHYS), 0);
    assert_true(entries > 6);
}

static void traces_are_private_whatever_the_umask(void **state)
{
    static const char *const scripts[] = {
        "umask 0; " RECORD("@/trace"),
        "umask 077; " RECORD("@/trace"),
        "umask 0; mkdir @/trace; " RECORD("@/trace"),
        "umask 002; mkdir @/real; ln -s real @/trace; " RECORD("@/trace/"),
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(scripts); i++) {
        struct live_run run;
        shell(&run, scripts[i]);
        check_private(&run, i == 3 ? "real" : "trace");
        live_clear(&run);
    }
}

/* Whoever sees the name of the folder, as all users do, does not know the id by which the run tells its
 * processes from others. */
static void the_home_of_a_run_does_not_tell_its_id(void **state)
{
    struct live_run run;

    (void)state;
    shell(&run,
          LIVE_QUOTED(
              MITRACE_PROGRAM) " record -o @/trace -- sh -c 'case \"$LTTNG_HOME $LD_PRELOAD\" in "
                               "*\"$MITRACE_RUN\"*) echo told;; *) echo \"id ${#MITRACE_RUN}\";; esac'");
    assert_string_equal(run.out, "id 16\n");
    live_clear(&run);
}

/* That of root lets others pass, to the socket of its daemon; where the daemon is shared, to nothing. An
 * ordinary user's lets nobody pass. */
static void nobody_reads_the_home_of_root(void **state)
{
    struct live_run run;

    (void)state;
    if (getuid() != 0) {
        print_message("not root\n");
        skip();
    }
    shell(&run,
          LIVE_QUOTED(MITRACE_PROGRAM) " record -o @/trace -- sh -c 'cd \"$LTTNG_HOME\" && find . ! -type l "
                                       "-perm /066 -printf \"%m %y %P\\n\"'");
    assert_int_equal(run.exit_code, 0);
    if (run.out[0] != '\0') {
        assert_string_equal(run.out, "666 s .lttng/lttng-ust-sock-8\n");
    }
    live_clear(&run);
}

/* The umask is the program's own all the same, and nobody else can list its LTTNG_HOME. */
static void the_home_of_a_run_is_private(void **state)
{
    struct live_run run;

    (void)state;
    shell(&run,
          "umask 027; TMPDIR=@ " LIVE_QUOTED(MITRACE_PROGRAM) " record -o @/trace -- sh -c 'umask; stat -c "
                                                              "%a \"$LTTNG_HOME\" \"$LTTNG_HOME/.lttng\"'");
    assert_int_equal(run.exit_code, 0);
    assert_string_equal(run.out, getuid() == 0 ? "0027\n711\n711\n" : "0027\n700\n700\n");
    live_clear(&run);
}

/* `why` is told in one line, and nothing was made where the others wanted it. */
static void check_refused(const char *script, const char *why)
{
    struct live_run run;

    shell(&run, script);
    const char *feed = strchr(run.err, '\n');
    if (run.exit_code == 0 || !live_says(run.err, why) || feed == NULL || feed[1] != '\0') {
        fail_msg("%s: exit status %d, \"%s\"", script, run.exit_code, run.err);
    }
    live_clear(&run);
}

#define TRY(prepare, check)                                                                            \
    prepare "; " LIVE_QUOTED(MITRACE_PROGRAM) " check -o @/trace -- true; status=$?; " check "; exit " \
                                              "$status"

static void what_lies_where_the_trace_should_go_is_refused(void **state)
{
    (void)state;
    check_refused(TRY("ln -s @/nowhere @/trace", "test ! -e @/nowhere || echo made >&2"), "cannot create");
    check_refused(TRY("echo text >@/trace", "test -s @/trace || echo lost >&2"), "trace");
    check_refused(TRY("mkfifo @/trace", "test -p @/trace || echo lost >&2"), "trace");
    check_refused(TRY("ln -s /dev/full @/trace", "test -e @/trace || echo lost >&2"), "trace");
    check_refused(
        TRY("mkdir @/trace; echo 1 >@/trace/metadata", "ls @/trace | wc -l | grep -qx 1 || echo more >&2"),
        "not empty");
    check_refused(TRY("mkdir @/trace; ln -s /etc/passwd @/trace/mitrace.json", "true"), "not empty");
    if (getuid() == 0) {
        check_refused(TRY("mkdir -m 0777 @/trace; chown 65534 @/trace", "rmdir @/trace || echo filled >&2"),
                      "belongs to another user");
        check_refused(TRY("mkdir -m 0777 @/other; chown 65534 @/other; ln -s other @/trace",
                          "rmdir @/other || echo filled >&2"),
                      "belongs to another user");
    }
    check_refused("TMPDIR=@/none " LIVE_QUOTED(MITRACE_PROGRAM) " check -- true", "/none");
}

#define TRACE "@/clean.trace"
static const char clean[] =
    "cat >" TRACE " <<'END'\n"
    "# mitrace text trace 1\n"
    "1.0 process_start pid=7 tid=7 major=1 version=\"1\" path=\"/bin/client\"\n"
    "1.1 application_initialize_entry pid=7 tid=7 call=1\n"
    "1.2 application_initialize_exit pid=7 tid=7 call=1 result=0 out=0x40 r1=0x1 r2=0x55 table=2\n"
    "1.3 application_close_entry pid=7 tid=7 call=2 handle=0x40 r1=0x1 r2=0x55 table=2\n"
    "1.4 application_close_exit pid=7 tid=7 call=2 result=0\n"
    "1.5 process_end pid=7 tid=7 how=0 status=0 path=\"/bin/client\"\n"
    "END\n";

/* A clean verdict whose report is lost is none. */
static const struct {
    const char *script;
    int status;
    const char *out, *err; /* parts of what is printed */
} writes[] = {
    {"check " TRACE, 0, "nothing found", ""},
    {"check --report json:@/r " TRACE " && cat @/r", 0, "mitrace-report/1", ""},
    {"check --report json:@/link " TRACE " && cat @/target", 0, "mitrace-report/1", ""},
    {"check --report json:/dev/full " TRACE, 3, "", "cannot write /dev/full: No space left on device"},
    {"check --report json:@ " TRACE, 3, "", "Is a directory"},
    {"check --report json:@/none/r " TRACE, 3, "", "No such file or directory"},
    {"check --report json:@/loop " TRACE, 3, "", "symbolic links"},
    {"check --report json:/dev/null " TRACE, 0, "", ""},
    {"check --report json:@/pipe " TRACE " & cat @/pipe; wait $!", 0, "mitrace-report/1", ""},
    {"report -o /dev/full " TRACE, 3, "", "cannot write /dev/full"},
    {"report " TRACE " >/dev/full", 3, "", "cannot write to standard output"},
    {"check " TRACE " >/dev/full", 3, "", "cannot write to standard output"},
    {"events " TRACE " >/dev/full", 3, "", "cannot write to standard output"},
    {"stats " TRACE " >&-", 3, "", "cannot write to standard output"},
    {"check --baseline /dev/full --update-baseline " TRACE, -1, "", "/dev/full"},
    {"check --baseline @ --update-baseline " TRACE, -1, "", "mitrace"},
};

static void reports_are_written_or_missed(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(writes); i++) {
        struct live_run run;
        g_autofree char *script =
            g_strdup_printf("%sln -s target @/link; ln -s loop @/loop; mkfifo @/pipe\n%s %s", clean,
                            LIVE_QUOTED(MITRACE_PROGRAM), writes[i].script);
        shell(&run, script);
        if ((writes[i].status >= 0 ? run.exit_code != writes[i].status : run.exit_code == 0) ||
            !live_says(run.out, writes[i].out) || !live_says(run.err, writes[i].err)) {
            fail_msg("mitrace %s: exit status %d, \"%s\", \"%s\"", writes[i].script, run.exit_code, run.out,
                     run.err);
        }
        live_clear(&run);
    }
}

/* What is no file, or is endless, in the place of a file that is read: told at once, never waited for. */
static const struct {
    const char *prepare, *command, *told;
} reads[] = {
    {"mkfifo @/t/mitrace.json", "check @/t", "no trace"},
    {"ln -s /dev/zero @/t/mitrace.json", "check @/t", "no trace"},
    {"truncate -s 1T @/t/mitrace.json", "check @/t", "no trace"},
    {"mkfifo @/t/metadata", "check @/t", "no trace"},
    {"ln -s /dev/zero @/t/metadata", "check @/t", "no trace"},
    {"truncate -s 1T @/t/metadata", "check @/t", "metadata"},
    {"echo '/* CTF 1.8 */' >@/t/metadata; mkfifo @/t/stream", "check @/t", "@/t"},
    {"echo '/* CTF 1.8 */' >@/t/metadata; mkdir @/t/index; mkfifo @/t/index/stream.idx; echo >@/t/stream",
     "check @/t", "index"},
    {"mkfifo @/t/a", "check @/t/a", "neither a file"},
    {"true", "check /dev/zero", "neither a file"},
    {"mkfifo @/t/a", "diff @/t/a @/t/a", "neither a file"},
    {"echo '{' >@/t/a; truncate -s 1T @/t/a", "diff @/t/a @/t/a", "longer than"},
    {"true", "check --suppressions /dev/zero @/t", "longer than"},
    {"true", "check --baseline /dev/zero @/t", "/dev/zero"},
    {"true", "check /dev/null", "neither a file"},
    {"truncate -s 1T @/t/a", "check @/t/a", "no trace"},
};

static void nothing_is_waited_for(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(reads); i++) {
        struct live_run run;
        g_autofree char *script = g_strdup_printf("mkdir @/t; %s; exec timeout 20 %s %s", reads[i].prepare,
                                                  LIVE_QUOTED(MITRACE_PROGRAM), reads[i].command);
        shell(&run, script);
        const char *told = reads[i].told[0] == '@' ? run.folder : reads[i].told;
        if (run.exit_code < 2 || run.exit_code > 3 ||
            (!live_says(run.err, told) && !live_says(run.out, told))) {
            fail_msg("%s; %s: exit status %d, \"%s\", \"%s\"", reads[i].prepare, reads[i].command,
                     run.exit_code, run.out, run.err);
        }
        live_clear(&run);
    }
}

/* Modules that a trace names are opened only when they are files: to open a device or a pipe can be an
 * action. */
static void named_modules_are_files_or_nothing(void **state)
{
    static const char *const modules[] = {"@/pipe",         "/dev/zero",  "/dev/tty", "@",
                                          "/proc/self/mem", "/proc/kmsg", "@/huge"};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(modules); i++) {
        struct live_run run;
        g_autofree char *script = g_strdup_printf(
            "mkfifo @/pipe; truncate -s 1T @/huge; { cat | sed 's,MODULE,%s,'; } >@/t <<'END'\n"
            "# mitrace text trace 1\n"
            "1.0 process_start pid=7 tid=7 major=1 version=\"1\" path=\"/bin/client\"\n"
            "1.0 module_load pid=7 tid=7 base=0x0 start=0x1000 end=0x9000 path=\"MODULE\"\n"
            "1.1 application_initialize_entry pid=7 tid=7 call=1 stack=[0x1010,0x2010]\n"
            "1.2 application_initialize_exit pid=7 tid=7 call=1 result=0 out=0x40 r1=0x1 r2=0x55 table=2\n"
            "1.5 process_end pid=7 tid=7 how=0 status=0 path=\"/bin/client\"\n"
            "END\n"
            "exec timeout 20 " LIVE_QUOTED(MITRACE_PROGRAM) " check @/t",
            modules[i]);
        shell(&run, script);
        if (run.exit_code != 1 || !live_says(run.out, "leak-application")) {
            fail_msg("%s: exit status %d, \"%s\", \"%s\"", modules[i], run.exit_code, run.out, run.err);
        }
        live_clear(&run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(traces_are_private_whatever_the_umask),
        cmocka_unit_test(the_home_of_a_run_is_private),
        cmocka_unit_test(the_home_of_a_run_does_not_tell_its_id),
        cmocka_unit_test(nobody_reads_the_home_of_root),
        cmocka_unit_test(what_lies_where_the_trace_should_go_is_refused),
        cmocka_unit_test(reports_are_written_or_missed),
        cmocka_unit_test(nothing_is_waited_for),
        cmocka_unit_test(named_modules_are_files_or_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
