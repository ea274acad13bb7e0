/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/source/pcap_stream.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define RAW_SIZE     (64u << 10)
#define BUFFER_SIZE  (256u << 10)
#define MAGIC_LENGTH 4

struct input {
	struct pcap_stream pub;
	uint8_t *buffer;
	size_t size;
	int fd;
	bool pipe; /* may have nothing for now, and is then waited for */
	bool follow;
	bool ended;
	/* Bytes as they are in the file, before they are decompressed. */
	size_t raw_at, raw_have;
	bool raw_ended;
	/* Adds up to `room` bytes at `to`; 0 at the end. Set once the magic is known. */
	ssize_t (*read)(struct input *in, uint8_t *to, size_t room, struct err *err);
	bool in_member; /* the end of the file would cut a compressed member */
	z_stream gzip;
	ZSTD_DStream *zstd;
	uint8_t raw[RAW_SIZE];
};

static int read_error(struct err *err, int code)
{
	return err_set(err, code, "reading the capture failed: %s", strerror(-code));
}

/* At the end of a file that is followed; one that was cut will never grow to here. */
static ssize_t end_for_now(const struct input *in, struct err *err)
{
	off_t at = lseek(in->fd, 0, SEEK_CUR);
	struct stat st;

	if (at < 0 || fstat(in->fd, &st) < 0)
		return read_error(err, -errno);
	if (st.st_size < at)
		return err_set(err, -EIO, "the file became shorter while it was followed");
	return -EAGAIN;
}

/* read(2) that never waits for a pipe. */
static ssize_t read_fd(struct input *in, void *to, size_t room, struct err *err)
{
	struct pollfd pfd = { .fd = in->fd, .events = POLLIN };
	ssize_t n;

	if (in->pipe && poll(&pfd, 1, 0) == 0)
		return -EAGAIN;
	do
		n = read(in->fd, to, room);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? -EAGAIN : read_error(err, -errno);
	if (n == 0 && in->follow && !in->pipe)
		return end_for_now(in, err);
	return n;
}

/* Makes more raw bytes available behind those that are left. */
static int fill_raw(struct input *in, struct err *err)
{
	ssize_t n;

	if (in->raw_ended)
		return 0;
	memmove(in->raw, in->raw + in->raw_at, in->raw_have);
	in->raw_at = 0;
	n = read_fd(in, in->raw + in->raw_have, sizeof(in->raw) - in->raw_have, err);
	if (n < 0)
		return (int)n;
	in->raw_have += (size_t)n;
	in->raw_ended = n == 0;
	return 0;
}

static void take_raw(struct input *in, size_t n)
{
	in->raw_at += n;
	in->raw_have -= n;
}

static ssize_t read_plain(struct input *in, uint8_t *to, size_t room, struct err *err)
{
	size_t n = in->raw_have < room ? in->raw_have : room;

	if (in->raw_ended && !n)
		return 0;
	if (!n)
		return read_fd(in, to, room, err);
	memcpy(to, in->raw + in->raw_at, n);
	take_raw(in, n);
	return (ssize_t)n;
}

static ssize_t damaged(struct err *err, const char *format, const char *why)
{
	return err_set(err, -EIO, "the %s data is damaged: %s", format, why ? why : "unknown");
}

/* Several members one after the other are one file (RFC 1952, section 2.2). */
static ssize_t read_gzip(struct input *in, uint8_t *to, size_t room, struct err *err)
{
	z_stream *z = &in->gzip;
	int rc;

	z->next_out = to;
	z->avail_out = (uInt)room;
	while (z->avail_out == room) {
		if (!in->raw_have) {
			rc = fill_raw(in, err);
			if (rc < 0)
				return rc;
			if (!in->raw_have)
				return 0;
		}
		if (!in->in_member && inflateReset(z) != Z_OK)
			return damaged(err, "gzip", z->msg);
		z->next_in = in->raw + in->raw_at;
		z->avail_in = (uInt)in->raw_have;
		rc = inflate(z, Z_NO_FLUSH);
		take_raw(in, in->raw_have - z->avail_in);
		if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR) {
			/* What came out before is still good; it will say so again. */
			if (z->avail_out < room)
				break;
			return damaged(err, "gzip", z->msg);
		}
		in->in_member = rc != Z_STREAM_END;
	}
	return (ssize_t)(room - z->avail_out);
}

static ssize_t read_zstd(struct input *in, uint8_t *to, size_t room, struct err *err)
{
	ZSTD_outBuffer out = { .dst = to, .size = room };

	while (out.pos == 0) {
		ZSTD_inBuffer raw;
		size_t left;
		int rc;

		/* What it holds back comes out without further input. */
		if (!in->raw_have) {
			rc = fill_raw(in, err);
			if (rc < 0)
				return rc;
		}
		raw = (ZSTD_inBuffer){ .src = in->raw + in->raw_at, .size = in->raw_have };
		left = ZSTD_decompressStream(in->zstd, &out, &raw);
		if (ZSTD_isError(left))
			return damaged(err, "zstd", ZSTD_getErrorName(left));
		take_raw(in, raw.pos);
		if (!raw.pos && !out.pos && in->raw_ended)
			return 0;
		in->in_member = left != 0;
	}
	return (ssize_t)out.pos;
}

