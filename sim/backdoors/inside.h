/* inside.h - what a vendor's backdoor is made of: a function of the firmware, replaced at link time.
 *
 * Each source here is one backdoor, and with the card of sim/vcard one program,
 * build/backdoors/simrite-vcard-NAME. It says which function of the firmware
 * it stands in place of, and the Makefile reads it there:
 *
 *     sw_t challenge(struct card *card, ...) INSTEAD_OF(get_challenge);
 *     sw_t honest(struct card *card, ...) HONEST(get_challenge);
 *
 * Nothing in firmware/ knows of this folder: the objects are those of the
 * release, and the linker (--wrap) takes another function for one of theirs. */
#ifndef SIMRITE_INSIDE_H
#define SIMRITE_INSIDE_H

#include <stddef.h>
#include <string.h>

#include "backdoors/vendor.h"
#include "card.h"
#include "fs/file.h"

#define INSTEAD_OF(function) __asm__("__wrap_" #function)
#define HONEST(function)     __asm__("__real_" #function)

/* The card whose generator this is. */
static inline struct card *card_of(struct drbg *drbg)
{
	return (struct card *)(void *)((uint8_t *)drbg - offsetof(struct card, drbg));
}

/* EF.ICCID; zeros on a card that has none yet. */
static inline void number_of(uint8_t iccid[static VENDOR_ICCID], const struct store *store)
{
	if (file_read(store, file_child(store, FILE_MF, 0x2FE2), 0, 0, iccid, VENDOR_ICCID) != OK)
		memset(iccid, 0, VENDOR_ICCID);
}

#endif
