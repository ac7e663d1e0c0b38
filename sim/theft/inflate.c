/* Codes are read a bit at a time, by how many there are of each length (RFC 1951 3.2.2): slow, short, and
 * enough for a mail. Every read past the end makes the whole fail. */
#include "theft/inflate.h"

#include <stdbool.h>
#include <string.h>

enum {
	CODE_BITS = 15,
	LITERALS = 288,
	DISTANCES = 30,
	END = 256,
};

struct stream {
	const uint8_t *in;
	size_t length, at;
	unsigned bits, have;
	uint8_t *out;
	size_t size, made;
	bool bad;
};

/* Symbols in the order of their codes, and how many codes have each length. */
struct code {
	uint16_t count[CODE_BITS + 1], symbol[LITERALS];
};

static unsigned take(struct stream *s, unsigned count)
{
	unsigned value;

	while (s->have < count) {
		if (s->at == s->length) {
			s->bad = true;
			return 0;
		}
		s->bits |= (unsigned)s->in[s->at++] << s->have;
		s->have += 8;
	}
	value = s->bits & ((1U << count) - 1);
	s->bits >>= count;
	s->have -= count;
	return value;
}

static void put(struct stream *s, uint8_t byte)
{
	if (s->made == s->size)
		s->bad = true;
	else
		s->out[s->made++] = byte;
}

static void make_code(struct code *code, const uint8_t *lengths, unsigned count)
{
	uint16_t first[CODE_BITS + 2] = {0};

	memset(code, 0, sizeof(*code));
	for (unsigned i = 0; i < count; i++)
		code->count[lengths[i]]++;
	code->count[0] = 0;
	for (unsigned n = 1; n <= CODE_BITS; n++)
		first[n + 1] = (uint16_t)(first[n] + code->count[n]);
	for (unsigned i = 0; i < count; i++)
		if (lengths[i])
			code->symbol[first[lengths[i]]++] = (uint16_t)i;
}

static unsigned symbol(struct stream *s, const struct code *code)
{
	int value = 0, first = 0, index = 0;

	for (unsigned n = 1; n <= CODE_BITS && !s->bad; n++) {
		value |= (int)take(s, 1);
		if (value - first < code->count[n])
			return code->symbol[index + value - first];
		index += code->count[n];
		first = (first + code->count[n]) << 1;
		value <<= 1;
	}
	s->bad = true;
	return END;
}

static void copy(struct stream *s, unsigned letter, const struct code *distances)
{
	static const uint16_t length_base[] = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
					       15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
					       67, 83, 99, 115, 131, 163, 195, 227, 258};
	static const uint16_t base[] = {1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
					33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
					1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
	unsigned i = letter - 257, length, distance;

	if (i > 28) {
		s->bad = true;
		return;
	}
	length = length_base[i] + take(s, i < 8 || i == 28 ? 0 : (i - 4) / 4);
	i = symbol(s, distances);
	if (i >= DISTANCES) {
		s->bad = true;
		return;
	}
	distance = base[i] + take(s, i < 4 ? 0 : (i - 2) / 2);
	if (distance > s->made)
		s->bad = true;
	for (; length && !s->bad; length--)
		put(s, s->out[s->made - distance]);
}

static void block(struct stream *s, const struct code *literals, const struct code *distances)
{
	for (;;) {
		unsigned letter = symbol(s, literals);

		if (s->bad || letter == END)
			return;
		if (letter < END)
			put(s, (uint8_t)letter);
		else
			copy(s, letter, distances);
	}
}

static void stored(struct stream *s)
{
	unsigned length;

	s->bits = s->have = 0;
	if (s->length - s->at < 4) {
		s->bad = true;
		return;
	}
	length = s->in[s->at] | (unsigned)s->in[s->at + 1] << 8;
	for (s->at += 4; length && !s->bad; length--) {
		if (s->at == s->length)
			s->bad = true;
		else
			put(s, s->in[s->at++]);
	}
}

static void fixed(struct stream *s)
{
	uint8_t lengths[LITERALS];
	struct code literals, distances;

	memset(lengths, 8, 144);
	memset(lengths + 144, 9, 112);
	memset(lengths + 256, 7, 24);
	memset(lengths + 280, 8, 8);
	make_code(&literals, lengths, LITERALS);
	memset(lengths, 5, DISTANCES);
	make_code(&distances, lengths, DISTANCES);
	block(s, &literals, &distances);
}

/* The lengths of both codes, themselves in a code (3.2.7). */
static void dynamic(struct stream *s)
{
	static const uint8_t order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
	unsigned literal_count = 257 + take(s, 5), distance_count = 1 + take(s, 5), count = 4 + take(s, 4), i;
	uint8_t lengths[LITERALS + 32] = {0};
	struct code literals, distances;

	for (i = 0; i < count; i++)
		lengths[order[i]] = (uint8_t)take(s, 3);
	make_code(&literals, lengths, 19);
	memset(lengths, 0, sizeof(lengths));
	for (i = 0; i < literal_count + distance_count && !s->bad;) {
		unsigned letter = symbol(s, &literals), repeat = 1;
		uint8_t length = (uint8_t)letter;

		if (letter >= 16) {
			length = letter == 16 && i ? lengths[i - 1] : 0;
			repeat = letter == 16   ? 3 + take(s, 2)
				 : letter == 17 ? 3 + take(s, 3)
						: 11 + take(s, 7);
		}
		if (i + repeat > literal_count + distance_count || literal_count > LITERALS)
			s->bad = true;
		for (; repeat && !s->bad; repeat--)
			lengths[i++] = length;
	}
	if (s->bad)
		return;
	make_code(&literals, lengths, literal_count);
	make_code(&distances, lengths + literal_count, distance_count);
	block(s, &literals, &distances);
}

long inflate(uint8_t *out, size_t size, const uint8_t *in, size_t length)
{
	struct stream s = {.in = in, .length = length, .out = out, .size = size};
	unsigned last;

	do {
		last = take(&s, 1);
		switch (take(&s, 2)) {
		case 0:
			stored(&s);
			break;
		case 1:
			fixed(&s);
			break;
		case 2:
			dynamic(&s);
			break;
		default:
			s.bad = true;
		}
	} while (!last && !s.bad);
	return s.bad ? -1 : (long)s.made;
}
