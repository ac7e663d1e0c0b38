/* PROVES: custodian/custody.h over APDUs: a card keeps a custodian's share
 * behind a PIN, gives it out only sealed and only when its custodian confirmed
 * the ceremony, signs what it put together and nothing else; what is refused
 * has written nothing; what was destroyed is in no byte of the memory. */
#include "unit/party.h"

#include "custodian/custody.h"
#include "custodian/statement.h"
#include "pin/pin.h"

static struct play p;
static struct party party;

static const uint8_t secret[64] = "the salt is thirty-two bytes long"
				  "and the value is as long as tha";
#define SET_HEX "010203040506078f"

/* Refused with `sw`, and nothing was written. */
#define REFUSED(command, sw)                                                                                 \
	do {                                                                                                 \
		long done_ = p.cut.done;                                                                     \
		CU_ASSERT_EQUAL(command, sw);                                                                \
		CU_ASSERT_EQUAL(p.cut.done, done_);                                                          \
		CU_ASSERT_EQUAL(p.length, 0);                                                                \
	} while (0)

static void start(void)
{
	play_open(&p);
	CU_ASSERT_EQUAL_FATAL(party_enrol(&p, &party), SW_OK);
	CU_ASSERT_EQUAL_FATAL(play(&p, PARTY_PIN), SW_OK);
}

static uint16_t contribute(const char *ceremony, uint8_t index)
{
	uint8_t data[64];

	return party_send(&p, 0x3A, 0, data, party_about(data, ceremony, index));
}

static uint16_t about(uint8_t ins, const char *ceremony, uint8_t index)
{
	uint8_t data[64];

	return party_send(&p, ins, 0, data, party_about(data, ceremony, index));
}

static uint16_t give(const char *ceremony, uint8_t index, uint8_t threshold, uint8_t total)
{
	uint8_t data[200];

	return party_send(&p, 0x3E, 0, data,
			  party_share(data, &party, ceremony, index, threshold, total, secret));
}

static uint16_t confirm(const char *ceremony)
{
	return party_send(&p, 0x40, 0, ceremony, strlen(ceremony));
}

/* A card with share 3 of 2 of 5 of "c1", and a session. */
static void start_with_share(void)
{
	start();
	CU_ASSERT_EQUAL_FATAL(party_session(&p, &party, "c1"), SW_OK);
	CU_ASSERT_EQUAL_FATAL(give("c1", 3, 2, 5), SW_OK);
}

/* Is what the last answer seals this? */
static int opens_to(const uint8_t *want, size_t length)
{
	uint8_t out[64];

	return p.length == length + TUNNEL_TAG &&
	       tunnel_open(out, &party.tunnel, TUNNEL_TO_HOST, (struct span){p.response, p.length}) == OK &&
	       memcmp(out, want, length) == 0;
}

static int found_in_memory(const uint8_t *bytes, size_t length)
{
	int found = 0;

	for (size_t i = 0; i + 8 <= length; i++)
		found += memmem(p.cut.memory, p.cut.size, bytes + i, 8) != NULL;
	return found;
}

