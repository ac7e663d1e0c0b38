#include "fleet/chip.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "card.h"

enum {
	PAGE = 1024,
	PAGES = 64,
	UNIT = 4,
	APDU_MAX = 5 + 255 + 1,
};

struct reader {
	struct card card;
	struct hal hal;
	struct draw entropy;
	uint64_t commands;
	uint32_t clock;
	uint8_t atr[ATR_MAX];
	size_t atr_length;
	bool written[PAGES]; /* pages that hold anything */
	uint8_t memory[PAGE * PAGES];
};

/* ---- the HAL: as strict as flash, so that a mistake shows here, too ---- */

static bool outside(uint32_t address, size_t length)
{
	return address > PAGE * PAGES || length > PAGE * PAGES - address;
}

static int nvm_read(void *board, uint32_t address, void *out, size_t length)
{
	const struct reader *chip = board;

	if (outside(address, length))
		return HAL_RANGE;
	memcpy(out, chip->memory + address, length);
	return HAL_OK;
}

static int nvm_write(void *board, uint32_t address, const void *in, size_t length)
{
	struct reader *chip = board;

	if (outside(address, length) || address % UNIT || length % UNIT)
		return HAL_RANGE;
	for (size_t i = 0; i < length; i++)
		if (chip->memory[address + i] != 0xFF)
			return HAL_FAULT;
	memcpy(chip->memory + address, in, length);
	for (size_t page = address / PAGE; length && page <= (address + length - 1) / PAGE; page++)
		chip->written[page] = true;
	return HAL_OK;
}

static int nvm_erase(void *board, uint32_t page)
{
	struct reader *chip = board;

	if (page >= PAGES)
		return HAL_RANGE;
	if (chip->written[page])
		memset(chip->memory + (size_t)page * PAGE, 0xFF, PAGE);
	chip->written[page] = false;
	return HAL_OK;
}

static int entropy(void *board, void *out, size_t length)
{
	struct reader *chip = board;

	return draw_fill(&chip->entropy, out, length) < 0 ? HAL_FAULT : HAL_OK;
}

/* A clock that only the card moves: the same seed must give the same card. */
static uint32_t millis(void *board)
{
	struct reader *chip = board;

	return chip->clock++;
}

static void halt(void *board)
{
	(void)board; /* the card answers 6F00 by itself from then on */
}

/* ---- a chip ---- */

struct reader *chip_new(void)
{
	struct reader *chip = calloc(1, sizeof(*chip));

	if (!chip)
		return NULL;
	chip->hal = (struct hal){.board = chip,
				 .nvm_page_size = PAGE,
				 .nvm_page_count = PAGES,
				 .nvm_write_unit = UNIT,
				 .nvm_read = nvm_read,
				 .nvm_write = nvm_write,
				 .nvm_erase = nvm_erase,
				 .random = entropy,
				 .millis = millis,
				 .halt = halt};
	memset(chip->memory, 0xFF, sizeof(chip->memory));
	return chip;
}

void chip_free(struct reader *chip)
{
	if (chip)
		explicit_bzero(chip, sizeof(*chip));
	free(chip);
}

int chip_blank(struct reader *chip, const struct draw *stream, struct fault *fault)
{
	for (uint32_t page = 0; page < PAGES; page++)
		(void)nvm_erase(chip, page);
	chip->entropy = *stream;
	chip->clock = 0;
	memset(&chip->card, 0, sizeof(chip->card));
	if (card_start(&chip->card, &chip->hal) < 0)
		return fault_set(fault, FAULT_CARD, NULL, "the blank card does not start");
	return reader_reset(chip, fault);
}

uint64_t chip_commands(const struct reader *chip)
{
	return chip->commands;
}

/* ---- lib/reader.h ---- */

int reader_list(struct reader_entry *entries, size_t size, struct fault *fault)
{
	(void)entries;
	(void)size;
	return fault_set(fault, FAULT_BUG, NULL, "a fleet has no readers");
}

int reader_open(struct reader **reader, const char *name, struct fault *fault)
{
	*reader = NULL;
	return fault_set(fault, FAULT_BUG, NULL, "a fleet has no reader %s", name ? name : "");
}

void reader_close(struct reader *reader)
{
	chip_free(reader);
}

const char *reader_name(const struct reader *reader)
{
	(void)reader;
	return "a chip of the fleet";
}

size_t reader_atr(const struct reader *reader, uint8_t atr[static 33])
{
	memcpy(atr, reader->atr, reader->atr_length);
	return reader->atr_length;
}

int reader_reset(struct reader *reader, struct fault *fault)
{
	(void)fault;
	reader->atr_length = card_reset(&reader->card, reader->atr);
	return 0;
}

int reader_power_cycle(struct reader *reader, struct fault *fault)
{
	if (card_start(&reader->card, &reader->hal) < 0)
		return fault_set(fault, FAULT_CARD, NULL, "the card does not start again");
	return reader_reset(reader, fault);
}

/* One T=0 command; the status word. */
static int exchange(struct reader *chip, uint8_t answer[static RESPONSE_MAX], size_t *length,
		    const uint8_t *command, size_t command_length)
{
	size_t n = card_transmit(&chip->card, answer, command, command_length);

	chip->commands++;
	*length = n - 2;
	return answer[n - 2] << 8 | answer[n - 1];
}

int reader_apdu(struct reader *reader, uint8_t *response, size_t *length, size_t size, const uint8_t *command,
		size_t command_length, struct fault *fault)
{
	uint8_t answer[RESPONSE_MAX], again[APDU_MAX];
	size_t got, n = 0;
	int sw;

	if (command_length < 4 || command_length > sizeof(again))
		return fault_set(fault, FAULT_BUG, NULL, "an APDU of %zu bytes", command_length);
	*length = 0;
	sw = exchange(reader, answer, &got, command, command_length);
	if ((sw & 0xFF00) == 0x6C00 && command_length == 5) {
		memcpy(again, command, 5);
		again[4] = (uint8_t)sw;
		sw = exchange(reader, answer, &got, again, 5);
	}
	for (;;) {
		if (n + got > size)
			return fault_set(fault, FAULT_CARD, NULL, "the card answers more than was asked for");
		if (got)
			memcpy(response + n, answer, got);
		n += got;
		if ((sw & 0xFF00) != 0x6100)
			break;
		again[0] = command[0];
		again[1] = 0xC0;
		again[2] = again[3] = 0;
		again[4] = (uint8_t)sw;
		sw = exchange(reader, answer, &got, again, 5);
	}
	*length = n;
	explicit_bzero(answer, sizeof(answer));
	return sw;
}

void reader_watch(struct reader *reader,
		  void (*seen)(void *context, const uint8_t *command, size_t command_length,
			       const uint8_t *response, size_t response_length),
		  void *context)
{
	(void)reader;
	(void)seen;
	(void)context;
}
