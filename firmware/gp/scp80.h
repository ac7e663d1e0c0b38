/* scp80.h - SCP80: what the card takes over the air, and from whom.
 *
 * A packet names an application by its TAR (TS 101 220 annex D): B0 00 00, the files of the UICC (TS 102 226
 * 7), and B0 00 11, those and the files of ADF.USIM (the same). It names a key set by the upper halves of KIc
 * and KID (gp/key_set.h), which must agree. The set's "i" says which security is the least the card takes,
 * and unless STORE DATA (DGI_SCP) lowered it that is a CC, ciphering, and a counter that goes up.
 *
 * What a packet may do: with a CC, what ADM1 may; without, what anybody may who holds the card, but try PINs
 * (6982): the sender need not hold it.
 *
 * The counter of a key set is five bytes and is spent in the memory before anything of the packet is done or
 * answered, so that no packet with one and a CC is ever done twice, whatever happens to the power; one
 * without a CC, whose counter anybody could have chosen, is held against it and leaves it. It starts at 0 for
 * new keys, and does not for the same keys put again: what is kept with it tells the keys apart from the last
 * ones that a packet came with, and from no older ones. So never put old keys back: their old packets would
 * be good again.
 *
 * What is wrong before the CC was found right is told without CC and in the clear: who has no key learns
 * nothing made with one. ETSI TS 102 225, TS 102 226, 3GPP TS 31.115. */
#ifndef SIMRITE_SCP80_H
#define SIMRITE_SCP80_H

#include "fs/select.h"
#include "gp/scp80_packet.h"

/* A packet that is being done. */
struct scp80 {
	struct scp80_header header;
	struct scp80_keys keys;
	struct scp80_content content;
	uint8_t application; /* enum application: where its commands start */
	uint8_t authentic;   /* it had a CC, and that was right */
};

/* Take a packet (destroyed but for the content): SCP80_OK, or why it is refused, and then nothing of it may
 * be done. ERROR_FORMAT when it is no packet and there is nothing to answer. The caller wipes `out`. */
MUST_CHECK int scp80_accept(struct scp80 *out, struct card *card, uint8_t *packet, size_t length);

#endif
