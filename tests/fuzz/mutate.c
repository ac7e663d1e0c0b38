#include "fuzz/mutate.h"

#include <string.h>

void pool_empty(struct pool *pool)
{
	memset(pool->lengths, 0, sizeof(pool->lengths));
	pool->next = 0;
}

void pool_add(struct pool *pool, const uint8_t *command, size_t length)
{
	size_t n = length < RIG_COMMAND ? length : RIG_COMMAND;

	memcpy(pool->bytes[pool->next % POOL], command, n);
	pool->lengths[pool->next % POOL] = n;
	pool->next++;
}

size_t pool_take(struct rig *rig, const struct pool *pool, uint8_t out[static RIG_COMMAND])
{
	size_t i = rig_draw(rig) % POOL;

	memcpy(out, pool->bytes[i], pool->lengths[i]);
	return pool->lengths[i];
}

/* ---- what is worth trying ---- */

static const uint8_t interesting[] = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x0A, 0x0C,
				      0x10, 0x1F, 0x20, 0x40, 0x7F, 0x80, 0x81, 0x82, 0x83, 0x84, 0x86,
				      0x87, 0x88, 0x8F, 0x90, 0xC0, 0xF8, 0xFD, 0xFE, 0xFF};

static const uint8_t names[][16] = {
	{2, 0x3F, 0x00},
	{2, 0x7F, 0xFF},
	{2, 0x2F, 0x00},
	{2, 0x2F, 0xE2},
	{2, 0x6F, 0x07},
	{2, 0x6F, 0x06},
	{2, 0x6F, 0x38},
	{2, 0x6F, 0x39},
	{2, 0x6F, 0x40},
	{2, 0x7F, 0x10},
	{2, 0x7F, 0x20},
	{2, 0x5F, 0x3B},
	{2, 0x5F, 0xC0},
	{2, 0x5F, 0x3A},
	{4, 0x7F, 0xFF, 0x6F, 0x07},
	{4, 0x7F, 0x10, 0x6F, 0x3A},
	{6, 0x7F, 0xFF, 0x5F, 0xC0, 0x4F, 0x07},
	{7, 0xA0, 0x00, 0x00, 0x00, 0x87, 0x10, 0x02},
	{7, 0xA0, 0x00, 0x00, 0x00, 0x87, 0x10, 0x04},
	{8, 0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00, 0x00},
	{1, 0xA0},
};

static uint8_t worth_trying(struct rig *rig)
{
	uint32_t choice = rig_draw(rig);

	return choice % 4 ? interesting[choice / 4 % sizeof(interesting)] : (uint8_t)(choice >> 8);
}

/* ---- changing a command ---- */

static size_t insert(uint8_t *bytes, size_t length, size_t at, uint8_t byte)
{
	if (length == RIG_COMMAND)
		return length;
	memmove(bytes + at + 1, bytes + at, length - at);
	bytes[at] = byte;
	return length + 1;
}

/* Put P3 right for what follows, as a terminal would. */
static void set_p3(uint8_t *bytes, size_t length)
{
	if (length > 5)
		bytes[4] = (uint8_t)(length - 5);
}

static size_t change(struct rig *rig, const struct pool *pool, uint8_t *bytes, size_t length)
{
	size_t at = length ? rig_draw(rig) % length : 0, other;
	uint8_t second[RIG_COMMAND];

	switch (rig_draw(rig) % 14) {
	case 0:
	case 1:
		bytes[at] ^= (uint8_t)(1 << rig_draw(rig) % 8);
		return length;
	case 2:
	case 3:
		bytes[at] = worth_trying(rig);
		return length;
	case 4: /* the header, which says what is done */
	case 5:
		bytes[rig_draw(rig) % 5] = worth_trying(rig);
		return length;
	case 6:
		return at;
	case 7:
		return insert(bytes, length, at, worth_trying(rig));
	case 8:
		memmove(bytes + at, bytes + at + (at < length), length - at - (at < length));
		return length - (at < length);
	case 9: /* another channel, or secure messaging that is none */
		bytes[0] ^= (uint8_t)(rig_draw(rig) % 16);
		return length;
	case 10: /* another command's tail */
		other = pool_take(rig, pool, second);
		if (other > at)
			memcpy(bytes + at, second + at, other - at);
		return other > at ? other : length;
	case 11:
		other = rig_draw(rig) % 40;
		for (; other && length < RIG_COMMAND; other--)
			bytes[length++] = worth_trying(rig);
		return length;
	case 12: /* a class of its own */
		bytes[0] = rig_draw(rig) % 2 ? 0xA0 : worth_trying(rig);
		return length;
	default:
		return length;
	}
}

size_t mutate(struct rig *rig, const struct pool *pool, uint8_t command[static RIG_COMMAND], size_t length)
{
	uint32_t times = 1 + rig_draw(rig) % 3;

	for (; times; times--)
		length = change(rig, pool, command, length);
	if (rig_draw(rig) % 2)
		set_p3(command, length);
	return length;
}

/* ---- making one ---- */

static size_t make_data(struct rig *rig, uint8_t *data)
{
	const uint8_t *name = names[rig_draw(rig) % (sizeof(names) / sizeof(names[0]))];
	const struct rig_secrets *s = &rig->secret;
	size_t length, i;

	switch (rig_draw(rig) % 6) {
	case 0:
		return 0;
	case 1:
	case 2:
		memcpy(data, name + 1, name[0]);
		return name[0];
	case 3: /* what a PIN command takes */
		memcpy(data, rig_draw(rig) % 2 ? s->pin1 : s->adm1, PIN_LENGTH);
		memcpy(data + PIN_LENGTH, s->pin1, PIN_LENGTH);
		return rig_draw(rig) % 2 ? PIN_LENGTH : 2 * PIN_LENGTH;
	case 4: /* objects in objects */
		length = 2 + rig_draw(rig) % 60;
		for (i = 0; i < length; i += 2) {
			data[i] = worth_trying(rig);
			data[i + 1] = (uint8_t)(rig_draw(rig) % (length - i));
		}
		return length;
	default:
		length = rig_draw(rig) % 256;
		rig_fill(rig, data, length);
		return length;
	}
}

size_t mutate_from_table(struct rig *rig, uint8_t out[static RIG_COMMAND])
{
	const struct dispatch_row *table, *row;
	size_t rows, length = 0;

	table = dispatch_table(&rows);
	row = &table[rig_draw(rig) % rows];
	out[0] = row->cla;
	if (rig_draw(rig) % 8 == 0)
		out[0] |= (uint8_t)(rig_draw(rig) % 16);
	out[1] = row->ins;
	out[2] = worth_trying(rig);
	out[3] = worth_trying(rig);
	if (rig_draw(rig) % 2)
		out[2] = 0;
	if (row->form >= 3)
		length = make_data(rig, out + 5);
	out[4] = row->form >= 3 ? (uint8_t)length : worth_trying(rig);
	if (row->form == 4 && rig_draw(rig) % 4 == 0)
		out[5 + length++] = worth_trying(rig);
	return 5 + length;
}
