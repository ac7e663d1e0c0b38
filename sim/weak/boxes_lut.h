/* boxes_lut.h - the S-boxes of DES as circuits of operations with three inputs.
 *
 * Found by a search of our own: each output by Shannon's expansion over the inputs in the order that adds
 * least, everything made before used again (as M. Kwan, "Reducing the gate count of bitslice DES", 2000,
 * does with two inputs), the outputs in many orders. test_des_slice compares all of them with DES. */
#ifndef SIMRITE_BOXES_LUT_H
#define SIMRITE_BOXES_LUT_H

/* S1: 32 operations */
TARGET static inline void box_1(WORD a, WORD b, WORD c, WORD d, WORD e, WORD f, WORD *o1, WORD *o2, WORD *o3,
				WORD *o4)
{
	const WORD g6 = LUT(0x92, f, b, a), g7 = LUT(0x49, f, b, a), g8 = LUT(0xCA, d, g7, g6),
		   g9 = LUT(0x07, g8, g7, a), g10 = LUT(0xCA, c, g9, g8), g11 = LUT(0x85, g10, f, d),
		   g12 = LUT(0xCA, a, g11, d), g13 = LUT(0x67, g12, g11, f), g14 = LUT(0xCA, b, g13, g12),
		   g15 = LUT(0xCA, e, g10, g14), g16 = LUT(0xE6, g12, g7, e), g17 = LUT(0x94, f, e, d),
		   g18 = LUT(0xCA, c, g17, g16), g19 = LUT(0x2B, f, e, c), g20 = LUT(0xCA, d, g19, g18),
		   g21 = LUT(0x1B, g17, g10, e), g22 = LUT(0xCA, a, g21, g20), g23 = LUT(0xCA, b, g18, g22),
		   g24 = LUT(0x65, g12, f, c), g25 = LUT(0x5C, g24, g12, g10), g26 = LUT(0xCA, e, g24, g25),
		   g27 = LUT(0x4B, g25, g24, e), g28 = LUT(0x9C, g20, g17, g11), g29 = LUT(0xCA, a, g28, g27),
		   g30 = LUT(0xCA, b, g26, g29), g31 = LUT(0xD3, g22, g15, e), g32 = LUT(0x59, g23, g20, g16),
		   g33 = LUT(0xCA, c, g32, g31), g34 = LUT(0xE9, g32, g29, g15), g35 = LUT(0x32, g33, g22, a),
		   g36 = LUT(0xCA, b, g35, g34), g37 = LUT(0xCA, f, g36, g33);

	*o1 ^= g23;
	*o2 ^= g37;
	*o3 ^= g30;
	*o4 ^= g15;
}

/* S2: 30 operations */
TARGET static inline void box_2(WORD a, WORD b, WORD c, WORD d, WORD e, WORD f, WORD *o1, WORD *o2, WORD *o3,
				WORD *o4)
{
	const WORD g6 = LUT(0x69, e, d, a), g7 = LUT(0x14, e, c, a), g8 = LUT(0xC5, e, d, c),
		   g9 = LUT(0xCA, a, g8, g7), g10 = LUT(0xCA, b, g9, g6), g11 = LUT(0xE1, g6, c, b),
		   g12 = LUT(0xB4, g11, e, c), g13 = LUT(0xCA, d, g12, g11), g14 = LUT(0xCA, f, g13, g10),
		   g15 = LUT(0x6C, g11, g9, b), g16 = LUT(0x96, g7, g6, b), g17 = LUT(0xCA, e, g16, g15),
		   g18 = LUT(0x17, g17, g9, c), g19 = LUT(0x78, g11, c, a), g20 = LUT(0xCA, b, g19, g18),
		   g21 = LUT(0xCA, f, g17, g20), g22 = LUT(0xB4, g16, b, a), g23 = LUT(0x2D, g12, d, b),
		   g24 = LUT(0xCA, e, g23, g22), g25 = LUT(0x69, g16, g8, e), g26 = LUT(0x96, g18, g12, b),
		   g27 = LUT(0xCA, a, g26, g25), g28 = LUT(0xCA, f, g27, g24), g29 = LUT(0xB4, g25, g22, g6),
		   g30 = LUT(0x2D, g16, g6, d), g31 = LUT(0xCA, c, g30, g29), g32 = LUT(0x9C, g18, g10, g8),
		   g33 = LUT(0xB4, g25, g18, c), g34 = LUT(0xCA, a, g33, g32), g35 = LUT(0xCA, f, g34, g31);

	*o1 ^= g21;
	*o2 ^= g14;
	*o3 ^= g35;
	*o4 ^= g28;
}

