/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/quick.h"

#include "core/query/filter.h"
#include "tui/ui_state.h"

/* Predicates of the filter language, most wanted first; helps are the language's. */
static const char *const tests[] = {
	"error",       "nxdomain",  "servfail",  "refused",      "slow",      "unanswered",
	"unsolicited", "retried",   "truncated", "unknown-tlds", "new-gtlds", "A-for-A",
	"rfc1918-ptr", "qtype-any", "qtype-wks", "bitsquat",     "loopback",
};

static const char *help_of(const char *test)
{
	const char *help, *meant, *known = filter_predicate_of(test, &meant);
	const char *name;

	for (int i = 0; (name = filter_predicate_name(i, &help)); i++) {
		if (name == known)
			return help;
	}
	return "";
}

static void fill(void *owner, struct checklist *c)
{
	const struct ui *ui = owner;

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		checklist_add(c, tests[i], help_of(tests[i]),
			      filterbar_has(&ui->filterbar, tests[i]), (int)i, false);
}

static void apply(void *owner, const struct checklist *c)
{
	struct ui *ui = owner;

	for (int i = 0; i < c->n; i++) {
		const char *test = tests[c->item[i].tag];

		if (c->item[i].on != filterbar_has(&ui->filterbar, test))
			filterbar_toggle(&ui->filterbar, test, c->item[i].on, ui->now_ns);
	}
}

const struct checklist_owner quick_filters = {
	.title = "Quick filters",
	.toggles = true,
	.fill = fill,
	.apply = apply,
};
