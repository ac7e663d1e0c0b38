/* subsets.h - who can restore a master, and who can deny it, jurisdiction by jurisdiction.
 *
 * Computed over all subsets by the ceremony's own arithmetic
 * (host/ceremony/plan_policy.c), then done: a master is split into real
 * SLIP-0039 shares, every subset of custodians tries to restore it, and what
 * comes out is compared with the master. */
#ifndef SIMRITE_FLEET_SUBSETS_H
#define SIMRITE_FLEET_SUBSETS_H

#include <jansson.h>

#include "fleet/draw.h"
#include "lib/share.h"

enum {
	SUBSETS_NAME = 24
};

struct custody {
	unsigned threshold, total;
	char jurisdiction[SHARE_MAX][SUBSETS_NAME]; /* of each custodian */
};

/* "A,A,B,B,C": each custodian's jurisdiction. FAULT_USAGE. */
int subsets_parse(struct custody *custody, const char *custodians, unsigned threshold, struct fault *fault);

/* The whole analysis; NULL and a fault, FAULT_BUG also when what was computed and
 * what was done differ. {"custodians","threshold","quorums","subsets":[
 *   {"jurisdictions":[..],"custodians":N,"can_restore":bool,"can_deny":bool}],
 *  "custodian_subsets":N,"restored":N,"failed":N,"alone":[..],"minimum":N} */
json_t *subsets_analyse(const struct custody *custody, const uint8_t seed[static DRAW_SEED],
			struct fault *fault);

#endif
