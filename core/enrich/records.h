/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Resource records as text, through ldns: for the detail pane and the `answer`
 * key. The only file that sees that library.
 */
#ifndef DNSTOP_ENRICH_RECORDS_H
#define DNSTOP_ENRICH_RECORDS_H

#include <stddef.h>
#include <stdint.h>

/* The data of each answer record ("192.0.2.1", "10 mx.example.org."), one a
 * line, without a final newline, as much as fits whole lines into size. Bytes
 * outside printable ASCII are escaped. Returns the length; 0 when there is none or
 * the message can't be read. */
size_t records_answers(const uint8_t *wire, size_t len, char *buf, size_t size);

/* The whole message as dig shows it: sections, owner, ttl, class, type, data.
 * Lines end with '\n'. Returns the length. */
size_t records_message(const uint8_t *wire, size_t len, char *buf, size_t size);

/* What of it says the OPT record: payload, DO, and each option; as above, and
 * nothing where there is none. */
size_t records_edns(const uint8_t *wire, size_t len, char *buf, size_t size);

#endif
