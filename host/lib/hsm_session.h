/* hsm_session.h - what the files that make up lib/hsm.h share.
 *
 * Nobody else includes it: programs see a token through lib/hsm.h only. */
#ifndef SIMRITE_HSM_SESSION_H
#define SIMRITE_HSM_SESSION_H

#include <p11-kit/p11-kit.h>

#include "lib/hsm.h"

struct hsm {
	CK_FUNCTION_LIST *module;  /* initialised by us */
	CK_FUNCTION_LIST **loaded; /* the list it came from, or NULL when loaded by path */
	CK_SLOT_ID slot;
	CK_SESSION_HANDLE session;
	char label[33]; /* of the token, for messages */
};

/* Fill in a FAULT_HSM for what the module answered; returns -1. */
int hsm_refused(const struct hsm *hsm, CK_RV answer, const char *what, struct fault *fault);

/* Objects of a class (CKO_..., or any with (CK_OBJECT_CLASS)-1) with a label
 * (NULL: any label). Returns how many there are, at most `size`, or -1. */
int hsm_search(struct hsm *hsm, CK_OBJECT_HANDLE *found, size_t size, CK_OBJECT_CLASS class,
	       const char *label, struct fault *fault);

#endif
