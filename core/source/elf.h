/* SPDX-License-Identifier: BSD-2-Clause */
/* Which functions an executable brings itself: of its symbols, just that. */
#ifndef DNSTOP_SOURCE_ELF_H
#define DNSTOP_SOURCE_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the 64-bit ELF file in [bytes, bytes + len) of this machine's byte
 * order defines a function of that name. Nothing is believed. */
bool elf_defines(const uint8_t *bytes, size_t len, const char *name);
/* The same of a file; false also where it can't be read, or is too large. */
bool elf_file_defines(const char *path, const char *name);

#endif
