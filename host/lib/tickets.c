#include "lib/tickets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base64.h"
#include "lib/canonical.h"
#include "lib/digits.h"
#include "lib/order.h"
#include "lib/signature.h"

enum {
	SCHEMA = 1
};

static const char *const methods[] = {
	[SLOT_INJECTED] = "injected", [SLOT_DERIVED] = "derived", [SLOT_AGREED] = "agreed"};

static int wrong(struct fault *fault, const char *what)
{
	return fault_set(fault, FAULT_INPUT, "ask for the ceremony's file again", "%s", what);
}

/* Line 1: of which batch, and how many follow. */
static int read_head(struct tickets *tickets, uint8_t scope[static TICKET_SCOPE], const json_t *line,
		     struct fault *fault)
{
	const char *authority, *batch, *ceremony, *method, *scope_hex, *type;
	json_int_t count, schema;
	json_error_t error;

	if (json_unpack_ex((json_t *)(uintptr_t)line, &error, JSON_STRICT,
			   "{s:s, s:s, s:s, s:I, s:s, s:I, s:s, s:s}", "authority", &authority, "batch",
			   &batch, "ceremony", &ceremony, "count", &count, "method", &method, "schema",
			   &schema, "scope", &scope_hex, "type", &type) < 0)
		return wrong(fault, error.text);
	if (schema != SCHEMA || strcmp(type, "tickets") != 0)
		return wrong(fault, "not a file of tickets");
	if (public_read(tickets->authority, authority) < 0)
		return wrong(fault, "\"authority\" is no P-256 key");
	if (batch_id_check(batch, fault) < 0)
		return -1;
	if (canonical_hex_read(scope, TICKET_SCOPE, scope_hex) < 0)
		return wrong(fault, "\"scope\" is not 64 hex digits");
	if (count < 1 || count > ORDER_CARDS_MAX)
		return wrong(fault, "\"count\" is no number of cards");
	for (unsigned m = SLOT_INJECTED; m <= SLOT_AGREED; m++)
		if (strcmp(method, methods[m]) == 0)
			tickets->method = (uint8_t)m;
	(void)snprintf(tickets->batch, sizeof(tickets->batch), "%s", batch);
	tickets->count = (uint32_t)count;
	return tickets->method ? 0 : wrong(fault, "there is no such \"method\"");
}

static int read_row(struct ticket_row *row, struct tickets *tickets, const uint8_t scope[static TICKET_SCOPE],
		    const json_t *line, struct fault *fault)
{
	const char *iccid, *text;
	struct ticket ticket;
	json_int_t number;
	json_error_t error;
	uint8_t file[10];
	int length;

	if (json_unpack_ex((json_t *)(uintptr_t)line, &error, JSON_STRICT, "{s:s, s:I, s:s}", "iccid", &iccid,
			   "number", &number, "ticket", &text) < 0)
		return wrong(fault, error.text);
	length = base64_read(row->bytes, sizeof(row->bytes), text);
	if (length < 0 || ticket_parse(&ticket, (struct span){row->bytes, (size_t)length}) < 0)
		return wrong(fault, "\"ticket\" is none");
	row->length = (size_t)length;
	row->number = ticket_number(ticket.number);
	if (strlen(iccid) >= sizeof(row->iccid))
		return wrong(fault, "\"iccid\" is too long");
	(void)snprintf(row->iccid, sizeof(row->iccid), "%s", iccid);
	digits_to_iccid(file, iccid);
	if (memcmp(file, ticket.iccid, sizeof(file)) != 0 || row->number != number ||
	    memcmp(ticket.scope, scope, TICKET_SCOPE) != 0 || ticket.method != tickets->method)
		return wrong(fault, "the ticket is for another card, batch or method than it says");
	if (tickets->slot != 0 && tickets->slot != ticket.slot)
		return wrong(fault, "the tickets are for different slots");
	tickets->slot = ticket.slot;
	return 0;
}

/* What getline() keeps. */
struct text {
	char *at;
	size_t size;
};

/* The next line, parsed, or NULL. */
static json_t *next_line(FILE *file, struct text *text, struct fault *fault)
{
	ssize_t length = getline(&text->at, &text->size, file);

	if (length <= 0 || text->at[length - 1] != '\n') {
		wrong(fault, length <= 0 ? "a line is missing" : "cut off: it does not end with a newline");
		return NULL;
	}
	return canonical_parse(text->at, (size_t)length - 1, fault);
}

/* `at` counts the lines. */
static int read_all(struct tickets **tickets, FILE *file, unsigned *at, struct text *text,
		    struct fault *fault)
{
	struct tickets head = {.method = 0}, *made;
	uint8_t scope[TICKET_SCOPE];
	json_t *line = next_line(file, text, fault);
	int result = line ? read_head(&head, scope, line, fault) : -1;

	json_decref(line);
	if (result < 0)
		return -1;
	made = calloc(1, sizeof(*made) + head.count * sizeof(made->rows[0]));
	*tickets = made;
	if (!made)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	memcpy(made, &head, sizeof(head));
	for (uint32_t i = 0; i < head.count && result == 0; i++) {
		(*at)++;
		line = next_line(file, text, fault);
		result = line ? read_row(&made->rows[i], made, scope, line, fault) : -1;
		if (result == 0 && i > 0 && made->rows[i].number <= made->rows[i - 1].number)
			result = wrong(fault, "the numbers do not go up");
		json_decref(line);
	}
	if (result == 0 && fgetc(file) != EOF)
		result = wrong(fault, "there are more tickets than it says");
	return result;
}

int tickets_load(struct tickets **tickets, const char *path, struct fault *fault)
{
	FILE *file = fopen(path, "re");
	struct text text = {NULL, 0};
	unsigned at = 1;
	int result;

	*tickets = NULL;
	if (!file)
		return fault_set(fault, FAULT_INPUT, NULL, "%s: %s", path, strerror(errno));
	result = read_all(tickets, file, &at, &text, fault);
	free(text.at);
	(void)fclose(file);
	if (result == 0)
		return 0;
	tickets_free(*tickets);
	*tickets = NULL;
	return fault_prefix(fault, "%s: line %u", path, at);
}

void tickets_free(struct tickets *tickets)
{
	free(tickets);
}

int tickets_verify(struct ticket *ticket, const struct tickets *tickets, uint32_t index, struct fault *fault)
{
	const struct ticket_row *row = &tickets->rows[index];
	struct span bytes = {row->bytes, row->length};

	if (ticket_parse(ticket, bytes) < 0 || !signature_is_low(row->bytes + row->length - P256_SIGNATURE) ||
	    ticket_verify(bytes, (struct span){tickets->authority, sizeof(tickets->authority)}) < 0)
		return fault_set(fault, FAULT_NO, "ask for the ceremony's file again",
				 "the ticket of ICCID %s is not signed by the ceremony", row->iccid);
	return 0;
}
