/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a capture file, packed or not: every record lies within what was
 * read, and the file has an end.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/source/pcap_savefile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool what)
{
	if (!what)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);
	struct pcap_savefile *f = NULL;
	struct packet p = { .link = 0 };
	struct err err = { 0 };
	unsigned sum = 0;
	char path[32];
	int rc;

	require(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	require(pcap_savefile_open(&f, path, &err) == 0);
	while ((rc = pcap_savefile_next(f, &p, &err)) == 0) {
		for (uint32_t i = 0; i < p.len; i++)
			sum += p.bytes[i];
		if (p.meta.ifname)
			sum += (unsigned)strlen(p.meta.ifname);
	}
	require(rc == -ENODATA || err.code == rc);
	require(rc != -EAGAIN);
	pcap_savefile_close(f);
	close(fd);
	/* Uses the sum, so that the reads above are not optimised away. */
	return sum == UINT32_MAX ? -1 : 0;
}
