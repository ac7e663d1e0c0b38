/* wear - how often each page of the memory is erased by COUNT AUTHENTICATEs.
 *
 *     wear COUNT        exit status 1 when a page is erased more often than its part takes
 *
 * The whole card, with the geometry of two boards, once with nothing but a key
 * in the memory and once as full as it gets, which is the worst: what lives has
 * to be copied out of every page before it is erased. Every AUTHENTICATE has
 * a fresh sequence number, IND in turn, and is answered with RES.
 *
 * Erase cycles a page takes: nRF51822 20 000 (nRF51822 Product Specification,
 * absolute maximum ratings, note on flash endurance), nRF52833 10 000 (nRF52833
 * Product Specification, NVMC electrical specification, n_ENDURANCE). For a
 * COUNT other than 100 000 the bound is scaled. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/milenage.h"
#include "unit/play.h"

enum {
	PAGES_MAX = 64,
	FULL_COUNT = 100000, /* AUTHENTICATEs a page must outlive */
	A_DAY = 200,         /* a phone on the move: every attach, area and service request authenticated */
	FILLER = 0xFF00      /* of no owner */
};

struct part {
	const char *name;
	uint32_t pages, page_size;
	long cycles;
};

static const struct part parts[] = {
	{"nRF51822, 64 pages of 1 KB", 64, 1024, 20000},
	{"nRF52833, 16 pages of 4 KB", 16, 4096, 10000},
};

static const uint8_t k[16] = {0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f,
			      0xaa, 0x5f, 0x0a, 0x2e, 0xe2, 0x38, 0xa6, 0xbc};
static const uint8_t opc[16] = {0xcd, 0x63, 0xcb, 0x71, 0x95, 0x4a, 0x9f, 0x4e,
				0x48, 0xa5, 0x99, 0x4e, 0x37, 0xa0, 0x2b, 0xaf};

static long erased[PAGES_MAX];
static int (*erase)(void *board, uint32_t page);

static int counted_erase(void *board, uint32_t page)
{
	if (page < PAGES_MAX)
		erased[page]++;
	return erase(board, page);
}

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "wear: %s\n", what);
	exit(2);
}

/* Sequence number `n`: SEQ n / 32 + 1, IND n % 32. */
static void authenticate_once(struct play *p, uint64_t n)
{
	static const uint8_t amf[AKA_AMF] = {0x80, 0x00}, rand[AKA_RAND] = {0x23, 0x55};
	uint8_t command[5 + 1 + AKA_RAND + 1 + AKA_AUTN] = {0x00, 0x88, 0x00, 0x81, 34, 16};
	uint8_t sqn[AKA_SQN];
	struct aka_vector vector;

	n += 32;
	for (int i = AKA_SQN; i-- > 0; n >>= 8)
		sqn[i] = (uint8_t)n;
	if (milenage_vector(&vector, k, opc, rand, sqn, amf) < 0)
		die("no vector");
	memcpy(command + 6, rand, AKA_RAND);
	command[22] = AKA_AUTN;
	memcpy(command + 23, vector.autn, AKA_AUTN);
	if (play_bytes(p, command, sizeof(command)) != 0x6135 || play_tpdu(p, "00C0000035") != SW_OK ||
	    p->response[0] != 0xDB)
		die("the card does not authenticate");
}

static void fill(struct store *store)
{
	static const uint8_t bytes[STORE_OBJECT_MAX];
	uint16_t id = FILLER;
	size_t length = sizeof(bytes);
	int e = OK;

	while (length > 0 && id < FILLER + 0xFF)
		if ((e = store_write(store, id++, bytes, length)) < 0)
			length /= 2;
	if (e == OK)
		die("the memory cannot be filled");
}

static void start(struct play *p, const struct part *part, int full)
{
	memset(p, 0, sizeof(*p));
	if (cut_open(&p->cut, part->pages, part->page_size, 4, 0xFF) < 0)
		die("no memory");
	erase = p->cut.hal.nvm_erase;
	p->cut.hal.nvm_erase = counted_erase;
	play_restart(p);
	if (play_load_key(p, k, opc) != SW_OK || play(p, "00A4040C 07 A0000000871002") != SW_OK)
		die("the card takes no key");
	for (uint64_t n = 0; n < 32; n++)
		authenticate_once(p, n);
	if (full)
		fill(&p->card.store);
	memset(erased, 0, sizeof(erased));
}

/* 1 when every page outlives it. */
static int wear(const struct part *part, int full, long count)
{
	static struct play p;
	long most = 0, least = 0, all = 0, bound = part->cycles * count / FULL_COUNT;
	double each;

	start(&p, part, full);
	for (long n = 0; n < count; n++)
		authenticate_once(&p, 32 + (uint64_t)n);
	least = erased[0];
	for (uint32_t i = 0; i < part->pages; i++) {
		most = erased[i] > most ? erased[i] : most;
		least = erased[i] < least ? erased[i] : least;
		all += erased[i];
	}
	each = (double)(most ? most : 1) / (double)count;
	printf("%s, %s: %ld AUTHENTICATEs erased a page %ld to %ld times (%ld in all); it takes %ld: "
	       "%.1f million, or %.0f years at %d a day%s\n",
	       part->name, full ? "memory full" : "memory empty", count, least, most, all, part->cycles,
	       (double)part->cycles / each / 1e6, (double)part->cycles / each / A_DAY / 365.25, A_DAY,
	       most > bound ? ": TOO OFTEN" : "");
	if (p.cut.breaches)
		die("the memory was used against the rules of hal.h");
	cut_close(&p.cut);
	if (most > least + 3 + least / 10)
		die("the pages are not erased alike");
	return most > 0 && most <= bound;
}

int main(int argc, char **argv)
{
	long count = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
	int good = 1;

	if (count < 1000 || count > 10000000) {
		fprintf(stderr, "usage: wear COUNT (1000 to 10000000)\n");
		return 2;
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		for (int full = 0; full < 2; full++)
			good &= wear(&parts[i], full, count);
	return !good;
}
