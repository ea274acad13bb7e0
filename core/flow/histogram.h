/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A latency histogram with bounded relative error, for averages and quantiles
 * of millions of samples in fixed memory: log-linear buckets, 32 to a power
 * of two, so that a quantile is within 1.6% of the truth. Nanoseconds.
 */
#ifndef DNSTOP_FLOW_HISTOGRAM_H
#define DNSTOP_FLOW_HISTOGRAM_H

#include <stdint.h>

struct histogram;

struct histogram *histogram_new(void); /* NULL when memory is short */
void histogram_free(struct histogram *h);
void histogram_reset(struct histogram *h);
void histogram_add(struct histogram *h, uint64_t ns);
void histogram_merge(struct histogram *into, const struct histogram *from);

uint64_t histogram_count(const struct histogram *h);
uint64_t histogram_min(const struct histogram *h); /* exact; 0 when empty */
uint64_t histogram_max(const struct histogram *h); /* exact */
uint64_t histogram_avg(const struct histogram *h); /* exact */
/* q in [0, 1]; 0 when empty. Nearest rank. */
uint64_t histogram_quantile(const struct histogram *h, double q);

#endif
