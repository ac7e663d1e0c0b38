/* PROVES: keys/ticket.h, keys/authority.h over APDUs: a card with an authority takes a key under its ticket
 * only, each ticket once, and answers with a receipt; a refused one changes nothing. */
#include "unit/tickets.h"

#include "auth/milenage.h"
#include "crypto/x963.h"
#include "gp/personalise.h"
#include "keys/authority.h"
#include "keys/build.h"
#include "powerloss/world.h"
#include "unit/whole_card.h"

static struct whole_card w;
static uint8_t identity[P256_COMPRESSED];
static struct world before, after;

static const uint8_t k16[16] = {1, 2, 3}, opc16[16] = {4, 5, 6};
static const uint8_t iccid[10] = {0x98, 0x88, 0x12, 0x11, 0, 0, 0, 0, 0x01, 0x10};

static sw_t store_one(unsigned dgi, const uint8_t *value, size_t n)
{
	uint8_t groupings[COMMAND_MAX];

	return whole_store_data(&w, groupings, tickets_group(groupings, 0, dgi, value, n));
}

static void read_identity(void)
{
	CU_ASSERT_EQUAL(whole_ask(&w, "80CADF2200"), SW_OK);
	CU_ASSERT_EQUAL_FATAL(w.length, 3 + P256_UNCOMPRESSED);
	CU_ASSERT_EQUAL(p256_compress(identity, (struct span){w.data + 3, P256_UNCOMPRESSED}), OK);
}

/* A card with ICCID, identity and authority, and a channel open. */
static void start(void)
{
	uint8_t key[P256_COMPRESSED];

	whole_start(&w);
	CU_ASSERT_EQUAL_FATAL(whole_open(&w, &scp03_test_keys, 0x33), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880015 0F0600 0F010F 01 2FE2 00 00 98881211000000000110"),
			SW_OK);
	tickets_key(key, tickets_ceremony);
	CU_ASSERT_EQUAL(store_one(DGI_AUTHORITY, key, sizeof(key)), SW_OK);
	read_identity();
}

/* Ticket (none: n = 0) and a Milenage key for `slot` by `method`. */
static sw_t load(const uint8_t *ticket, size_t n, uint8_t slot, uint8_t method)
{
	uint8_t groupings[COMMAND_MAX], key[P256_COMPRESSED], value[1 + P256_COMPRESSED] = {slot};
	size_t length = n ? tickets_group(groupings, 0, DGI_TICKET, ticket, n) : 0;

	if (method == SLOT_AGREED) {
		tickets_key(key, tickets_operator);
		memcpy(value + 1, key, sizeof(key));
		length = tickets_group(groupings, length, DGI_AGREE, value, sizeof(value));
	} else {
		length +=
			whole_key_grouping(groupings + length, scp03_test_keys.dek, slot, method, k16, opc16);
	}
	return whole_store_data(&w, groupings, length);
}

static sw_t load_under(const struct ticket *t)
{
	uint8_t ticket[TICKET_AGREED];
	size_t n = tickets_make(ticket, t);

	return load(ticket, n, t->slot, t->method);
}

/* The same, refused with `sw`, and not a byte of the memory's objects changed. */
static void refused(const uint8_t *ticket, size_t n, uint8_t slot, uint8_t method, sw_t sw)
{
	CU_ASSERT(world_read(&before, &w.card.store));
	CU_ASSERT_EQUAL(load(ticket, n, slot, method), sw);
	CU_ASSERT_EQUAL(w.length, 0);
	CU_ASSERT(world_read(&after, &w.card.store));
	CU_ASSERT(world_same(&before, &after));
}

static void refuse(const struct ticket *t, uint8_t slot, uint8_t method, sw_t sw)
{
	uint8_t ticket[TICKET_AGREED];
	size_t n = tickets_make(ticket, t);

	refused(ticket, n, slot, method, sw);
}

/* What GET DATA tells: the value of DF `tag`, n bytes. */
static const uint8_t *told(uint8_t tag, size_t n)
{
	uint8_t command[5] = {0x80, 0xCA, 0xDF, tag, 0x00};
	size_t head = n > 127 ? 4 : 3;

	CU_ASSERT_EQUAL(whole_secure_bytes(&w, command, 5), SW_OK);
	CU_ASSERT_EQUAL_FATAL(w.length, head + n);
	CU_ASSERT_EQUAL(w.data[head - 1], n);
	return w.data + head;
}