/* S3: 30 operations */
TARGET static inline void box_3(WORD a, WORD b, WORD c, WORD d, WORD e, WORD f, WORD *o1, WORD *o2, WORD *o3,
				WORD *o4)
{
	const WORD g6 = LUT(0x96, f, d, b), g7 = LUT(0x96, f, c, b), g8 = LUT(0xCA, e, g7, g6),
		   g9 = LUT(0x82, e, c, a), g10 = LUT(0xE7, f, e, c), g11 = LUT(0xCA, b, g10, g9),
		   g12 = LUT(0x1C, g7, e, b), g13 = LUT(0xCA, d, g12, g11), g14 = LUT(0xCA, a, g13, g8),
		   g15 = LUT(0x27, g7, g6, e), g16 = LUT(0xD8, g15, g9, d), g17 = LUT(0xCA, f, g16, g15),
		   g18 = LUT(0x0B, g17, g13, c), g19 = LUT(0xA6, g13, g11, g6), g20 = LUT(0xCA, e, g19, g18),
		   g21 = LUT(0xCA, a, g17, g20), g22 = LUT(0xE1, g13, e, c), g23 = LUT(0x9A, g18, g15, e),
		   g24 = LUT(0xCA, f, g23, g22), g25 = LUT(0x93, g10, g6, e), g26 = LUT(0x99, g13, g9, g6),
		   g27 = LUT(0xCA, b, g26, g25), g28 = LUT(0xCA, a, g27, g24), g29 = LUT(0xE1, g23, g21, g8),
		   g30 = LUT(0x3A, g28, g23, d), g31 = LUT(0xCA, b, g30, g29), g32 = LUT(0x93, g21, g12, b),
		   g33 = LUT(0x2E, g29, g26, g23), g34 = LUT(0xCA, d, g33, g32), g35 = LUT(0xCA, f, g34, g31);

	*o1 ^= g28;
	*o2 ^= g21;
	*o3 ^= g35;
	*o4 ^= g14;
}

/* S4: 23 operations */
TARGET static inline void box_4(WORD a, WORD b, WORD c, WORD d, WORD e, WORD f, WORD *o1, WORD *o2, WORD *o3,
				WORD *o4)
{
	const WORD g6 = LUT(0xD1, e, c, b), g7 = LUT(0xA9, e, c, b), g8 = LUT(0xCA, d, g7, g6),
		   g9 = LUT(0x07, g6, d, b), g10 = LUT(0xD8, g8, d, c), g11 = LUT(0xCA, e, g10, g9),
		   g12 = LUT(0xCA, a, g11, g8), g13 = LUT(0x95, c, b, a), g14 = LUT(0x0E, g13, c, b),
		   g15 = LUT(0xCA, d, g14, g13), g16 = LUT(0x39, g15, g10, g8), g17 = LUT(0xCA, e, g16, g15),
		   g18 = LUT(0xCA, f, g17, g12), g19 = LUT(0x76, g17, d, a), g20 = LUT(0xCA, b, g15, g19),
		   g21 = LUT(0x1C, g20, g9, c), g22 = LUT(0xCA, e, g20, g21), g23 = LUT(0x9A, g22, g15, g10),
		   g24 = LUT(0x72, g11, g8, a), g25 = LUT(0xCA, b, g24, g23), g26 = LUT(0xCA, f, g22, g25),
		   g27 = LUT(0x8D, g17, g12, f), g28 = LUT(0x4E, g25, g22, f);

	*o1 ^= g27;
	*o2 ^= g18;
	*o3 ^= g28;
	*o4 ^= g26;
}

