/* SPDX-License-Identifier: MIT */
/* Opens ELF files without trusting them. */
#include "symbols/elf_file.h"

#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A trace may name anything, and to open a device can be to start it: files are looked at before. */
enum { LOOK_FLAGS = O_PATH | O_CLOEXEC, OPEN_FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC };

static int open_joined(const char *sysroot, const char *path)
{
    g_autofree char *joined = g_build_filename(sysroot, path, NULL);
    return open(joined, LOOK_FLAGS);
}

/* An absolute link inside a sysroot means a file of that sysroot, not of this machine. */
static int open_in_sysroot(const char *sysroot, const char *path)
{
    struct open_how how = {.flags = LOOK_FLAGS, .resolve = RESOLVE_IN_ROOT};
    int root = open(sysroot, O_PATH | O_DIRECTORY | O_CLOEXEC);
    long fd;
    if (root < 0)
        return -1;
    fd = syscall(SYS_openat2, root, path, &how, sizeof how);
    if (fd < 0 && (errno == ENOSYS || errno == EPERM))
        fd = open_joined(sysroot, path);
    close(root);
    return (int)fd;
}

static int open_regular(const char *sysroot, const char *path)
{
    struct stat status;
    char name[sizeof "/proc/self/fd/" + 3 * sizeof(int)];
    int found = sysroot != NULL ? open_in_sysroot(sysroot, path) : open(path, LOOK_FLAGS);
    int fd = -1;
    if (found < 0)
        return -1;
    if (fstat(found, &status) == 0 && S_ISREG(status.st_mode)) {
        g_snprintf(name, sizeof name, "/proc/self/fd/%d", found);
        fd = open(name, OPEN_FLAGS);
    }
    close(found);
    return fd;
}

/* ELF_C_FDREAD makes libelf independent of the descriptor: traces name more modules than a process may open.
 */
static Elf *open_descriptor(int fd)
{
    Elf *elf = elf_begin(fd, ELF_C_READ_MMAP_PRIVATE, NULL);
    if (elf != NULL && elf_kind(elf) == ELF_K_ELF && elf_cntl(elf, ELF_C_FDREAD) == 0)
        return elf;
    elf_end(elf);
    return NULL;
}

Elf *symbols_elf_open(const char *sysroot, const char *path)
{
    Elf *elf;
    int fd;
    if (!g_path_is_absolute(path) || elf_version(EV_CURRENT) == EV_NONE)
        return NULL;
    fd = open_regular(sysroot, path);
    if (fd < 0)
        return NULL;
    elf = open_descriptor(fd);
    close(fd);
    return elf;
}

GBytes *symbols_elf_build_id(Elf *elf)
{
    const void *bytes;
    ssize_t length = dwelf_elf_gnu_build_id(elf, &bytes);
    return length > 0 ? g_bytes_new(bytes, (size_t)length) : NULL;
}

static bool is_section(Elf *elf, Elf_Scn *section, size_t names, const char *name)
{
    GElf_Shdr header;
    const char *found;
    if (gelf_getshdr(section, &header) == NULL || header.sh_type == SHT_NOBITS || header.sh_size == 0)
        return false;
    found = elf_strptr(elf, names, header.sh_name);
    return found != NULL && strcmp(found, name) == 0;
}

Elf_Scn *symbols_elf_section(Elf *elf, const char *name)
{
    size_t names;
    Elf_Scn *section = NULL;
    if (elf_getshdrstrndx(elf, &names) != 0)
        return NULL;
    while ((section = elf_nextscn(elf, section)) != NULL)
        if (is_section(elf, section, names, name))
            return section;
    return NULL;
}

uint32_t symbols_elf_checksum(Elf *elf)
{
    size_t size = 0;
    const char *bytes = elf_rawfile(elf, &size);
    uint32_t sum = UINT32_MAX;
    for (size_t i = 0; bytes != NULL && i < size; i++) {
        sum ^= (uint8_t)bytes[i];
        for (int bit = 0; bit < 8; bit++)
            sum = (sum >> 1) ^ (0xEDB88320U & (0U - (sum & 1U)));
    }
    return ~sum;
}
