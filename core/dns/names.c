/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/dns/names.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* clang-format off */
/* Every table is in the order of its numbers. */
static const struct dns_name_entry types[] = {
	{ 1, "A", "a host address" },
	{ 2, "NS", "an authoritative name server" },
	{ 3, "MD", "a mail destination (OBSOLETE - use MX)" },
	{ 4, "MF", "a mail forwarder (OBSOLETE - use MX)" },
	{ 5, "CNAME", "the canonical name for an alias" },
	{ 6, "SOA", "marks the start of a zone of authority" },
	{ 7, "MB", "a mailbox domain name (EXPERIMENTAL)" },
	{ 8, "MG", "a mail group member (EXPERIMENTAL)" },
	{ 9, "MR", "a mail rename domain name (EXPERIMENTAL)" },
	{ 10, "NULL", "a null RR (EXPERIMENTAL)" },
	{ 11, "WKS", "a well known service description" },
	{ 12, "PTR", "a domain name pointer" },
	{ 13, "HINFO", "host information" },
	{ 14, "MINFO", "mailbox or mail list information" },
	{ 15, "MX", "mail exchange" },
	{ 16, "TXT", "text strings" },
	{ 17, "RP", "for Responsible Person" },
	{ 18, "AFSDB", "for AFS Data Base location" },
	{ 19, "X25", "for X.25 PSDN address" },
	{ 20, "ISDN", "for ISDN address" },
	{ 21, "RT", "for Route Through" },
	{ 22, "NSAP", "for NSAP address, NSAP style A record (DEPRECATED)" },
	{ 23, "NSAP-PTR", "for domain name pointer, NSAP style (DEPRECATED)" },
	{ 24, "SIG", "for security signature" },
	{ 25, "KEY", "for security key" },
	{ 26, "PX", "X.400 mail mapping information" },
	{ 27, "GPOS", "Geographical Position" },
	{ 28, "AAAA", "IP6 Address" },
	{ 29, "LOC", "Location Information" },
	{ 30, "NXT", "Next Domain (OBSOLETE)" },
	{ 31, "EID", "Endpoint Identifier" },
	{ 32, "NIMLOC", "Nimrod Locator" },
	{ 33, "SRV", "Server Selection" },
	{ 34, "ATMA", "ATM Address" },
	{ 35, "NAPTR", "Naming Authority Pointer" },
	{ 36, "KX", "Key Exchanger" },
	{ 37, "CERT", "CERT" },
	{ 38, "A6", "A6 (OBSOLETE - use AAAA)" },
	{ 39, "DNAME", "DNAME" },
	{ 40, "SINK", "SINK" },
	{ 41, "OPT", "OPT" },
	{ 42, "APL", "APL" },
	{ 43, "DS", "Delegation Signer" },
	{ 44, "SSHFP", "SSH Key Fingerprint" },
	{ 45, "IPSECKEY", "IPSECKEY" },
	{ 46, "RRSIG", "RRSIG" },
	{ 47, "NSEC", "NSEC" },
	{ 48, "DNSKEY", "DNSKEY" },
	{ 49, "DHCID", "DHCID" },
	{ 50, "NSEC3", "NSEC3" },
	{ 51, "NSEC3PARAM", "NSEC3PARAM" },
	{ 52, "TLSA", "TLSA" },
	{ 53, "SMIMEA", "S/MIME cert association" },
	{ 55, "HIP", "Host Identity Protocol" },
	{ 56, "NINFO", "NINFO" },
	{ 57, "RKEY", "RKEY" },
	{ 58, "TALINK", "Trust Anchor LINK" },
	{ 59, "CDS", "Child DS" },
	{ 60, "CDNSKEY", "DNSKEY(s) the Child wants reflected in DS" },
	{ 61, "OPENPGPKEY", "OpenPGP Key" },
	{ 62, "CSYNC", "Child-To-Parent Synchronization" },
	{ 63, "ZONEMD", "Message Digest Over Zone Data" },
	{ 64, "SVCB", "General-purpose service binding" },
	{ 65, "HTTPS", "SVCB-compatible type for use with HTTP" },
	{ 66, "DSYNC", "Endpoint discovery for delegation synchronization" },
	{ 67, "HHIT", "Hierarchical Host Identity Tag" },
	{ 68, "BRID", "UAS Broadcast Remote Identification" },
	{ 69, "UNECE", NULL },
	{ 70, "ISO", NULL },
	{ 99, "SPF", NULL },
	{ 100, "UINFO", NULL },
	{ 101, "UID", NULL },
	{ 102, "GID", NULL },
	{ 103, "UNSPEC", NULL },
	{ 104, "NID", NULL },
	{ 105, "L32", NULL },
	{ 106, "L64", NULL },
	{ 107, "LP", NULL },
	{ 108, "EUI48", "an EUI-48 address" },
	{ 109, "EUI64", "an EUI-64 address" },
	{ 128, "NXNAME", "NXDOMAIN indicator for Compact Denial of Existence" },
	{ 249, "TKEY", "Transaction Key" },
	{ 250, "TSIG", "Transaction Signature" },
	{ 251, "IXFR", "incremental transfer" },
	{ 252, "AXFR", "transfer of an entire zone" },
	{ 253, "MAILB", "mailbox-related RRs (MB, MG or MR)" },
	{ 254, "MAILA", "mail agent RRs (OBSOLETE - see MX)" },
	{ 255, "ANY", "A request for some or all records the server has available" },
	{ 256, "URI", "URI" },
	{ 257, "CAA", "Certification Authority Restriction" },
	{ 258, "AVC", "Application Visibility and Control" },
	{ 259, "DOA", "Digital Object Architecture" },
	{ 260, "AMTRELAY", "Automatic Multicast Tunneling Relay" },
	{ 261, "RESINFO", "Resolver Information as Key/Value Pairs" },
	{ 262, "WALLET", "Public wallet address" },
	{ 263, "CLA", "BP Convergence Layer Adapter" },
	{ 264, "IPN", "BP Node Number" },
	{ 32768, "TA", "DNSSEC Trust Authorities" },
	{ 32769, "DLV", "DNSSEC Lookaside Validation (OBSOLETE)" },
};

