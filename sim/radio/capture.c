#include "radio/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum block_type {
	BLOCK_SECTION = 0x0A0D0D0A,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 6,
};

enum {
	MAGIC = 0x1A2B3C4D,
	LINK_ETHERNET = 1,
	LINK_IPV4 = 228,
	ETHERNET_HEADER = 14,
	ETHERTYPE_EAPOL = 0x888E,
	IPV4_HEADER = 20,
	UDP_HEADER = 8,
	PACKET_FIELDS = 20, /* interface, time high and low, captured and original length */
	BLOCK_MAX = 65536,
};

static void put32(uint8_t *at, uint32_t value)
{
	memcpy(at, &value, 4); /* in this machine's order: the magic says which */
}

static void put16_network(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32_network(uint8_t *at, uint32_t value)
{
	put16_network(at, value >> 16);
	put16_network(at + 2, value & 0xFFFF);
}

static uint32_t get32(const struct capture *capture, const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, 4);
	return capture->swapped ? __builtin_bswap32(value) : value;
}

static uint32_t get32_network(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int write_block(struct capture *capture, uint32_t type, const uint8_t *body, size_t length,
		       struct fault *fault)
{
	static const uint8_t zero[4];
	uint8_t head[8], tail[4];
	size_t padding = (4 - length % 4) % 4;
	uint32_t total = (uint32_t)(12 + length + padding);

	put32(head, type);
	put32(head + 4, total);
	put32(tail, total);
	if (fwrite(head, 1, 8, capture->file) == 8 && fwrite(body, 1, length, capture->file) == length &&
	    fwrite(zero, 1, padding, capture->file) == padding && fwrite(tail, 1, 4, capture->file) == 4)
		return 0;
	return fault_set(fault, FAULT_SYSTEM, "make room on the disk", "cannot write the radio record: %s",
			 strerror(errno));
}

static int write_section(struct capture *capture, const char *note, struct fault *fault)
{
	uint8_t body[16 + 4 + 256 + 4] = {0}, interface[8] = {0};
	size_t length = strnlen(note, 250), end;
	uint16_t version[2] = {1, 0}, option[2] = {1, (uint16_t)length};
	static const uint16_t links[][2] = {
		[CAPTURE_UDP] = {LINK_IPV4, 0}, [CAPTURE_EAPOL] = {LINK_ETHERNET, 0}};
	size_t i;

	put32(body, MAGIC);
	memcpy(body + 4, version, 4);
	memset(body + 8, 0xFF, 8); /* section length not given */
	memcpy(body + 16, option, 4);
	memcpy(body + 20, note, length);
	end = 20 + (length + 3) / 4 * 4;
	if (write_block(capture, BLOCK_SECTION, body, end + 4, fault) < 0)
		return -1;
	for (i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		memcpy(interface, links[i], 4); /* snap length 0: no limit */
		if (write_block(capture, BLOCK_INTERFACE, interface, sizeof(interface), fault) < 0)
			return -1;
	}
	return 0;
}

int capture_create(struct capture *capture, const char *path, bool append, const char *note,
		   struct fault *fault)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : O_TRUNC), 0644);

	capture->swapped = false;
	capture->file = fd < 0 ? NULL : fdopen(fd, append ? "ab" : "wb");
	if (!capture->file) {
		if (fd >= 0)
			close(fd);
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot open %s: %s", path, strerror(errno));
	}
	if (write_section(capture, note, fault) == 0)
		return 0;
	fclose(capture->file);
	capture->file = NULL;
	return -1;
}

static uint16_t ip_checksum(const uint8_t *header)
{
	uint32_t sum = 0;
	int i;

	for (i = 0; i < IPV4_HEADER; i += 2)
		sum += (uint32_t)header[i] << 8 | header[i + 1];
	while (sum >> 16)
		sum = (sum & 0xFFFF) + (sum >> 16);
	return (uint16_t)~sum;
}

