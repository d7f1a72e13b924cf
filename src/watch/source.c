/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>
#include <zstd.h>

#include "base/i18n.h"
#include "base/mem.h"

#define IN_BYTES ((size_t)256 * 1024)

enum packing { PLAIN, GZIP, ZSTANDARD, ZIP };

struct source {
	int fd;
	char *path;
	enum packing packing;
	unsigned char *in; /* IN_BYTES */
	size_t at, n;	   /* unread part of in */
	bool end;	   /* of the file */
	int64_t read_bytes, size;
	z_stream z;
	bool z_open, entry_open;
	size_t stored_left; /* ZIP: of an entry that is not compressed */
	int method;
	bool has_descriptor;
	ZSTD_DStream *zstd;
	size_t zstd_wants;  /* 0: at a frame's border */
};

static bool unreadable(const struct source *s, struct fault *fault)
{
	return fault_set(fault, FAULT_SYSTEM, _("%s cannot be read: %s"), s->path, strerror(errno));
}

/* Make at least `least` bytes available, unless the file ends. */
static bool fill(struct source *s, size_t least, struct fault *fault)
{
	if (s->n - s->at >= least || s->end)
		return true;
	memmove(s->in, s->in + s->at, s->n - s->at);
	s->n -= s->at;
	s->at = 0;
	while (s->n < least && !s->end) {
		ssize_t got = read(s->fd, s->in + s->n, IN_BYTES - s->n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return unreadable(s, fault);
		s->end = got == 0;
		s->n += (size_t)got;
		s->read_bytes += got;
	}
	return true;
}

static bool damaged(struct source *s, const char *why, struct fault *fault)
{
	return fault_set(fault, FAULT_INPUT, _("%s is damaged: %s"), s->path, why);
}

bool source_open(const char *path, struct source **out, struct fault *fault)
{
	struct source *s = mem_zalloc(sizeof *s);
	struct stat st;
	s->in = mem_alloc(IN_BYTES);
	s->path = mem_strdup(path);
	s->fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0) {
		fault_set(fault, errno == ENOENT ? FAULT_NOT_FOUND : FAULT_SYSTEM, _("%s cannot be opened: %s"), path, strerror(errno));
		source_close(s);
		return false;
	}
	if (fstat(s->fd, &st) == 0 && S_ISREG(st.st_mode))
		s->size = st.st_size;
	if (!fill(s, 4, fault)) {
		source_close(s);
		return false;
	}
	if (s->n >= 2 && s->in[0] == 0x1F && s->in[1] == 0x8B)
		s->packing = GZIP;
	else if (s->n >= 4 && memcmp(s->in, "\x28\xB5\x2F\xFD", 4) == 0)
		s->packing = ZSTANDARD;
	else if (s->n >= 4 && memcmp(s->in, "PK\3\4", 4) == 0)
		s->packing = ZIP;
	*out = s;
	return true;
}

void source_close(struct source *s)
{
	if (s == NULL)
		return;
	if (s->z_open)
		inflateEnd(&s->z);
	ZSTD_freeDStream(s->zstd);
	if (s->fd >= 0)
		close(s->fd);
	free(s->in);
	free(s->path);
	free(s);
}

double source_progress(const struct source *s)
{
	return s->size > 0 ? (double)s->read_bytes / (double)s->size : -1;
}

static bool start_inflate(struct source *s, int window_bits, struct fault *fault)
{
	if (s->z_open)
		inflateEnd(&s->z);
	memset(&s->z, 0, sizeof s->z);
	s->z_open = inflateInit2(&s->z, window_bits) == Z_OK;
	return s->z_open || fault_set(fault, FAULT_SYSTEM, _("zlib cannot start"));
}

/* One step of inflate; *ended when the stream is complete. */
static bool inflate_some(struct source *s, char *bytes, size_t n, size_t *got, bool *ended,
    struct fault *fault)
{
	*got = 0;
	*ended = false;
	while (*got == 0 && !*ended) {
		if (!fill(s, 1, fault))
			return false;
		if (s->at == s->n)
			return damaged(s, "it ends too early", fault);
		s->z.next_in = s->in + s->at;
		s->z.avail_in = (uInt)(s->n - s->at);
		s->z.next_out = (unsigned char *)bytes;
		s->z.avail_out = (uInt)MIN(n, (size_t)1 << 30);
		uInt room = s->z.avail_out;
		int code = inflate(&s->z, Z_NO_FLUSH);
		s->at = s->n - s->z.avail_in;
		*got = room - s->z.avail_out;
		if (code == Z_STREAM_END)
			*ended = true;
		else if (code != Z_OK && code != Z_BUF_ERROR)
			return damaged(s, s->z.msg != NULL ? s->z.msg : "not deflate", fault);
	}
	return true;
}

static bool read_gzip(struct source *s, char *bytes, size_t n, size_t *got, struct fault *fault)
{
	for (;;) {
		bool ended;
		if (!s->entry_open) {
			/* Members may follow one another (as log rotation does). */
			if (!fill(s, 2, fault))
				return false;
			if (s->n - s->at < 2 || s->in[s->at] != 0x1F || s->in[s->at + 1] != 0x8B) {
				*got = 0;
				return true;
			}
			if (!start_inflate(s, 15 + 16, fault))
				return false;
			s->entry_open = true;
		}
		if (!inflate_some(s, bytes, n, got, &ended, fault))
			return false;
		s->entry_open = !ended;
		if (*got > 0)
			return true;
	}
}