/* The last answer is the receipt for this ticket, as it should be; and is kept. */
static struct receipt good_receipt(const struct ticket *t, unsigned loads)
{
	uint8_t ticket[TICKET_AGREED], digest[32], bytes[TICKET_RECEIPT_AGREED];
	struct receipt r = {.slot = 0};
	size_t n = w.length;

	CU_ASSERT_EQUAL_FATAL(n, t->method == SLOT_AGREED ? 234 : 201);
	memcpy(bytes, w.data, n);
	CU_ASSERT_EQUAL(ticket_receipt_parse(&r, (struct span){bytes, n}), OK);
	CU_ASSERT_EQUAL(ticket_verify((struct span){bytes, n}, (struct span){identity, 33}), OK);
	CU_ASSERT_EQUAL(sha256(digest, (struct span){ticket, tickets_make(ticket, t)}), OK);
	ASSERT_BYTES(r.ticket, digest, 32);
	ASSERT_BYTES(r.iccid, t->iccid, 10);
	ASSERT_BYTES(r.identity, identity, 33);
	CU_ASSERT_EQUAL(r.slot, t->slot);
	CU_ASSERT_EQUAL(r.method, t->method);
	CU_ASSERT_EQUAL(r.loads[0] << 8 | r.loads[1], loads);
	ASSERT_BYTES(r.accepted, t->number, 4);
	ASSERT_BYTES(r.firmware, build_digest, 32);
	ASSERT_BYTES(told(0x25, n), bytes, n);
	ASSERT_BYTES(told(0x26, 32), build_digest, 32);
	CU_ASSERT_EQUAL(told(0x27, 8)[2 * t->slot - 1], loads);
	ASSERT_BYTES(told(0x23, 41) + 33, t->number, 4);
	CU_ASSERT_EQUAL(whole_secure(&w, "80CADF2000"), SW_OK);
	ASSERT_BYTES(w.data + 3 + 15 * (t->slot - 1) + 4, r.kcv_k, 6);
	return r;
}

/* ---- bytes and fields ---- */

static void test_codec(void)
{
	uint8_t bytes[TICKET_RECEIPT_AGREED + 1] = {0};
	struct certificate c = {.identity = {2}}, c2;
	struct receipt r = {.slot = 2, .method = SLOT_DERIVED}, r2;
	struct ticket_time time2;
	struct ticket t, t2;
	size_t n;

	CU_ASSERT_EQUAL(ticket_number((const uint8_t[]){1, 2, 3, 4}), 0x01020304);
	for (uint8_t method = SLOT_INJECTED; method <= SLOT_AGREED; method++) {
		t = tickets_for(iccid, method, 7);
		n = tickets_make(bytes, &t);
		CU_ASSERT_EQUAL(n, method == SLOT_AGREED ? 169 : 136);
		ASSERT_BYTES(bytes, "simrite ticket 1", 16);
		CU_ASSERT_EQUAL(bytes[58], 1);
		CU_ASSERT_EQUAL(bytes[59], method);
		ASSERT_BYTES(bytes + 60, "\0\0\0\7\0\0\x03\xE8\0\0\x07\xD0", 12);
		CU_ASSERT_EQUAL(ticket_parse(&t2, (struct span){bytes, n}), OK);
		ASSERT_BYTES(t2.scope, t.scope, sizeof(t) - 16);
		for (size_t i = 0; i <= n + 1; i++)
			CU_ASSERT_EQUAL(ticket_parse(&t2, (struct span){bytes, i}),
					i == n ? OK : ERROR_FORMAT);
		r.method = method;
		n = tickets_sign(bytes, ticket_receipt_write(bytes, &r), tickets_ceremony);
		CU_ASSERT_EQUAL(n, method == SLOT_AGREED ? 234 : 201);
		for (size_t i = 0; i <= n + 1 && i <= sizeof(bytes); i++)
			CU_ASSERT_EQUAL(ticket_receipt_parse(&r2, (struct span){bytes, i}),
					i == n ? OK : ERROR_FORMAT);
		bytes[91] = 0; /* slot */
		CU_ASSERT_EQUAL(ticket_receipt_parse(&r2, (struct span){bytes, n}), ERROR_VALUE);
	}
	n = tickets_sign(bytes, ticket_certificate_write(bytes, &c), tickets_factory);
	CU_ASSERT_EQUAL(n, 145);
	for (size_t i = 0; i <= n + 1; i++)
		CU_ASSERT_EQUAL(ticket_certificate_parse(&c2, (struct span){bytes, i}),
				i == n ? OK : ERROR_FORMAT);
	n = tickets_time(bytes, 5);
	CU_ASSERT_EQUAL(n, 84);
	for (size_t i = 0; i <= n + 1; i++)
		CU_ASSERT_EQUAL(ticket_time_parse(&time2, (struct span){bytes, i}),
				i == n ? OK : ERROR_FORMAT);
	CU_ASSERT_EQUAL(ticket_verify((struct span){bytes, 63}, (struct span){identity, 33}), ERROR_CHECK);
}

