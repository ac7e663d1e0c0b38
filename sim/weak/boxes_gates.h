/* boxes_gates.h - the S-boxes of DES as circuits of and, or, xor, and-not, not: see boxes_lut.h. */
#ifndef SIMRITE_BOXES_GATES_H
#define SIMRITE_BOXES_GATES_H

/* S1: 60 operations */
TARGET static inline void box_1(WORD a, WORD b, WORD c, WORD d, WORD e, WORD f, WORD *o1, WORD *o2, WORD *o3,
				WORD *o4)
{
	const WORD g6 = ~d, g7 = f & e, g8 = g6 ^ g7, g9 = ~f & d, g10 = g9 ^ e, g11 = g10 & ~c,
		   g12 = g8 ^ g11, g13 = e ^ c, g14 = g13 | g7, g15 = g14 & ~d, g16 = f ^ g15, g17 = g16 & ~a,
		   g18 = g12 ^ g17, g19 = ~g13 & g10, g20 = g19 ^ g14, g21 = g12 ^ c, g22 = g21 & ~g16,
		   g23 = g22 & ~a, g24 = g20 ^ g23, g25 = g24 & b, g26 = g18 ^ g25, g27 = f ^ c,
		   g28 = g27 & e, g29 = d ^ g28, g30 = g21 ^ f, g31 = g30 | g26, g32 = g31 & b,
		   g33 = g29 ^ g32, g34 = g21 ^ a, g35 = g34 | g9, g36 = g33 & ~e, g37 = ~g36 & f,
		   g38 = g37 & ~b, g39 = g35 ^ g38, g40 = g39 & a, g41 = g33 ^ g40, g42 = g22 ^ b,
		   g43 = g42 & ~d, g44 = g43 ^ g18, g45 = g44 & c, g46 = g42 ^ g45, g47 = ~g25 & g12,
		   g48 = g47 ^ g29, g49 = ~g32 & g28, g50 = g49 ^ g41, g51 = g50 & c, g52 = g48 ^ g51,
		   g53 = g52 & a, g54 = g46 ^ g53, g55 = g49 | g46, g56 = g26 & ~g19, g57 = g56 & ~d,
		   g58 = g55 ^ g57, g59 = g18 | g15, g60 = g46 & ~g14, g61 = g60 ^ b, g62 = g61 & e,
		   g63 = g59 ^ g62, g64 = g63 & ~a, g65 = g58 ^ g64;

	*o1 ^= g54;
	*o2 ^= g26;
	*o3 ^= g65;
	*o4 ^= g41;
}

/* S2: 57 operations */
TARGET static inline void box_2(WORD a, WORD b, WORD c, WORD d, WORD e, WORD f, WORD *o1, WORD *o2, WORD *o3,
				WORD *o4)
{
	const WORD g6 = e ^ a, g7 = b & ~f, g8 = g6 ^ g7, g9 = ~g7, g10 = g7 & e, g11 = g10 & a,
		   g12 = g9 ^ g11, g13 = g12 & ~d, g14 = g8 ^ g13, g15 = f ^ b, g16 = g15 ^ g11, g17 = f & e,
		   g18 = g17 & d, g19 = g16 ^ g18, g20 = g19 & ~c, g21 = g14 ^ g20, g22 = g19 ^ d,
		   g23 = g9 ^ c, g24 = g23 & ~f, g25 = g22 ^ g24, g26 = ~g25 & g7, g27 = g26 ^ c,
		   g28 = g27 & e, g29 = g25 ^ g28, g30 = g18 ^ e, g31 = g30 | g24, g32 = g27 & g8,
		   g33 = g32 ^ g13, g34 = g33 & b, g35 = g31 ^ g34, g36 = g35 & a, g37 = g29 ^ g36,
		   g38 = g34 & ~e, g39 = g38 | g22, g40 = g36 | g14, g41 = g40 ^ g37, g42 = g41 & ~c,
		   g43 = g39 ^ g42, g44 = g14 ^ a, g45 = g44 | g6, g46 = g43 & ~g37, g47 = g46 ^ a,
		   g48 = g47 & ~c, g49 = g45 ^ g48, g50 = g49 & ~f, g51 = g43 ^ g50, g52 = g44 ^ g27,
		   g53 = g21 & ~f, g54 = ~g53 & g22, g55 = g54 & ~b, g56 = g52 ^ g55, g57 = b ^ a,
		   g58 = g57 ^ g53, g59 = g29 & e, g60 = g58 ^ g59, g61 = g60 & a, g62 = g56 ^ g61;

	*o1 ^= g62;
	*o2 ^= g21;
	*o3 ^= g51;
	*o4 ^= g37;
}

