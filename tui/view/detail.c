/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/view/detail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/enrich/records.h"
#include "tui/view/detail_path.h"
#include "tui/view/facts.h"
#include "tui/view/lookups.h"

/* A 64 KiB message of TXT records comes to less than this as text. */
#define MESSAGE_MAX (512u << 10)

void detail_free(struct detail *d)
{
	doc_free(&d->doc);
	free(d->message);
	*d = (struct detail){ 0 };
}

void detail_clear(struct detail *d)
{
	doc_clear(&d->doc);
	d->shown = false;
}

static void add_line(struct doc *doc, enum role role, const char *text)
{
	doc_add(doc, role, 0, text, strlen(text));
}

static void add_message(struct detail *d, const char *title, const uint8_t *bytes, size_t len)
{
	const char *line;
	const char *end;

	add_line(&d->doc, ROLE_TEXT, "");
	add_line(&d->doc, ROLE_STRONG, title);
	if (!bytes) {
		add_line(&d->doc, ROLE_TEXT, "(its bytes are no longer in memory)");
		return;
	}
	if (!d->message)
		d->message = malloc(MESSAGE_MAX);
	if (!d->message || records_message(bytes, len, d->message, MESSAGE_MAX) == 0) {
		add_line(&d->doc, ROLE_TEXT, "(can't be decoded)");
		return;
	}
	for (line = d->message; *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		doc_add(&d->doc, ROLE_TEXT, 2, line, (size_t)(end - line));
	}
}

static void make(struct detail *d, const struct frame *f, const struct flow *row)
{
	const struct store *store = f->rows->table->store;
	size_t query_len = 0, response_len = 0;
	const uint8_t *query = store_get(store, row->query_ref, &query_len);
	const uint8_t *response = store_get(store, row->response_ref, &response_len);

	doc_clear(&d->doc);
	facts_write(&d->doc, f, row);
	detail_path_write(&d->doc, f->rows->table, row);
	if (row->marks & FLOW_HAS_RESPONSE)
		add_message(d, "Response", response, response_len);
	if (row->state != FLOW_UNSOLICITED)
		add_message(d, "Query", query, query_len);
	d->had_query = query != NULL;
	d->had_response = response != NULL;
}

/* Whether nothing has happened to a row: what else it has never changes. */
static bool same_facts(const struct flow *a, const struct flow *b)
{
	return a->state == b->state && a->marks == b->marks && a->attempts == b->attempts &&
	       a->sightings == b->sightings && a->latency_ns == b->latency_ns &&
	       a->response_ref == b->response_ref && a->query_ref == b->query_ref &&
	       a->owner == b->owner && a->drop_reason == b->drop_reason;
}

void detail_update(struct detail *d, const struct frame *f, uint32_t seq)
{
	const struct flow_table *table = f->rows->table;
	char lookup[sizeof(d->lookup)];
	const struct flow *row;
	size_t len;
	bool other = !d->shown || d->seq != seq;

	if (other)
		d->doc.top = 0;
	d->gone = !flow_table_has(table, seq);
	/* What is on screen stays there when its row leaves memory. */
	if (d->gone && !other)
		return;
	d->shown = true;
	d->seq = seq;
	if (d->gone) {
		doc_clear(&d->doc);
		add_line(&d->doc, ROLE_TEXT, "This row is no longer in memory.");
		return;
	}
	row = flow_table_row(table, seq);
	/* The age of a waiting query grows. */
	lookups_text(f->rows, row, lookup, sizeof(lookup));
	if (!other && row->state != FLOW_PENDING && same_facts(row, &d->made_from) &&
	    strcmp(lookup, d->lookup) == 0 &&
	    d->had_query == (store_get(table->store, row->query_ref, &len) != NULL) &&
	    d->had_response == (store_get(table->store, row->response_ref, &len) != NULL))
		return;
	d->made_from = *row;
	memcpy(d->lookup, lookup, sizeof(lookup));
	make(d, f, row);
}

void detail_draw(struct detail *d, const struct frame *f, struct rect at)
{
	const char *title = d->gone ? " Detail (no longer in memory) " : " Detail ";
	struct rect body = { at.y + 1, at.x + 1, at.h - 1, at.w - 1 };

	theme_use(f->theme, ROLE_RULE);
	text_repeat(at.y, at.x, at.w, f->theme->glyph->rule);
	theme_use(f->theme, ROLE_STRONG);
	text_put(at.y, at.x + 1, at.w - 1, title);
	if (at.w >= 40) {
		theme_use(f->theme, ROLE_TEXT);
		text_put(at.y, at.x + at.w - 17, 17, " { } scroll  Esc ");
	}
	theme_use(f->theme, ROLE_TEXT);
	for (int i = 0; i < body.h; i++)
		text_repeat(body.y + i, at.x, 1, " ");
	doc_draw(&d->doc, f->theme, body);
}
