#include "batch/under_ticket.h"

#include <string.h>
#include <time.h>

#include "gp/personalise.h"

/* Is the receipt that the card keeps one for this ticket? */
static bool is_ours(const struct under_ticket *u, const struct card_trust *trust)
{
	uint8_t digest[SHA256_LENGTH];
	struct receipt receipt;

	return trust->receipt_length > 0 &&
	       ticket_receipt_parse(&receipt, (struct span){trust->receipt, trust->receipt_length}) == 0 &&
	       sha256(digest, (struct span){u->line.ticket, u->line.ticket_length}) == 0 &&
	       memcmp(receipt.ticket, digest, sizeof(digest)) == 0;
}

static int obey(const struct card_trust *trust, const struct tickets *tickets,
		const struct time_statement *time, struct reader *reader, const struct scp03_key_set *keys,
		struct fault *fault)
{
	struct span point = {tickets->authority, sizeof(tickets->authority)}, whom = {NULL, 0},
		    told = {NULL, 0};
	uint8_t authority[P256_COMPRESSED];

	if (p256_compress(authority, point) < 0)
		return fault_set(fault, FAULT_INPUT, NULL, "the tickets' authority is no P-256 key");
	if (!trust->has_authority)
		whom = (struct span){authority, sizeof(authority)};
	else if (memcmp(trust->authority, authority, sizeof(authority)) != 0)
		return fault_set(fault, FAULT_CARD, "take it out: that is for life",
				 "the card obeys another ceremony");
	if (time && time->time > trust->time)
		told = (struct span){time->bytes, sizeof(time->bytes)};
	return personalise_trust(reader, keys, whom, told, fault);
}

/* The card has no clock: whoever uses a ticket looks at his, too. */
static int not_expired(const struct under_ticket *u, struct fault *fault)
{
	time_t now = time(NULL);

	if (u->loaded || now <= (time_t)ticket_number(u->ticket.expires))
		return 0;
	return fault_set(fault, FAULT_POLICY, "what was not loaded by then is for another ceremony",
			 "the ticket of ICCID %s has expired", u->line.iccid);
}

int under_ticket_look(struct under_ticket *u, const struct tickets *tickets, uint32_t number,
		      const struct time_statement *time, struct reader *reader,
		      const struct scp03_key_set *keys, struct fault *fault)
{
	const struct ticket_row *row = &tickets->rows[number - 1];
	struct receipt_line *line = &u->line;
	struct certificate certificate;
	struct card_trust trust;

	memset(u, 0, sizeof(*u));
	if (tickets_verify(&u->ticket, tickets, number - 1, fault) < 0 ||
	    card_trust_read(reader, &trust, fault) < 0)
		return -1;
	memcpy(line->iccid, row->iccid, sizeof(line->iccid));
	line->number = row->number;
	memcpy(line->ticket, row->bytes, row->length);
	line->ticket_length = row->length;
	memcpy(line->certificate, trust.certificate, sizeof(line->certificate));
	if (!trust.has_identity || !trust.has_certificate)
		return fault_set(fault, FAULT_CARD, "simrite batch birth gives it one",
				 "the card has no factory's certificate");
	if (ticket_certificate_parse(&certificate, (struct span){line->certificate, TICKET_CERTIFICATE}) <
		    0 ||
	    memcmp(certificate.identity, trust.identity, sizeof(trust.identity)) != 0)
		return fault_set(fault, FAULT_CARD, "take it out", "the card's certificate is not its own");
	u->loaded = is_ours(u, &trust);
	if (not_expired(u, fault) < 0)
		return -1;
	if (!u->loaded && trust.loads[u->ticket.slot - 1] > 0)
		return fault_set(fault, FAULT_CARD, "use a new card: nobody would accept this one's receipt",
				 "the card has been loaded before");
	if (u->loaded) {
		memcpy(line->receipt, trust.receipt, trust.receipt_length);
		line->receipt_length = trust.receipt_length;
	}
	return obey(&trust, tickets, time, reader, keys, fault);
}

int under_ticket_load(struct under_ticket *u, struct reader *reader, const struct scp03_key_set *keys,
		      const struct profile *profile, struct fault *fault)
{
	struct receipt_line *line = &u->line;
	struct span ticket = {line->ticket, line->ticket_length};

	if (!u->loaded &&
	    personalise_load(reader, keys, profile, ticket, line->receipt, &line->receipt_length, fault) < 0)
		return -1;
	return receipts_check(&u->facts, line, fault);
}
