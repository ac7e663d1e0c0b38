/* PROVES: after every command the working memory holds no secret it has no more
 * use for: neither struct card nor the stack that ran the command has K, OPc,
 * what it drew or agreed on, a PIN, a static or a closed session's key, nor RES, CK, IK and Kc that were
 * fetched or dropped.
 *
 * Every session of tests/fuzz/sessions is played to a card whose secrets are
 * drawn anew for every run. A command runs on a stack of its own, which is
 * looked through afterwards, as the card is, and as it is after the power came
 * on. Then the same bytes go over the contact, and the stack of card_run() is
 * looked through whenever it waits for the next command. What is looked for
 * is any eight bytes in a row of any secret, as they are, with each word of 32
 * bits turned round, and backwards, as numbers of many digits are kept. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <ucontext.h>

#include "auth/gba.h"
#include "auth/milenage.h"
#include "crypto/hmac.h"
#include "crypto/p256.h"
#include "crypto/x25519.h"
#include "fuzz/session.h"
#include "keys/slot.h"
#include "keys/vault.h"
#include "unit/play.h"

enum {
	STACK = 128 * 1024,
	WINDOW = 8, /* bytes that make a find */
	BUCKETS = 16384,
	SESSIONS = 64
};

/* Where a secret may be, beside nowhere. */
enum place {
	NOWHERE,
	IN_CHANNEL, /* in struct card while its secure channel lives */
	IN_ANSWER   /* in struct card while the answer waits */
};

struct window {
	uint64_t bytes;
	const char *name;
	enum place place;
};

/* ---- the secrets of a run ---- */

static struct window windows[BUCKETS];
static int kept;