/* S3: 54 operations */
TARGET static inline void box_3(WORD a, WORD b, WORD c, WORD d, WORD e, WORD f, WORD *o1, WORD *o2, WORD *o3,
				WORD *o4)
{
	const WORD g6 = f ^ c, g7 = f | d, g8 = g7 & a, g9 = g6 ^ g8, g10 = d ^ c, g11 = g10 | a,
		   g12 = g11 & ~e, g13 = g9 ^ g12, g14 = g13 ^ d, g15 = g14 & ~g6, g16 = g15 & a,
		   g17 = b ^ g16, g18 = g17 & b, g19 = g13 ^ g18, g20 = e ^ a, g21 = g20 ^ g10, g22 = ~g14,
		   g23 = g16 ^ g11, g24 = g23 & ~c, g25 = g22 ^ g24, g26 = g25 & ~b, g27 = g21 ^ g26,
		   g28 = g23 ^ g15, g29 = g14 & ~b, g30 = g28 ^ g29, g31 = g30 & f, g32 = g27 ^ g31,
		   g33 = e & ~d, g34 = g33 ^ g17, g35 = g34 & d, g36 = g35 ^ g22, g37 = g36 & f,
		   g38 = g34 ^ g37, g39 = ~g27 & g14, g40 = g39 ^ g25, g41 = g36 & ~c, g42 = g41 & ~g21,
		   g43 = g42 & ~b, g44 = g40 ^ g43, g45 = g44 & ~a, g46 = g38 ^ g45, g47 = ~g30 & e,
		   g48 = g47 ^ g44, g49 = ~g29 & g21, g50 = g49 ^ g40, g51 = g50 & ~d, g52 = g48 ^ g51,
		   g53 = g19 & g10, g54 = g53 | g38, g55 = ~g32 & d, g56 = g55 & a, g57 = g54 ^ g56,
		   g58 = g57 & f, g59 = g52 ^ g58;

	*o1 ^= g32;
	*o2 ^= g46;
	*o3 ^= g59;
	*o4 ^= g19;
}

/* S4: 43 operations */
TARGET static inline void box_4(WORD a, WORD b, WORD c, WORD d, WORD e, WORD f, WORD *o1, WORD *o2, WORD *o3,
				WORD *o4)
{
	const WORD g6 = c ^ a, g7 = c & a, g8 = g7 ^ d, g9 = g8 & ~e, g10 = g6 ^ g9, g11 = e | a,
		   g12 = g11 ^ g7, g13 = g12 & ~d, g14 = c ^ g13, g15 = g14 & b, g16 = g10 ^ g15,
		   g17 = g14 | g9, g18 = g8 | e, g19 = g18 & ~b, g20 = g17 ^ g19, g21 = ~c, g22 = g21 & ~b,
		   g23 = g18 ^ g22, g24 = g23 & ~d, g25 = g20 ^ g24, g26 = g25 & ~f, g27 = g16 ^ g26,
		   g28 = ~g16, g29 = ~g25, g30 = g29 & f, g31 = g28 ^ g30, g32 = g28 | e, g33 = g32 ^ g8,
		   g34 = g28 | g21, g35 = g12 & ~e, g36 = g34 ^ g35, g37 = g36 & b, g38 = g33 ^ g37,
		   g39 = g38 ^ g16, g40 = g39 & b, g41 = g27 ^ g40, g42 = ~g39, g43 = g42 & d,
		   g44 = g41 ^ g43, g45 = g44 & ~f, g46 = g38 ^ g45, g47 = g44 ^ g30, g48 = g47 ^ g46;

	*o1 ^= g46;
	*o2 ^= g48;
	*o3 ^= g27;
	*o4 ^= g31;
}