/* PROVES: ISO/IEC 7816-4 5.4.1 */
static void test_selected(void)
{
	static const uint8_t all[] = {0x34, 0x36, 0x38, 0x3A, 0x3C, 0x3E, 0x40, 0x42, 0x46, 0x48};
	uint8_t data[100] = {0};
	char hex[40];

	start();
	PLAY_DATA(&p, "80F2000100", "8409F073696D7269746501");
	PLAY(&p, "00A4040C 07 F073696D726974", SW_OK);
	PLAY(&p, "00A4040C 0A F073696D726974650102", SW_FILE_NOT_FOUND);
	PLAY(&p, "00A40404 09 F073696D7269746501", SW_OK);
	CU_ASSERT(p.length < 98);
	CU_ASSERT_PTR_NOT_NULL(memmem(p.response, p.length, "\x83\x01\x82", 3)); /* its PIN is told */
	PLAY(&p, "00A40004 02 3F00", SW_OK);
	CU_ASSERT_PTR_NULL(memmem(p.response, p.length, "\x83\x01\x82", 3)); /* nowhere else */
	for (size_t i = 0; i < sizeof(all); i++) {
		REFUSED(party_send(&p, all[i], 0, data, all[i] == 0x34 ? 0 : sizeof(data)),
			SW_CONDITIONS_NOT_SATISFIED);
		(void)sprintf(hex, "84%02X0000 01 00", all[i]);
		PLAY(&p, hex, SW_SECURE_NOT_SUPPORTED);
		(void)sprintf(hex, "00%02X0000 01 00", all[i]);
		PLAY(&p, hex, SW_CLA_NOT_SUPPORTED);
	}
	PLAY(&p, CUSTODIAN, SW_OK);
	for (size_t i = 0; i < sizeof(all); i++) {
		data[0] = 0;
		REFUSED(party_send(&p, all[i], all[i] == 0x48 ? 4 : 1, data, all[i] == 0x34 ? 0 : 60),
			SW_WRONG_P1_P2);
		if (all[i] != 0x34)
			REFUSED(party_send(&p, all[i], all[i] == 0x48, data, 0), SW_WRONG_LENGTH);
	}
	play_close(&p);
}

static void test_enrol(void)
{
	uint8_t key[33];

	play_open(&p);
	PLAY(&p, CUSTODIAN, SW_OK);
	PLAY(&p, "8034000000", SW_OK);
	CU_ASSERT_EQUAL(p.length, 42);
	ASSERT_BYTES(p.response, "\x01\xFF\x00\x00\x00", 5);
	PLAY(&p, "00200082", SW_REFERENCE_NOT_FOUND);
	/* A session needs the identity. */
	memset(key, 0x42, sizeof(key));
	REFUSED(party_session(&p, &party, "c1"), SW_CONDITIONS_NOT_SATISFIED);
	REFUSED(play(&p, "80360000 0F 323436383130FFFF 31333537393133"), SW_WRONG_LENGTH);
	REFUSED(play(&p, "80360000 10 323436FFFFFFFFFF 3133353739313335"), SW_WRONG_DATA);
	REFUSED(play(&p, "80360000 10 323436383130FFFF 31333537393133FF"), SW_WRONG_DATA);
	PLAY(&p, PARTY_ENROL, SW_OK);
	CU_ASSERT_EQUAL_FATAL(p.length, 33);
	memcpy(key, p.response, 33);
	REFUSED(play(&p, PARTY_ENROL), SW_CONDITIONS_NOT_SATISFIED);
	REFUSED(play(&p, "80360000 10 313131313131FFFF 3131313131313131"), SW_CONDITIONS_NOT_SATISFIED);
	play_restart(&p);
	PLAY(&p, CUSTODIAN, SW_OK);
	PLAY(&p, "8034000000", SW_OK);
	ASSERT_BYTES(p.response, "\x01\x03\x0A", 3);
	ASSERT_BYTES(p.response + 3, key, 33);
	play_close(&p);
}

/* The issuer can neither set the PIN nor replace it; an identity that is there stays. */
static void test_issuer(void)
{
	uint8_t key[65];

	play_open(&p);
	CU_ASSERT_EQUAL(play_secure(&p), SW_OK);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 03 0F0600"), SW_OK);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 17 8F0214 82 01 03 0A 00112233445566778899AABBCCDDEEFF"),
			SW_REFERENCE_NOT_FOUND);
	PLAY(&p, "00A4040C 08 A000000151000000", SW_OK);
	PLAY(&p, "80CADF2200", SW_OK);
	memcpy(key, p.response + 3, 65);
	CU_ASSERT_EQUAL_FATAL(party_enrol(&p, &party), SW_OK);
	ASSERT_BYTES(party.key + 1, key + 1, 32);
	CU_ASSERT_EQUAL(play_secure(&p), SW_OK);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 17 8F0214 82 01 03 0A 00112233445566778899AABBCCDDEEFF"),
			SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 03 0F0600"), SW_CONDITIONS_NOT_SATISFIED);
	play_close(&p);
}

