/* SPDX-License-Identifier: MIT */
/* Processes that gave up something before they use MI: rights, room, system calls, the root folder. */
#include "visible.h"

#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
    const char *name;
    int resource;
} limits[] = {{"NOFILE", RLIMIT_NOFILE}, {"AS", RLIMIT_AS}, {"STACK", RLIMIT_STACK}, {"NPROC", RLIMIT_NPROC}};

/* limited NAME VALUE: the limit is in the way before MI is used for the first time. */
static int limited(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < sizeof(limits) / sizeof(limits[0]); i++) {
        if (strcmp(limits[i].name, argv[0]) == 0) {
            rlim_t value = strtoul(argv[1], NULL, 10);
            struct rlimit limit = {value, value};
            setrlimit((__rlimit_resource_t)limits[i].resource, &limit);
        }
    }
    visible_use("limited");
    visible_descriptors("afterwards", 512);
    return 0;
}

/* How much the program can still have: it fills what its limits leave, as it could without us. */
static int fills_limits(int argc, char **argv)
{
    struct rlimit files = {40, 40}, space = {300u << 20, 300u << 20};
    int opened = 0;
    size_t mapped = 0;

    (void)argc;
    (void)argv;
    setrlimit(RLIMIT_NOFILE, &files);
    setrlimit(RLIMIT_AS, &space);
    visible_use("fills_limits");
    while (open("/dev/null", O_RDONLY) >= 0) {
        opened++;
    }
    while (mapped < 128 &&
           mmap(NULL, 1u << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) {
        mapped++;
    }
    printf("opened %d files, mapped %zu MiB\n", opened, mapped);
    return 0;
}

/* Every key of thread values is the program's. */
static int takes_keys(int argc, char **argv)
{
    pthread_key_t key, first = 0;
    int taken = 0;

    (void)argc;
    (void)argv;
    while (pthread_key_create(&key, NULL) == 0) {
        first = taken++ == 0 ? key : first;
    }
    pthread_setspecific(first, "its own");
    printf("%d keys\n", taken);
    visible_use("takes_keys");
    printf("the first holds %s\n", (const char *)pthread_getspecific(first));
    return 0;
}

/* As many groups as large directory services give to a user: they make a long line in /proc/self/status. */
static bool join_groups(int wanted)
{
    gid_t groups[2000];

    for (int i = 0; i < wanted; i++) {
        groups[i] = 1000000000 + (gid_t)i;
    }
    return wanted == 0 || setgroups((size_t)wanted, groups) == 0;
}

/* confined [GROUPS]: only what MI itself and this program need is permitted; anything else ends the process.
 */
static int confined(int argc, char **argv)
{
    static const unsigned short killed[] = {SYS_socket, SYS_connect, SYS_execve, SYS_ptrace};
    enum { KILLED = sizeof(killed) / sizeof(killed[0]) };
    struct sock_filter filter[KILLED + 3];
    struct sock_fprog program = {.len = KILLED + 3, .filter = filter};

    if (!join_groups(argc > 0 ? atoi(argv[0]) : 0)) {
        return 77;
    }
    filter[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (unsigned char i = 0; i < KILLED; i++) {
        filter[1 + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, killed[i],
                                                     (unsigned char)(KILLED - i), 0);
    }
    filter[KILLED + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[KILLED + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        return 77;
    }
    visible_use("confined");
    return 0;
}

enum { NOBODY = 65534 };

/* Who may not look into the folder of the build cannot load the recorder from it either. */
static bool may_see_itself(void)
{
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

    path[length > 0 ? length : 0] = '\0';
    return access(path, R_OK) == 0;
}

static int drops_user(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    if (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
        setresuid(NOBODY, NOBODY, NOBODY) != 0 || !may_see_itself()) {
        return 77;
    }
    printf("user %u, group %u\n", getuid(), getgid());
    visible_use("drops_user");
    return 0;
}

/* chroots FOLDER */
static int chroots(int argc, char **argv)
{
    if (argc < 1 || chroot(argv[0]) != 0 || chdir("/") != 0) {
        return 77;
    }
    visible_use("chroots");
    return 0;
}

/* chroots_late FOLDER: MI was used before. */
static int chroots_late(int argc, char **argv)
{
    visible_use("before");
    return chroots(argc, argv);
}

const struct scenario scenarios_limits[] = {
    {"limited", limited},           {"takes_keys", takes_keys},
    {"fills_limits", fills_limits}, {"confined", confined},
    {"drops_user", drops_user},     {"chroots", chroots},
    {"chroots_late", chroots_late}, {NULL, NULL},
};