static size_t write_udp(uint8_t *ip, const struct datagram *datagram)
{
	uint8_t *udp = ip + IPV4_HEADER;
	size_t total = IPV4_HEADER + UDP_HEADER + datagram->length;

	ip[0] = 0x45;
	put16_network(ip + 2, (unsigned)total);
	ip[8] = 64; /* time to live */
	ip[9] = 17; /* UDP */
	put32_network(ip + 12, datagram->from);
	put32_network(ip + 16, datagram->to);
	put16_network(ip + 10, ip_checksum(ip));
	put16_network(udp, datagram->from_port);
	put16_network(udp + 2, datagram->to_port);
	put16_network(udp + 4, (unsigned)(UDP_HEADER + datagram->length));
	memcpy(udp + UDP_HEADER, datagram->payload, datagram->length); /* checksum 0: not used */
	return total;
}

/* The address is the end of a locally administered one. */
static void put_station(uint8_t at[static 6], uint32_t address)
{
	at[0] = 0x02;
	at[1] = 0;
	put32_network(at + 2, address);
}

static size_t write_eapol(uint8_t *frame, const struct datagram *datagram)
{
	put_station(frame, datagram->to);
	put_station(frame + 6, datagram->from);
	put16_network(frame + 12, ETHERTYPE_EAPOL);
	memcpy(frame + ETHERNET_HEADER, datagram->payload, datagram->length);
	return ETHERNET_HEADER + datagram->length;
}

int capture_write(struct capture *capture, const struct datagram *datagram, struct fault *fault)
{
	uint8_t body[PACKET_FIELDS + IPV4_HEADER + UDP_HEADER + CAPTURE_PAYLOAD_MAX] = {0};
	uint8_t *packet = body + PACKET_FIELDS;
	size_t total =
		datagram->link == CAPTURE_EAPOL ? write_eapol(packet, datagram) : write_udp(packet, datagram);

	put32(body, (uint32_t)datagram->link); /* the interfaces are in this order */
	put32(body + 4, (uint32_t)(datagram->microseconds >> 32));
	put32(body + 8, (uint32_t)datagram->microseconds);
	put32(body + 12, (uint32_t)total);
	put32(body + 16, (uint32_t)total);
	return write_block(capture, BLOCK_PACKET, body, PACKET_FIELDS + total, fault);
}

int capture_close(struct capture *capture, struct fault *fault)
{
	int bad = fflush(capture->file) != 0 || fsync(fileno(capture->file)) != 0, why = errno;

	bad |= fclose(capture->file) != 0;
	capture->file = NULL;
	return bad ? fault_set(fault, FAULT_SYSTEM, "make room on the disk",
			       "cannot write the radio record: %s", strerror(why))
		   : 0;
}

int capture_open(struct capture *capture, const char *path, struct fault *fault)
{
	capture->swapped = false;
	capture->interfaces = 0;
	capture->file = fopen(path, "rbe");
	if (!capture->file)
		return fault_set(fault, FAULT_INPUT, NULL, "cannot read %s: %s", path, strerror(errno));
	return 0;
}

static int unsound(struct fault *fault, const char *why)
{
	return fault_set(fault, FAULT_INPUT, "give a pcapng file", "the radio record is damaged: %s", why);
}

/* The UDP datagram in an IPv4 packet, or 0 when it holds something else. */
static int take_udp(struct datagram *datagram, const uint8_t *ip, size_t captured)
{
	const uint8_t *udp;
	size_t header;

	if (captured < IPV4_HEADER + UDP_HEADER)
		return 0;
	header = (size_t)(ip[0] & 0x0F) * 4;
	if (ip[0] >> 4 != 4 || header < IPV4_HEADER || ip[9] != 17 || captured < header + UDP_HEADER ||
	    captured - header - UDP_HEADER > CAPTURE_PAYLOAD_MAX)
		return 0;
	udp = ip + header;
	datagram->link = CAPTURE_UDP;
	datagram->from = get32_network(ip + 12);
	datagram->to = get32_network(ip + 16);
	datagram->from_port = (uint16_t)(udp[0] << 8 | udp[1]);
	datagram->to_port = (uint16_t)(udp[2] << 8 | udp[3]);
	datagram->length = captured - header - UDP_HEADER;
	memcpy(datagram->payload, udp + UDP_HEADER, datagram->length);
	return 1;
}

