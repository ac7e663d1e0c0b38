/* order.h - what a batch is: the bureau's work order, a reviewed JSON file.
 *
 * simrite-batch(5) lists the fields. It holds no secret: a derived batch
 * names the token and the key, a plain one needs neither. Every field is
 * checked, unknown ones are refused, and card 1..count's numbers are all
 * known before the first card is touched. */
#ifndef SIMRITE_ORDER_H
#define SIMRITE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/fault.h"
#include "lib/output.h"
#include "lib/profile.h"

enum {
	ORDER_CARDS_MAX = 1000000,
	ORDER_TEXT = 2048,
};

struct order {
	char batch[BATCH_ID];
	enum design design;
	uint32_t count;
	char first_imsi[16], first_iccid[21];
	uint8_t mnc_length;
	char spn[17]; /* "" when the cards get none */
	bool pin1_enabled;
	char hsm[512]; /* URI of the token; derived only, "" when it is named later */
	char key[64];  /* label of the batch key there; derived only */
};

/* Read and check an order file. */
int order_load(struct order *order, const char *path, struct fault *fault);

/* Check the fields together: design, count, both runs of numbers, label. */
int order_check(const struct order *order, struct fault *fault);

/* The order as JSON, fields in one fixed order, with a final newline: what
 * order_load() reads, and what tells two orders apart. Returns its length. */
size_t order_write(char text[static ORDER_TEXT], const struct order *order);

/* How the keys of a design come into the card: enum slot_method. */
uint8_t order_method(enum design design);

/* Card `number` (1..count). */
void order_card(char iccid[static 21], char imsi[static 16], const struct order *order, uint32_t number);

/* What is written into the card of this record; the caller wipes. */
void order_profile(struct profile *profile, const struct output_record *record, const struct order *order);

#endif
