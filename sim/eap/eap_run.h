/* eap_run.h - what the two ends of an EAP-AKA' run have in common: policy, negotiation, what is left for the
 * log. */
#ifndef SIMRITE_EAP_RUN_H
#define SIMRITE_EAP_RUN_H

#include "crypto/sha256.h"
#include "eap/eap_keys.h"
#include "eap/eap_packet.h"
#include "eap/ecdhe.h"

enum {
	EAP_KDF = 1,           /* the only AT_KDF there is (RFC 9048 3.3) */
	EAP_IDENTITY_MAX = 96, /* with the zero at its end */
	EAP_NAME_MAX = 64,     /* network names likewise */
	EAP_WHY = 160,
};

/* What to do about forward secrecy when the other side does without (RFC 9678 6.5.4, 7.2). */
enum eap_policy {
	EAP_FS_OFF,     /* not spoken: attributes are not offered, and skipped when they come */
	EAP_FS_ALLOW,   /* used when the other side does; without it the run goes on */
	EAP_FS_REQUIRE, /* without it the run fails */
};

/* The groups one is willing to use, best first. */
struct eap_groups {
	enum ecdhe_group values[2];
	size_t count;
};

bool eap_run_willing(const struct eap_groups *groups, unsigned group);

/* Is `now` a list that may follow? `before` is the list of the run's last
 * request (count 0: this is the first), `asked` what was asked for since then
 * (0: nothing). RFC 9048 3.2, RFC 9678 6.2: no value twice, and no change but
 * the one asked for: the value in front of the list there was. */
bool eap_run_list_follows(const struct eap_list *now, const struct eap_list *before, unsigned asked);

bool eap_run_list_has(const struct eap_list *list, unsigned value);

/* AT_CHECKCODE (RFC 4187 10.13, RFC 9048 3.4.2): right for what was hashed of
 * `messages` AKA'-Identity packets? Absent is right. */
bool eap_run_checkcode(const struct span *checkcode, const struct sha256 *hash, unsigned messages);
/* Add it: empty when there were none. */
void eap_run_write_checkcode(struct eap_writer *w, const struct sha256 *hash, unsigned messages);

enum eap_end {
	EAP_RUNNING,
	EAP_DONE, /* keys.msk and keys.emsk are to be used */
	EAP_FAILED,
};

/* What a log may tell, and keeps: public values only. */
struct eap_trace {
	enum eap_end end;
	char why[EAP_WHY];       /* it failed */
	enum ecdhe_group group;  /* forward secret by this one; ECDHE_NONE: not */
	bool offered;            /* the server's AT_KDF_FS and AT_PUB_ECDHE were sent, or came */
	unsigned negotiated;     /* how often another group was asked for */
	unsigned resynchronised; /* how many AUTS */
	uint8_t sent[ECDHE_PUBLIC_MAX], heard[ECDHE_PUBLIC_MAX]; /* AT_PUB_ECDHE, of `group`'s length */
	uint8_t rand[16], autn[16];
};

void eap_run_failed(struct eap_trace *trace, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