/* ---- what enters under a ticket ---- */

static void authenticates(const uint8_t *k, const uint8_t *opc)
{
	static const uint8_t rand16[16] = {7}, amf[2] = {0x80, 0};
	uint8_t sqn[6] = {0, 0, 0, 0, 1, 0x20};
	struct aka_vector v;

	CU_ASSERT_EQUAL(milenage_vector(&v, k, opc, rand16, sqn, amf), OK);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(whole_autn(&w, rand16, v.autn, 16), SW_OK);
	ASSERT_BYTES(w.data + 2, v.res, 8);
}

/* The operator's half: K and OPc from the receipt and the private key. */
static void operator_keys(uint8_t keys[32], const struct receipt *r, const struct ticket *t)
{
	uint8_t x[32], info[16 + 10 + 1 + 66];

	memcpy(info, "simrite K v2    ", 16);
	memcpy(info + 16, r->iccid, 10);
	info[26] = r->slot;
	memcpy(info + 27, t->operator_key, 33);
	memcpy(info + 60, r->ephemeral, 33);
	CU_ASSERT_EQUAL(p256_shared(x, tickets_operator, (struct span){r->ephemeral, 33}, &tickets_random),
			OK);
	CU_ASSERT_EQUAL(x963(keys, 32, (struct span){x, 32}, (struct span){info, sizeof(info)}), OK);
}

static void test_methods(void)
{
	uint8_t keys[32], check[3];

	for (uint8_t method = SLOT_INJECTED; method <= SLOT_AGREED; method++) {
		struct ticket t = tickets_for(iccid, method, 7);
		struct receipt r;

		start();
		CU_ASSERT_EQUAL(load_under(&t), SW_OK);
		r = good_receipt(&t, 1);
		memcpy(keys, k16, 16);
		memcpy(keys + 16, opc16, 16);
		if (method == SLOT_AGREED)
			operator_keys(keys, &r, &t);
		CU_ASSERT_EQUAL(kcv(check, (struct span){keys, 16}), OK);
		ASSERT_BYTES(r.kcv_k, check, 3);
		CU_ASSERT_EQUAL(kcv(check, (struct span){keys + 16, 16}), OK);
		ASSERT_BYTES(r.kcv_opc, check, 3);
		authenticates(keys, keys + 16);
		whole_stop(&w);
	}
}

