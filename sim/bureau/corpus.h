/* corpus.h - a month of mail and files between operators, their suppliers and others, made from a seed.
 *
 *     FOLDER/mail/NNNNN.eml    RFC 5322, MIME
 *     FOLDER/ftp/NAME          what lies in a drop folder
 *
 * Among the noise are items that hold keys, in the forms below; which and where says the truth, a line of
 * JSON an item. All of it is synthetic: reserved domains (RFC 2606), test network 001/01, no names of people.
 * Who writes a mail with keys is drawn by the published shares of 2010 (hardware vendors 743, operators 603,
 * web mail 298, SIM suppliers 38, others 37 of 1,719; "PCS Harvesting at Scale", table 2). */
#ifndef SIMRITE_CORPUS_H
#define SIMRITE_CORPUS_H

#include <stdio.h>

#include "lib/fault.h"

enum corpus_form {
	CORPUS_OUTPUT,  /* the header line of p. 22 of the report, attached */
	CORPUS_CSV,     /* ICCID,IMSI,KI,OPC */
	CORPUS_FIXED,   /* columns of fixed width */
	CORPUS_XML,     /* an element for each card */
	CORPUS_KEYS,    /* name=value, a line each, in the body */
	CORPUS_PASTED,  /* a table pasted into the body, each field on its own line, no word IMSI */
	CORPUS_ZIP,     /* CORPUS_OUTPUT in a zip file */
	CORPUS_PGP,     /* encrypted: nobody on the way reads it */
	CORPUS_SUPPORT, /* a support thread that compares a clear Ki with the encrypted one */
	CORPUS_FORMS
};

const char *corpus_form_name(enum corpus_form form);

struct corpus_order {
	const char *seed;
	unsigned mails; /* all, at least as many as items */
	unsigned items; /* with keys; every fourth lies in the drop folder instead */
};

struct corpus_counts {
	unsigned mails, files, items, keys;
	unsigned suppliers; /* items that a SIM supplier sent */
};

/* Make it in a folder that is there and empty. */
int corpus_make(struct corpus_counts *counts, const struct corpus_order *order, const char *folder,
		FILE *truth, struct fault *fault);

/* Only noise: `count` mails, FOLDER/mail/NNNNN.eml from number `first` on, into a mail folder that is there.
 */
int corpus_noise_mails(const char *folder, unsigned first, unsigned count, const char *seed,
		       struct fault *fault);

#endif
