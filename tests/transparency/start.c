/* SPDX-License-Identifier: MIT */
/* See start.h. */
#include "start.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static void note(struct start_calls *calls, unsigned long long number)
{
    calls->all++;
    calls->links += number == SYS_readlink || number == SYS_readlinkat;
    calls->opened += number == SYS_open || number == SYS_openat;
    calls->threads +=
        number == SYS_clone || number == SYS_clone3 || number == SYS_fork || number == SYS_vfork;
}

static void run_traced(char *const *argv, char *const *environment)
{
    int nothing = open("/dev/null", O_RDWR);

    dup2(nothing, STDOUT_FILENO);
    close(nothing);
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 && raise(SIGSTOP) == 0) {
        execve(argv[0], argv, environment);
    }
    _exit(127);
}

/* To its end: each system call stops twice, when it begins and when it returns. */
static void follow(struct start_calls *calls, pid_t pid)
{
    bool inside = true, executed = false;
    struct user_regs_struct registers;

    while (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) == 0 && waitpid(pid, &calls->status, 0) == pid &&
           WIFSTOPPED(calls->status)) {
        if (WSTOPSIG(calls->status) == (SIGTRAP | 0x80) &&
            ptrace(PTRACE_GETREGS, pid, NULL, &registers) == 0) {
            inside = !inside;
            executed = executed || registers.orig_rax == SYS_execve;
            if (inside && executed) {
                note(calls, registers.orig_rax);
            }
        }
    }
}

bool start_count(struct start_calls *calls, char *const *argv, char *const *environment)
{
    pid_t pid = fork();

    memset(calls, 0, sizeof(*calls));
    if (pid == 0) {
        run_traced(argv, environment);
    }
    if (pid < 0 || waitpid(pid, &calls->status, 0) != pid || !WIFSTOPPED(calls->status)) {
        return false;
    }
    if (ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) != 0) {
        kill(pid, SIGKILL);
        waitpid(pid, &calls->status, 0);
        return false;
    }
    follow(calls, pid);
    return true;
}

struct start_relocations start_relocations(const char *library)
{
    struct start_relocations found = {0};
    g_autofree char *bytes = NULL;
    gsize size = 0;

    if (!g_file_get_contents(library, &bytes, &size, NULL) || size < sizeof(Elf64_Ehdr)) {
        return found;
    }
    const Elf64_Ehdr *header = (const void *)bytes;
    const Elf64_Shdr *sections = (const void *)(bytes + header->e_shoff);

    for (unsigned i = 0; i < header->e_shnum; i++) {
        const Elf64_Rela *rows = (const void *)(bytes + sections[i].sh_offset);
        bool dynamic = sections[i].sh_type == SHT_RELA && (sections[i].sh_flags & SHF_ALLOC) != 0;
        for (unsigned long row = 0; dynamic && row < sections[i].sh_size / sizeof(Elf64_Rela); row++) {
            found.all++;
            found.named += ELF64_R_SYM(rows[row].r_info) != 0;
        }
    }
    return found;
}
