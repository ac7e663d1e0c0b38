/* load.h - what STORE DATA does with the card's identity, tickets and subscriber keys: groupings of
 * gp/personalise.h, which says what they hold and what is answered.
 *
 * Subscriber keys come into slots here and nowhere else; on a card with an
 * authority (keys/authority.h) only under a permit. `permit` is one command's.
 * What is answered is appended to `reply`. Inside store_data()'s transaction. */
#ifndef SIMRITE_LOAD_H
#define SIMRITE_LOAD_H

#include "gp/personalise.h"
#include "keys/authority.h"

sw_t load_make_identity(struct card *card, struct span value);
sw_t load_prove(struct card *card, struct span challenge, struct reply *reply);

/* DGI_AUTHORITY, DGI_CERTIFICATE, DGI_TICKET, DGI_TIME. */
sw_t load_statement(struct card *card, enum dgi dgi, struct span value, struct permit *permit);

sw_t load_key(struct card *card, struct span value, struct permit *permit, struct reply *reply);
sw_t load_agree(struct card *card, struct span value, struct permit *permit, struct reply *reply);

#endif
