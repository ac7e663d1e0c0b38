#include "theft/record.h"

#include <stdlib.h>
#include <string.h>

/* The newest session on a radio link. */
static struct session *session_on(struct record *record, uint16_t rnti)
{
	size_t i;

	for (i = record->count; i-- > 0;)
		if (record->sessions[i].rnti == rnti)
			return &record->sessions[i];
	return NULL;
}

static int no_memory(struct fault *fault)
{
	return fault_set(fault, FAULT_SYSTEM, NULL, "out of memory");
}

static int open_session(struct record *record, uint16_t rnti, const char imsi[static 16], struct fault *fault)
{
	struct session *grown = realloc(record->sessions, (record->count + 1) * sizeof(*grown)), *session;

	if (!grown)
		return no_memory(fault);
	record->sessions = grown;
	session = &grown[record->count++];
	memset(session, 0, sizeof(*session));
	session->rnti = rnti;
	memcpy(session->imsi, imsi, sizeof(session->imsi));
	return 0;
}

static int hear_nas(struct record *record, const struct frame *frame, struct fault *fault)
{
	struct session *session = session_on(record, frame->rnti);
	struct nas nas;

	if (nas_parse(&nas, frame->data, frame->length) != OK)
		return 0; /* ciphered, or noise */
	if (nas.type == NAS_ATTACH_REQUEST)
		return open_session(record, frame->rnti, nas.imsi, fault);
	if (!session)
		return 0;
	if (nas.type == NAS_AUTHENTICATION_REQUEST) {
		memcpy(session->rand, nas.rand, 16);
		memcpy(session->autn, nas.autn, 16);
	}
	if (nas.type == NAS_SECURITY_MODE_COMMAND && frame->length <= sizeof(session->command)) {
		memcpy(session->command, frame->data, frame->length);
		session->command_length = frame->length;
	}
	return 0;
}

bool record_imsi(char imsi[static 16], struct span identity)
{
	size_t n = 0;

	imsi[0] = 0;
	if (!identity.length || identity.at[0] != '6') /* permanent, of EAP-AKA' (TS 23.003 19.3.2) */
		return false;
	while (1 + n < identity.length && identity.at[1 + n] >= '0' && identity.at[1 + n] <= '9')
		n++;
	if (n < 6 || n > 15 || (1 + n < identity.length && identity.at[1 + n] != '@'))
		return false;
	memcpy(imsi, identity.at + 1, n);
	imsi[n] = 0;
	return true;
}

static int hear_identity(struct record *record, uint16_t rnti, struct span identity, struct fault *fault)
{
	struct session *session;
	char imsi[16];

	if (!record_imsi(imsi, identity) || identity.length >= RECORD_IDENTITY)
		return 0;
	if (open_session(record, rnti, imsi, fault) < 0)
		return -1;
	session = session_on(record, rnti);
	session->by_eap = true;
	memcpy(session->identity, identity.at, identity.length);
	return 0;
}

static int hear_eap(struct record *record, const struct frame *frame, struct fault *fault)
{
	struct session *session = session_on(record, frame->rnti);
	struct eap_packet p;

	if (frame->length > EAP_MAX || eap_packet_read(&p, frame->data, frame->length) < 0)
		return 0;
	if (p.code == EAP_RESPONSE && p.type == EAP_IDENTITY)
		return hear_identity(record, frame->rnti, p.data, fault);
	if (p.code == EAP_RESPONSE && p.identity.at)
		return hear_identity(record, frame->rnti, p.identity, fault);
	if (session && p.code == EAP_REQUEST && p.subtype == EAP_AKA_CHALLENGE && p.rand.at && p.autn.at) {
		memcpy(session->rand, p.rand.at, 16);
		memcpy(session->autn, p.autn.at, 16);
		memcpy(session->challenge, frame->data, frame->length);
		session->challenge_length = frame->length;
	}
	return 0;
}

static int hear_pdcp(struct record *record, const struct frame *frame, struct fault *fault)
{
	struct session *session = session_on(record, frame->rnti);
	struct pdu *grown, *pdu;
	uint32_t sequence;
	size_t i;

	if (!session || frame->length < AIR_PDCP_HEADER || !(frame->data[0] & 0x80))
		return 0; /* not user data */
	grown = realloc(session->pdus, (session->pdu_count + 1) * sizeof(*grown));
	if (!grown)
		return no_memory(fault);
	session->pdus = grown;
	pdu = &grown[session->pdu_count++];
	sequence = (frame->data[0] & 0x0FU) << 8 | frame->data[1];
	pdu->direction = frame->direction;
	pdu->count = sequence;
	for (i = session->pdu_count - 1; i-- > 0;)
		if (grown[i].direction == frame->direction) { /* 12 bits are sent; count the wraps */
			pdu->count = (grown[i].count & ~0xFFFU) | sequence;
			pdu->count += sequence < (grown[i].count & 0xFFF) ? 0x1000 : 0;
			break;
		}
	pdu->length = frame->length - AIR_PDCP_HEADER;
	memcpy(pdu->data, frame->data + AIR_PDCP_HEADER, pdu->length);
	return 0;
}

int record_read(struct record *record, const char *path, struct fault *fault)
{
	struct capture capture;
	struct datagram datagram;
	struct frame frame;
	int more, e = 0;

	memset(record, 0, sizeof(*record));
	if (capture_open(&capture, path, fault) < 0)
		return -1;
	while (e == 0 && (more = capture_read(&capture, &datagram, fault)) > 0)
		if (air_unpack(&frame, &datagram))
			e = frame.kind == AIR_NAS   ? hear_nas(record, &frame, fault)
			    : frame.kind == AIR_EAP ? hear_eap(record, &frame, fault)
						    : hear_pdcp(record, &frame, fault);
	capture_end(&capture);
	if (e == 0 && more == 0)
		return 0;
	record_free(record);
	return -1;
}

void record_free(struct record *record)
{
	size_t i;

	for (i = 0; i < record->count; i++)
		free(record->sessions[i].pdus);
	free(record->sessions);
	memset(record, 0, sizeof(*record));
}
