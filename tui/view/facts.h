/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The facts of one transaction as lines of a document.
 */
#ifndef DNSTOP_VIEW_FACTS_H
#define DNSTOP_VIEW_FACTS_H

#include "tui/model/frame.h"
#include "tui/widget/doc.h"

/* Adds them, each under its title; nothing of what is absent. */
void facts_write(struct doc *d, const struct frame *f, const struct flow *row);

#endif
