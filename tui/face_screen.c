/* SPDX-License-Identifier: BSD-2-Clause */
#include "tui/ui.h"

static int screen_fd(const void *face)
{
	return ui_fd(face);
}

static int screen_input(void *face, const struct ui_model *m)
{
	return ui_input(face, m);
}

static int screen_resized(void *face)
{
	return ui_resized(face);
}

static int screen_stop(void *face)
{
	return ui_stop(face);
}

static int screen_draw(void *face, const struct ui_model *m)
{
	ui_draw(face, m);
	return UI_NOTHING;
}

static bool screen_is_busy(const void *face)
{
	return ui_is_busy(face);
}

static int screen_close(void *face)
{
	ui_close(face);
	return 0;
}

const struct face_ops face_screen = {
	.fd = screen_fd,
	.input = screen_input,
	.resized = screen_resized,
	.stop = screen_stop,
	.draw = screen_draw,
	.is_busy = screen_is_busy,
	.close = screen_close,
};
