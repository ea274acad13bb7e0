/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/program.h"
#include "core/source/link.h"
#include "core/source/packet.h"
#include "core/source/pcap.h"
#include "core/source/pcap_filter.h"

#define ANY "any"
/* Offloads hand over packets far longer than the wire takes. */
#define SNAPLEN 262144
/* Room for bursts between two polls, shared with the kernel. */
#define BUFFER_SIZE (16 << 20)
/* After this long the kernel hands over a block that is not yet full. */
#define TIMEOUT_MS 20
/* An interface that vanished is noticed within this. */
#define GONE_MS 500
/* Interfaces whose names are remembered. */
#define NAMES 64

struct pcap_live {
	struct source pub;
	pcap_t *handle;
	struct packet_decoder *decoder;
	struct packet packet;
	char device[IF_NAMESIZE];
	uint32_t device_index; /* 0: all of them, or one that is no network's */
	uint32_t tick_ns;      /* of the handle's tv_usec */
	source_msg_fn fn;      /* of the poll that is running */
	void *ctx;
	struct {
		uint32_t ifindex;
		char name[IF_NAMESIZE];
	} names[NAMES]; /* at ifindex modulo NAMES */
};

static const struct source_ops live_ops;

static void forward(void *ctx, const struct dns_msg *msg)
{
	const struct pcap_live *l = ctx;

	l->fn(l->ctx, msg);
}

static void live_close(struct source *s)
{
	struct pcap_live *l = (struct pcap_live *)s;

	if (l->handle)
		pcap_close(l->handle);
	packet_decoder_free(l->decoder);
	free(l);
}

/* Whether libpcap has it, perhaps with a number behind its name ("nflog:5"). */
static bool device_exists(const char *device)
{
	size_t len = strcspn(device, ":");
	char errbuf[PCAP_ERRBUF_SIZE];
	pcap_if_t *all = NULL;
	bool found = false;

	if (if_nametoindex(device) || pcap_findalldevs(&all, errbuf) < 0)
		return true;
	for (const pcap_if_t *i = all; i && !found; i = i->next)
		found = strncmp(i->name, device, len) == 0 && i->name[len] == '\0';
	pcap_freealldevs(all);
	return found;
}

/* "no such interface" with those that there are. */
static int no_such_device(const char *device, struct err *err)
{
	char errbuf[PCAP_ERRBUF_SIZE];
	char names[256] = "";
	pcap_if_t *all = NULL;

	if (pcap_findalldevs(&all, errbuf) == 0) {
		for (const pcap_if_t *i = all; i; i = i->next) {
			size_t used = strlen(names);

			if (!if_nametoindex(i->name) && strcmp(i->name, ANY) != 0)
				continue;
			snprintf(names + used, sizeof(names) - used, "%s%s", used ? ", " : "",
				 i->name);
		}
		pcap_freealldevs(all);
	}
	return err_set(err, -ENODEV, "no such interface or file: %s%s%s", device,
		       names[0] ? "; there are " : "", names);
}

static int activation_error(struct pcap_live *l, int status, struct err *err)
{
	char path[200];

	switch (status) {
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED:
		if (!device_exists(l->device))
			return no_such_device(l->device, err);
		return err_set(
			err, -EPERM,
			"capturing on %s takes the capability CAP_NET_RAW: use sudo, or give "
			"it once with `sudo setcap cap_net_raw+ep %s`",
			l->device, program_path(path, sizeof(path)));
	case PCAP_ERROR_NO_SUCH_DEVICE:
		return no_such_device(l->device, err);
	case PCAP_ERROR_IFACE_NOT_UP:
		return err_set(err, -ENETDOWN,
			       "%s is down: \"sudo ip link set %s up\" brings it up", l->device,
			       l->device);
	}
	return err_set(err, -EIO, "capturing on %s failed: %s", l->device,
		       status == PCAP_ERROR ? pcap_geterr(l->handle) : pcap_statustostr(status));
}

static int activate(struct pcap_live *l, bool promisc, struct err *err)
{
	char errbuf[PCAP_ERRBUF_SIZE];
	int status;

	l->handle = pcap_create(l->device, errbuf);
	if (!l->handle)
		return err_set(err, -EIO, "%s: %s", l->device, errbuf);
	pcap_set_snaplen(l->handle, SNAPLEN);
	pcap_set_buffer_size(l->handle, BUFFER_SIZE);
	pcap_set_timeout(l->handle, TIMEOUT_MS);
	/* All interfaces together cannot be promiscuous. */
	pcap_set_promisc(l->handle, promisc && strcmp(l->device, ANY) != 0);
	pcap_set_tstamp_precision(l->handle, PCAP_TSTAMP_PRECISION_NANO);
	status = pcap_activate(l->handle);
	if (status < 0)
		return activation_error(l, status, err);
	if (pcap_setnonblock(l->handle, 1, errbuf) < 0)
		return err_set(err, -EIO, "%s: %s", l->device, errbuf);
	l->tick_ns = pcap_get_tstamp_precision(l->handle) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000;
	/* Version 2 of the cooked header tells the interface; an old libpcap has 1. */
	if (pcap_datalink(l->handle) == LINK_LINUX_SLL)
		pcap_set_datalink(l->handle, LINK_LINUX_SLL2);
	l->packet.link = pcap_datalink(l->handle);
	if (!packet_link_known(l->packet.link))
		return err_set(err, -EPROTONOSUPPORT,
			       "%s has link type %s, which is not understood", l->device,
			       pcap_datalink_val_to_name(l->packet.link));
	return 0;
}

