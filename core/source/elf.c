/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/elf.h"

#include <fcntl.h>
#include <linux/elf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (192 << 20)

/* A part of the file; false where it is not in it. */
static bool within(size_t len, uint64_t at, uint64_t size)
{
	return at <= len && size <= len - at;
}

static bool section(const uint8_t *bytes, size_t len, const Elf64_Ehdr *head, uint32_t i,
		    Elf64_Shdr *out)
{
	uint64_t at = head->e_shoff + (uint64_t)i * sizeof(*out);

	if (i >= head->e_shnum || at < head->e_shoff || !within(len, at, sizeof(*out)))
		return false;
	memcpy(out, bytes + at, sizeof(*out));
	return out->sh_type == SHT_NOBITS || within(len, out->sh_offset, out->sh_size);
}

static bool is_defined_function(const Elf64_Sym *s)
{
	return (s->st_info & 0xf) == STT_FUNC && s->st_shndx != SHN_UNDEF && s->st_value;
}

static bool table_defines(const uint8_t *bytes, const Elf64_Shdr *table, const Elf64_Shdr *strings,
			  const char *name)
{
	size_t n = strlen(name) + 1;

	for (uint64_t at = 0; at + sizeof(Elf64_Sym) <= table->sh_size; at += sizeof(Elf64_Sym)) {
		Elf64_Sym s;

		memcpy(&s, bytes + table->sh_offset + at, sizeof(s));
		if (is_defined_function(&s) && within(strings->sh_size, s.st_name, n) &&
		    memcmp(bytes + strings->sh_offset + s.st_name, name, n) == 0)
			return true;
	}
	return false;
}

bool elf_defines(const uint8_t *bytes, size_t len, const char *name)
{
	Elf64_Ehdr head;

	if (len < sizeof(head))
		return false;
	memcpy(&head, bytes, sizeof(head));
	if (memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_ident[EI_CLASS] != ELFCLASS64 ||
	    head.e_shentsize != sizeof(Elf64_Shdr))
		return false;
	for (uint32_t i = 0; i < head.e_shnum; i++) {
		Elf64_Shdr table, strings;

		if (!section(bytes, len, &head, i, &table) ||
		    (table.sh_type != SHT_SYMTAB && table.sh_type != SHT_DYNSYM))
			continue;
		if (section(bytes, len, &head, table.sh_link, &strings) &&
		    strings.sh_type == SHT_STRTAB && table_defines(bytes, &table, &strings, name))
			return true;
	}
	return false;
}

/* Not mapped: whoever owns the file may cut it short meanwhile. */
static bool read_whole(int fd, uint8_t *bytes, size_t len)
{
	for (size_t at = 0; at < len;) {
		ssize_t n = read(fd, bytes + at, len - at);

		if (n <= 0)
			return false;
		at += (size_t)n;
	}
	return true;
}

bool elf_file_defines(const char *path, const char *name)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	uint8_t *bytes = NULL;
	bool defines = false;
	struct stat st;
	size_t len;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    st.st_size <= FILE_MAX) {
		len = (size_t)st.st_size;
		bytes = malloc(len);
		defines = bytes && read_whole(fd, bytes, len) && elf_defines(bytes, len, name);
	}
	free(bytes);
	close(fd);
	return defines;
}