static int take_eapol(struct datagram *datagram, const uint8_t *frame, size_t captured)
{
	if (captured < ETHERNET_HEADER || (frame[12] << 8 | frame[13]) != ETHERTYPE_EAPOL ||
	    captured - ETHERNET_HEADER > CAPTURE_PAYLOAD_MAX)
		return 0;
	datagram->link = CAPTURE_EAPOL;
	datagram->to = get32_network(frame + 2);
	datagram->from = get32_network(frame + 8);
	datagram->from_port = datagram->to_port = 0;
	datagram->length = captured - ETHERNET_HEADER;
	memcpy(datagram->payload, frame + ETHERNET_HEADER, datagram->length);
	return 1;
}

/* What is in an enhanced packet block, or 0 when it is nothing for us. */
static int take_packet(const struct capture *capture, struct datagram *datagram, const uint8_t *body,
		       size_t length)
{
	uint32_t interface;
	size_t captured;

	if (length < PACKET_FIELDS)
		return 0;
	captured = get32(capture, body + 12);
	interface = get32(capture, body);
	if (captured > length - PACKET_FIELDS || interface >= capture->interfaces)
		return 0;
	datagram->microseconds = (uint64_t)get32(capture, body + 4) << 32 | get32(capture, body + 8);
	switch (capture->links[interface]) {
	case LINK_IPV4:
		return take_udp(datagram, body + PACKET_FIELDS, captured);
	case LINK_ETHERNET:
		return take_eapol(datagram, body + PACKET_FIELDS, captured);
	default:
		return 0;
	}
}

/* An interface's link type; the numbers of those of one section begin at 0. */
static void take_interface(struct capture *capture, const uint8_t *body, size_t length)
{
	uint16_t link = 0;

	if (length >= 8)
		memcpy(&link, body, 2);
	if (capture->interfaces < CAPTURE_INTERFACES)
		capture->links[capture->interfaces++] = capture->swapped ? __builtin_bswap16(link) : link;
}

/* Which way round is this section written? */
static int take_section(struct capture *capture, const uint8_t *magic, struct fault *fault)
{
	uint32_t value;

	memcpy(&value, magic, 4);
	if (value != MAGIC && value != __builtin_bswap32(MAGIC))
		return unsound(fault, "no pcapng section header");
	capture->swapped = value != MAGIC;
	capture->interfaces = 0;
	return 0;
}

int capture_read(struct capture *capture, struct datagram *datagram, struct fault *fault)
{
	uint8_t head[8], body[BLOCK_MAX];
	uint32_t type, total;
	size_t n;

	while ((n = fread(head, 1, 8, capture->file)) == 8) {
		memcpy(&type, head, 4);
		if (type == BLOCK_SECTION) { /* reads the same both ways */
			if (fread(body, 1, 4, capture->file) != 4)
				return unsound(fault, "cut short");
			if (take_section(capture, body, fault) < 0)
				return -1;
		}
		total = get32(capture, head + 4);
		type = get32(capture, head);
		n = type == BLOCK_SECTION ? 4 : 0;
		if (total < 12 + n || total % 4 || total - 8 > sizeof(body))
			return unsound(fault, "impossible block length");
		if (fread(body + n, 1, total - 8 - n, capture->file) != total - 8 - n)
			return unsound(fault, "cut short");
		if (type == BLOCK_INTERFACE)
			take_interface(capture, body, total - 12);
		if (type == BLOCK_PACKET && take_packet(capture, datagram, body, total - 12))
			return 1;
	}
	return n == 0 ? 0 : unsound(fault, "cut short");
}

void capture_end(struct capture *capture)
{
	fclose(capture->file);
	capture->file = NULL;
}
