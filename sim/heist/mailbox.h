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
	MAILBOX_LAST = 22,
};

/* Where in the run of mails those of batch 0 and 1 come. */
int mailbox_order(unsigned batch);
int mailbox_file(unsigned batch);

/* Make the folder and fill it with everything but the four mails above. */
int mailbox_fill(const char *folder, const char *seed, struct fault *fault);

/* A mail without attachment, from the operator's desk to the bureau. */
int mailbox_say(const char *folder, int place, const char *subject, const char *body, struct fault *fault);

/* Send a file as an attachment: the mail at this place. */
int mailbox_send(const char *folder, int place, const char *subject, const char *body, const char *file,
		 const char *name, struct fault *fault);

#endif