/* S5: 61 operations */
TARGET static inline void box_5(WORD a, WORD b, WORD c, WORD d, WORD e, WORD f, WORD *o1, WORD *o2, WORD *o3,
				WORD *o4)
{
	const WORD g6 = f ^ d, g7 = f ^ c, g8 = g7 | d, g9 = g8 & ~b, g10 = g6 ^ g9, g11 = g8 ^ a,
		   g12 = g11 | c, g13 = g12 & ~e, g14 = g10 ^ g13, g15 = ~g8 & e, g16 = g15 ^ c,
		   g17 = g12 ^ d, g18 = g17 & b, g19 = g16 ^ g18, g20 = g19 & ~a, g21 = g14 ^ g20,
		   g22 = g17 ^ b, g23 = g22 & ~g20, g24 = g11 & ~g10, g25 = g17 & ~f, g26 = g24 ^ g25,
		   g27 = g26 & c, g28 = g23 ^ g27, g29 = ~g24 & g9, g30 = ~f, g31 = g30 & ~d, g32 = g29 ^ g31,
		   g33 = g26 ^ g11, g34 = g33 | b, g35 = g34 & c, g36 = g32 ^ g35, g37 = g36 & ~e,
		   g38 = g28 ^ g37, g39 = g21 ^ g6, g40 = g39 | g18, g41 = ~g26 & b, g42 = g41 ^ g14,
		   g43 = g42 & a, g44 = g40 ^ g43, g45 = g32 ^ g25, g46 = g45 ^ g41, g47 = g39 & ~d,
		   g48 = g47 ^ g22, g49 = g48 & c, g50 = g46 ^ g49, g51 = g50 & e, g52 = g44 ^ g51,
		   g53 = g34 ^ e, g54 = g53 ^ g43, g55 = g33 ^ g14, g56 = g55 | g37, g57 = g56 & f,
		   g58 = g54 ^ g57, g59 = g28 | g25, g60 = g59 | g39, g61 = g55 ^ g52, g62 = ~g61 & g36,
		   g63 = g62 & c, g64 = g60 ^ g63, g65 = g64 & d, g66 = g58 ^ g65;

	*o1 ^= g66;
	*o2 ^= g21;
	*o3 ^= g38;
	*o4 ^= g52;
}

/* S6: 55 operations */
TARGET static inline void box_6(WORD a, WORD b, WORD c, WORD d, WORD e, WORD f, WORD *o1, WORD *o2, WORD *o3,
				WORD *o4)
{
	const WORD g6 = e | a, g7 = g6 ^ b, g8 = e ^ a, g9 = g8 & c, g10 = g7 ^ g9, g11 = g7 | c,
		   g12 = g11 ^ g8, g13 = g12 & ~d, g14 = g10 ^ g13, g15 = g11 & a, g16 = g11 ^ a,
		   g17 = g7 & b, g18 = g16 ^ g17, g19 = g18 & d, g20 = g15 ^ g19, g21 = g20 & f,
		   g22 = g14 ^ g21, g23 = ~g12, g24 = e | c, g25 = g24 & ~d, g26 = g23 ^ g25, g27 = g23 ^ g7,
		   g28 = g27 & d, g29 = g24 ^ g28, g30 = g26 | g14, g31 = g30 & ~e, g32 = g28 ^ g31,
		   g33 = g32 & a, g34 = g29 ^ g33, g35 = g34 & f, g36 = g26 ^ g35, g37 = d ^ c,
		   g38 = g37 ^ g12, g39 = g22 & ~a, g40 = g39 & ~d, g41 = g10 ^ g40, g42 = g41 & b,
		   g43 = g38 ^ g42, g44 = g34 ^ g30, g45 = g38 | d, g46 = g45 ^ g24, g47 = g46 & ~a,
		   g48 = g44 ^ g47, g49 = g48 & f, g50 = g43 ^ g49, g51 = g20 ^ b, g52 = g51 ^ g38,
		   g53 = g47 & ~d, g54 = g52 ^ g53, g55 = g26 | g16, g56 = ~g34 & g6, g57 = g56 & c,
		   g58 = g55 ^ g57, g59 = g58 & ~f, g60 = g54 ^ g59;

	*o1 ^= g36;
	*o2 ^= g60;
	*o3 ^= g50;
	*o4 ^= g22;
}