static uint64_t word(const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static size_t bucket(uint64_t value)
{
	return (size_t)(value * 0x9E3779B97F4A7C15u >> 50) % BUCKETS;
}

static void keep_window(const char *name, const uint8_t at[static WINDOW], enum place place)
{
	uint64_t value = word(at);
	size_t i = bucket(value);

	while (windows[i].name && windows[i].bytes != value)
		i = (i + 1) % BUCKETS;
	kept += windows[i].name == NULL;
	windows[i] = (struct window){value, name, place};
	CU_ASSERT_FATAL(kept < BUCKETS / 2);
}

static void keep(const char *name, const uint8_t *secret, size_t length, enum place place)
{
	uint8_t turned[64];
	size_t i;

	for (i = 0; i + WINDOW <= length; i++)
		keep_window(name, secret + i, place);
	for (i = 0; i < length; i++)
		turned[i] = secret[i ^ 3];
	for (i = 0; i + WINDOW <= length; i++)
		keep_window(name, turned + i, place);
	for (i = 0; i < length; i++)
		turned[i] = secret[length - 1 - i];
	for (i = 0; i + WINDOW <= length; i++)
		keep_window(name, turned + i, place);
}

#define KEEP(field)     keep(#field, rig->secret.field, sizeof(rig->secret.field), NOWHERE)
#define KEEP_DEK(field) keep(#field, rig->secret.field, sizeof(rig->secret.field), IN_CHANNEL)

/* What the card has made for itself, to keep the others under: object 10 of the card's own. */
static void keep_device_secret(const struct store *store)
{
	uint8_t secret[64];
	int n = store_read(store, STORE_CARD << 8 | 0x10, secret, 0, sizeof(secret));

	if (n > 0)
		keep("the device secret", secret, (size_t)n, NOWHERE);
}

/* What it keeps sealed: keys that were drawn or agreed on, which nobody else knows. */
static void keep_sealed(const struct store *store)
{
	const uint16_t id = STORE_CARD << 8 | 0x12; /* the identity */
	uint8_t object[P256_UNCOMPRESSED + P256_PRIVATE + VAULT_TAG], key[P256_PRIVATE];
	struct slot slot;

	for (uint8_t i = 1; i <= KEY_SLOTS; i++) {
		if (slot_load(&slot, store, i, SLOT_USE_3G) == OK) {
			keep("K of a slot", slot.key.k, slot.key.sizes.k, NOWHERE);
			keep("OPc of a slot", slot.key.opc, slot.key.sizes.opc, NOWHERE);
		}
	}
	if (store_read(store, id, object, 0, sizeof(object)) == (int)sizeof(object) &&
	    vault_open(key, store, id, (struct span){object, VAULT_OPEN_MAX},
		       (struct span){object + P256_UNCOMPRESSED, P256_PRIVATE + VAULT_TAG}) == OK)
		keep("the identity's key", key, sizeof(key), NOWHERE);
}

static void keep_static(const struct rig *rig)
{
	memset(windows, 0, sizeof(windows));
	kept = 0;
	keep_device_secret(&rig->card.store);
	KEEP(k);
	KEEP(opc);
	KEEP(pin1);
	KEEP(pin1_new);
	KEEP(puk1);
	KEEP(adm1);
	KEEP(adm1_new);
	KEEP(enc);
	KEEP(mac);
	KEEP_DEK(dek);
	KEEP(enc32);
	KEEP(mac32);
	KEEP_DEK(dek32);
	KEEP(enc_des);
	KEEP(mac_des);
	KEEP(dek_des);
	KEEP(kic);
	KEEP(kid);
	KEEP(kik);
	KEEP(next_enc);
	KEEP(next_mac);
	KEEP(next_dek);
	KEEP(custodian_pin);
	KEEP(custodian_code);
	KEEP(share);
	KEEP(next_k);
	KEEP(next_opc);
}

static void keep_vector(const struct aka_vector *v)
{
	uint8_t kc[GSM_KC];

	milenage_c3(kc, v->ck, v->ik);
	keep("RES", v->res, AKA_RES, IN_ANSWER);
	keep("CK", v->ck, AKA_KEY, IN_ANSWER);
	keep("IK", v->ik, AKA_KEY, IN_ANSWER);
	keep("Kc", kc, GSM_KC, IN_ANSWER);
}

static void keep_channel(const struct rig *rig)
{
	const struct scp03_session_keys *s = &rig->channel.session;

	if (rig->protocol == 3) {
		keep("S-ENC", s->enc, s->length, IN_CHANNEL);
		keep("S-MAC", s->mac, s->length, IN_CHANNEL);
		keep("S-RMAC", s->rmac, s->length, IN_CHANNEL);
	} else if (rig->protocol == 2) {
		keep("S-ENC of SCP02", rig->des.enc, DES3_KEY, IN_CHANNEL);
		keep("C-MAC of SCP02", rig->des.mac, DES3_KEY, IN_CHANNEL);
		keep("DEK of SCP02", rig->des.dek, DES3_KEY, IN_CHANNEL);
	}
}

/* What the card is going to draw for the key that makes a SUCI, and what it
 * agrees on with the home network's key of profile A in suci.session. */
static void keep_ephemeral(const struct card *card)
{
	static const char home[] = "5A8D38864820197C3394B92613B20B91633CBD897119273BF8E4A6F4EEC0A650";
	uint8_t ephemeral[X25519_BYTES], shared[X25519_BYTES], key[X25519_BYTES];
	struct drbg drbg = card->drbg;

	play_unhex(key, sizeof(key), home);
	CU_ASSERT_EQUAL(drbg_fill(&drbg, ephemeral, sizeof(ephemeral)), OK);
	CU_ASSERT_EQUAL(x25519(shared, ephemeral, key), OK);
	keep("the ephemeral key", ephemeral, sizeof(ephemeral), NOWHERE);
	keep("the shared secret", shared, sizeof(shared), NOWHERE);
}

/* What the card is going to draw for a custodian: a contribution, or the private half of a session. */
static void keep_drawn(const struct card *card)
{
	uint8_t drawn[P256_PRIVATE];
	struct drbg drbg = card->drbg;

	CU_ASSERT_EQUAL(drbg_fill(&drbg, drawn, sizeof(drawn)), OK);
	keep("what was drawn for a custodian", drawn, sizeof(drawn), NOWHERE);
}

/* Both keys of gba.session's NAFs, "naf" and "naf2" of "user", under the last vector (TS 33.220 B.3). */
static void keep_naf_keys(const struct aka_vector *v)
{
	static const char *const labels[] = {"gba-me", "gba-u"}, *const nafs[] = {"naf", "naf2"};
	uint8_t ks[2 * AKA_KEY], s[64] = {0x01}, key[GBA_KEY];

	memcpy(ks, v->ck, AKA_KEY);
	memcpy(ks + AKA_KEY, v->ik, AKA_KEY);
	for (int i = 0; i < 4; i++) {
		const char *label = labels[i & 1], *naf = nafs[i >> 1];
		size_t n = 1 + strlen(label);

		memcpy(s + 1, label, n - 1);
		memcpy(s + n, (const uint8_t[]){0, (uint8_t)(n - 1)}, 2);
		memcpy(s + n + 2, v->rand, AKA_RAND);
		memcpy(s + n + 2 + AKA_RAND, "\0\20user\0\4", 8);
		n += 2 + AKA_RAND + 8;
		memcpy(s + n, naf, strlen(naf));
		n += strlen(naf);
		memcpy(s + n, (const uint8_t[]){0, (uint8_t)strlen(naf)}, 2);
		CU_ASSERT_EQUAL(hmac(key, (struct span){ks, sizeof(ks)}, (struct span){s, n + 2}), OK);
		keep(i & 1 ? "Ks_int_NAF" : "Ks_ext_NAF", key, sizeof(key), i & 1 ? NOWHERE : IN_ANSWER);
	}
}

/* ---- looking ---- */

static const struct window *look_up(uint64_t value)
{
	size_t i = bucket(value);

	for (; windows[i].name; i = (i + 1) % BUCKETS)
		if (windows[i].bytes == value)
			return &windows[i];
	return NULL;
}

static const char *session_now;
static int line_now, finds, commands;

/* Reads stack that no longer belongs to anybody. */
__attribute__((no_sanitize("address"))) static void look(const char *where, const uint8_t *at, size_t length,
							 unsigned allowed)
{
	const struct window *found;
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < length; i++) {
		value = value >> 8 | (uint64_t)at[i] << 56;
		if (value == 0 || i + 1 < WINDOW || !(found = look_up(value)) || allowed & 1u << found->place)
			continue;
		if (finds++ < 40)
			printf("\n    %s:%d: %s in %s, %zu bytes before its end", session_now, line_now,
			       found->name, where, length - (i - WINDOW + 1));
		i += WINDOW;
		value = 0;
	}
}