static const struct dns_name_entry classes[] = {
	{ 1, "IN", "Internet" },
	{ 3, "CH", "Chaos" },
	{ 4, "HS", "Hesiod" },
	{ 254, "NONE", "QCLASS NONE" },
	{ 255, "ANY", "QCLASS * (ANY)" },
};

static const struct dns_name_entry opcodes[] = {
	{ 0, "QUERY", "Query" },   { 1, "IQUERY", "Inverse Query, OBSOLETE" },
	{ 2, "STATUS", "Status" }, { 4, "NOTIFY", "Notify" },
	{ 5, "UPDATE", "Update" }, { 6, "DSO", "DNS Stateful Operations" },
};

static const struct dns_name_entry rcodes[] = {
	{ 0, "NOERROR", "No Error" },
	{ 1, "FORMERR", "Format Error" },
	{ 2, "SERVFAIL", "Server Failure" },
	{ 3, "NXDOMAIN", "Non-Existent Domain" },
	{ 4, "NOTIMP", "Not Implemented" },
	{ 5, "REFUSED", "Query Refused" },
	{ 6, "YXDOMAIN", "Name Exists when it should not" },
	{ 7, "YXRRSET", "RR Set Exists when it should not" },
	{ 8, "NXRRSET", "RR Set that should exist does not" },
	{ 9, "NOTAUTH", "Server Not Authoritative for zone, or Not Authorized" },
	{ 10, "NOTZONE", "Name not contained in zone" },
	{ 11, "DSOTYPENI", "DSO-TYPE Not Implemented" },
	{ 16, "BADVERS", "Bad OPT Version" },
	{ 17, "BADKEY", "Key not recognized" },
	{ 18, "BADTIME", "Signature out of time window" },
	{ 19, "BADMODE", "Bad TKEY Mode" },
	{ 20, "BADNAME", "Duplicate key name" },
	{ 21, "BADALG", "Algorithm not supported" },
	{ 22, "BADTRUNC", "Bad Truncation" },
	{ 23, "BADCOOKIE", "Bad/missing Server Cookie" },
};

/* IANA gives sentences only; the mnemonic is one with its gaps closed, so that
 * it is a word of the filter language. */
static const struct dns_name_entry edes[] = {
	{ 0, "Other-Error", "Other Error" },
	{ 1, "Unsupported-DNSKEY-Algorithm", "Unsupported DNSKEY Algorithm" },
	{ 2, "Unsupported-DS-Digest-Type", "Unsupported DS Digest Type" },
	{ 3, "Stale-Answer", "Stale Answer" },
	{ 4, "Forged-Answer", "Forged Answer" },
	{ 5, "DNSSEC-Indeterminate", "DNSSEC Indeterminate" },
	{ 6, "DNSSEC-Bogus", "DNSSEC Bogus" },
	{ 7, "Signature-Expired", "Signature Expired" },
	{ 8, "Signature-Not-Yet-Valid", "Signature Not Yet Valid" },
	{ 9, "DNSKEY-Missing", "DNSKEY Missing" },
	{ 10, "RRSIGs-Missing", "RRSIGs Missing" },
	{ 11, "No-Zone-Key-Bit-Set", "No Zone Key Bit Set" },
	{ 12, "NSEC-Missing", "NSEC Missing" },
	{ 13, "Cached-Error", "Cached Error" },
	{ 14, "Not-Ready", "Not Ready" },
	{ 15, "Blocked", "Blocked" },
	{ 16, "Censored", "Censored" },
	{ 17, "Filtered", "Filtered" },
	{ 18, "Prohibited", "Prohibited" },
	{ 19, "Stale-NXDOMAIN-Answer", "Stale NXDOMAIN Answer" },
	{ 20, "Not-Authoritative", "Not Authoritative" },
	{ 21, "Not-Supported", "Not Supported" },
	{ 22, "No-Reachable-Authority", "No Reachable Authority" },
	{ 23, "Network-Error", "Network Error" },
	{ 24, "Invalid-Data", "Invalid Data" },
	{ 25, "Signature-Expired-before-Valid", "Signature Expired before Valid" },
	{ 26, "Too-Early", "Too Early" },
	{ 27, "Unsupported-NSEC3-Iterations", "Unsupported NSEC3 Iterations Value" },
	{ 28, "Unable-to-conform-to-policy", "Unable to conform to policy" },
	{ 29, "Synthesized", "Synthesized" },
	{ 30, "Invalid-Query-Type", "Invalid Query Type" },
	{ 31, "Rate-Limited", "Rate Limited" },
	{ 32, "Over-Quota", "Over Quota" },
	{ 33, "Negative-Trust-Anchor", "Negative Trust Anchor" },
	{ 34, "New-Delegation-Only", "New Delegation Only" },
};

