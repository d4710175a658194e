/* SPDX-License-Identifier: MIT */
/* `mitrace doctor`: everything that recording needs, looked at one by one, and then tried. */
#include "command.h"
#include "launch/daemon.h"
#include "launch/launch.h"
#include "launch/lttng_ctl.h"
#include "launch/session.h"
#include "output.h"
#include "paths.h"
#include "report/prose.h"
#include "report/safe.h"
#include "scratch.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

enum outcome { OUTCOME_OK, OUTCOME_MISSING, OUTCOME_NOTE };

struct check {
    const char *name;
    enum outcome (*look)(GString *detail); /* appends what was found, or what is wrong and what to do */
};

/* Whether a library can be loaded, tried in a child: constructors of lttng-ust start threads. */
static bool loads(const char *library)
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        g_setenv("LTTNG_UST_REGISTER_TIMEOUT", "0", TRUE);
        _exit(dlopen(library, RTLD_NOW | RTLD_LOCAL) == NULL ? EXIT_FAILURE : EXIT_SUCCESS);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static enum outcome look_library(GString *detail, const char *library, const char *package)
{
    if (loads(library)) {
        g_string_append_printf(detail, "%s can be loaded", library);
        return OUTCOME_OK;
    }
    g_string_append_printf(detail, "%s cannot be loaded: apt-get install %s", library, package);
    return OUTCOME_MISSING;
}

static enum outcome look_recorder(GString *detail)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *preload = paths_preload(&error);

    if (preload == NULL) {
        g_string_append(detail, error->message);
        return OUTCOME_MISSING;
    }
    g_autofree char *directory = g_path_get_dirname(preload);
    g_autofree char *recorder = g_build_filename(directory, "libmitrace-recorder.so", NULL);
    g_string_append(detail, preload);
    if (!loads(recorder)) {
        g_string_append_printf(detail, ", but %s cannot be loaded: install mitrace again", recorder);
        return OUTCOME_MISSING;
    }
    return OUTCOME_OK;
}

/* "2.13.9" of what `program --version` prints; "" when it prints no such thing. */
static char *version_of(const char *program)
{
    const char *argv[] = {program, "--version", NULL};
    g_autofree char *output = NULL;

    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &output, NULL, NULL,
                      NULL)) {
        return g_strdup("");
    }
    const char *digits = output + strcspn(output, "0123456789");
    return g_strndup(digits, strspn(digits, "0123456789."));
}

static enum outcome look_daemon(GString *detail)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *program = launch_daemon_find(&error);

    if (program == NULL) {
        g_string_append(detail, error->message);
        return OUTCOME_MISSING;
    }
    g_autofree char *version = version_of(program);
    g_string_append_printf(detail, "%s, version %s", program, version[0] == '\0' ? "unknown" : version);
    if (!g_str_has_prefix(version, "2.13.")) {
        g_string_append(detail, ": mitrace is made for 2.13, as is its lttng-ust; install lttng-tools 2.13");
        return OUTCOME_MISSING;
    }
    return OUTCOME_OK;
}

static enum outcome look_control(GString *detail)
{
    g_autoptr(GError) error = NULL;

    if (!launch_lttng_load(&error)) {
        g_string_append(detail, error->message);
        return OUTCOME_MISSING;
    }
    g_string_append(detail, LAUNCH_LTTNG_LIBRARY " can be loaded");
    return OUTCOME_OK;
}

static enum outcome look_ust(GString *detail)
{
    return look_library(detail, "liblttng-ust.so.1", "liblttng-ust1 (2.13)");
}

static enum outcome look_unwinder(GString *detail)
{
    enum outcome outcome = look_library(detail, "libunwind.so.8", "libunwind8");

    if (outcome != OUTCOME_OK) {
        g_string_append(detail, "; without it stacks are taken by backtrace(3), which is slower");
    }
    return outcome == OUTCOME_OK ? OUTCOME_OK : OUTCOME_NOTE;
}

static enum outcome look_memory(GString *detail)
{
    static const char directory[] = "/dev/shm";
    enum { SUBBUFFERS = 4 };
    struct statvfs status;
    unsigned cpus = (unsigned)sysconf(_SC_NPROCESSORS_CONF);

    if (access(directory, W_OK | X_OK) != 0 || statvfs(directory, &status) != 0) {
        g_string_append_printf(detail, "%s cannot be written to: mount a tmpfs there", directory);
        return OUTCOME_MISSING;
    }
    uint64_t available = (uint64_t)status.f_bavail * status.f_frsize;
    g_string_append_printf(detail, "%s has %" PRIu64 " MiB free", directory, available >> 20);
    if (launch_session_fit(available, cpus, SUBBUFFERS) == 0) {
        g_string_append_printf(detail, ", too little for %u CPUs: make it larger (docker run --shm-size)",
                               cpus);
        return OUTCOME_MISSING;
    }
    return OUTCOME_OK;
}

