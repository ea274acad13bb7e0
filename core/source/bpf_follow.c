/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/bpf_follow.h"

/* Two steps below what is wanted, so that a step down does not lead up again. */
#define RATE_LITTLE (BPF_FOLLOW_WANTED / 4)

bool bpf_follow_update(struct bpf_follow *f, uint64_t told, uint32_t max, uint64_t now_ns)
{
	uint64_t passed_ns = now_ns - f->looked_ns, rate;

	if (passed_ns < BPF_FOLLOW_LOOK_NS)
		return false;
	rate = (told - f->told) * BPF_FOLLOW_LOOK_NS / passed_ns;
	f->before = f->level;
	f->told = told;
	f->looked_ns = now_ns;
	if (rate > BPF_FOLLOW_MANY)
		for (; rate > BPF_FOLLOW_WANTED && f->level < max; rate /= 2)
			f->level++;
	else if (rate < RATE_LITTLE && f->level > 0)
		f->level--;
	return f->level != f->before;
}