/* Stack and card as the last commands left them: a channel's keys are known to
 * the other end only when it is open, so what opened it is looked at again. */
enum {
	REMEMBERED = 3
};
static uint8_t stacks[REMEMBERED][STACK];
static struct card cards[REMEMBERED];

static uint8_t stack[STACK] __attribute__((aligned(64)));
static ucontext_t outside, inside;

static struct {
	struct card *card;
	uint8_t *response;
	const uint8_t *command;
	size_t length, answered;
} call;

static void on_the_stack(void)
{
	call.answered = card_transmit(call.card, call.response, call.command, call.length);
}

/* Run `inside_call` on the painted stack. */
static void run(void (*inside_call)(void))
{
	memset(stack, 0, sizeof(stack));
	CU_ASSERT_EQUAL_FATAL(getcontext(&inside), 0);
	inside.uc_stack.ss_sp = stack;
	inside.uc_stack.ss_size = sizeof(stack);
	inside.uc_link = &outside;
	makecontext(&inside, inside_call, 0);
	CU_ASSERT_EQUAL_FATAL(swapcontext(&outside, &inside), 0);
}

/* ---- the same over the contact ---- */

enum {
	TAPE = 1 << 16,
	SEGMENTS = 16,
	IDLE_MS = 60000 /* how t0.c waits for a command; within one it waits for less */
};

/* What went in: pieces between resets, and whether the power was off before. */
static struct {
	uint8_t bytes[TAPE];
	size_t length, at, ends[SEGMENTS];
	uint8_t power[SEGMENTS];
	size_t segments, waits, good, good_again;
	uint8_t full; /* what comes now is no affair of the contact's */
} tape;

