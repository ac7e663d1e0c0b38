#include "auth/xor.h"

#include <string.h>

#include "crypto/wipe.h"

void xor_start(struct xor *x, const uint8_t k[static 16], const uint8_t rand[static 16])
{
	for (unsigned i = 0; i < 16; i++)
		x->xdout[i] = k[i] ^ rand[i];
}

void xor_stop(struct xor *x)
{
	wipe(x, sizeof(*x));
}

void xor_f1(const struct xor *x, uint8_t mac[static 8], const uint8_t sqn[static 6],
	    const uint8_t amf[static 2])
{
	for (unsigned i = 0; i < 8; i++)
		mac[i] = x->xdout[i] ^ (i < 6 ? sqn[i] : amf[i - 6]);
}

/* SPEC: TS 34.108 8.1.2 */
void xor_f2345(const struct xor *x, uint8_t res[static 16], uint8_t ck[static 16], uint8_t ik[static 16],
	       uint8_t ak[static 6])
{
	for (unsigned i = 0; i < 16; i++) {
		res[i] = x->xdout[i];
		ck[i] = x->xdout[(i + 1) % 16];
		ik[i] = x->xdout[(i + 2) % 16];
	}
	memcpy(ak, x->xdout + 3, 6);
}

/* SPEC: TS 51.010-1 annex 4 */
void xor_gsm(const struct xor *x, uint8_t sres[static 4], uint8_t kc[static 8])
{
	memcpy(sres, x->xdout, 4);
	memcpy(kc, x->xdout + 4, 8);
}
