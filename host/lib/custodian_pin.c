/* The PIN of a custodian's card: how many tries are left is asked before one is spent. */
#include <stdio.h>
#include <string.h>

#include "lib/card_file.h"
#include "lib/custodian_exchange.h"
#include "lib/secret.h"

enum {
	PIN = 0x82,
	INS_VERIFY = 0x20,
	INS_CHANGE = 0x24,
	INS_UNBLOCK = 0x2C
};

static bool all_digits(const char *text, size_t least, size_t most)
{
	size_t length = strlen(text);

	return length >= least && length <= most && text[strspn(text, "0123456789")] == 0;
}

static int check_pin(const char *pin, size_t least, const char *name, struct fault *fault)
{
	if (all_digits(pin, least, CUSTODIAN_PIN))
		return 0;
	return least == CUSTODIAN_PIN
		       ? fault_set(fault, FAULT_INPUT, NULL, "%s is not %d digits; the card was not asked",
				   name, CUSTODIAN_PIN)
		       : fault_set(fault, FAULT_INPUT, NULL,
				   "%s is not %zu to %d digits; the card was not asked", name, least,
				   CUSTODIAN_PIN);
}

/* Padded with FF: TS 102 221 9.5. */
static void add_pin(struct custodian_exchange *x, const char *pin)
{
	uint8_t padded[CUSTODIAN_PIN];
	size_t length = strlen(pin);

	memset(padded, 0xFF, sizeof(padded));
	memcpy(padded, pin, length < sizeof(padded) ? length : sizeof(padded));
	custodian_add(x, padded, sizeof(padded));
	secret_wipe(padded, sizeof(padded));
}

int custodian_enrol(struct custodian_card *card, const char *pin, const char *code, struct fault *fault)
{
	struct custodian_exchange x;
	int sw, result;

	if (check_pin(pin, CUSTODIAN_PIN_LEAST, "the PIN", fault) != 0 ||
	    check_pin(code, CUSTODIAN_PIN, "the unblock code", fault) != 0)
		return -1;
	custodian_start(&x, 0x80, CUSTODIAN_INS_ENROL, 0, 0);
	add_pin(&x, pin);
	add_pin(&x, code);
	sw = custodian_send(card, &x, true, fault);
	if (sw == SW_CONDITIONS_NOT_SATISFIED)
		result = fault_set(
			fault, FAULT_POLICY, "its holder can change the PIN: simrite ceremony card-pin",
			"the card in reader \"%s\" is enrolled already", reader_name(card->reader));
	else
		result = custodian_expect(&x, sw, P256_COMPRESSED, "enrol the card", fault);
	if (result == 0 && p256_uncompress(card->key, (struct span){x.answer, P256_COMPRESSED}) != OK)
		result = fault_set(fault, FAULT_CARD, NULL, "enrol the card: it answers no public key");
	custodian_end(&x);
	return result;
}

/* May a guess be made, when so many tries are left? */
static int check_tries(unsigned left, bool last, const char *name, const char *blocked, struct fault *fault)
{
	if (left == 0)
		return fault_set(fault, FAULT_POLICY, blocked, "%s is blocked", name);
	if (left == 1 && !last)
		return fault_set(fault, FAULT_POLICY,
				 "make sure of the value, then: simrite ceremony card-pin --force-last-try",
				 "%s has one try left, and was not tried", name);
	return 0;
}

static const char use_code[] = "its holder can unblock it: simrite ceremony card-pin --code prompt",
		  for_good[] = "nothing frees it: the share is lost, and can only be destroyed";

static int may_guess(struct custodian_card *card, bool code, bool last, struct fault *fault)
{
	struct custodian_status status;

	if (custodian_status(card, &status, fault) != 0)
		return -1;
	if (!status.enrolled)
		return fault_set(fault, FAULT_POLICY, "simrite ceremony enrol sets its PIN",
				 "the card in reader \"%s\" is not enrolled", reader_name(card->reader));
	return code ? check_tries(status.unblock, last, "the unblock code", for_good, fault)
		    : check_tries(status.tries, last, "the PIN", status.unblock ? use_code : for_good, fault);
}

/* What came of a guess. */
static int guessed(int sw, bool code, struct fault *fault)
{
	const char *name = code ? "the unblock code" : "the PIN";

	if ((sw & 0xFFF0) == 0x63C0)
		return fault_set(fault, FAULT_NO, NULL, "%s is wrong, %d %s left", name, sw & 0xF,
				 (sw & 0xF) == 1 ? "try" : "tries");
	if (sw == SW_PIN_BLOCKED)
		return fault_set(fault, FAULT_POLICY, code ? for_good : use_code, "%s is blocked", name);
	return sw == SW_OK ? 0 : card_status_fault(fault, sw, name);
}

/* VERIFY (fresh NULL), CHANGE or UNBLOCK PIN. */
static int guess(struct custodian_card *card, uint8_t ins, const char *value, const char *fresh, bool last,
		 struct fault *fault)
{
	bool code = ins == INS_UNBLOCK;
	struct custodian_exchange x;
	int sw;

	if (check_pin(value, code ? CUSTODIAN_PIN : 4, code ? "the unblock code" : "the PIN", fault) != 0 ||
	    (fresh && check_pin(fresh, CUSTODIAN_PIN_LEAST, "the new PIN", fault) != 0) ||
	    may_guess(card, code, last, fault) != 0)
		return -1;
	custodian_start(&x, 0x00, ins, 0, PIN);
	add_pin(&x, value);
	if (fresh)
		add_pin(&x, fresh);
	sw = custodian_send(card, &x, false, fault);
	custodian_end(&x);
	return guessed(sw, code, fault);
}

int custodian_verify_pin(struct custodian_card *card, const char *pin, bool last, struct fault *fault)
{
	return guess(card, INS_VERIFY, pin, NULL, last, fault);
}

int custodian_change_pin(struct custodian_card *card, const char *pin, const char *fresh, bool last,
			 struct fault *fault)
{
	return guess(card, INS_CHANGE, pin, fresh, last, fault);
}

int custodian_unblock_pin(struct custodian_card *card, const char *code, const char *fresh, bool last,
			  struct fault *fault)
{
	return guess(card, INS_UNBLOCK, code, fresh, last, fault);
}

int custodian_unlock(struct custodian_card *card, const char *holder, const char *source, bool last,
		     struct fault *fault)
{
	char pin[CUSTODIAN_PIN + 2], what[160];
	int result;

	if (holder)
		(void)snprintf(what, sizeof(what), "the PIN of %.64s's card", holder);
	else
		(void)snprintf(what, sizeof(what), "the PIN of the card in reader \"%.100s\"",
			       reader_name(card->reader));

	if (may_guess(card, false, last, fault) != 0 ||
	    secret_line(pin, sizeof(pin), source, what, fault) != 0)
		return -1;
	result = custodian_verify_pin(card, pin, last, fault);
	secret_wipe(pin, sizeof(pin));
	return result;
}