static int begin_gzip(struct input *in)
{
	int rc = inflateInit2(&in->gzip, 15 + 16);

	in->in_member = true;
	in->read = read_gzip;
	return rc == Z_OK ? 0 : -ENOMEM;
}

static int begin_zstd(struct input *in)
{
	in->zstd = ZSTD_createDStream();
	in->read = read_zstd;
	return in->zstd ? 0 : -ENOMEM;
}

/* Tells from the first bytes how the file is packed. */
static int begin(struct input *in, struct err *err)
{
	static const uint8_t gzip[] = { 0x1f, 0x8b };
	static const uint8_t zstd[] = { 0x28, 0xb5, 0x2f, 0xfd };
	int rc = 0;

	while (in->raw_have < MAGIC_LENGTH && !in->raw_ended) {
		rc = fill_raw(in, err);
		if (rc < 0)
			return rc;
	}
	in->read = read_plain;
	if (in->raw_have >= MAGIC_LENGTH && memcmp(in->raw, gzip, sizeof(gzip)) == 0)
		rc = begin_gzip(in);
	else if (in->raw_have >= MAGIC_LENGTH && memcmp(in->raw, zstd, sizeof(zstd)) == 0)
		rc = begin_zstd(in);
	return rc ? err_set(err, rc, "not enough memory to decompress") : 0;
}

/* Room for n bytes from the front on, and what is left moved there. */
static int make_room(struct input *in, size_t n, struct err *err)
{
	struct pcap_stream *s = &in->pub;

	if (s->have)
		memmove(in->buffer, s->at, s->have);
	if (n > in->size) {
		uint8_t *larger = realloc(in->buffer, n);

		if (!larger)
			return err_set(err, -ENOMEM, "not enough memory for %zu bytes", n);
		in->buffer = larger;
		in->size = n;
	}
	s->at = in->buffer;
	return 0;
}

int pcap_stream_fill(struct pcap_stream *s, size_t n, struct err *err)
{
	struct input *in = (struct input *)s;
	int rc;

	if (n > PCAP_STREAM_RUN_MAX)
		return err_set(err, -E2BIG, "a record of %zu bytes", n);
	if (!in->read) {
		rc = begin(in, err);
		if (rc < 0)
			return rc;
	}
	rc = make_room(in, n, err);
	if (rc < 0)
		return rc;
	while (s->have < n && !in->ended) {
		ssize_t got = in->read(in, in->buffer + s->have, in->size - s->have, err);

		if (got < 0)
			return (int)got;
		in->ended = got == 0;
		s->have += (size_t)got;
	}
	if (s->have >= n)
		return 0;
	if (in->in_member)
		return err_set(err, -EIO, "the compressed file ends in its middle");
	return -ENODATA;
}

void pcap_stream_follow(struct pcap_stream *s)
{
	((struct input *)s)->follow = true;
}

int pcap_stream_fd(const struct pcap_stream *s)
{
	const struct input *in = (const struct input *)s;

	return in->pipe ? in->fd : -1;
}

/* Opens the descriptor and learns what it is. */
static int open_input(struct input *in, const char *path, struct err *err)
{
	struct stat st;

	/* Not to hang on a FIFO that nobody writes to yet. */
	in->fd = strcmp(path, "-") == 0 ? STDIN_FILENO
					: open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (in->fd < 0 || fstat(in->fd, &st) < 0)
		return err_set(err, -errno, "%s", strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(err, -EISDIR, "%s", strerror(EISDIR));
	if (isatty(in->fd))
		return err_set(err, -EINVAL, "not a capture file: a terminal");
	in->pipe = S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode);
	return 0;
}

int pcap_stream_open(struct pcap_stream **out, const char *path, struct err *err)
{
	struct input *in = calloc(1, sizeof(*in));
	int rc;

	if (!in)
		return err_set(err, -ENOMEM, "not enough memory");
	in->fd = -1;
	in->size = BUFFER_SIZE;
	in->buffer = malloc(in->size);
	in->pub.at = in->buffer;
	rc = in->buffer ? open_input(in, path, err) : err_set(err, -ENOMEM, "not enough memory");
	if (rc)
		pcap_stream_close(&in->pub);
	else
		*out = &in->pub;
	return rc;
}

void pcap_stream_close(struct pcap_stream *s)
{
	struct input *in = (struct input *)s;

	if (!in)
		return;
	if (in->read == read_gzip)
		inflateEnd(&in->gzip);
	ZSTD_freeDStream(in->zstd);
	if (in->fd > STDERR_FILENO)
		close(in->fd);
	free(in->buffer);
	free(in);
}
