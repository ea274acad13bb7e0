/* SPDX-License-Identifier: BSD-2-Clause */
/* The floor: libpcap reads the file and nothing is done with it. */
#include <pcap/pcap.h>
#include <stdio.h>

static void nothing(u_char *count, const struct pcap_pkthdr *h, const u_char *bytes)
{
	(void)h, (void)bytes;
	(*(unsigned long *)(void *)count)++;
}

int main(int argc, char **argv)
{
	static unsigned long count;
	char err[PCAP_ERRBUF_SIZE];
	pcap_t *p = argc == 2 ? pcap_open_offline(argv[1], err) : NULL;

	if (!p)
		return 2;
	pcap_loop(p, -1, nothing, (u_char *)&count);
	printf("%lu\n", count);
	pcap_close(p);
	return 0;
}
