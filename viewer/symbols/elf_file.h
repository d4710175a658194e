/* SPDX-License-Identifier: MIT */
/* Opens ELF files of which nothing is trusted, not even that they are files. */
#ifndef MITRACE_SYMBOLS_ELF_FILE_H
#define MITRACE_SYMBOLS_ELF_FILE_H

#include <gelf.h>
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Opens the ELF file at an absolute path, below sysroot unless that is NULL (then symbolic
 * links cannot leave it). Keeps no descriptor open. NULL for anything else: a missing file, a FIFO, a script,
 * a relative path. Release with elf_end. */
Elf *symbols_elf_open(const char *sysroot, const char *path);

/* The GNU build-id, NULL when there is none. The caller releases it. */
GBytes *symbols_elf_build_id(Elf *elf);

/* The first section of this name that has contents, or NULL. */
Elf_Scn *symbols_elf_section(Elf *elf, const char *name);

/* The checksum of the whole file as .gnu_debuglink defines it (CRC-32 of IEEE 802.3). */
uint32_t symbols_elf_checksum(Elf *elf);

#endif
