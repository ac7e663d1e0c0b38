/* Object of a key set's counter: counter(5), and what tells its keys from others(4). */
#include "gp/scp80.h"

#include <string.h>

#include "card.h"
#include "crypto/compare.h"
#include "crypto/sha256.h"
#include "crypto/wipe.h"
#include "gp/key_set.h"

enum {
	COUNTER_ID = STORE_SCP << 8 | 0x90, /* and the version, 2..F */
	PRINT = 4,
	STORED = SCP80_COUNTER + PRINT
};

/* SPEC: TS 102 226 7. The values: TS 101 220 annex D, TS 31.115. */
static const struct {
	uint8_t tar[3], application;
} targets[] = {
	{{0xB0, 0x00, 0x00}, APPLICATION_NONE},
	{{0xB0, 0x00, 0x11}, APPLICATION_USIM},
};

static int find_target(struct scp80 *s, const struct card *card)
{
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		if (memcmp(targets[i].tar, s->header.tar, sizeof(targets[i].tar)) == 0) {
			s->application = targets[i].application;
			return selection_can_start(card, (enum application)s->application);
		}
	return 0;
}

/* The key set a header means: 0 when KIc and KID are both used and do not agree, or none is. */
static uint8_t version_of(const struct scp80_header *header)
{
	int cc = (header->spi[0] & SCP80_INTEGRITY) != 0 || (header->spi[1] & SCP80_POR_INTEGRITY) != 0;
	int cipher = (header->spi[0] & SCP80_CIPHERED) || (header->spi[1] & SCP80_POR_CIPHERED);
	uint8_t kic = header->kic >> 4, kid = header->kid >> 4;

	if (cc && cipher && kic != kid)
		return 0;
	return cipher ? kic : kid;
}

/* SPEC: TS 102 225 5.1.1 */
static int secure_enough(uint8_t spi, uint8_t least)
{
	return (spi & SCP80_INTEGRITY) >= (least & SCP80_INTEGRITY) &&
	       (spi & SCP80_CIPHERED) >= (least & SCP80_CIPHERED) &&
	       (spi & SCP80_COUNTING) >= (least & SCP80_COUNTING);
}

static enum scp80_status load_keys(struct scp80 *s, const struct store *store, uint8_t version)
{
	enum scp80_status status = SCP80_UNIDENTIFIED;
	struct key_set set;

	if (key_set_is_scp80(version) && key_set_load(&set, store, version) == OK) {
		s->keys.aes = key_set_type(version, set.i) == KEY_TYPE_AES;
		s->keys.length = set.length;
		memcpy(s->keys.kic, set.enc, SCP80_KEY_MAX);
		memcpy(s->keys.kid, set.mac, SCP80_KEY_MAX);
		if (scp80_fits(&s->header, &s->keys))
			status = secure_enough(s->header.spi[0], set.i) ? SCP80_OK : SCP80_INSUFFICIENT;
	}
	wipe(&set, sizeof(set));
	return status;
}

/* What is kept with the counter, so that other keys start at 0. */
static int fingerprint(uint8_t out[static PRINT], const struct scp80_keys *keys)
{
	uint8_t digest[SHA256_LENGTH];
	struct sha256 hash;
	int e;

	sha256_start(&hash);
	sha256_add(&hash, keys->kic, keys->length);
	sha256_add(&hash, keys->kid, keys->length);
	e = sha256_finish(&hash, digest);
	memcpy(out, digest, PRINT);
	wipe(digest, sizeof(digest));
	return e;
}

/* The counter as it stands, with the fingerprint behind it. */
static int load_counter(uint8_t stored[static STORED], const struct store *store, uint8_t version,
			const struct scp80_keys *keys)
{
	uint8_t print[PRINT];
	int n = store_read(store, COUNTER_ID | version, stored, 0, STORED), e;

	if (n != ERROR_NOT_FOUND && n != STORED)
		return n < 0 ? n : ERROR_MEMORY;
	if ((e = fingerprint(print, keys)) < 0)
		return e;
	if (n != STORED || compare_equal(stored + SCP80_COUNTER, print, PRINT) != GRANTED)
		memset(stored, 0, SCP80_COUNTER);
	memcpy(stored + SCP80_COUNTER, print, PRINT);
	return OK;
}

/* One more than a counter that is not at its end. */
static void count_up(uint8_t counter[static SCP80_COUNTER])
{
	size_t i = SCP80_COUNTER;

	while (i-- > 0 && ++counter[i] == 0)
		;
}

/* SPEC: TS 102 225 5.1.4: compare, and spend. A store that fails refuses. Without
 * a CC anybody may have sent the counter: he must not spend it for those who have keys. */
static int check_counter(const struct scp80 *s, struct store *store, uint8_t version)
{
	static const uint8_t last[SCP80_COUNTER] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
	uint8_t mode = s->header.spi[0] & SCP80_COUNTING, stored[STORED];
	int e;

	if (mode < SCP80_COUNTER_HIGHER)
		return SCP80_OK;
	if ((e = load_counter(stored, store, version, &s->keys)) < 0)
		return e;
	if (memcmp(stored, last, SCP80_COUNTER) == 0)
		return SCP80_COUNTER_BLOCKED;
	if (memcmp(s->content.counter, stored, SCP80_COUNTER) <= 0)
		return SCP80_COUNTER_LOW;
	count_up(stored);
	if (mode == SCP80_COUNTER_NEXT && memcmp(s->content.counter, stored, SCP80_COUNTER) != 0)
		return SCP80_COUNTER_HIGH;
	if (!s->authentic)
		return SCP80_OK;
	memcpy(stored, s->content.counter, SCP80_COUNTER);
	e = store_write(store, COUNTER_ID | version, stored, STORED);
	return e < 0 ? e : SCP80_OK;
}

int scp80_accept(struct scp80 *out, struct card *card, uint8_t *packet, size_t length)
{
	enum scp80_status status;
	uint8_t version;

	memset(out, 0, sizeof(*out));
	if (scp80_parse(&out->header, (struct span){packet, length}) < 0)
		return ERROR_FORMAT;
	if (!find_target(out, card))
		return SCP80_TAR_UNKNOWN;
	version = version_of(&out->header);
	if ((status = load_keys(out, &card->store, version)) != SCP80_OK)
		return (int)status;
	if ((status = scp80_open(&out->content, &out->header, &out->keys, packet, length)) != SCP80_OK)
		return (int)status;
	out->authentic = (out->header.spi[0] & SCP80_INTEGRITY) == SCP80_WITH_CC;
	if (!out->authentic && (out->header.spi[0] & SCP80_CIPHERED))
		memset(out->content.counter, 0,
		       SCP80_COUNTER); /* anybody may have sent it: no deciphering for him */
	return check_counter(out, &card->store, version);
}
