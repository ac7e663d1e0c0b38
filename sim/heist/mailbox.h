/* mailbox.h - the mail between a bureau and an operator, on its way.
 *
 * Every mail is a file NNN.eml (RFC 5322, MIME). Around the mails that matter
 * stand others: invoices, delivery notes, a support thread that compares check
 * values, a list of subscribers with checksums that look like keys. All of it
 * is synthetic: reserved domains (RFC 2606), test network 001/01, no names of
 * people. What it says depends on the seed only. */
#ifndef SIMRITE_MAILBOX_H
#define SIMRITE_MAILBOX_H

#include "lib/fault.h"

enum {
	MAILBOX_NOISE = 18, /* mails without keys */
};

/* Where in the run of mails the ones that matter come. */
enum mailbox_place {
	MAILBOX_ORDER_PLAIN = 4,
	MAILBOX_FILE_PLAIN = 9,
	MAILBOX_ORDER_DERIVED = 13,
	MAILBOX_FILE_DERIVED = 20,
	MAILBOX_LAST = MAILBOX_NOISE + 4,
};

/* Make the folder and fill it with everything but the four mails above. */
int mailbox_fill(const char *folder, const char *seed, struct fault *fault);

/* Send a file as an attachment: the mail at this place. */
int mailbox_send(const char *folder, enum mailbox_place place, const char *subject, const char *body,
		 const char *file, const char *name, struct fault *fault);

#endif