/* The longest there are: TUAK with 256-bit keys, and an agreement, in S16 with R-MAC and R-ENC. */
static void test_sizes(void)
{
	struct subscriber_key tuak = {.algorithm = SLOT_TUAK};
	struct scp03_key_set keys = scp03_test_keys;
	uint8_t groupings[COMMAND_MAX], ticket[TICKET_AGREED];
	struct ticket t = tickets_for(iccid, SLOT_INJECTED, 7);
	size_t n;

	start();
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880005 0F0302 3071"), SW_OK);
	keys.mode = SCP03_S16;
	CU_ASSERT_EQUAL_FATAL(whole_open(&w, &keys, 0x33), SW_OK);
	CU_ASSERT_EQUAL(algorithm_choose(&tuak, SLOT_TUAK, (const uint8_t[]){32, 32, 16, 32, 32, 1}, 6), OK);
	n = tickets_group(groupings, 0, DGI_TICKET, ticket, tickets_make(ticket, &t));
	n += whole_any_key_grouping(groupings + n, 1, &tuak);
	CU_ASSERT_EQUAL(whole_store_data(&w, groupings, n), SW_OK);
	(void)good_receipt(&t, 1);
	t = tickets_for(iccid, SLOT_AGREED, 8);
	t.slot = 2;
	CU_ASSERT_EQUAL(load_under(&t), SW_OK);
	(void)good_receipt(&t, 1);
	CU_ASSERT_EQUAL(told(0x27, 8)[1], 1); /* of slot 1, as before */
	whole_stop(&w);
}

/* ---- what does not ---- */

