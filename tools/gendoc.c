/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fills the lists of the man page from the tables of the program: options,
 * keys, fields, counters. Reads a page on standard input, writes it with
 * everything between "begin NAME" and "end NAME" made anew.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "app/options.h"
#include "core/query/field.h"
#include "core/query/filter.h"
#include "core/sink/truth.h"
#include "tui/keys/keymap.h"
#include "tui/keys/keys.h"
#include "tui/settings.h"

static void print_fields(void)
{
	size_t n;
	const struct field *f = fields(&n);

	for (size_t i = 0; i < n; i++) {
		const struct field_alias *a = f[i].aliases;

		bool alone = !(f[i].flags & FIELD_JSON), no_group = f[i].flags & FIELD_NO_GROUP;

		printf(".It Cm %s%s%s%s\n%s\n", f[i].name, alone || no_group ? " No" : "",
		       alone ? " *" : "", no_group ? " +" : "", f[i].help);
		for (const char *before = ".Pq also Cm"; a && a->name; a++, before = " ,")
			printf("%s %s%s", before, a->name, a[1].name ? "" : "\n");
	}
}

static void print_keys(void)
{
	size_t n;
	const struct action *a = keymap_actions(&n);

	for (size_t i = 0; i < n; i++) {
		char keys[KEYS_TEXT_MAX];

		/* A backslash begins an escape in the page's language, and a bracket
		 * would be no argument but for what stands before it. */
		printf(".It Li \\&");
		for (const char *c = keys_text(NULL, &a[i], KEYMAP_MAX_KEYS, keys); *c; c++)
			printf(*c == '\\' ? "\\e" : "%c", *c);
		printf("\n%s\n", a[i].help);
		if (a[i].name)
			printf(".Pq Cm %s\n", a[i].name);
	}
}

static void print_predicates(void)
{
	const char *help, *name;

	for (int i = 0; (name = filter_predicate_name(i, &help)); i++)
		printf(".It Cm %s\n%s\n", name, help);
}

static void print_counters(void)
{
	size_t n;
	const struct truth_counter *c = truth_counters(&n);

	for (size_t i = 0; i < n; i++)
		printf(".It Cm %s\n%s\n", c[i].name, c[i].help);
}

static const struct {
	const char *name;
	void (*print)(void);
} lists[] = {
	{ "options", options_print_mdoc }, { "keys", print_keys },
	{ "fields", print_fields },        { "predicates", print_predicates },
	{ "counters", print_counters },    { "settings", settings_print_mdoc },
};

int main(void)
{
	char line[1024], word[64];
	int skipping = 0;

	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, ".\\\" end %63s", word) == 1)
			skipping = 0;
		if (!skipping)
			fputs(line, stdout);
		if (sscanf(line, ".\\\" begin %63s", word) != 1)
			continue;
		skipping = 1;
		for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
			if (strcmp(word, lists[i].name) == 0)
				lists[i].print();
		}
	}
	return 0;
}
