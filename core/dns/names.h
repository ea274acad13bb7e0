/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registries of IANA's "Domain Name System (DNS) Parameters": types,
 * classes, opcodes, response codes and extended errors, by number and by name.
 *
 * A number without a mnemonic is written as RFC 3597 does (TYPE65280,
 * CLASS42), RCODE42, OPCODE9. Look-ups by name ignore case and take those
 * forms and plain numbers too.
 */
#ifndef DNSTOP_DNS_NAMES_H
#define DNSTOP_DNS_NAMES_H

#include <stddef.h>
#include <stdint.h>

enum dns_registry {
	DNS_TYPES,
	DNS_CLASSES,
	DNS_OPCODES,
	DNS_RCODES,
	DNS_EDES,
};

/* Room for any mnemonic and its NUL. */
#define DNS_MNEMONIC_MAX 32

struct dns_name_entry {
	uint16_t number;
	const char *mnemonic;
	const char *description; /* IANA's words, may be NULL */
};

/* The mnemonic of number, written to buf where the registry has none; returns
 * a string that lives as long as buf does. */
const char *dns_mnemonic(enum dns_registry reg, uint16_t number, char buf[DNS_MNEMONIC_MAX]);
/* IANA's description, NULL where there is none. */
const char *dns_description(enum dns_registry reg, uint16_t number);
/* The number of a mnemonic of len bytes, or -ENOENT. */
int dns_number(enum dns_registry reg, const char *text, size_t len);
/* All entries, for completion; *n is their number. */
const struct dns_name_entry *dns_entries(enum dns_registry reg, size_t *n);

#endif