static int set_filter(struct pcap_live *l, const struct source_config *cfg, struct err *err)
{
	const uint16_t *ports = cfg->ports;
	unsigned n_ports = source_ports(&ports, cfg->n_ports);
	char text[PCAP_FILTER_TEXT_MAX];
	const char *expression = cfg->bpf_filter;
	struct bpf_program program;
	int rc = 0;

	if (!expression) {
		pcap_filter_default(text, l->packet.link, ports, n_ports);
		expression = text;
	}
	if (pcap_compile(l->handle, &program, expression, 1, PCAP_NETMASK_UNKNOWN) < 0) {
		/* Without ours everything is handed over, and the decoder chooses. */
		if (!cfg->bpf_filter)
			return 0;
		return err_set(err, -EINVAL, "capture filter \"%s\": %s", expression,
			       pcap_geterr(l->handle));
	}
	if (pcap_setfilter(l->handle, &program) < 0)
		rc = err_set(err, -EINVAL, "capture filter \"%s\": %s", expression,
			     pcap_geterr(l->handle));
	pcap_freecode(&program);
	return rc;
}

/* What holds for every packet of this capture. */
static void set_place(struct pcap_live *l)
{
	struct dns_msg *meta = &l->packet.meta;
	struct stat st;

	meta->sighting = SIGHTING_UNKNOWN;
	l->device_index = strcmp(l->device, ANY) == 0 ? 0 : if_nametoindex(l->device);
	meta->ifindex = l->device_index;
	if (meta->ifindex)
		meta->ifname = l->device;
	if (stat("/proc/self/ns/net", &st) == 0)
		meta->netns = (uint32_t)st.st_ino;
}

int pcap_live_open(struct source **out, const struct source_config *cfg, struct err *err)
{
	struct pcap_live *l = calloc(1, sizeof(*l));
	const char *device = cfg->input ? cfg->input : ANY;
	int rc = -ENOMEM;

	if (!l)
		return err_set(err, rc, "not enough memory");
	l->pub.ops = &live_ops;
	l->pub.live = true;
	snprintf(l->pub.title, sizeof(l->pub.title), "%s", cfg->input ? device : "all");
	if (strlen(device) >= sizeof(l->device)) {
		rc = no_such_device(device, err);
		goto out;
	}
	memcpy(l->device, device, strlen(device) + 1);
	l->decoder = packet_decoder_new(cfg->ports, cfg->n_ports, forward, l);
	if (!l->decoder) {
		err_set(err, rc, "not enough memory");
		goto out;
	}
	rc = activate(l, !cfg->no_promisc, err);
	if (rc == 0)
		rc = set_filter(l, cfg, err);
	if (rc < 0)
		goto out;
	set_place(l);
	*out = &l->pub;
out:
	if (rc < 0)
		live_close(&l->pub);
	return rc;
}

static int live_fd(const struct source *s)
{
	return pcap_get_selectable_fd(((const struct pcap_live *)s)->handle);
}

/* Where one interface is watched, somebody must look whether it is there: of
 * one that goes down and then away, libpcap may tell nothing. */
static int live_interval_ms(const struct source *s)
{
	const struct pcap_live *l = (const struct pcap_live *)s;

	if (live_fd(s) < 0)
		return TIMEOUT_MS;
	return l->device_index ? GONE_MS : 0;
}

/* The kernel is asked once for each interface. */
static const char *name_of(struct pcap_live *l, uint32_t ifindex)
{
	char *name = l->names[ifindex % NAMES].name;

	if (l->names[ifindex % NAMES].ifindex != ifindex) {
		l->names[ifindex % NAMES].ifindex = ifindex;
		if (!if_indextoname(ifindex, name))
			name[0] = '\0';
	}
	return name[0] ? name : NULL;
}

static void on_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct pcap_live *l = (void *)user;
	struct packet *p = &l->packet;

	p->ts_ns = (uint64_t)header->ts.tv_sec * 1000000000ull +
		   (uint64_t)header->ts.tv_usec * l->tick_ns;
	p->bytes = bytes;
	p->len = header->caplen;
	p->orig_len = header->len;
	if (p->link == LINK_LINUX_SLL2) {
		p->meta.ifindex = link_sll2_ifindex(bytes, header->caplen);
		p->meta.ifname = name_of(l, p->meta.ifindex);
	}
	packet_decode(l->decoder, p);
}

/* The interface that was opened, not a later one of its name. */
static bool is_gone(const struct pcap_live *l)
{
	return l->device_index && if_nametoindex(l->device) != l->device_index;
}

static int dispatch_error(struct pcap_live *l, struct err *err)
{
	if (is_gone(l))
		return err_set(err, -ENODEV, "the interface %s has disappeared", l->device);
	return err_set(err, -EIO, "capturing on %s failed: %s", l->device, pcap_geterr(l->handle));
}

static int live_poll(struct source *s, int budget, source_msg_fn fn, void *ctx, struct err *err)
{
	struct pcap_live *l = (struct pcap_live *)s;
	int n;

	l->fn = fn;
	l->ctx = ctx;
	n = pcap_dispatch(l->handle, budget, on_packet, (u_char *)l);
	return n < 0 || (n == 0 && is_gone(l)) ? dispatch_error(l, err) : n;
}

static void live_stats(struct source *s, struct source_stats *out)
{
	const struct pcap_live *l = (const struct pcap_live *)s;
	struct pcap_stat st = { 0 };

	*out = (struct source_stats){ 0 };
	if (pcap_stats(l->handle, &st) == 0)
		out->lost_capture = (uint64_t)st.ps_drop + st.ps_ifdrop;
	packet_decoder_stats(l->decoder, out);
}

static const struct source_ops live_ops = {
	.name = "pcap",
	.open = pcap_live_open,
	.fd = live_fd,
	.interval_ms = live_interval_ms,
	.poll = live_poll,
	.stats = live_stats,
	.close = live_close,
};
