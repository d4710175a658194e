/* SPDX-License-Identifier: MIT */
/* See unseen.h. */
#include "launch/unseen.h"

#include "mi_events.h"

#include <elf.h>
#include <fcntl.h>
#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define LONGEST 512

/* What a process writes that cannot load the recorder, "process PID: why". A program of the run wrote the
 * file: nothing that a terminal would obey is passed on. */
static char *read_problem(const char *home)
{
    g_autofree char *path = g_build_filename(home, MI_PROBLEM_FILE, NULL);
    char line[LONGEST] = "";
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    ssize_t got = fd >= 0 ? read(fd, line, sizeof line - 1) : 0;

    if (fd >= 0) {
        close(fd);
    }
    line[got > 0 ? got : 0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    for (char *each = line; *each != '\0'; each++) {
        if (!g_ascii_isprint(*each)) {
            *each = '?';
        }
    }
    return line[0] == '\0' ? NULL : g_strdup_printf("not recorded: %s", line);
}

/* An executable for this machine that asks for no loader. ld.so itself asks for none either. */
static bool is_static(const char *path)
{
    g_autofree char *name = g_path_get_basename(path);
    Elf64_Ehdr header;
    Elf64_Phdr segment;
    FILE *file = fopen(path, "re");
    bool found = file == NULL || fread(&header, sizeof header, 1, file) != 1 ||
                 memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
                 header.e_phentsize != sizeof segment || g_str_has_prefix(name, "ld-") ||
                 fseek(file, (long)header.e_phoff, SEEK_SET) != 0;

    for (unsigned i = 0; !found && i < header.e_phnum && fread(&segment, sizeof segment, 1, file) == 1; i++) {
        found = segment.p_type == PT_INTERP;
    }
    if (file != NULL) {
        fclose(file);
    }
    return !found;
}

/* The loader ignores LD_PRELOAD in a program that gains rights by being executed. */
static bool gains_rights(const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0) {
        return false;
    }
    return ((status.st_mode & S_ISUID) != 0 && status.st_uid != geteuid()) ||
           ((status.st_mode & S_ISGID) != 0 && (status.st_mode & S_IXGRP) != 0 &&
            status.st_gid != getegid()) ||
           (geteuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0);
}

char *launch_unseen(const char *program, const char *home)
{
    g_autofree char *path = g_find_program_in_path(program);
    char *problem = read_problem(home);

    if (problem != NULL || path == NULL) {
        return problem;
    }
    if (gains_rights(path)) {
        return g_strdup_printf(
            "not recorded: %s is set-uid, set-gid or has capabilities, and in such a program the "
            "system ignores LD_PRELOAD",
            program);
    }
    if (is_static(path)) {
        return g_strdup_printf(
            "not recorded: %s is linked statically; programs that it executes are recorded", program);
    }
    return NULL;
}

bool launch_unseen_is_told(const char *home)
{
    g_autofree char *problem = read_problem(home);

    return problem != NULL;
}

/* LTTng makes a folder for each user whose process has joined. */
bool launch_unseen_all(const char *trace_dir)
{
    g_autofree char *path = g_build_filename(trace_dir, "ust", NULL);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);

    return folder != NULL && g_dir_read_name(folder) == NULL;
}