/* S5: 32 operations */
TARGET static inline void box_5(WORD a, WORD b, WORD c, WORD d, WORD e, WORD f, WORD *o1, WORD *o2, WORD *o3,
				WORD *o4)
{
	const WORD g6 = LUT(0xB6, f, e, a), g7 = LUT(0x1E, f, e, a), g8 = LUT(0xCA, d, g7, g6),
		   g9 = LUT(0x4A, g7, g6, d), g10 = LUT(0xCA, b, g8, g9), g11 = LUT(0x95, g7, b, a),
		   g12 = LUT(0xB2, f, b, a), g13 = LUT(0xCA, e, g12, g11), g14 = LUT(0x6D, g13, g11, g10),
		   g15 = LUT(0xCA, d, g14, g13), g16 = LUT(0xCA, c, g15, g10), g17 = LUT(0xD8, g14, g13, g7),
		   g18 = LUT(0x64, g6, d, a), g19 = LUT(0xCA, b, g18, g17), g20 = LUT(0x63, g19, g17, g12),
		   g21 = LUT(0x86, g19, g11, f), g22 = LUT(0xCA, e, g21, g20), g23 = LUT(0xCA, c, g22, g19),
		   g24 = LUT(0x7A, g16, g11, g9), g25 = LUT(0x27, g24, g10, c), g26 = LUT(0xCA, a, g25, g24),
		   g27 = LUT(0xB6, g24, g15, a), g28 = LUT(0x35, g18, g15, g8), g29 = LUT(0xCA, c, g28, g27),
		   g30 = LUT(0xCA, e, g29, g26), g31 = LUT(0x69, g20, g15, g14), g32 = LUT(0x6B, g27, g17, d),
		   g33 = LUT(0xCA, f, g32, g31), g34 = LUT(0x4B, g33, g24, a), g35 = LUT(0xD1, g19, g6, f),
		   g36 = LUT(0xCA, d, g35, g34), g37 = LUT(0xCA, c, g36, g33);

	*o1 ^= g37;
	*o2 ^= g16;
	*o3 ^= g23;
	*o4 ^= g30;
}

/* S6: 28 operations */
TARGET static inline void box_6(WORD a, WORD b, WORD c, WORD d, WORD e, WORD f, WORD *o1, WORD *o2, WORD *o3,
				WORD *o4)
{
	const WORD g6 = LUT(0x69, e, d, a), g7 = LUT(0x59, g6, e, b), g8 = LUT(0xCA, c, g6, g7),
		   g9 = LUT(0x61, d, c, b), g10 = LUT(0xC6, d, c, b), g11 = LUT(0xCA, a, g10, g9),
		   g12 = LUT(0x73, g10, g8, g7), g13 = LUT(0xCA, e, g12, g11), g14 = LUT(0xCA, f, g13, g8),
		   g15 = LUT(0xD2, g7, f, a), g16 = LUT(0x9B, g13, g7, f), g17 = LUT(0xCA, d, g16, g15),
		   g18 = LUT(0x86, g17, e, a), g19 = LUT(0xB2, g17, g6, f), g20 = LUT(0xCA, b, g19, g18),
		   g21 = LUT(0xCA, c, g17, g20), g22 = LUT(0x36, g15, g10, f), g23 = LUT(0xCE, g16, g9, b),
		   g24 = LUT(0xCA, a, g23, g22), g25 = LUT(0x69, g6, f, b), g26 = LUT(0x63, g25, g22, b),
		   g27 = LUT(0xCA, c, g25, g26), g28 = LUT(0xCA, e, g24, g27), g29 = LUT(0x78, g25, g18, g13),
		   g30 = LUT(0x1E, g29, g7, d), g31 = LUT(0xCA, b, g30, g29), g32 = LUT(0x1B, g31, g25, d),
		   g33 = LUT(0xCA, c, g31, g32);

	*o1 ^= g14;
	*o2 ^= g33;
	*o3 ^= g28;
	*o4 ^= g21;
}

