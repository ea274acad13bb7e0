/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/sink/sink.h"

#include <string.h>

#include "core/sink/out.h"

static const struct sink_ops *const sinks[] = {
	&sink_json,
	&sink_csv,
	&sink_text,
	&sink_pcapng,
};

const struct sink_ops *sink_find(const char *name)
{
	for (size_t i = 0; i < sizeof(sinks) / sizeof(sinks[0]); i++)
		if (strcmp(sinks[i]->name, name) == 0)
			return sinks[i];
	return NULL;
}
