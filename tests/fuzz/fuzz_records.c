/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a message to show: whole lines of printable ASCII come out,
 * whatever the room is. The first two bytes choose it; the message follows.
 */
#include <stdlib.h>
#include <string.h>

#include "core/enrich/records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int what)
{
	if (!what)
		abort();
}

static void check(const char *text, size_t n, size_t room)
{
	require(n < room || (n == 0 && room == 0));
	if (room == 0)
		return;
	require(strlen(text) == n);
	for (size_t i = 0; i < n; i++)
		require(text[i] == '\n' || (text[i] >= 0x20 && text[i] <= 0x7e));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t room;
	char *text;

	if (size < 2)
		return 0;
	room = (size_t)(data[0] << 8 | data[1]);
	text = malloc(room ? room : 1);
	if (!text)
		return 0;
	check(text, records_answers(data + 2, size - 2, text, room), room);
	check(text, records_message(data + 2, size - 2, text, room), room);
	free(text);
	return 0;
}
