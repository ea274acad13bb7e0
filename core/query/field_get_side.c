/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts that few rows have: of questions to everyone, of cut answers, of transfers. */
#include "core/query/field_put.h"

GETTER(responders)
{
	const struct flow_side *side = flow_table_side(src->table, f);

	if (f->service != SERVICE_DNS && f->attempts)
		put_uint(out, side ? side->responders : 0);
	else
		put_none(out);
}

GETTER(responder)
{
	const struct flow_side *side = flow_table_side(src->table, f);

	put_none(out);
	if (side && side->responder != INTERN_NONE)
		field_put_addr(out, src, side->responder);
}

GETTER(known_answers)
{
	const struct flow_side *side = flow_table_side(src->table, f);

	if (f->service == SERVICE_MDNS && f->attempts)
		put_uint(out, side ? side->known_answers : 0);
	else
		put_none(out);
}

GETTER(unicast_wanted)
{
	const struct flow_side *side = flow_table_side(src->table, f);

	if (f->service == SERVICE_MDNS && f->attempts)
		put_uint(out, side && side->unicast_wanted);
	else
		put_none(out);
}

GETTER(twin)
{
	const struct flow_side *side = flow_table_side(src->table, f);

	if (side && side->twin != FLOW_NO_SEQ)
		put_uint(out, side->twin);
	else
		put_none(out);
}

GETTER(messages)
{
	const struct flow_side *side = flow_table_side(src->table, f);

	if (has(f, FLOW_HAS_RESPONSE))
		put_uint(out, side && side->messages ? side->messages : 1);
	else
		put_none(out);
}
