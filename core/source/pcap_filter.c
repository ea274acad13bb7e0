/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/pcap_filter.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/source/link.h"

/* A file with more link types than this is not a capture of anything. */
#define LINKS_MAX 16

struct pcap_filter {
	const char *expression;
	unsigned n;
	int link[LINKS_MAX];
	struct bpf_program program[LINKS_MAX];
};

__attribute__((format(printf, 2, 3))) static void append(char text[PCAP_FILTER_TEXT_MAX],
							 const char *fmt, ...)
{
	size_t used = strlen(text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(text + used, PCAP_FILTER_TEXT_MAX - used, fmt, args);
	va_end(args);
}

/* One packet without tags: by its ports, or by what hides them. */
static void append_packet(char text[PCAP_FILTER_TEXT_MAX], const uint16_t *ports, unsigned n_ports)
{
	append(text, "(((udp or tcp) and (");
	for (unsigned i = 0; i < n_ports; i++)
		append(text, "%sport %u", i ? " or " : "", ports[i]);
	append(text, ")) or (icmp and (icmp[0] = 3 or icmp[0] = 11 or icmp[0] = 12))"
		     " or (ip6 and ip6[6] = 58 and ip6[40] >= 1 and ip6[40] <= 4)"
		     " or (ip and ip[6:2] & 0x1fff != 0)"
		     " or (ip6 and (ip6[6] = 0 or ip6[6] = 43 or ip6[6] = 44"
		     " or ip6[6] = 51 or ip6[6] = 60)))");
}

void pcap_filter_default(char text[PCAP_FILTER_TEXT_MAX], int link, const uint16_t *ports,
			 unsigned n_ports)
{
	text[0] = '\0';
	append_packet(text, ports, n_ports);
	switch (link) {
	case LINK_ETHERNET:
		/* Each "vlan" moves what follows it behind one more tag. */
		append(text, " or (vlan and ");
		append_packet(text, ports, n_ports);
		append(text, ") or (vlan and ");
		append_packet(text, ports, n_ports);
		append(text, ")");
		break;
	case LINK_LINUX_SLL:
	case LINK_LINUX_SLL2:
		/* Has no "vlan"; the kernel takes the outer tag off, so few are left. */
		append(text, " or ether proto 0x8100 or ether proto 0x88a8");
		break;
	}
}

struct pcap_filter *pcap_filter_new(const char *expression)
{
	struct pcap_filter *f = calloc(1, sizeof(*f));

	if (f)
		f->expression = expression;
	return f;
}

void pcap_filter_free(struct pcap_filter *f)
{
	if (!f)
		return;
	for (unsigned i = 0; i < f->n; i++)
		pcap_freecode(&f->program[i]);
	free(f);
}

/* libpcap's compiler knows raw IP by the number that it has in memory. */
static int compiler_link(int link)
{
	return link == LINK_RAW ? DLT_RAW : link;
}

static int compile(struct pcap_filter *f, int link, struct err *err)
{
	pcap_t *handle;
	int rc = 0;

	if (f->n == LINKS_MAX)
		return err_set(err, -E2BIG, "too many link types for a capture filter");
	handle = pcap_open_dead(compiler_link(link), 262144);
	if (!handle)
		return err_set(err, -ENOMEM, "not enough memory for a capture filter");
	if (pcap_compile(handle, &f->program[f->n], f->expression, 1, PCAP_NETMASK_UNKNOWN) < 0)
		rc = err_set(err, -EINVAL, "capture filter \"%s\": %s", f->expression,
			     pcap_geterr(handle));
	else
		f->link[f->n++] = link;
	pcap_close(handle);
	return rc;
}

int pcap_filter_match(struct pcap_filter *f, const struct packet *p, struct err *err)
{
	struct pcap_pkthdr header = { .caplen = p->len, .len = p->orig_len };
	unsigned i = 0;
	int rc;

	while (i < f->n && f->link[i] != p->link)
		i++;
	if (i == f->n) {
		rc = compile(f, p->link, err);
		if (rc < 0)
			return rc;
	}
	return pcap_offline_filter(&f->program[i], &header, p->bytes) != 0;
}
