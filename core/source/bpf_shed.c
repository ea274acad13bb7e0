/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/bpf_shed.h"

#include <string.h>

/* In 256ths of a ring. */
#define FILL_MUCH   128u
#define FILL_LITTLE 32u

/* Forgets steps that ended before the lag; the newest stays, whatever its age. */
static void forget(struct bpf_shed *s, uint64_t now_ns)
{
	unsigned gone = 0;

	while (gone + 1 < s->n_steps && now_ns - s->steps[gone + 1].since_ns > BPF_SHED_LAG_NS)
		gone++;
	memmove(s->steps, s->steps + gone, (s->n_steps - gone) * sizeof(s->steps[0]));
	s->n_steps -= gone;
}

static bool look_back(struct bpf_shed *s)
{
	uint32_t queries = s->queries, answers = s->answers;

	s->queries = s->steps[s->n_steps - 1].n;
	s->answers = s->greatest = s->queries;
	for (unsigned i = 0; i < s->n_steps; i++) {
		if (s->steps[i].n < s->answers)
			s->answers = s->steps[i].n;
		if (s->steps[i].n > s->greatest)
			s->greatest = s->steps[i].n;
	}
	return queries != s->queries || answers != s->answers;
}

bool bpf_shed_set(struct bpf_shed *s, uint32_t n, uint64_t now_ns)
{
	if (s->n_steps == 0)
		s->steps[s->n_steps++].since_ns = 0;
	forget(s, now_ns);
	if (n != s->steps[s->n_steps - 1].n) {
		/* More changes than are remembered: the last of them counts for both. */
		if (s->n_steps == BPF_SHED_STEPS)
			s->n_steps--;
		s->steps[s->n_steps].since_ns = now_ns;
		s->steps[s->n_steps++].n = n;
	}
	return look_back(s);
}

bool bpf_shed_update(struct bpf_shed *s, unsigned fill, uint32_t max, uint64_t now_ns)
{
	uint32_t n = s->queries;

	if (fill >= FILL_LITTLE)
		s->busy_ns = now_ns;
	if (n == 0 && s->answers == s->greatest && fill < FILL_MUCH)
		return false;
	if (fill >= FILL_MUCH && n < max && now_ns - s->raised_ns >= BPF_SHED_RAISE_NS) {
		s->raised_ns = now_ns;
		n++;
	} else if (n > 0 && now_ns - s->busy_ns >= BPF_SHED_LOWER_NS) {
		s->busy_ns = now_ns; /* the next step wants a quiet of its own */
		n--;
	}
	return bpf_shed_set(s, n, now_ns);
}
