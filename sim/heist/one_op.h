/* one_op.h - one OP of the operator's behind all cards (3GPP TS 35.206 8.1).
 *
 * The file that is mailed has K of every card and nothing else: OPc is K
 * encrypted under itself and OP, computed by the bureau for the card and by the
 * operator for its centre. OP was handed over once, by another way, and is the
 * same for all: sealed/op.txt. The three are steps of a design's row (design.h). */
#ifndef SIMRITE_ONE_OP_H
#define SIMRITE_ONE_OP_H

#include "heist/world.h"

int one_op_personalise(const struct world *world, const struct batch *batch, struct fault *fault);
int one_op_pack(char *file, const struct world *world, const struct batch *batch, struct fault *fault);
int one_op_unpack(char *file, const struct world *world, const struct batch *batch, struct fault *fault);

#endif
