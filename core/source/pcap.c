/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/pcap.h"

#include "core/source/source_list.h"

static int pcap_open(struct source **out, const struct source_config *cfg, struct err *err)
{
	return source_names_file(cfg->input) ? pcap_file_open(out, cfg, err)
					     : pcap_live_open(out, cfg, err);
}

/* What is opened brings the rest of its operations along. */
const struct source_ops source_pcap = {
	.name = "pcap",
	.open = pcap_open,
};