static void test_pin(void)
{
	start_with_share();
	PLAY(&p, "00260082 08 323436383130FFFF", SW_CONDITIONS_NOT_SATISFIED); /* never off */
	PLAY(&p, "00268282 08 323436383130FFFF", SW_WRONG_P1_P2);
	PLAY(&p, "00280082 08 323436383130FFFF", SW_CONDITIONS_NOT_SATISFIED);
	PLAY(&p, "00240082 10 323436383130FFFF 3132333435363738", SW_OK);
	PLAY(&p, PARTY_PIN, SW_TRIES_LEFT(2));
	REFUSED(about(0x46, "c1", 3), SW_SECURITY_NOT_SATISFIED);
	PLAY(&p, "00200082 08 3132333435363738", SW_OK);
	PLAY(&p, "002C0082 10 3133353739313335 323436383130FFFF", SW_OK);
	PLAY(&p, PARTY_PIN, SW_OK);
	/* Blocked: nothing is released, signed or destroyed. */
	PLAY(&p, PARTY_WRONG, SW_TRIES_LEFT(2));
	PLAY(&p, PARTY_WRONG, SW_TRIES_LEFT(1));
	PLAY(&p, PARTY_WRONG, SW_TRIES_LEFT(0));
	PLAY(&p, PARTY_PIN, SW_PIN_BLOCKED);
	REFUSED(confirm("c1"), SW_SECURITY_NOT_SATISFIED);
	REFUSED(about(0x42, "c1", 3), SW_SECURITY_NOT_SATISFIED);
	REFUSED(about(0x46, "c1", 3), SW_SECURITY_NOT_SATISFIED);
	REFUSED(contribute("c1", 3), SW_SECURITY_NOT_SATISFIED);
	PLAY(&p, "002C0082 10 3133353739313335 323436383130FFFF", SW_OK);
	CU_ASSERT_EQUAL(confirm("c1"), SW_OK);
	play_close(&p);
}

