/* capture.h - a radio record on disk: pcapng, so that Wireshark opens it.
 *
 * Written: one section header, an interface of link type IPv4 (228) and one of
 * Ethernet (1), both with microseconds, and an enhanced packet block for each
 * IPv4/UDP packet or EAPOL frame (draft-ietf-opsawg-pcapng). Opened to append, a new section follows the old
 * ones. Read: any pcapng of either byte order whose packets are IPv4/UDP or EAPOL;
 * other blocks and packets are passed over. */
#ifndef SIMRITE_CAPTURE_H
#define SIMRITE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/fault.h"

enum {
	CAPTURE_PAYLOAD_MAX = 1400,
	CAPTURE_INTERFACES = 8, /* of a section that is read; packets of others are passed over */
};

enum capture_link {
	CAPTURE_UDP = 0,
	CAPTURE_EAPOL = 1, /* on Ethernet: the address is the end of 02:00:..., there are no ports */
};

/* One UDP datagram or EAPOL frame. Addresses and ports in host order. */
struct datagram {
	enum capture_link link;
	uint64_t microseconds; /* since 1970 */
	uint32_t from, to;
	uint16_t from_port, to_port;
	uint8_t payload[CAPTURE_PAYLOAD_MAX];
	size_t length;
};

struct capture {
	FILE *file;
	/* reading: */
	bool swapped; /* the section's byte order is not ours */
	uint16_t links[CAPTURE_INTERFACES];
	unsigned interfaces;
};

/* Create or append; the caller closes. `note` is a comment on the section. */
int capture_create(struct capture *capture, const char *path, bool append, const char *note,
		   struct fault *fault);
int capture_write(struct capture *capture, const struct datagram *datagram, struct fault *fault);
/* Done writing. Flushes to disk; a full disk shows here. */
int capture_close(struct capture *capture, struct fault *fault);

/* Open to read, then 1 for each datagram, 0 at the end, -1 when the file is not sound. */
int capture_open(struct capture *capture, const char *path, struct fault *fault);
int capture_read(struct capture *capture, struct datagram *datagram, struct fault *fault);
void capture_end(struct capture *capture); /* done reading */

#endif
