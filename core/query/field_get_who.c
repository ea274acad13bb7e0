/* SPDX-License-Identifier: BSD-2-Clause */
/* Who asked, where it was seen, and where it was thrown away. */
#include "core/query/field_put.h"

/* Copies the owner's numbers, as interned bytes lie at any address; *comm stays
 * with the table. False where the owner is not known. */
static bool owner_get(const struct row_source *src, uint32_t id, struct owner *o, const char **comm)
{
	const char *bytes;
	size_t len;

	if (id == INTERN_NONE)
		return false;
	bytes = intern_text(src->table->owners, id, &len);
	if (len != sizeof(*o))
		return false;
	memcpy(o, bytes, sizeof(*o));
	*comm = bytes + offsetof(struct owner, comm);
	return true;
}

static bool owner_of(const struct row_source *src, const struct flow *f, struct owner *o,
		     const char **comm)
{
	return owner_get(src, f->owner, o, comm);
}

/* The same of the process that answered. */
static bool server_of(const struct row_source *src, const struct flow *f, struct owner *o,
		      const char **comm)
{
	return owner_get(src, flow_table_answerer(src->table, f), o, comm);
}

GETTER(pid)
{
	struct owner o;
	const char *comm;

	if (owner_of(src, f, &o, &comm))
		put_uint(out, o.pid);
	else
		put_none(out);
}

GETTER(uid)
{
	struct owner o;
	const char *comm;

	if (owner_of(src, f, &o, &comm))
		put_uint(out, o.uid);
	else
		put_none(out);
}

GETTER(comm)
{
	struct owner o;
	const char *comm;

	if (owner_of(src, f, &o, &comm) && o.comm[0])
		put_text(out, comm);
	else
		put_none(out);
}

GETTER(server_pid)
{
	struct owner o;
	const char *comm;

	if (server_of(src, f, &o, &comm))
		put_uint(out, o.pid);
	else
		put_none(out);
}

GETTER(server_comm)
{
	struct owner o;
	const char *comm;

	if (server_of(src, f, &o, &comm) && o.comm[0])
		put_text(out, comm);
	else
		put_none(out);
}

static void put_label(struct value *out, const struct row_source *src, uint32_t id)
{
	put_none(out);
	if (id == INTERN_NONE)
		return;
	out->type = VALUE_TEXT;
	out->text = intern_text(src->table->labels, id, &out->len);
}

GETTER(exe)
{
	struct owner o;
	const char *comm;

	put_label(out, src, owner_of(src, f, &o, &comm) ? o.exe : INTERN_NONE);
}

GETTER(container)
{
	struct owner o;
	const char *comm;

	put_label(out, src, owner_of(src, f, &o, &comm) ? o.container : INTERN_NONE);
}

/* What is before the slash of NAMESPACE/NAME. */
GETTER(pod_namespace)
{
	const char *slash;

	field_get_pod(src, f, out, buf);
	if (out->type != VALUE_TEXT)
		return;
	slash = memchr(out->text, '/', out->len);
	if (slash)
		out->len = (size_t)(slash - out->text);
}

GETTER(server_container)
{
	struct owner o;
	const char *comm;

	put_label(out, src, server_of(src, f, &o, &comm) ? o.container : INTERN_NONE);
}

GETTER(pod)
{
	struct owner o;
	const char *comm;

	put_label(out, src, owner_of(src, f, &o, &comm) ? o.pod : INTERN_NONE);
}

GETTER(drop_reason)
{
	put_label(out, src, f->drop_reason);
}

/* [0] is "unknown", and knows nothing. */
static const struct place *place_of(const struct row_source *src, const struct flow *f)
{
	return &src->table->places[f->place < src->table->n_places ? f->place : 0];
}

GETTER(netns)
{
	const struct place *p = place_of(src, f);

	if (p->netns)
		put_uint(out, p->netns);
	else
		put_none(out);
}

GETTER(interface)
{
	const struct place *p = place_of(src, f);

	if (p->ifname[0])
		put_text(out, p->ifname);
	else
		put_none(out);
}