/* The PIN counts where it was verified, until something is selected. */
static void test_pin_is_local(void)
{
	static const char *const away[] = {CUSTODIAN, "00A4000C 02 3F00", "00A4040C 07 A0000000871002",
					   "00A4080C 02 2FE2", "00A4044C 09 F073696D7269746501"};

	start();
	PLAY(&p, "0070000100", SW_OK);
	PLAY(&p, "01A4040C 09 F073696D7269746501", SW_OK);
	PLAY(&p, "813A0000 0B 010203040506078F03 6331", SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(contribute("c1", 3), SW_OK); /* the other one is as it was */
	for (size_t i = 0; i < sizeof(away) / sizeof(away[0]); i++) {
		PLAY(&p, CUSTODIAN, SW_OK);
		PLAY(&p, PARTY_PIN, SW_OK);
		CU_ASSERT_EQUAL(party_session(&p, &party, "c1"), SW_OK);
		CU_ASSERT_EQUAL(contribute("c1", 3), SW_OK);
		PLAY(&p, away[i], SW_OK);
		CU_ASSERT_NOT_EQUAL(p.card.custody.open, GRANTED);
		PLAY(&p, CUSTODIAN, SW_OK);
		REFUSED(contribute("c1", 3), SW_SECURITY_NOT_SATISFIED);
		PLAY(&p, PARTY_PIN, SW_OK);
		REFUSED(about(0x3C, "c1", 3), SW_CONDITIONS_NOT_SATISFIED);
	}
	play_close(&p);
}

static void test_session(void)
{
	uint8_t private_key[32], data[33 + 130];
	struct party other;

	start();
	CU_ASSERT_EQUAL(party_session(&p, &party, "any context"), SW_OK);
	other = party;
	CU_ASSERT_EQUAL(party_session(&p, &party, "any context"), SW_OK);
	CU_ASSERT_NOT_EQUAL(memcmp(other.tunnel.key, party.tunnel.key, TUNNEL_KEY),
			    0); /* another each time */
	party_host_key(private_key, data);
	memset(data + 33, 'x', 130);
	CU_ASSERT_EQUAL(party_send(&p, 0x38, 0, data, 33 + 128), SW_OK);
	CU_ASSERT_EQUAL(party_session(&p, &party, "c1"), SW_OK);
	/* What is refused leaves the session that is open. */
	REFUSED(party_send(&p, 0x38, 0, data, 33 + 129), SW_WRONG_LENGTH);
	REFUSED(party_send(&p, 0x38, 0, data, 33), SW_WRONG_LENGTH);
	data[40] = '\n';
	REFUSED(party_send(&p, 0x38, 0, data, 33 + 20), SW_WRONG_DATA);
	data[40] = 'x';
	data[0] = 0x04;
	REFUSED(party_send(&p, 0x38, 0, data, 33 + 20), SW_WRONG_DATA);
	data[0] = 0x02;
	memset(data + 1, 0xFF, 32);
	REFUSED(party_send(&p, 0x38, 0, data, 33 + 20), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(give("c1", 3, 2, 5), SW_OK);
	/* It belongs to its channel. */
	PLAY(&p, "0070000100", SW_OK);
	PLAY(&p, "01A4040C 09 F073696D7269746501", SW_OK);
	PLAY(&p, "01200082 08 323436383130FFFF", SW_OK);
	PLAY(&p, "81400000 02 6331", SW_CONDITIONS_NOT_SATISFIED);
	/* A channel opened from there has the PIN and no session, until it selects. */
	PLAY(&p, "0170000200", SW_OK);
	PLAY(&p, "82400000 02 6331", SW_CONDITIONS_NOT_SATISFIED);
	PLAY(&p, "02A4040C 09 F073696D7269746501", SW_OK);
	PLAY(&p, "82400000 02 6331", SW_SECURITY_NOT_SATISFIED);
	PLAY(&p, "0070800200", SW_OK);
	PLAY(&p, "80400000 02 6331", SW_OK);
	PLAY(&p, "0070800100", SW_OK);
	CU_ASSERT_EQUAL(about(0x42, "c1", 3), SW_OK);
	play_close(&p);
}

static void test_contribution(void)
{
	uint8_t commitment[32], first[32], contribution[32], digest[32];
	char hex[65], text[300], long_one[STATEMENT_CEREMONY + 2];

	start();
	memset(long_one, 'c', sizeof(long_one));
	long_one[sizeof(long_one) - 1] = 0;
	REFUSED(contribute("c1", 0), SW_WRONG_DATA);
	REFUSED(contribute("c1", 17), SW_WRONG_DATA);
	REFUSED(contribute("", 1), SW_WRONG_LENGTH);
	REFUSED(contribute(long_one, 1), SW_WRONG_LENGTH);
	REFUSED(contribute("c\n1", 1), SW_WRONG_DATA);
	REFUSED(contribute("c\x7F", 1), SW_WRONG_DATA);
	for (uint8_t index = 1; index <= 16; index++) {
		CU_ASSERT_EQUAL(contribute("c1", index), SW_OK);
		CU_ASSERT_EQUAL_FATAL(p.length, 96);
		memcpy(commitment, p.response, 32);
		party_hex(hex, commitment, 32);
		(void)sprintf(text, "simrite commit v1\nc1\n" SET_HEX "\n%u\n%s", index, hex);
		CU_ASSERT(party_signed(&party, text, p.response + 32));
		if (index == 1)
			memcpy(first, commitment, 32);
	}
	CU_ASSERT_NOT_EQUAL(memcmp(first, commitment, 32), 0);
	CU_ASSERT_FALSE(found_in_memory(first, 32)); /* replaced: gone */
	CU_ASSERT_EQUAL(contribute("c1", 4), SW_OK);
	memcpy(commitment, p.response, 32);
	REFUSED(about(0x3C, "c1", 4), SW_CONDITIONS_NOT_SATISFIED); /* no session */
	play_restart(&p);
	PLAY(&p, CUSTODIAN, SW_OK);
	REFUSED(about(0x3C, "c1", 4), SW_SECURITY_NOT_SATISFIED);
	PLAY(&p, PARTY_PIN, SW_OK);
	CU_ASSERT_EQUAL(party_session(&p, &party, "c1"), SW_OK);
	REFUSED(about(0x3C, "c2", 4), SW_REFERENCE_NOT_FOUND);
	REFUSED(about(0x3C, "c1", 5), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(about(0x3C, "c1", 4), SW_OK);
	CU_ASSERT_EQUAL_FATAL(p.length, 48);
	CU_ASSERT_EQUAL(
		tunnel_open(contribution, &party.tunnel, TUNNEL_TO_HOST, (struct span){p.response, 48}), OK);
	party_hex(hex, contribution, 32);
	(void)sprintf(text, "simrite contribution v1\nc1\n" SET_HEX "\n4\n%s", hex);
	party_digest(digest, text);
	ASSERT_BYTES(digest, commitment, 32);
	/* Once. */
	REFUSED(about(0x3C, "c1", 4), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_FALSE(found_in_memory(commitment, 32));
	CU_ASSERT_FALSE(found_in_memory(contribution, 32));
	play_close(&p);
}

/* What STATUS tells: the whole of it. */
static void status_is(const char *share, const char *contribution, uint32_t releases)
{
	uint8_t want[256] = {1, 3, 10};
	size_t n = 40;

	memcpy(want + 3, party.key, 33);
	want[39] = (uint8_t)releases;
	n += play_unhex(want + n, sizeof(want) - n, share);
	n += play_unhex(want + n, sizeof(want) - n, contribution);
	PLAY(&p, "8034000000", SW_OK);
	CU_ASSERT_EQUAL_FATAL(p.length, n);
	ASSERT_BYTES(p.response, want, n);
}

static void test_share(void)
{
	char salt[65], value[65], text[400], commitment[65], told[200];
	uint8_t digest[32];

	start();
	status_is("00", "00", 0);
	CU_ASSERT_EQUAL(party_session(&p, &party, "c1"), SW_OK);
	CU_ASSERT_EQUAL(give("c1", 12, 2, 16), SW_OK);
	CU_ASSERT_EQUAL_FATAL(p.length, 96);
	party_hex(salt, secret, 32);
	party_hex(value, secret + 32, 32);
	(void)sprintf(text, "simrite share v1\nc1\n" SET_HEX "\n12\n2\n16\n%s\n%s", salt, value);
	party_digest(digest, text);
	ASSERT_BYTES(p.response, digest, 32);
	party_hex(commitment, digest, 32);
	(void)sprintf(text, "simrite share held v1\nc1\n" SET_HEX "\n12\n%s", commitment);
	CU_ASSERT(party_signed(&party, text, p.response + 32));
	(void)sprintf(told, "01 02100C " SET_HEX " %s 02 6331", commitment);
	status_is(told, "00", 0);
	CU_ASSERT_FALSE(found_in_memory(secret, 64));
	CU_ASSERT_EQUAL(confirm("c1"), SW_OK);
	CU_ASSERT_EQUAL(about(0x42, "c1", 12), SW_OK);
	CU_ASSERT(opens_to(secret, 64));
	status_is(told, "00", 1);
	play_restart(&p);
	PLAY(&p, CUSTODIAN, SW_OK);
	status_is(told, "00", 1);
	play_close(&p);
}

static void test_share_is_refused(void)
{
	static const uint8_t numbers[][3] = {{1, 1, 2},  {1, 3, 2}, {3, 2, 2},
					     {1, 2, 17}, {0, 2, 3}, {1, 0, 0}};
	uint8_t data[200], again[200];
	struct party before;
	size_t n;

	start();
	n = party_share(data, &party, "c1", 1, 2, 3, secret);
	REFUSED(party_send(&p, 0x3E, 0, data, n), SW_CONDITIONS_NOT_SATISFIED); /* no session */
	CU_ASSERT_EQUAL(party_session(&p, &party, "c1"), SW_OK);
	before = party;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		REFUSED(give("c1", numbers[i][0], numbers[i][1], numbers[i][2]), SW_WRONG_DATA);
		party = before; /* the card did not count it */
	}
	REFUSED(give("c\r1", 1, 2, 3), SW_WRONG_DATA);
	party = before;
	n = party_share(data, &party, "c1", 1, 2, 3, secret);
	for (size_t i = 2; i < 82; i++) {
		data[i] ^= 0x10;
		REFUSED(party_send(&p, 0x3E, 0, data, n), SW_SECURE_DATA_INCORRECT);
		data[i] ^= 0x10;
	}
	memcpy(again, data, n);
	CU_ASSERT_EQUAL(party_send(&p, 0x3E, 0, data, n), SW_OK);
	/* One at a time. */
	REFUSED(give("c1", 1, 2, 3), SW_CONDITIONS_NOT_SATISFIED);
	REFUSED(give("c2", 1, 2, 3), SW_CONDITIONS_NOT_SATISFIED);
	/* What crossed once does not cross again. */
	CU_ASSERT_EQUAL(about(0x46, "c1", 1), SW_OK);
	REFUSED(party_send(&p, 0x3E, 0, again, n), SW_SECURE_DATA_INCORRECT);
	party = before;
	party.tunnel.secrets = 1;
	CU_ASSERT_EQUAL(tunnel_seal(data + 2, &party.tunnel, TUNNEL_TO_HOST, (struct span){secret, 64}), OK);
	REFUSED(party_send(&p, 0x3E, 0, data, n), SW_SECURE_DATA_INCORRECT); /* nor the other way round */
	party.tunnel.secrets = 1;
	CU_ASSERT_EQUAL(give("c1", 1, 2, 3), SW_OK);
	play_close(&p);
}

static void test_release(void)
{
	start_with_share();
	REFUSED(about(0x42, "c1", 3), SW_CONDITIONS_NOT_SATISFIED); /* not confirmed */
	REFUSED(confirm("c2"), SW_REFERENCE_NOT_FOUND);
	REFUSED(confirm("c"), SW_REFERENCE_NOT_FOUND);
	REFUSED(about(0x42, "c1", 3), SW_CONDITIONS_NOT_SATISFIED);
	REFUSED(confirm("c1"), SW_OK);
	REFUSED(about(0x42, "c2", 3), SW_REFERENCE_NOT_FOUND);
	REFUSED(about(0x42, "c1", 4), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(about(0x42, "c1", 3), SW_OK);
	CU_ASSERT(opens_to(secret, 64));
	REFUSED(about(0x42, "c1", 3), SW_CONDITIONS_NOT_SATISFIED); /* once */
	/* A confirmation ends with its session. */
	CU_ASSERT_EQUAL(confirm("c1"), SW_OK);
	CU_ASSERT_EQUAL(party_session(&p, &party, "c1"), SW_OK);
	REFUSED(about(0x42, "c1", 3), SW_CONDITIONS_NOT_SATISFIED);
	CU_ASSERT_EQUAL(confirm("c1"), SW_OK);
	CU_ASSERT_EQUAL(about(0x42, "c1", 3), SW_OK);
	CU_ASSERT(opens_to(secret, 64));
	PLAY(&p, "8034000000", SW_OK);
	ASSERT_BYTES(p.response + 36, "\0\0\0\2", 4);
	/* ... and with the share it was for. */
	CU_ASSERT_EQUAL(confirm("c1"), SW_OK);
	CU_ASSERT_EQUAL(about(0x46, "c1", 3), SW_OK);
	CU_ASSERT_EQUAL(give("c9", 1, 2, 2), SW_OK);
	REFUSED(about(0x42, "c9", 1), SW_CONDITIONS_NOT_SATISFIED);
	play_close(&p);
}

/* The counter is at its end: no share is released uncounted. */
static void test_counter(void)
{
	static const uint8_t most[4] = {0xFF, 0xFF, 0xFF, 0xFE};

	start_with_share();
	CU_ASSERT_EQUAL(store_write(&p.card.store, STORE_CUSTODIAN << 8 | 3, most, sizeof(most)), OK);
	CU_ASSERT_EQUAL(confirm("c1"), SW_OK);
	CU_ASSERT_EQUAL(about(0x42, "c1", 3), SW_OK);
	CU_ASSERT(opens_to(secret, 64));
	CU_ASSERT_EQUAL(confirm("c1"), SW_OK);
	REFUSED(about(0x42, "c1", 3), SW_CONDITIONS_NOT_SATISFIED);
	play_close(&p);
}

static void test_destroy(void)
{
	uint8_t sealed[STORE_OBJECT_MAX], answer[96], found = 0;
	char text[200], hex[65];
	int n;

	start_with_share();
	n = store_read(&p.card.store, STORE_CUSTODIAN << 8 | 1, sealed, 0, sizeof(sealed));
	CU_ASSERT_EQUAL_FATAL(n, 44 + 2 + 80);
	REFUSED(about(0x46, "c2", 3), SW_REFERENCE_NOT_FOUND);
	REFUSED(about(0x46, "c1", 2), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(about(0x46, "c1", 3), SW_OK);
	CU_ASSERT_EQUAL_FATAL(p.length, 96);
	memcpy(answer, p.response, 96);
	party_hex(hex, answer, 32);
	(void)sprintf(text, "simrite share destroyed v1\nc1\n" SET_HEX "\n3\n%s", hex);
	CU_ASSERT(party_signed(&party, text, answer + 32));
	for (int i = 46; i + 8 <= n; i++)
		found |= memmem(p.cut.memory, p.cut.size, sealed + i, 8) != NULL;
	CU_ASSERT_FALSE(found);
	/* The answer can be had again, and the share no more. */
	REFUSED(confirm("c1"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(about(0x46, "c1", 3), SW_OK);
	ASSERT_BYTES(p.response, answer, 96);
	PLAY(&p, "8034000000", SW_OK);
	CU_ASSERT_EQUAL(p.response[40], 2);
	CU_ASSERT_EQUAL(give("c9", 1, 2, 2), SW_OK);
	REFUSED(about(0x46, "c1", 3), SW_REFERENCE_NOT_FOUND);
	play_close(&p);
}

/* PIN and code are blocked: the share can be destroyed, and nothing else. */
static void test_lost(void)
{
	start_with_share();
	for (int left = 2; left >= 0; left--)
		PLAY(&p, PARTY_WRONG, SW_TRIES_LEFT(left));
	REFUSED(about(0x46, "c1", 3), SW_SECURITY_NOT_SATISFIED);
	for (int left = 9; left >= 0; left--)
		PLAY(&p, "002C0082 10 3131313131313131 323436383130FFFF", SW_TRIES_LEFT(left));
	REFUSED(confirm("c1"), SW_SECURITY_NOT_SATISFIED);
	REFUSED(contribute("c1", 3), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(about(0x46, "c1", 3), SW_OK);
	PLAY(&p, "8034000000", SW_OK);
	CU_ASSERT_EQUAL(p.response[40], 2);
	play_close(&p);
}

/* What was changed in the memory is not released for what it was. */
static void test_changed(void)
{
	uint8_t object[STORE_OBJECT_MAX];
	int n;

	for (int at = 0; at < 44 + 2 + 80; at += 5) {
		start_with_share();
		n = store_read(&p.card.store, STORE_CUSTODIAN << 8 | 1, object, 0, sizeof(object));
		CU_ASSERT_EQUAL_FATAL(n, 44 + 2 + 80);
		object[at] ^= 1;
		CU_ASSERT_EQUAL(store_write(&p.card.store, STORE_CUSTODIAN << 8 | 1, object, (size_t)n), OK);
		(void)confirm("c1");
		CU_ASSERT_NOT_EQUAL(about(0x42, "c1", 3), SW_OK);
		play_close(&p);
	}
}

static uint16_t sign(uint8_t kind, const char *ceremony, const char *name)
{
	uint8_t data[255];
	size_t length = strlen(ceremony);

	memset(data, 0xAB, 32);
	data[32] = (uint8_t)length;
	memcpy(data + 33, ceremony, length);
	memcpy(data + 33 + length, name, strlen(name));
	return party_send(&p, 0x48, kind, data, 33 + length + strlen(name));
}

static void test_sign(void)
{
	static const char note[] = "simrite/ceremony/c1\n21\nZGlnZXN0\nmode rehearsal\n",
			  head[] = "abababababababababababababababababababababababababababababababab";
	char name[STATEMENT_NAME + 2], text[400];
	uint8_t data[64];

	start();
	CU_ASSERT_EQUAL(sign(1, "c1", "Ada Example"), SW_OK);
	CU_ASSERT_EQUAL_FATAL(p.length, 64);
	(void)sprintf(text, "simrite present v1\nc1\nAda Example\n%s", head);
	CU_ASSERT(party_signed(&party, text, p.response));
	CU_ASSERT_EQUAL(sign(2, "c1", "Ad\xC3\xA4 X"), SW_OK);
	(void)sprintf(text, "simrite signoff v1\nc1\nAd\xC3\xA4 X\n%s", head);
	CU_ASSERT(party_signed(&party, text, p.response));
	CU_ASSERT_EQUAL(party_send(&p, 0x48, 3, note, sizeof(note) - 1), SW_OK);
	CU_ASSERT(party_signed(&party, note, p.response));
	memset(name, 'n', sizeof(name));
	name[STATEMENT_NAME] = 0;
	CU_ASSERT_EQUAL(sign(1, "c1", name), SW_OK);
	name[STATEMENT_NAME] = 'n';
	name[STATEMENT_NAME + 1] = 0;
	REFUSED(sign(1, "c1", name), SW_WRONG_DATA);
	REFUSED(sign(1, "c1", "a\nb"), SW_WRONG_DATA);
	REFUSED(sign(1, "a\nb", "c1"), SW_WRONG_DATA);
	REFUSED(sign(1, "", "c1"), SW_WRONG_DATA);
	REFUSED(sign(2, "c1", ""), SW_WRONG_DATA);
	REFUSED(sign(2, "c", ""), SW_WRONG_LENGTH);
	memset(data, 0, sizeof(data));
	data[32] = 200; /* a ceremony longer than there is */
	REFUSED(party_send(&p, 0x48, 1, data, sizeof(data)), SW_WRONG_DATA);
	/* A note is one by its first line; no other text can be brought in through it. */
	REFUSED(party_send(&p, 0x48, 3, "simrite commit v1\nc1\n0102030405060708\n1", 39), SW_WRONG_DATA);
	REFUSED(party_send(&p, 0x48, 3, "simrite/ceremonies/c1\nand more text here", 39), SW_WRONG_DATA);
	play_restart(&p);
	PLAY(&p, CUSTODIAN, SW_OK);
	REFUSED(sign(1, "c1", "Ada Example"), SW_SECURITY_NOT_SATISFIED);
	REFUSED(party_send(&p, 0x48, 3, note, sizeof(note) - 1), SW_SECURITY_NOT_SATISFIED);
	play_close(&p);
}

UNIT_SUITE("custody", UNIT(test_selected), UNIT(test_enrol), UNIT(test_issuer), UNIT(test_pin),
	   UNIT(test_pin_is_local), UNIT(test_session), UNIT(test_contribution), UNIT(test_share),
	   UNIT(test_share_is_refused), UNIT(test_release), UNIT(test_counter), UNIT(test_destroy),
	   UNIT(test_lost), UNIT(test_changed), UNIT(test_sign))
