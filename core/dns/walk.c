/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/dns/walk.h"

#define TYPE_OPT 41

void dns_walk_begin(struct dns_walk *k, const uint8_t *wire, size_t len)
{
	wire_init(&k->w, wire, len);
	wire_skip(&k->w, 4);
	for (int s = DNS_QUESTION; s < DNS_SECTIONS; s++)
		k->left[s] = wire_u16(&k->w);
	k->section = DNS_QUESTION;
}

bool dns_walk_next(struct dns_walk *k, bool names)
{
	struct wire *w = &k->w;

	while (k->section < DNS_SECTIONS && k->left[k->section] == 0)
		k->section++;
	if (k->section == DNS_SECTIONS || w->bad)
		return false;
	k->left[k->section]--;
	k->name[0] = '\0';
	k->name_len = (uint16_t)wire_name(w, names ? k->name : NULL);
	k->type = wire_u16(w);
	k->class = wire_u16(w);
	k->ttl = 0;
	k->data_len = 0;
	k->data_at = w->pos;
	if (k->section == DNS_QUESTION)
		return !w->bad;
	k->ttl = wire_u32(w);
	k->data_len = wire_u16(w);
	k->data_at = w->pos;
	wire_skip(w, k->data_len);
	return !w->bad;
}

bool dns_options_begin(struct dns_options *o, const uint8_t *wire, size_t len)
{
	struct dns_walk k;

	if (len < DNS_HEADER_LEN)
		return false;
	dns_walk_begin(&k, wire, len);
	while (dns_walk_next(&k, false)) {
		if (k.type != TYPE_OPT || k.section != DNS_ADDITIONAL)
			continue;
		wire_init(&o->w, wire + k.data_at, k.data_len);
		o->udp_size = k.class;
		o->version = (uint8_t)(k.ttl >> 16);
		return true;
	}
	return false;
}

bool dns_options_next(struct dns_options *o)
{
	struct wire *w = &o->w;

	if (w->pos == w->len)
		return false;
	o->code = wire_u16(w);
	o->len = wire_u16(w);
	o->data = w->base + w->pos;
	wire_skip(w, o->len);
	return !w->bad;
}

bool dns_options_find(struct dns_options *o, uint16_t code)
{
	while (dns_options_next(o)) {
		if (o->code == code)
			return true;
	}
	return false;
}
