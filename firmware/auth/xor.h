/* xor.h - the algorithms of test equipment, which hide nothing.
 *
 * xor_*: the 3G test algorithm of 3GPP TS 34.108 clause 8.1.2. XDOUT is
 * K xor RAND; RES is its first 4..16 bytes, CK and IK are XDOUT turned by one
 * and by two bytes, AK (f5 and f5*) is its bytes 3..8, and MAC (f1 and f1*) is
 * its first eight bytes xor SQN || AMF. Whoever sees one RES and RAND of 16
 * bytes has K: it is there because network testers speak it.
 *
 * xor_gsm: the GSM test algorithm of TS 51.010-1 annex 4: SRES is bytes 0..3
 * and Kc bytes 4..11 of XDOUT. */
#ifndef SIMRITE_XOR_H
#define SIMRITE_XOR_H

#include <stdint.h>

struct xor { uint8_t xdout[16]; };

void xor_start(struct xor *x, const uint8_t k[static 16], const uint8_t rand[static 16]);
void xor_f1(const struct xor *x, uint8_t mac[static 8], const uint8_t sqn[static 6],
	    const uint8_t amf[static 2]);
void xor_f2345(const struct xor *x, uint8_t res[static 16], uint8_t ck[static 16], uint8_t ik[static 16],
	       uint8_t ak[static 6]);
void xor_gsm(const struct xor *x, uint8_t sres[static 4], uint8_t kc[static 8]);
void xor_stop(struct xor *x);

#endif