/* S7: 56 operations */
TARGET static inline void box_7(WORD a, WORD b, WORD c, WORD d, WORD e, WORD f, WORD *o1, WORD *o2, WORD *o3,
				WORD *o4)
{
	const WORD g6 = ~d, g7 = g6 ^ c, g8 = g7 ^ f, g9 = g8 & a, g10 = g6 ^ g9, g11 = g10 | g7,
		   g12 = g11 ^ d, g13 = g12 & a, g14 = g8 ^ g13, g15 = g14 & b, g16 = g10 ^ g15, g17 = b | a,
		   g18 = g17 ^ c, g19 = g18 & f, g20 = g10 ^ g19, g21 = g20 & d, g22 = e ^ g21, g23 = g22 & e,
		   g24 = g16 ^ g23, g25 = g17 ^ g8, g26 = g11 | c, g27 = g26 & ~e, g28 = g25 ^ g27,
		   g29 = c ^ a, g30 = ~e & d, g31 = g28 & a, g32 = g30 ^ g31, g33 = g32 & f, g34 = g29 ^ g33,
		   g35 = g34 & b, g36 = g28 ^ g35, g37 = g29 ^ g24, g38 = g37 ^ g36, g39 = c & ~b,
		   g40 = g39 | g19, g41 = g40 & ~d, g42 = g38 ^ g41, g43 = ~g41 & g11, g44 = g37 & ~c,
		   g45 = g43 ^ g44, g46 = g45 & a, g47 = g10 ^ g46, g48 = g47 & ~e, g49 = g42 ^ g48,
		   g50 = g13 ^ b, g51 = g48 ^ g7, g52 = g51 & ~f, g53 = g50 ^ g52, g54 = g30 | b,
		   g55 = g54 ^ g22, g56 = g29 ^ b, g57 = g56 & g34, g58 = g57 & f, g59 = g55 ^ g58,
		   g60 = g59 & d, g61 = g53 ^ g60;

	*o1 ^= g49;
	*o2 ^= g24;
	*o3 ^= g61;
	*o4 ^= g36;
}

/* S8: 53 operations */
TARGET static inline void box_8(WORD a, WORD b, WORD c, WORD d, WORD e, WORD f, WORD *o1, WORD *o2, WORD *o3,
				WORD *o4)
{
	const WORD g6 = c ^ a, g7 = g6 & a, g8 = g7 | b, g9 = g8 & ~e, g10 = g6 ^ g9, g11 = ~e, g12 = e | a,
		   g13 = g12 & b, g14 = g11 ^ g13, g15 = g14 & ~d, g16 = g10 ^ g15, g17 = g6 & ~e,
		   g18 = g17 | d, g19 = e ^ c, g20 = g19 & ~g7, g21 = g7 & d, g22 = g20 ^ g21, g23 = g22 & ~b,
		   g24 = g18 ^ g23, g25 = g24 & f, g26 = g16 ^ g25, g27 = g16 ^ f, g28 = g27 ^ g23,
		   g29 = ~f & a, g30 = ~g29 & g8, g31 = g30 & d, g32 = g28 ^ g31, g33 = ~g29 & g6,
		   g34 = e & ~d, g35 = g33 ^ g34, g36 = g35 & e, g37 = g32 ^ g36, g38 = ~g36 & g14,
		   g39 = g37 | g6, g40 = g39 & ~d, g41 = g38 ^ g40, g42 = g15 ^ g9, g43 = g42 & ~c,
		   g44 = g41 ^ g43, g45 = g44 ^ g27, g46 = g45 & f, g47 = g44 ^ g46, g48 = ~g46 & b,
		   g49 = g48 ^ g6, g50 = g29 & d, g51 = g49 ^ g50, g52 = g45 & ~b, g53 = g52 & ~f,
		   g54 = g16 ^ g53, g55 = g54 & a, g56 = g35 ^ g55, g57 = g56 & e, g58 = g51 ^ g57;

	*o1 ^= g47;
	*o2 ^= g37;
	*o3 ^= g58;
	*o4 ^= g26;
}

#endif
