/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/flow/member.h"

#include <string.h>

#include "core/dns/wire.h"
#include "core/flow/sighting.h"

#define RCODE_NOERROR  0
#define RCODE_NXDOMAIN 3

uint32_t flow_owner_pid(const struct flow_table *t, uint32_t owner)
{
	uint32_t pid;
	const char *bytes;
	size_t len;

	if (owner == INTERN_NONE)
		return 0;
	bytes = intern_text(t->owners, owner, &len);
	if (len != sizeof(struct owner))
		return 0;
	memcpy(&pid, bytes + offsetof(struct owner, pid), sizeof(pid));
	return pid;
}

uint32_t flow_seq(const struct flow_table *t, const struct flow *f)
{
	uintptr_t at = (uintptr_t)f - (uintptr_t)t->rows;
	uintptr_t still = (uintptr_t)f - (uintptr_t)t->still;
	uint32_t newest = t->next_seq - 1;

	if (at < t->capacity * sizeof(*f))
		return newest - ((newest - (uint32_t)(at / sizeof(*f))) & (t->capacity - 1));
	if (t->still && still < t->n_still * sizeof(*f))
		return t->still_from + (uint32_t)(still / sizeof(*f));
	return FLOW_NO_SEQ;
}

uint32_t flow_lookup(const struct flow_table *t, const struct flow *f, uint32_t seq)
{
	const struct flow_side *s = flow_table_side(t, f);

	return s && s->lookup != FLOW_NO_SEQ ? s->lookup : seq;
}

uint32_t flow_parent(const struct flow_table *t, const struct flow *f)
{
	const struct flow_side *s = flow_table_side(t, f);

	return s ? s->parent : FLOW_NO_SEQ;
}

bool flow_is_negative(const struct flow *f)
{
	if (f->state != FLOW_ANSWERED || f->response_flags & DNS_FLAG_TC)
		return false;
	return f->rcode == RCODE_NXDOMAIN || (f->rcode == RCODE_NOERROR && f->answers == 0);
}

enum lookup_outcome flow_outcome(const struct flow *f)
{
	switch (f->state) {
	case FLOW_PENDING:
		return LOOKUP_PENDING;
	case FLOW_TIMEOUT:
		return LOOKUP_TIMEOUT;
	default:
		break;
	}
	if (f->response_flags & DNS_FLAG_TC)
		return LOOKUP_TRUNCATED;
	if (f->rcode == RCODE_NXDOMAIN)
		return LOOKUP_NXDOMAIN;
	if (f->rcode != RCODE_NOERROR)
		return LOOKUP_ERROR;
	return f->answers ? LOOKUP_OK : LOOKUP_NODATA;
}

/* From the lookup's begin to a time after it. */
static uint32_t since_us(const struct flow *first, uint64_t ns)
{
	uint64_t us = ns > first->ts_ns ? (ns - first->ts_ns) / 1000 : 0;

	return us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

void flow_lookup_note(struct flow_side *side, const struct flow *first, const struct flow *f)
{
	uint32_t us = since_us(first, flow_response_ns(f));
	enum lookup_outcome outcome = flow_outcome(f);

	if (outcome > side->outcome)
		side->outcome = (uint8_t)outcome;
	if (us > side->lookup_us)
		side->lookup_us = us;
}

struct flow_side *flow_lookup_side(struct flow_table *t, uint32_t first)
{
	struct flow *f = flow_table_row(t, first);
	struct flow_side *s = flow_table_side_make(t, f);

	if (s->lookup != FLOW_NO_SEQ)
		return s;
	s->lookup = first;
	s->stage = first;
	s->rows = 1;
	if (f->state == FLOW_ANSWERED)
		flow_lookup_note(s, f, f);
	return s;
}
