/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The programs for kernels with the kfunc bpf_rdonly_cast (6.2 and newer),
 * which makes packet bytes plain loads. An object of its own, because libbpf
 * may look a missing kfunc up in every module, for which CAP_BPF is too little.
 */
#define DNSTOP_DIRECT
#include "bpf/hooks.h"