static void test_no_ticket(void)
{
	struct ticket t = tickets_for(iccid, SLOT_DERIVED, 1);
	uint8_t ticket[TICKET_AGREED], groupings[COMMAND_MAX], comp[96];
	struct subscriber_key gsm = {.algorithm = SLOT_COMP128_1};
	struct permit permit = {.state = PERMIT_NONE};
	size_t n = tickets_make(ticket, &t), length;

	start();
	for (uint8_t slot = 1; slot <= KEY_SLOTS; slot++)
		for (uint8_t method = SLOT_INJECTED; method <= SLOT_AGREED; method++)
			refused(NULL, 0, slot, method, SW_SECURITY_NOT_SATISFIED);
	/* A ticket is for its own command, and for what comes behind it. */
	CU_ASSERT_EQUAL(store_one(DGI_TICKET, ticket, n), SW_WRONG_DATA);
	refused(NULL, 0, 1, SLOT_DERIVED, SW_SECURITY_NOT_SATISFIED);
	length = whole_key_grouping(groupings, scp03_test_keys.dek, 1, SLOT_DERIVED, k16, opc16);
	length = tickets_group(groupings, length, DGI_TICKET, ticket, n);
	CU_ASSERT_EQUAL(whole_store_data(&w, groupings, length), SW_SECURITY_NOT_SATISFIED);
	/* And for one key. */
	t = tickets_for(iccid, SLOT_INJECTED, 1);
	CU_ASSERT_EQUAL(algorithm_choose(&gsm, SLOT_COMP128_1, NULL, 0), OK);
	length = tickets_group(groupings, 0, DGI_TICKET, ticket, tickets_make(ticket, &t));
	n = whole_any_key_grouping(comp, 1, &gsm);
	memcpy(groupings + length, comp, n);
	memcpy(groupings + length + n, comp, n);
	CU_ASSERT_EQUAL(whole_store_data(&w, groupings, length + 2 * n), SW_SECURITY_NOT_SATISFIED);
	/* What is refused behind a load undoes it: the ticket is as good as before. */
	memcpy(groupings + length + n, (const uint8_t[]){0x0F, 0x77, 0x00}, 3);
	CU_ASSERT_EQUAL(whole_store_data(&w, groupings, length + n + 3), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(told(0x27, 8)[1], 0);
	CU_ASSERT_EQUAL(whole_store_data(&w, groupings, length + n), SW_OK);
	(void)good_receipt(&t, 1);
	/* A command takes one: two do not fit into it, and would not be taken. */
	CU_ASSERT_EQUAL(authority_take(&permit, &w.card.store, (struct span){ticket, TICKET}), OK);
	CU_ASSERT_EQUAL(authority_take(&permit, &w.card.store, (struct span){ticket, TICKET}), ERROR_STATE);
	/* To confirm, lock and destroy needs none; and does not make room. */
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880005 0F0502 0104"), SW_OK);
	refused(NULL, 0, 1, SLOT_INJECTED, SW_SECURITY_NOT_SATISFIED);
	whole_stop(&w);
}

/* Signed by the ceremony, and for something else. */
static void test_foreign(void)
{
	struct ticket t;

	start();
	for (size_t i = 0; i < TICKET_ICCID; i++) {
		t = tickets_for(iccid, SLOT_DERIVED, 9);
		t.iccid[i] ^= 1;
		refuse(&t, 1, SLOT_DERIVED, SW_REFERENCE_NOT_FOUND);
	}
	t = tickets_for(iccid, SLOT_DERIVED, 9);
	refuse(&t, 2, SLOT_DERIVED, SW_REFERENCE_NOT_FOUND);
	refuse(&t, 1, SLOT_INJECTED, SW_REFERENCE_NOT_FOUND);
	t.slot = KEY_SLOTS + 1;
	refuse(&t, 1, SLOT_DERIVED, SW_WRONG_DATA);
	t.slot = 0;
	refuse(&t, 1, SLOT_DERIVED, SW_WRONG_DATA);
	t = tickets_for(iccid, SLOT_DERIVED, 9);
	t.method = 0;
	refuse(&t, 1, SLOT_DERIVED, SW_WRONG_DATA);
	t.method = 4;
	refuse(&t, 1, SLOT_DERIVED, SW_WRONG_DATA);
	t = tickets_for(iccid, SLOT_DERIVED, 9);
	ticket_set_number(t.issued, 2001);
	refuse(&t, 1, SLOT_DERIVED, SW_WRONG_DATA);
	/* Another operator, and the same one's key with the other sign. */
	t = tickets_for(iccid, SLOT_AGREED, 9);
	t.operator_key[0] ^= 1;
	refuse(&t, 1, SLOT_AGREED, SW_REFERENCE_NOT_FOUND);
	tickets_key(t.operator_key, tickets_factory);
	refuse(&t, 1, SLOT_AGREED, SW_REFERENCE_NOT_FOUND);
	t = tickets_for(iccid, SLOT_AGREED, 9);
	refuse(&t, 1, SLOT_DERIVED, SW_REFERENCE_NOT_FOUND);
	/* It was this card's until its number was changed. */
	t = tickets_for(iccid, SLOT_DERIVED, 9);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880012 0F010F 01 2FE2 00 00 98881211000000000111"), SW_OK);
	refuse(&t, 1, SLOT_DERIVED, SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880012 0F010F 01 2FE2 00 00 98881211000000000110"), SW_OK);
	CU_ASSERT_EQUAL(load_under(&t), SW_OK);
	whole_stop(&w);
}

/* One wrong bit, one byte less or more; another signer. */
static void test_altered(void)
{
	uint8_t ticket[TICKET_AGREED + 1] = {0};
	struct ticket t;

	start();
	for (uint8_t method = SLOT_DERIVED; method <= SLOT_AGREED; method++) {
		size_t n;

		t = tickets_for(iccid, method, 9);
		n = tickets_make(ticket, &t);
		for (size_t i = 0; i < n; i++) {
			/* label, slot, method, and issued, when it is later than expires */
			int malformed = i < 16 || i == 58 || i == 59 || (i >= 64 && i < 67);

			ticket[i] ^= 0x40;
			refused(ticket, n, 1, method, malformed ? SW_WRONG_DATA : SW_SECURE_DATA_INCORRECT);
			ticket[i] ^= 0x40;
		}
		for (size_t i = 1; i <= n + 1; i++)
			if (i != n)
				refused(ticket, i, 1, method, SW_WRONG_DATA);
		n = tickets_sign(ticket, n - 64, tickets_factory);
		refused(ticket, n, 1, method, SW_SECURE_DATA_INCORRECT);
		memset(ticket + n - 64, 0, 64);
		refused(ticket, n, 1, method, SW_SECURE_DATA_INCORRECT);
	}
	whole_stop(&w);
}

static void test_replayed(void)
{
	struct ticket t = tickets_for(iccid, SLOT_DERIVED, 9), u = tickets_for(iccid, SLOT_INJECTED, 8);

	start();
	ticket_set_number(t.number, 0);
	refuse(&t, 1, SLOT_DERIVED, SW_CONDITIONS_NOT_SATISFIED);
	ticket_set_number(t.number, 9);
	CU_ASSERT_EQUAL(load_under(&t), SW_OK);
	refuse(&t, 1, SLOT_DERIVED, SW_CONDITIONS_NOT_SATISFIED);
	refuse(&u, 1, SLOT_INJECTED, SW_CONDITIONS_NOT_SATISFIED);
	u.slot = 2;
	refuse(&u, 2, SLOT_INJECTED, SW_CONDITIONS_NOT_SATISFIED);
	/* Neither a reset nor the key's end brings it back. */
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880005 0F0502 0104"), SW_OK);
	CU_ASSERT_EQUAL(card_start(&w.card, &w.hal), OK);
	whole_reset(&w);
	CU_ASSERT_EQUAL_FATAL(whole_open(&w, &scp03_test_keys, 0x33), SW_OK);
	refuse(&t, 1, SLOT_DERIVED, SW_CONDITIONS_NOT_SATISFIED);
	/* A second load takes a second ticket, and the receipt says so. */
	ticket_set_number(t.number, 0x80000000u);
	CU_ASSERT_EQUAL(load_under(&t), SW_OK);
	(void)good_receipt(&t, 2);
	whole_stop(&w);
}

static void test_expired(void)
{
	struct ticket t = tickets_for(iccid, SLOT_DERIVED, 9), u = tickets_for(iccid, SLOT_DERIVED, 8);
	uint8_t statement[TICKET_TIME];
	size_t n = tickets_time(statement, 2000);

	start();
	CU_ASSERT_EQUAL(store_one(DGI_TIME, statement, n - 1), SW_WRONG_DATA);
	for (size_t i = 0; i < n; i++) {
		statement[i] ^= 0x40;
		CU_ASSERT_EQUAL(store_one(DGI_TIME, statement, n),
				i < 16 ? SW_WRONG_DATA : SW_SECURE_DATA_INCORRECT);
		statement[i] ^= 0x40;
	}
	CU_ASSERT_EQUAL(ticket_number(told(0x23, 41) + 37), 0);
	CU_ASSERT_EQUAL(store_one(DGI_TIME, statement, n), SW_OK);
	CU_ASSERT_EQUAL(ticket_number(told(0x23, 41) + 37), 2000);
	n = tickets_time(statement, 1999); /* no news */
	CU_ASSERT_EQUAL(store_one(DGI_TIME, statement, n), SW_OK);
	CU_ASSERT_EQUAL(ticket_number(told(0x23, 41) + 37), 2000);
	CU_ASSERT_EQUAL(load_under(&u), SW_OK); /* in its last second */
	n = tickets_time(statement, 2001);
	CU_ASSERT_EQUAL(store_one(DGI_TIME, statement, n), SW_OK);
	refuse(&t, 1, SLOT_DERIVED, SW_DATA_INVALIDATED);
	/* A ticket that is accepted tells the time as well. */
	ticket_set_number(t.issued, 3000);
	ticket_set_number(t.expires, 4000);
	CU_ASSERT_EQUAL(load_under(&t), SW_OK);
	CU_ASSERT_EQUAL(ticket_number(told(0x23, 41) + 37), 3000);
	t = tickets_for(iccid, SLOT_DERIVED, 10);
	ticket_set_number(t.expires, 2999);
	refuse(&t, 1, SLOT_DERIVED, SW_DATA_INVALIDATED);
	whole_stop(&w);
}

/* ---- authority and certificate ---- */

static void test_authority(void)
{
	struct ticket t = tickets_for(iccid, SLOT_DERIVED, 9);
	uint8_t key[P256_COMPRESSED], whole[P256_UNCOMPRESSED], bytes[TICKET_AGREED];

	whole_start(&w);
	tickets_key(key, tickets_ceremony);
	CU_ASSERT_EQUAL(p256_uncompress(whole, (struct span){key, 33}), OK);
	CU_ASSERT_EQUAL_FATAL(whole_open(&w, &scp03_test_keys, 0x33), SW_OK);
	/* Without one, keys enter as ever; a ticket or a time is of nobody. */
	CU_ASSERT_EQUAL(load(NULL, 0, 1, SLOT_INJECTED), SW_OK);
	CU_ASSERT_EQUAL(w.length, 0);
	CU_ASSERT_EQUAL(store_one(DGI_TICKET, bytes, tickets_make(bytes, &t)), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(store_one(DGI_TIME, bytes, tickets_time(bytes, 5)), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_secure(&w, "80CADF2300"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_secure(&w, "80CADF2500"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(store_one(DGI_AUTHORITY, key, 32), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(store_one(DGI_AUTHORITY, NULL, 0), SW_WRONG_DATA);
	whole[64] ^= 1;
	CU_ASSERT_EQUAL(store_one(DGI_AUTHORITY, whole, 65), SW_WRONG_DATA);
	whole[64] ^= 1;
	CU_ASSERT_EQUAL(store_one(DGI_AUTHORITY, whole, 65), SW_OK);
	ASSERT_BYTES(told(0x23, 41), key, 33);
	ASSERT_BYTES(told(0x23, 41) + 33, "\0\0\0\0\0\0\0", 8);
	/* Once. */
	CU_ASSERT_EQUAL(store_one(DGI_AUTHORITY, key, 33), SW_CONDITIONS_NOT_SATISFIED);
	tickets_key(key, tickets_factory);
	CU_ASSERT_EQUAL(store_one(DGI_AUTHORITY, key, 33), SW_CONDITIONS_NOT_SATISFIED);
	/* Nobody can sign a receipt yet; and the load before counts. */
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880012 0F010F 01 2FE2 00 00 98881211000000000110"), SW_OK);
	refuse(&t, 1, SLOT_DERIVED, SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880003 0F0600"), SW_OK);
	read_identity();
	CU_ASSERT_EQUAL(load_under(&t), SW_OK);
	(void)good_receipt(&t, 2);
	whole_stop(&w);
}

static void test_certificate(void)
{
	struct certificate c;
	uint8_t bytes[TICKET_CERTIFICATE], wrong[TICKET_CERTIFICATE];
	size_t n;

	start();
	CU_ASSERT_EQUAL(whole_secure(&w, "80CADF2400"), SW_REFERENCE_NOT_FOUND);
	memcpy(c.identity, identity, sizeof(identity));
	memcpy(c.firmware, build_digest, sizeof(build_digest));
	n = tickets_sign(bytes, ticket_certificate_write(bytes, &c), tickets_factory);
	for (size_t i = 0; i < n - 64; i++) { /* who signed it, the card does not know */
		memcpy(wrong, bytes, n);
		wrong[i] ^= 1;
		CU_ASSERT_EQUAL(store_one(DGI_CERTIFICATE, wrong, n), SW_REFERENCE_NOT_FOUND);
	}
	CU_ASSERT_EQUAL(store_one(DGI_CERTIFICATE, bytes, n - 1), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(store_one(DGI_CERTIFICATE, bytes, n), SW_OK);
	ASSERT_BYTES(told(0x24, n), bytes, n);
	CU_ASSERT_EQUAL(store_one(DGI_CERTIFICATE, bytes, n), SW_CONDITIONS_NOT_SATISFIED);
	whole_stop(&w);
	/* A card that is nobody has none. */
	whole_start(&w);
	CU_ASSERT_EQUAL_FATAL(whole_open(&w, &scp03_test_keys, 0x33), SW_OK);
	CU_ASSERT_EQUAL(store_one(DGI_CERTIFICATE, bytes, n), SW_REFERENCE_NOT_FOUND);
	whole_stop(&w);
}

/* What the build made is what anybody can compute from the sources, as keys/build.h says. */
static void test_build(void)
{
	FILE *sum = popen(
		"LC_ALL=C; export LC_ALL; sha256sum $(find firmware -name '*.[ch]' | sort) | sha256sum", "r");
	char hex[65] = "";
	uint8_t digest[32];

	CU_ASSERT_PTR_NOT_NULL_FATAL(sum);
	CU_ASSERT_EQUAL_FATAL(fread(hex, 1, 64, sum), 64);
	(void)pclose(sum);
	CU_ASSERT_EQUAL(whole_hex(digest, hex), 32);
	ASSERT_BYTES(build_digest, digest, 32);
}

UNIT_SUITE("ticket", UNIT(test_codec), UNIT(test_methods), UNIT(test_sizes), UNIT(test_no_ticket),
	   UNIT(test_foreign), UNIT(test_altered), UNIT(test_replayed), UNIT(test_expired),
	   UNIT(test_authority), UNIT(test_certificate), UNIT(test_build))
