/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/popup.h"

#include "tui/actions.h"
#include "tui/keymap.h"

bool popup_move_of(int key, enum move *how)
{
	const struct action *a = keymap_find(key);

	if (!a || a->run != act_move)
		return false;
	*how = (enum move)a->arg;
	return true;
}
