/* loot.h - what a thief leaves in its folder.
 *
 *   keys.jsonl      {"imsi":...,"k":hex,"opc":hex,"from":...} for each key proven on the record
 *   traffic.jsonl   {"rnti":N,"imsi":...,"direction":"uplink"|"downlink","count":N,"data":hex}
 *                   for each deciphered PDU
 *   messages.txt    the same for people: what the packets said
 */
#ifndef SIMRITE_LOOT_H
#define SIMRITE_LOOT_H

#include <stdio.h>

#include "theft/break_in.h"

struct loot {
	FILE *keys, *traffic, *messages;
	unsigned key_count, session_count;
};

int loot_open(struct loot *loot, const char *folder, struct fault *fault);
/* The same, behind what the folder has already: a thief that goes on. */
int loot_go_on(struct loot *loot, const char *folder, struct fault *fault);
int loot_close(struct loot *loot, struct fault *fault);

/* Note a key, then open every session it fits and write those down. */
void loot_key(struct loot *loot, struct record *record, const struct stolen_key *key, const char *from);

/* One deciphered PDU, from a thief that has them as they come. */
void loot_pdu(struct loot *loot, uint16_t rnti, const char *imsi, const struct pdu *pdu);

#endif