/* What T=0 carries of a command; one that P3 says another length of is none. */
static void tape_add(const struct card *card, const uint8_t *command, size_t length)
{
	uint8_t header[5] = {0};
	size_t data;

	memcpy(header, command, length < sizeof(header) ? length : sizeof(header));
	data = card_takes_data(card, header) ? header[4] : 0;
	if (length < 4 || length < data + (data > 0 ? sizeof(header) : 0) ||
	    length > sizeof(header) + data + (data > 0))
		return;
	CU_ASSERT_FATAL(tape.length + sizeof(header) + data <= TAPE);
	memcpy(tape.bytes + tape.length, header, sizeof(header));
	if (data > 0)
		memcpy(tape.bytes + tape.length + sizeof(header), command + sizeof(header), data);
	tape.length += sizeof(header) + data;
}

static void tape_cut(int power)
{
	CU_ASSERT_FATAL(tape.segments + 1 < SEGMENTS);
	tape.ends[tape.segments++] = tape.length;
	tape.power[tape.segments] = (uint8_t)power;
}

static int tape_receive(void *board, uint8_t *byte, uint32_t timeout_ms)
{
	(void)board;
	if (timeout_ms == IDLE_MS) {
		look("the stack of the contact", stack, sizeof(stack), 0);
		tape.waits++;
	}
	if (tape.at == tape.ends[tape.segments])
		return HAL_FAULT;
	*byte = tape.bytes[tape.at++];
	return HAL_OK;
}

static int tape_send(void *board, const uint8_t *bytes, size_t length)
{
	(void)board;
	if (length >= 2)
		tape.good_again += bytes[length - 2] == 0x90 || bytes[length - 2] == 0x61;
	return HAL_OK;
}

static void run_contact(void)
{
	call.answered = (size_t)(card_run(call.card) < 0);
}

static void power_on(void)
{
	call.answered = (size_t)(card_start(call.card, call.card->hal) == OK);
}

static void play_tape(struct rig *rig)
{
	size_t last = tape.segments;

	rig->cut.hal.receive = tape_receive;
	rig->cut.hal.send = tape_send;
	tape.ends[last] = tape.length;
	tape.at = 0;
	for (tape.segments = 0; tape.segments <= last; tape.segments++) {
		line_now = (int)tape.segments;
		call.card = &rig->card;
		if (tape.power[tape.segments]) {
			run(power_on);
			CU_ASSERT_EQUAL(call.answered, 1);
			look("the stack of the start", stack, sizeof(stack), 0);
			look("the card after its start", (const uint8_t *)&rig->card, sizeof(rig->card), 0);
		}
		run(run_contact);
		CU_ASSERT_EQUAL(call.answered, 1);
		CU_ASSERT_EQUAL(tape.at, tape.ends[tape.segments]);
	}
}

/* ---- every command ---- */

static size_t transmit(struct rig *rig, uint8_t response[static RESPONSE_MAX], const uint8_t *command,
		       size_t length)
{
	const struct card *card = &rig->card;

	call.card = &rig->card;
	call.response = response;
	call.command = command;
	call.length = length;
	if (length > 1 && command[1] == 0x78)
		keep_ephemeral(card);
	if (length > 1 && (command[1] == 0x38 || command[1] == 0x3A))
		keep_drawn(card);
	if (!tape.full)
		tape_add(card, command, length);
	run(on_the_stack);
	commands++;
	keep_sealed(&card->store);
	keep_vector(&rig->vector);
	if (length > 5 && command[1] == 0x88 && command[5] == 0xDE)
		keep_naf_keys(&rig->vector);
	memcpy(stacks[commands % REMEMBERED], stack, sizeof(stack));
	memcpy(&cards[commands % REMEMBERED], card, sizeof(*card));
	tape.good +=
		!tape.full && (response[call.answered - 2] == 0x90 || response[call.answered - 2] == 0x61);
	look("the stack", stack, sizeof(stack), 0);
	look("the card", (const uint8_t *)card, sizeof(*card),
	     (card->scp03.state != SCP03_CLOSED || card->custody.open == GRANTED ? 1u << IN_CHANNEL : 0) |
		     (card->dispatch.waiting ? 1u << IN_ANSWER : 0));
	return call.answered;
}

