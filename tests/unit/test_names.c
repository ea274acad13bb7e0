/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/dns/names.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const enum dns_registry all[] = { DNS_TYPES, DNS_CLASSES, DNS_OPCODES, DNS_RCODES,
					 DNS_EDES };

/* clang-format off */
static const struct {
	enum dns_registry reg;
	uint16_t number;
	const char *mnemonic;
} mnemonics[] = {
	{ DNS_TYPES, 1, "A" },
	{ DNS_TYPES, 28, "AAAA" },
	{ DNS_TYPES, 23, "NSAP-PTR" },
	{ DNS_TYPES, 65, "HTTPS" },
	{ DNS_TYPES, 66, "DSYNC" },
	{ DNS_TYPES, 128, "NXNAME" },
	{ DNS_TYPES, 255, "ANY" },
	{ DNS_TYPES, 257, "CAA" },
	{ DNS_TYPES, 261, "RESINFO" },
	{ DNS_TYPES, 262, "WALLET" },
	{ DNS_TYPES, 263, "CLA" },
	{ DNS_TYPES, 264, "IPN" },
	{ DNS_TYPES, 32768, "TA" },
	{ DNS_TYPES, 32769, "DLV" },
	{ DNS_TYPES, 0, "TYPE0" },
	{ DNS_TYPES, 54, "TYPE54" },
	{ DNS_TYPES, 65280, "TYPE65280" },
	{ DNS_TYPES, 65535, "TYPE65535" },
	{ DNS_CLASSES, 1, "IN" },
	{ DNS_CLASSES, 254, "NONE" },
	{ DNS_CLASSES, 255, "ANY" },
	{ DNS_CLASSES, 42, "CLASS42" },
	{ DNS_OPCODES, 0, "QUERY" },
	{ DNS_OPCODES, 6, "DSO" },
	{ DNS_OPCODES, 9, "OPCODE9" },
	{ DNS_RCODES, 0, "NOERROR" },
	{ DNS_RCODES, 3, "NXDOMAIN" },
	{ DNS_RCODES, 11, "DSOTYPENI" },
	{ DNS_RCODES, 12, "RCODE12" },
	{ DNS_RCODES, 16, "BADVERS" },
	{ DNS_RCODES, 23, "BADCOOKIE" },
	{ DNS_RCODES, 4095, "RCODE4095" },
	{ DNS_EDES, 0, "Other-Error" },
	{ DNS_EDES, 22, "No-Reachable-Authority" },
	{ DNS_EDES, 49152, "EDE49152" },
};
/* clang-format on */

static void numbers_have_their_mnemonics(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(mnemonics); i++) {
		char buf[DNS_MNEMONIC_MAX];
		const char *got = dns_mnemonic(mnemonics[i].reg, mnemonics[i].number, buf);

		assert_string_equal(got, mnemonics[i].mnemonic);
		assert_int_equal(dns_number(mnemonics[i].reg, got, strlen(got)),
				 mnemonics[i].number);
	}
}

/* clang-format off */
static const struct {
	enum dns_registry reg;
	const char *text;
	int number;
} texts[] = {
	{ DNS_TYPES, "aaaa", 28 },
	{ DNS_TYPES, "Https", 65 },
	{ DNS_TYPES, "*", 255 },
	{ DNS_TYPES, "type65", 65 },
	{ DNS_TYPES, "TYPE065", 65 },
	{ DNS_TYPES, "65", 65 },
	{ DNS_TYPES, "65535", 65535 },
	{ DNS_TYPES, "65536", -ENOENT },
	{ DNS_TYPES, "TYPE99999999999999999999", -ENOENT },
	{ DNS_TYPES, "TYPE", -ENOENT },
	{ DNS_TYPES, "TYPE-1", -ENOENT },
	{ DNS_TYPES, "TYPETYPE1", -ENOENT },
	{ DNS_TYPES, "", -ENOENT },
	{ DNS_TYPES, "AA", -ENOENT },
	{ DNS_TYPES, "1x", -ENOENT },
	{ DNS_TYPES, "NXDOMAIN", -ENOENT },
	{ DNS_CLASSES, "in", 1 },
	{ DNS_CLASSES, "chaos", 3 },
	{ DNS_CLASSES, "*", 255 },
	{ DNS_CLASSES, "CLASS32769", 32769 },
	{ DNS_OPCODES, "update", 5 },
	{ DNS_OPCODES, "opcode15", 15 },
	{ DNS_OPCODES, "16", -ENOENT },
	{ DNS_RCODES, "NXDomain", 3 },
	{ DNS_RCODES, "NotImp", 4 },
	{ DNS_RCODES, "notimpl", 4 },
	{ DNS_RCODES, "BadSig", 16 },
	{ DNS_RCODES, "badvers", 16 },
	{ DNS_RCODES, "*", -ENOENT },
	{ DNS_EDES, "blocked", 15 },
	{ DNS_EDES, "dnssec-bogus", 6 },
	{ DNS_EDES, "EDE6", 6 },
};
/* clang-format on */

static void texts_have_their_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		int got = dns_number(texts[i].reg, texts[i].text, strlen(texts[i].text));

		if (got != texts[i].number)
			fail_msg("'%s' is %d", texts[i].text, got);
	}
}

/* Only len bytes count: the text is a piece of a longer one. */
static void text_needs_no_end(void **state)
{
	(void)state;
	assert_int_equal(dns_number(DNS_TYPES, "AAAA,MX", 4), 28);
	assert_int_equal(dns_number(DNS_TYPES, "AAAA", 1), 1);
	assert_int_equal(dns_number(DNS_TYPES, "1234", 2), 12);
	assert_int_equal(dns_number(DNS_TYPES, "A\0AA", 4), -ENOENT);
}

static void descriptions_are_ianas(void **state)
{
	(void)state;
	assert_string_equal(dns_description(DNS_RCODES, 3), "Non-Existent Domain");
	assert_string_equal(dns_description(DNS_EDES, 27), "Unsupported NSEC3 Iterations Value");
	assert_string_equal(dns_description(DNS_TYPES, 65),
			    "SVCB-compatible type for use with HTTP");
	assert_null(dns_description(DNS_TYPES, 100));
	assert_null(dns_description(DNS_TYPES, 65280));
}

/* Whoever adds a line keeps the order, and the name short and unique. */
static void tables_are_in_order(void **state)
{
	(void)state;
	for (size_t r = 0; r < ARRAY_SIZE(all); r++) {
		size_t n;
		const struct dns_name_entry *e = dns_entries(all[r], &n);

		assert_true(n > 4);
		for (size_t i = 0; i < n; i++) {
			char buf[DNS_MNEMONIC_MAX];

			if (i > 0 && e[i].number <= e[i - 1].number)
				fail_msg("%s is out of order", e[i].mnemonic);
			if (strlen(e[i].mnemonic) >= DNS_MNEMONIC_MAX ||
			    strpbrk(e[i].mnemonic, " ,()\""))
				fail_msg("%s is not a short word", e[i].mnemonic);
			assert_ptr_equal(dns_mnemonic(all[r], e[i].number, buf), e[i].mnemonic);
			assert_int_equal(dns_number(all[r], e[i].mnemonic, strlen(e[i].mnemonic)),
					 e[i].number);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_their_mnemonics),
		cmocka_unit_test(texts_have_their_numbers),
		cmocka_unit_test(text_needs_no_end),
		cmocka_unit_test(descriptions_are_ianas),
		cmocka_unit_test(tables_are_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