static enum outcome look_mi(GString *detail)
{
    static const char *const places[] = {"/opt/omi/lib/libmi.so", "/usr/lib/x86_64-linux-gnu/libmi.so",
                                         "/usr/lib64/libmi.so", "/usr/lib/libmi.so",
                                         "/usr/local/lib/libmi.so"};

    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        if (access(places[i], R_OK) == 0) {
            g_string_append(detail, places[i]);
            return OUTCOME_OK;
        }
    }
    g_string_append(detail, "no libmi.so in the usual places; programs may bring their own");
    return OUTCOME_NOTE;
}

static enum outcome look_user(GString *detail)
{
    if (getuid() == 0) {
        g_string_append(
            detail, "root: each run has a session daemon in a private mount namespace, or shares one where "
                    "the system permits no namespace");
    } else {
        g_string_append_printf(detail,
                               "uid %u: each run has a session daemon of its own; neither root nor the group "
                               "\"tracing\" is needed",
                               (unsigned)getuid());
    }
    return OUTCOME_NOTE;
}

/* Record "true" in `directory`. NULL when that went well, else what is wrong; to be freed. */
static char *try_recording(const char *preload, const char *directory)
{
    char program[] = "true", *argv[] = {program, NULL};
    const struct launch_options options = {.argv = argv, .trace_dir = directory, .preload = preload};
    g_autoptr(GError) error = NULL;
    struct launch_result result;
    bool ran = launch_program(&options, &result, &error);
    char *problem = g_strdup(ran ? result.problem : error->message);

    if (problem == NULL && result.flaw != NULL) {
        problem = g_strdup_printf("a trace may not be whole: %s", result.flaw);
    }
    launch_result_clear(&result);
    return problem;
}

/* The last check: it may move this process to another mount namespace. */
static enum outcome look_recording(GString *detail)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *preload = paths_preload(NULL);
    struct scratch *scratch = preload == NULL ? NULL : scratch_create("a trace", "set TMPDIR", &error);
    g_autofree char *problem = NULL;

    if (preload == NULL) {
        g_string_append(detail, "not tried without libmitrace.so");
        return OUTCOME_MISSING;
    }
    problem = scratch == NULL ? g_strdup(error->message) : try_recording(preload, scratch_path(scratch));
    scratch_remove(scratch);
    g_string_append(detail, problem == NULL ? "\"true\" was recorded" : problem);
    return problem == NULL ? OUTCOME_OK : OUTCOME_MISSING;
}

static const struct check checks[] = {
    {"recorder", look_recorder},  {"lttng-sessiond", look_daemon},
    {"lttng-ctl", look_control},  {"lttng-ust", look_ust},
    {"libunwind", look_unwinder}, {"shared memory", look_memory},
    {"MI library", look_mi},      {"user", look_user},
    {"trial", look_recording},
};

static bool report_check(const struct check *check)
{
    static const char *const words[] = {
        [OUTCOME_OK] = "ok", [OUTCOME_MISSING] = "missing", [OUTCOME_NOTE] = "note"};
    enum { DETAIL_COLUMN = 25 };
    g_autoptr(GString) detail = g_string_new(NULL);
    g_autoptr(GString) line = g_string_new(NULL);
    enum outcome outcome = check->look(detail);
    g_autofree char *safe = report_safe(detail->str);

    g_string_append_printf(line, "%-7s  %-14s  ", words[outcome], check->name);
    report_append_wrapped(line, safe, DETAIL_COLUMN, REPORT_WIDTH);
    g_string_append_c(line, '\n');
    output_write(line);
    fflush(stdout);
    return outcome != OUTCOME_MISSING;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct options_rest rest;
    int status = command_parse(command, argc, argv, NULL, &rest);
    bool good = true;

    if (status >= 0) {
        return status;
    }
    if (rest.count > 0) {
        return command_usage_error(command, "no argument is expected");
    }
    for (size_t i = 0; i < G_N_ELEMENTS(checks); i++) {
        good = report_check(&checks[i]) && good;
    }
    printf(good ? "This machine can record.\n" : "This machine cannot record: see what is missing.\n");
    return good ? EXIT_CLEAN : EXIT_UNKNOWN;
}

const struct command cmd_doctor = {
    .name = "doctor",
    .synopsis = "tell whether this machine can record, what is missing and what to install",
    .usage = "",
    .details = "Exit status: 0 when it can record, 3 when something is missing.",
    .run = run,
};