/* S7: 30 operations */
TARGET static inline void box_7(WORD a, WORD b, WORD c, WORD d, WORD e, WORD f, WORD *o1, WORD *o2, WORD *o3,
				WORD *o4)
{
	const WORD g6 = LUT(0x6D, e, d, b), g7 = LUT(0x34, e, d, b), g8 = LUT(0xCA, c, g7, g6),
		   g9 = LUT(0x59, g7, g6, c), g10 = LUT(0xCA, a, g9, g8), g11 = LUT(0xA5, g8, b, a),
		   g12 = LUT(0x78, g11, d, b), g13 = LUT(0xCA, e, g11, g12), g14 = LUT(0xCA, f, g10, g13),
		   g15 = LUT(0x42, g7, g6, b), g16 = LUT(0xCA, f, g15, g9), g17 = LUT(0xB4, g16, e, b),
		   g18 = LUT(0xCA, c, g16, g17), g19 = LUT(0xC9, g15, g9, d), g20 = LUT(0x9D, g19, g8, b),
		   g21 = LUT(0xCA, f, g19, g20), g22 = LUT(0xCA, a, g18, g21), g23 = LUT(0x6C, g21, g9, a),
		   g24 = LUT(0xA4, g21, g16, g14), g25 = LUT(0xCA, c, g24, g23), g26 = LUT(0x96, g9, g6, a),
		   g27 = LUT(0x16, g26, g23, g15), g28 = LUT(0xCA, f, g27, g26), g29 = LUT(0xCA, e, g28, g25),
		   g30 = LUT(0xA9, g24, g12, c), g31 = LUT(0xCA, a, g20, g30), g32 = LUT(0x59, g30, g26, g22),
		   g33 = LUT(0x6C, g29, g26, d), g34 = LUT(0xCA, b, g33, g32), g35 = LUT(0xCA, f, g34, g31);

	*o1 ^= g22;
	*o2 ^= g35;
	*o3 ^= g29;
	*o4 ^= g14;
}

/* S8: 30 operations */
TARGET static inline void box_8(WORD a, WORD b, WORD c, WORD d, WORD e, WORD f, WORD *o1, WORD *o2, WORD *o3,
				WORD *o4)
{
	const WORD g6 = LUT(0x9C, e, c, a), g7 = LUT(0x69, e, c, a), g8 = LUT(0xCA, d, g7, g6),
		   g9 = LUT(0x4B, d, c, a), g10 = LUT(0xCA, e, g7, g9), g11 = LUT(0xCA, b, g8, g10),
		   g12 = LUT(0x5E, g8, g7, c), g13 = LUT(0x2E, g11, d, a), g14 = LUT(0xCA, e, g6, g13),
		   g15 = LUT(0xCA, b, g14, g12), g16 = LUT(0xCA, f, g15, g11), g17 = LUT(0x65, g8, e, d),
		   g18 = LUT(0x1E, g17, g10, a), g19 = LUT(0xCA, b, g17, g18), g20 = LUT(0x4B, g17, g10, b),
		   g21 = LUT(0x87, g15, g10, c), g22 = LUT(0xCA, a, g21, g20), g23 = LUT(0xCA, f, g19, g22),
		   g24 = LUT(0xE3, g13, g8, g7), g25 = LUT(0x96, g22, g21, g18), g26 = LUT(0xCA, b, g25, g24),
		   g27 = LUT(0x33, g22, g11, a), g28 = LUT(0xCA, f, g27, g26), g29 = LUT(0x69, g28, g23, g16),
		   g30 = LUT(0x25, g29, g21, e), g31 = LUT(0xCA, b, g30, g29), g32 = LUT(0x56, g29, g18, c),
		   g33 = LUT(0x8F, g29, g28, c), g34 = LUT(0xCA, b, g33, g32), g35 = LUT(0xCA, d, g31, g34);

	*o1 ^= g28;
	*o2 ^= g23;
	*o3 ^= g35;
	*o4 ^= g16;
}

#endif