static bool read_zstd(struct source *s, char *bytes, size_t n, size_t *got, struct fault *fault)
{
	if (s->zstd == NULL) {
		s->zstd = ZSTD_createDStream();
		ZSTD_initDStream(s->zstd);
		/* A hostile header may ask for gigabytes of window. */
		ZSTD_DCtx_setParameter(s->zstd, ZSTD_d_windowLogMax, 27);
	}
	*got = 0;
	while (*got == 0) {
		if (!fill(s, 1, fault))
			return false;
		if (s->at == s->n)
			return s->zstd_wants == 0 || damaged(s, "it ends too early", fault);
		ZSTD_inBuffer in = { s->in, s->n, s->at };
		ZSTD_outBuffer out = { bytes, n, 0 };
		s->zstd_wants = ZSTD_decompressStream(s->zstd, &out, &in);
		if (ZSTD_isError(s->zstd_wants))
			return damaged(s, ZSTD_getErrorName(s->zstd_wants), fault);
		s->at = in.pos;
		*got = out.pos;
	}
	return true;
}

static unsigned le(const unsigned char *p, int bytes)
{
	unsigned value = 0;
	for (int i = bytes; i-- > 0;)
		value = value << 8 | p[i];
	return value;
}

/* The next local header, or *more false where the central directory begins. */
static bool open_entry(struct source *s, bool *more, struct fault *fault)
{
	*more = false;
	if (!fill(s, 46, fault))
		return false;
	const unsigned char *h = s->in + s->at;
	size_t n = s->n - s->at;
	/* Behind an entry of unknown size stands its descriptor. */
	if (s->has_descriptor) {
		size_t skip = n >= 4 && memcmp(h, "PK\7\10", 4) == 0 ? 16 : 12;
		if (n < skip)
			return damaged(s, "it ends too early", fault);
		s->at += skip;
		s->has_descriptor = false;
		return open_entry(s, more, fault);
	}
	if (n < 4 || memcmp(h, "PK\3\4", 4) != 0)
		return true;
	if (n < 30)
		return damaged(s, "it ends inside a header", fault);
	unsigned flags = le(h + 6, 2), name = le(h + 26, 2), extra = le(h + 28, 2);
	s->method = (int)le(h + 8, 2);
	s->stored_left = le(h + 18, 4);
	s->has_descriptor = flags & 8;
	if (flags & 1)
		return damaged(s, "its entries are encrypted", fault);
	if ((s->method != 0 && s->method != 8) || (s->method == 0 && s->has_descriptor))
		return damaged(s, "an entry is packed in a way that is not read", fault);
	size_t skip = 30 + name + extra;
	if (!fill(s, skip, fault))
		return false;
	if (s->n - s->at < skip)
		return damaged(s, "it ends inside a header", fault);
	s->at += skip;
	*more = s->entry_open = true;
	return s->method == 0 || start_inflate(s, -15, fault);
}

static bool read_zip(struct source *s, char *bytes, size_t n, size_t *got, struct fault *fault)
{
	*got = 0;
	while (*got == 0) {
		bool more, ended = false;
		if (!s->entry_open) {
			if (!open_entry(s, &more, fault))
				return false;
			if (!more)
				return true;
		}
		if (s->method == 8) {
			if (!inflate_some(s, bytes, n, got, &ended, fault))
				return false;
		} else {
			if (!fill(s, 1, fault))
				return false;
			size_t take = MIN(MIN(n, s->stored_left), s->n - s->at);
			if (take == 0 && s->stored_left > 0)
				return damaged(s, "it ends too early", fault);
			memcpy(bytes, s->in + s->at, take);
			s->at += take;
			s->stored_left -= take;
			*got = take;
			ended = s->stored_left == 0;
		}
		s->entry_open = !ended;
	}
	return true;
}

bool source_read(struct source *s, char *bytes, size_t n, size_t *got, struct fault *fault)
{
	switch (s->packing) {
	case GZIP:
		return read_gzip(s, bytes, n, got, fault);
	case ZSTANDARD:
		return read_zstd(s, bytes, n, got, fault);
	case ZIP:
		return read_zip(s, bytes, n, got, fault);
	case PLAIN:
		break;
	}
	if (s->at == s->n && !s->end && n >= IN_BYTES) {
		/* Nothing to unpack: straight to where it is wanted. */
		ssize_t count;
		while ((count = read(s->fd, bytes, n)) < 0 && errno == EINTR)
			;
		if (count < 0)
			return unreadable(s, fault);
		s->end = count == 0;
		s->read_bytes += count;
		*got = (size_t)count;
		return true;
	}
	if (!fill(s, 1, fault))
		return false;
	*got = MIN(n, s->n - s->at);
	memcpy(bytes, s->in + s->at, *got);
	s->at += *got;
	return true;
}
