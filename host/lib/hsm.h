/* hsm.h - a PKCS#11 token, named by an RFC 7512 URI.
 *
 * Keys are AES-256, sensitive and not extractable; they are used here by
 * label and never seen. Two forms of name are understood:
 *
 *     pkcs11:token=NAME;serial=...?module-path=/x.so&pin-source=/pin
 *         any PKCS#11 module: by module-path, by module-name (as p11-kit is
 *         configured), or, with neither, SoftHSM 2
 *     softhsm:FOLDER
 *         the private SoftHSM 2 token kept in FOLDER (lib/softhsm.h)
 *
 * The PIN comes from the URI's pin-source (a file only its owner may read) or
 * a prompt; a URI with a pin-value is refused, because argv is public.
 * One `struct hsm` is one session: use it from one thread. Every fault of the
 * token is FAULT_HSM. */
#ifndef SIMRITE_HSM_H
#define SIMRITE_HSM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

struct hsm;
typedef unsigned long hsm_key; /* a PKCS#11 object handle of this session */

/* Is it such a name? Nothing is loaded or opened. FAULT_HSM, or FAULT_POLICY
 * for one with a PIN, which is not printed. */
int hsm_uri_check(const char *uri, struct fault *fault);

/* The label that a pkcs11: URI names with "object="; FAULT_USAGE when it names none. */
int hsm_uri_object(char *label, size_t size, const char *uri, struct fault *fault);

/* Load the module, find the token, log in. Caller closes. */
int hsm_open(struct hsm **hsm, const char *uri, struct fault *fault);
void hsm_close(struct hsm *hsm); /* NULL is allowed */

/* What the token says about itself, trailing blanks removed. */
struct hsm_identity {
	char label[33], manufacturer[33], model[17], serial[17], library[48]; /* library: name and version */
};
int hsm_identity(struct hsm *hsm, struct hsm_identity *identity, struct fault *fault);

/* Could hsm_open(uri) have opened the token of this identity? `uri` may also
 * be "softhsm", for a SoftHSM token anywhere. FAULT_NO names what differs. */
int hsm_uri_fits(const char *uri, const struct hsm_identity *identity, struct fault *fault);

/* Is it SoftHSM, whose keys are files? */
bool hsm_is_software(const struct hsm_identity *identity);

/* The one secret key with this label; none or several is a fault. */
int hsm_find(struct hsm *hsm, hsm_key *key, const char *label, struct fault *fault);

/* AES-CMAC under the key, inside the token. */
int hsm_cmac(struct hsm *hsm, uint8_t mac[static 16], hsm_key key, const uint8_t *message, size_t length,
	     struct fault *fault);

/* Random bytes from the token. */
int hsm_random(struct hsm *hsm, uint8_t *out, size_t length, struct fault *fault);

/* ---- for a ceremony: keys are made, used once, and destroyed ---- */

/* What a key is for, and how long it lives. Without HSM_KEPT an object ends
 * with the session; without HSM_EXPORTED it is sensitive and not extractable. */
enum hsm_use {
	HSM_DERIVES = 1,   /* CKA_DERIVE: other keys come from it */
	HSM_CMAC = 2,      /* CKA_SIGN: AES-CMAC */
	HSM_WRAPS = 4,     /* CKA_WRAP: other keys leave under it */
	HSM_KEPT = 8,      /* CKA_TOKEN: stays in the token */
	HSM_EXPORTED = 16, /* CKA_EXTRACTABLE: may leave, wrapped only */
};

/* What a new object is called: its label and CKA_ID. */
struct hsm_name {
	const char *label; /* 1..63 characters */
	uint8_t id[16];
};

/* A new AES-256 key drawn by the token. `use` is a sum of enum hsm_use. */
int hsm_generate(struct hsm *hsm, hsm_key *key, const struct hsm_name *name, unsigned use,
		 struct fault *fault);

/* A new AES-256 key from `base` and 32 public bytes, inside the token:
 * CKM_AES_CBC_ENCRYPT_DATA with a zero IV, that is
 *     key = B1 || B2,  B1 = AES(base, data[0..15]),  B2 = AES(base, data[16..31] xor B1). */
int hsm_derive(struct hsm *hsm, hsm_key *key, const struct hsm_name *name, unsigned use, hsm_key base,
	       const uint8_t data[static 32], struct fault *fault);

/* Give the session an AES-256 key whose value we know (for wrapping). */
int hsm_import(struct hsm *hsm, hsm_key *key, const struct hsm_name *name, unsigned use,
	       const uint8_t value[static 32], struct fault *fault);

/* The 32-byte key, AES key wrapped (RFC 3394) under `wrapping`. */
int hsm_wrap(struct hsm *hsm, uint8_t out[static 40], hsm_key wrapping, hsm_key key, struct fault *fault);

/* A new ECDSA P-256 key pair that stays in the token; `point` is 04 || X || Y. */
int hsm_pair(struct hsm *hsm, hsm_key *private_key, uint8_t point[static 65], const struct hsm_name *name,
	     struct fault *fault);
/* The pair with this label, made before. */
int hsm_find_pair(struct hsm *hsm, hsm_key *private_key, uint8_t point[static 65], const char *label,
		  struct fault *fault);

/* A P-256 key pair that stays in the token and only agrees (CKA_DERIVE); found by hsm_find_pair(). */
int hsm_agree_pair(struct hsm *hsm, hsm_key *private_key, uint8_t point[static 65],
		   const struct hsm_name *name, struct fault *fault);

/* ECDH: the x-coordinate of what private key and the other's point arrive at
 * (CKM_ECDH1_DERIVE, no KDF). The private key stays in the token; what comes
 * out is secret: keep `x` in locked memory, and wipe it. */
int hsm_agree(struct hsm *hsm, uint8_t x[static 32], hsm_key private_key, const uint8_t point[static 65],
	      struct fault *fault);

/* ECDSA over a SHA-256 digest: r || s, with s in the lower half of the group
 * order, so that one signature has one form. */
int hsm_sign(struct hsm *hsm, uint8_t signature[static 64], hsm_key private_key,
	     const uint8_t digest[static 32], struct fault *fault);

/* End an object for good. */
int hsm_destroy(struct hsm *hsm, hsm_key object, struct fault *fault);

/* An object that stays in the token. Text that a token pads or leaves out is
 * cut or empty. */
struct hsm_object {
	hsm_key handle;
	const char *kind; /* "secret", "private", "public", "certificate", "data" or "other" */
	char label[64];
	uint8_t id[16];
	size_t id_length; /* of the whole CKA_ID; at most 16 bytes are in `id` */
	bool sensitive, extractable;
};

/* Everything that stays in the token and this login may see. Returns the
 * count, or -1; more than `size` objects is a fault. */
int hsm_inventory(struct hsm *hsm, struct hsm_object *objects, size_t size, struct fault *fault);

#endif
