/* compare.h - a card beside a profile, item by item.
 *
 * The base of both "verify" and "program": what is the same is not written. */
#ifndef SIMRITE_CARD_COMPARE_H
#define SIMRITE_CARD_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"
#include "lib/profile.h"
#include "lib/reader.h"

enum item_state {
	ITEM_SAME,
	ITEM_DIFFERS,
	ITEM_REFUSED, /* the card does not let us look (PIN1 needed) */
	ITEM_HIDDEN,  /* PINs: no card tells them, and trying costs tries */
};

/* Which field of the profile. */
enum item_name {
	ITEM_ICCID,
	ITEM_IMSI,
	ITEM_MNC_LENGTH,
	ITEM_SPN,
	ITEM_KEY,
	ITEM_PIN1,
	ITEM_ADM1,
	ITEMS
};

struct item {
	enum item_name name;
	enum item_state state;
	char card[56], profile[56]; /* for people; never a secret */
	/* a transparent file's part, when path is not NULL */
	const char *path;
	size_t offset, length;
	uint8_t held[17], wanted[17];
};

const char *item_text(enum item_name name);         /* "IMSI" */
const char *item_state_text(enum item_state state); /* "same", "differs", "refused", "hidden" */

/* Compare every field the profile has: *count items, or -1 when the card
 * cannot be asked. The key is compared by check values and, when they agree,
 * by AUTHENTICATE with a stale SQN, which changes nothing on the card. */
int compare_card(struct reader *reader, struct item items[static ITEMS], size_t *count,
		 const struct profile *profile, struct fault *fault);

/* "IMSI, key": the names of the items in `state`, or "nothing". */
void compare_names(char *out, size_t size, const struct item *items, size_t count, enum item_state state);

#endif
