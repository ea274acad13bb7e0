/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/panel/panel.h"

/* THE list of panels, in the order of the screen until the user chooses. */
/* clang-format off */
static const struct panel list[] = {
	{ .name = "latency-avg", .title = "average DNS latencies", .ops = &panel_ranked_ops,
	  .column = GROUP_LATENCY_AVG, .shown = true },
	{ .name = "rcodes", .title = "DNS response codes", .ops = &panel_ranked_ops,
	  .field = "rcode", .column = GROUP_COUNT, .shown = true },
	{ .name = "rcodes-time", .title = "response codes with total", .ops = &panel_times_ops,
	  .field = "rcode", .column = GROUP_COUNT, .shown = true },
	{ .name = "latency-p90", .title = "p90 DNS latencies", .ops = &panel_ranked_ops,
	  .column = GROUP_LATENCY_P90, .shown = true },
	{ .name = "names", .title = "DNS names", .ops = &panel_ranked_ops,
	  .field = "qname", .column = GROUP_COUNT, .shown = true },
	{ .name = "latency-time", .title = "DNS latency over time", .ops = &panel_line_ops,
	  .column = GROUP_LATENCY_AVG, .shown = true },
	{ .name = "unanswered", .title = "unanswered", .ops = &panel_ranked_ops,
	  .column = GROUP_TIMEOUTS, .shown = true },
	{ .name = "clients", .title = "clients", .ops = &panel_ranked_ops,
	  .field = "client", .column = GROUP_COUNT, .shown = true },
	{ .name = "latency-p50", .title = "p50 DNS latencies", .ops = &panel_ranked_ops,
	  .column = GROUP_LATENCY_P50 },
	{ .name = "latency-p99", .title = "p99 DNS latencies", .ops = &panel_ranked_ops,
	  .column = GROUP_LATENCY_P99 },
	{ .name = "latency-max", .title = "maximum DNS latencies", .ops = &panel_ranked_ops,
	  .column = GROUP_LATENCY_MAX },
	{ .name = "latency-min", .title = "minimum DNS latencies", .ops = &panel_ranked_ops,
	  .column = GROUP_LATENCY_MIN, .ascending = true },
	{ .name = "latency-bands", .title = "DNS latencies by steps", .ops = &panel_ranked_ops,
	  .field = "band", .column = GROUP_COUNT },
	{ .name = "errors", .title = "errors", .ops = &panel_ranked_ops,
	  .column = GROUP_ERRORS },
	{ .name = "domains", .title = "registrable domains", .ops = &panel_ranked_ops,
	  .field = "domain", .column = GROUP_COUNT },
	{ .name = "servers", .title = "servers", .ops = &panel_ranked_ops,
	  .field = "server", .column = GROUP_COUNT },
	{ .name = "processes", .title = "processes", .ops = &panel_ranked_ops,
	  .field = "comm", .column = GROUP_COUNT },
	{ .name = "containers", .title = "containers", .ops = &panel_ranked_ops,
	  .field = "container", .column = GROUP_COUNT },
	{ .name = "pods", .title = "pods", .ops = &panel_ranked_ops,
	  .field = "pod", .column = GROUP_COUNT },
	{ .name = "types", .title = "query types", .ops = &panel_ranked_ops,
	  .field = "qtype", .column = GROUP_COUNT },
	{ .name = "interfaces", .title = "interfaces", .ops = &panel_ranked_ops,
	  .field = "interface", .column = GROUP_COUNT },
	{ .name = "resolvers", .title = "resolvers", .ops = &panel_board_ops,
	  .board = &board_resolvers },
	{ .name = "search", .title = "wasted by search lists", .ops = &panel_board_ops,
	  .board = &board_searches },
	{ .name = "rate", .title = "DNS rate with total", .ops = &panel_times_ops,
	  .column = GROUP_COUNT },
};
/* clang-format on */

const struct panel *panels(size_t *n)
{
	*n = sizeof(list) / sizeof(list[0]);
	return list;
}
