/* oracle.h - what must hold after every command, whatever the command was.
 *
 *     oracle_before(&oracle, &rig);
 *     n = card_transmit(...);
 *     if (!oracle_after(&oracle, &rig, command, length, response, n))  ... oracle.why
 *
 *  - The answer is 2 to 258 bytes, and ends with a status word that the
 *    specification of its class has; never 6F00.
 *  - A command that was refused changed nothing: no object of the store but
 *    those that are spent by asking (a try of a PIN, a number of a secure
 *    channel), no selection, no channel, and no PIN's verification but by a
 *    PIN command. A wrong value of a PIN has cost a try.
 *  - A command that was done changed keys only with a secure channel open, PINs
 *    so or by a PIN command, and files only so, with a PIN verified or PIN1
 *    disabled. A card with an authority had a slot loaded only with a ticket spent.
 *  - What is selected on an open channel is there.
 *  - No answer holds K, OPc or a static key of a secure channel. */
#ifndef ORACLE_H
#define ORACLE_H

#include "fuzz/rig.h"

enum {
	ORACLE_SECRETS = 64
};

struct oracle {
	struct cut was; /* a board for the memory before the command */
	struct store before;
	struct channel channels[CHANNELS];
	uint16_t count, ids[STORE_OBJECTS_MAX], places[STORE_OBJECTS_MAX]; /* of the store's index */
	unsigned rights;                                                   /* enum right */
	uint64_t secrets[ORACLE_SECRETS];                                  /* eight bytes of each */
	size_t secret_count;
	char why[200];
};

/* For a rig's size of memory and its secrets; ends the process when there is none. */
void oracle_open(struct oracle *oracle, const struct rig *rig);
void oracle_close(struct oracle *oracle);

void oracle_before(struct oracle *oracle, const struct rig *rig);
int oracle_after(struct oracle *oracle, const struct rig *rig, const uint8_t *command, size_t length,
		 const uint8_t *response, size_t answered);

/* Is there such a status word for this command? 1 or 0. */
int oracle_knows(uint8_t cla, uint8_t ins, uint16_t sw);

/* Does it say that the command was not done? 1 or 0. */
int oracle_refused(uint16_t sw);

#endif