/* ---- the tests ---- */

static struct session sessions[SESSIONS];
static struct rig rig;
static uint8_t memory[64 * 1024];
static size_t waits;

static uint32_t seed(void)
{
	static uint32_t drawn;

	if (!drawn) {
		CU_ASSERT_EQUAL_FATAL(getrandom(&drawn, sizeof(drawn), 0), sizeof(drawn));
		printf("\n    seed %u", drawn);
	}
	return drawn;
}

static void look_again(void)
{
	for (int i = 0; i < REMEMBERED; i++) {
		look("the stack (again)", stacks[i], sizeof(stacks[i]), 0);
		look("the card (again)", (const uint8_t *)&cards[i], sizeof(cards[i]),
		     1u << IN_CHANNEL | 1u << IN_ANSWER);
	}
}

static void play_session(const struct session *session)
{
	const struct session_line *line = session->lines;
	uint16_t sw;

	rig_open(&rig, seed(), 64);
	keep_static(&rig);
	CU_ASSERT_EQUAL_FATAL(rig.cut.size, sizeof(memory));
	memcpy(memory, rig.cut.memory, sizeof(memory));
	memset(&tape, 0, sizeof(tape));
	rig_restore(&rig, memory, 1);
	rig.transmit = transmit;
	session_now = session->name;
	for (; line < session->lines + session->count; line++) {
		line_now = line->number;
		tape.full |= line->verb == SESSION_CHANGED;
		sw = session_play_line(&rig, line);
		CU_ASSERT(session_right(session, line, sw));
		if (line->verb == SESSION_TUNNEL && sw == SW_OK) {
			keep("a session's key", rig.tunnel.key, TUNNEL_KEY, IN_CHANNEL);
			look_again();
		}
		if (line->verb == SESSION_OPEN) {
			keep_channel(&rig);
			look_again();
		} else if (line->verb == SESSION_RESET || line->verb == SESSION_POWER) {
			tape_cut(line->verb == SESSION_POWER);
		}
	}
	rig_restore(&rig, memory, 1);
	play_tape(&rig);
	CU_ASSERT_EQUAL(tape.good_again, tape.good);
	waits += tape.waits;
	CU_ASSERT_EQUAL(rig.cut.breaches, 0);
	rig_close(&rig);
}

static void test_sessions(void)
{
	int count = session_read_all(sessions, SESSIONS, "tests/fuzz/sessions"), i;

	CU_ASSERT_FATAL(count > 0);
	for (i = 0; i < count; i++) {
		play_session(&sessions[i]);
		session_free(&sessions[i]);
	}
	CU_ASSERT(commands > 100 && waits > (size_t)commands * 9 / 10);
	CU_ASSERT_EQUAL(finds, 0);
	printf("\n    %d sessions, %d commands, %zu over the contact, %d finds ", count, commands, waits,
	       finds);
}

/* The method sees what it is there to see. */
static void leak(void)
{
	volatile uint8_t copy[32];

	for (size_t i = 0; i < sizeof(copy); i++)
		copy[i] = call.command[i & 15];
	call.answered = copy[3];
}

static void test_control(void)
{
	uint8_t turned[16];

	rig_open(&rig, seed(), 64);
	keep_static(&rig);
	for (size_t i = 0; i < sizeof(turned); i++)
		turned[i] = rig.secret.opc[i ^ 3];
	session_now = "on purpose";
	call.command = turned;
	run(leak);
	finds = 0;
	look("the stack", stack, sizeof(stack), 0);
	CU_ASSERT(finds > 0);
	finds = 0;
	memcpy(rig.card.dispatch.command + 3, rig.secret.k + 4, WINDOW);
	look("the card", (const uint8_t *)&rig.card, sizeof(rig.card), 0);
	CU_ASSERT_EQUAL(finds, 1);
	finds = 0;
	rig_close(&rig);
}

UNIT_SUITE("remains", UNIT(test_control), UNIT(test_sessions))
