/* mail.h - read one intercepted mail (RFC 5322, MIME: RFC 2045, 2046).
 *
 * What a harvester needs: a few headers, and every leaf part decoded from
 * base64 or quoted-printable to bytes. Bad mail gives what can be read. */
#ifndef SIMRITE_MAIL_H
#define SIMRITE_MAIL_H

#include <stddef.h>

#include "lib/fault.h"

enum {
	MAIL_PARTS_MAX = 16
};

struct mail_part {
	char name[96]; /* the attachment's file name; empty for a body */
	char *text;    /* decoded, with a 0 after the end */
	size_t length;
};

struct mail {
	char from[128], to[128], subject[192];
	struct mail_part parts[MAIL_PARTS_MAX];
	size_t count;
};

/* Parse `length` bytes; only running out of memory fails. Free either way. */
int mail_parse(struct mail *mail, const char *bytes, size_t length, struct fault *fault);
int mail_read(struct mail *mail, const char *path, struct fault *fault);
void mail_free(struct mail *mail);

#endif