static const struct {
	const struct dns_name_entry *entries;
	size_t n;
	const char *prefix; /* of a number without a mnemonic */
	uint16_t max;
} registries[] = {
	[DNS_TYPES] = { types, ARRAY_SIZE(types), "TYPE", UINT16_MAX },
	[DNS_CLASSES] = { classes, ARRAY_SIZE(classes), "CLASS", UINT16_MAX },
	[DNS_OPCODES] = { opcodes, ARRAY_SIZE(opcodes), "OPCODE", 15 },
	[DNS_RCODES] = { rcodes, ARRAY_SIZE(rcodes), "RCODE", UINT16_MAX },
	[DNS_EDES] = { edes, ARRAY_SIZE(edes), "EDE", UINT16_MAX },
};

/* Other names that people type. */
static const struct {
	enum dns_registry reg;
	uint16_t number;
	const char *name;
} aliases[] = {
	{ DNS_TYPES, 255, "*" },      { DNS_CLASSES, 1, "INTERNET" }, { DNS_CLASSES, 3, "CHAOS" },
	{ DNS_CLASSES, 4, "HESIOD" }, { DNS_CLASSES, 255, "*" },      { DNS_RCODES, 4, "NOTIMPL" },
	{ DNS_RCODES, 16, "BADSIG" }, /* the same number where TSIG reports it, RFC 8945 */
};
/* clang-format on */

static const struct dns_name_entry *entry_of(enum dns_registry reg, uint16_t number)
{
	const struct dns_name_entry *entries = registries[reg].entries;
	size_t low = 0, high = registries[reg].n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (entries[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < registries[reg].n && entries[low].number == number ? &entries[low] : NULL;
}

const char *dns_mnemonic(enum dns_registry reg, uint16_t number, char buf[DNS_MNEMONIC_MAX])
{
	const struct dns_name_entry *e = entry_of(reg, number);

	if (e)
		return e->mnemonic;
	snprintf(buf, DNS_MNEMONIC_MAX, "%s%u", registries[reg].prefix, number);
	return buf;
}

const char *dns_description(enum dns_registry reg, uint16_t number)
{
	const struct dns_name_entry *e = entry_of(reg, number);

	return e ? e->description : NULL;
}

static bool same_name(const char *name, const char *text, size_t len)
{
	return strlen(name) == len && strncasecmp(name, text, len) == 0;
}

/* Decimal digits and nothing else, at most max; -ENOENT otherwise. */
static int number_of(const char *digits, size_t len, uint16_t max)
{
	unsigned int number = 0;

	if (len == 0)
		return -ENOENT;
	for (size_t i = 0; i < len; i++) {
		if (!isdigit((unsigned char)digits[i]))
			return -ENOENT;
		number = number * 10 + (unsigned int)(digits[i] - '0');
		if (number > max)
			return -ENOENT;
	}
	return (int)number;
}

int dns_number(enum dns_registry reg, const char *text, size_t len)
{
	const char *prefix = registries[reg].prefix;
	size_t prefix_len = strlen(prefix);

	for (size_t i = 0; i < registries[reg].n; i++)
		if (same_name(registries[reg].entries[i].mnemonic, text, len))
			return registries[reg].entries[i].number;
	for (size_t i = 0; i < ARRAY_SIZE(aliases); i++)
		if (aliases[i].reg == reg && same_name(aliases[i].name, text, len))
			return aliases[i].number;
	if (len > prefix_len && strncasecmp(text, prefix, prefix_len) == 0) {
		text += prefix_len;
		len -= prefix_len;
	}
	return number_of(text, len, registries[reg].max);
}

const struct dns_name_entry *dns_entries(enum dns_registry reg, size_t *n)
{
	*n = registries[reg].n;
	return registries[reg].entries;
}
